"""Who reads the answers: a loop that waits for them, a thread when none does. A socket plays the JVM."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from workbench.invokers import fetcher
from workbench.invokers.channel import Channel
from workbench.invokers.fetcher import Fetcher

PATIENCE_S = 60.0


class Jvm:
    """Answers each poll with what is said next; without that, not at all."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.channel = Channel(self._listening.getsockname()[1], "", silence_s=PATIENCE_S)
        self._socket = self._listening.accept()[0]
        self._socket.settimeout(PATIENCE_S)
        self._polls = self._socket.makefile("rb")
        self.heard: list[tuple[bytes, bool]] = []  # answers, and whether a loop has read them
        self.lost: list[str] = []
        self._told = threading.Event()
        self.fetcher = Fetcher(self.channel, self._deliver, lambda: None, self._lose)

    def _deliver(self, answers: bytes, loop: asyncio.AbstractEventLoop | None) -> None:
        self.heard.append((answers, loop is not None))
        self._told.set()

    def _lose(self, reason: str) -> None:
        self.lost.append(reason)
        self._told.set()

    def say(self, text: bytes) -> None:
        """In answer to the next poll."""
        while self._polls.readline() != b"e\n":
            continue
        self._socket.sendall(b"!ys" + text + b"\n")

    def told(self) -> None:
        assert self._told.wait(PATIENCE_S)
        self._told.clear()

    def hang_up(self) -> None:
        self._polls.close()
        self._socket.close()

    def close(self) -> None:
        self.fetcher.end()
        self.hang_up()
        self.fetcher.join()
        self.channel.close()
        self._listening.close()


@pytest.fixture
def jvm() -> Iterator[Jvm]:
    made = Jvm()
    yield made
    made.close()


async def at_home(jvm: Jvm) -> None:
    """Wait until this loop reads. The thread looks for a loop between two answers."""
    jvm.fetcher.offer(asyncio.get_running_loop())
    await asyncio.to_thread(jvm.say, b"[]")
    await asyncio.to_thread(until_home, jvm, asyncio.get_running_loop())


def until_home(jvm: Jvm, loop: asyncio.AbstractEventLoop | None) -> None:
    end = time.monotonic() + PATIENCE_S
    while jvm.fetcher.home is not loop:
        assert time.monotonic() < end
        time.sleep(0.001)


async def hears(jvm: Jvm, text: bytes) -> None:
    await asyncio.to_thread(jvm.say, text)
    await asyncio.to_thread(jvm.told)


def test_a_loop_that_waits_reads_itself_and_the_thread_after_it(jvm: Jvm) -> None:
    async def wait() -> None:
        await at_home(jvm)
        await hears(jvm, b"[1]")
        await hears(jvm, b"[2]")

    asyncio.run(wait())
    jvm.say(b"[3]")  # to the poll of a loop that is closed
    jvm.told()
    jvm.say(b"[4]")
    jvm.told()
    assert jvm.heard == [(b"[1]", True), (b"[2]", True), (b"[3]", False), (b"[4]", False)]
    asyncio.run(wait())
    assert [by_loop for _, by_loop in jvm.heard[4:]] == [True, True]


def test_a_loop_that_runs_again_gives_way_to_the_thread(jvm: Jvm) -> None:
    loop = asyncio.new_event_loop()
    loop.run_until_complete(at_home(jvm))
    until_home(jvm, None)  # it stands still, so the thread takes over
    loop.run_until_complete(hears(jvm, b"[1]"))
    loop.run_until_complete(hears(jvm, b"[2]"))
    loop.close()
    assert [text for text, _ in jvm.heard] == [b"[1]", b"[2]"]


def test_a_jvm_that_hangs_up_is_missed_at_once(jvm: Jvm) -> None:
    async def wait() -> bool:
        await at_home(jvm)
        number = jvm.channel.fileno()
        jvm.hang_up()
        await asyncio.to_thread(jvm.told)
        return asyncio.get_running_loop().remove_reader(number)

    assert asyncio.run(wait()) is False  # nothing was left on the loop
    assert len(jvm.lost) == 1


def test_a_silent_jvm_is_missed(jvm: Jvm, monkeypatch: pytest.MonkeyPatch) -> None:
    async def wait() -> None:
        await at_home(jvm)
        monkeypatch.setattr(fetcher, "_SILENCE_S", 0.1)  # from now on it is silent
        monkeypatch.setattr(jvm.channel, "_silence_s", 0.1)
        await asyncio.to_thread(jvm.told)

    asyncio.run(wait())
    assert len(jvm.lost) == 1
    assert "timed out" in jvm.lost[0]


def test_what_it_throws_is_told(jvm: Jvm) -> None:
    async def wait() -> None:
        await at_home(jvm)
        await asyncio.to_thread(jvm.say, b"")  # an empty answer is none; the next is an error
        jvm._socket.sendall(b"!xsboom\n")
        await asyncio.to_thread(jvm.told)

    asyncio.run(wait())
    assert jvm.lost == ["!xsboom"]


def test_end_takes_it_back_from_the_loop(jvm: Jvm) -> None:
    async def wait() -> bool:
        await at_home(jvm)
        number = jvm.channel.fileno()
        await asyncio.to_thread(jvm.close)
        return asyncio.get_running_loop().remove_reader(number)

    assert asyncio.run(wait()) is False
    assert len(jvm.lost) == 1
