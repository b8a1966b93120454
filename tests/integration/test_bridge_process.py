"""The bridge's JVM: started when needed, missed when it dies, gone without a trace."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from bridge_calls import NOTIFY, PATIENCE_S, TEXT, TRADE, cause, until
from scripted_provider import scripted_provider

from workbench.errors import BridgeError
from workbench.invokers import Bridge, DubboInvoker
from workbench.invokers.channel import Channel, ChannelClosed, Submitter
from workbench.invokers.link import Link
from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.plugin_api import Answer, DubboCall
from workbench.usecases.samples import WorldState
from workbench.usecases.samples_process import birth

HERE = Target(url="dubbo://[::1]:1")  # nobody listens; the answer comes from the bridge all the same
ASK = DubboCall(TRADE, "query", TEXT, '["x"]', HERE, timeout_ms=20_000)


def left_behind() -> tuple[int, list[str], int, list[str]]:
    """Open files, names of threads, children, and bridge folders of this process."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    scratch = sorted(path.name for path in Path(tempfile.gettempdir()).glob("workbench-bridge-*"))
    threads = sorted(thread.name for thread in threading.enumerate() if thread.name.startswith("bridge"))
    return len(os.listdir("/proc/self/fd")), threads, len(children), scratch


def test_close_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)

    async def use() -> None:
        gc.collect()  # or what others have left open would be closed in between
        before = left_behind()
        bridge = Bridge("calls", tmp_path / "log")
        await asyncio.gather(*(DubboInvoker(bridge).invoke(ASK) for _ in range(20)))
        assert left_behind() != before
        await bridge.close()
        await bridge.close()
        await until(lambda: left_behind()[1] == before[1])  # the thread that has closed it ends a moment later
        assert left_behind() == before

    asyncio.run(use())


@pytest.mark.matrix
@pytest.mark.parametrize("number", range(25))
def test_the_first_call_of_a_jvm_is_answered_however_soon_it_comes(number: int, tmp_path: Path) -> None:
    """Dubbo's first classes waited for each other when two threads loaded them at once; one start in fifteen hung."""

    async def use() -> Answer:
        bridge = Bridge("calls", tmp_path, brief=True)
        answer = await DubboInvoker(bridge).invoke(ASK)
        await bridge.close()
        return answer

    answer = asyncio.run(use())
    assert answer.failure is not None
    assert answer.failure.cause is Cause.NETWORK


@pytest.mark.parametrize(("brief", "level"), [(True, b"=1"), (False, b"=4")])
def test_only_a_bridge_for_a_few_calls_goes_without_the_long_optimising_compiler(
    brief: bool, level: bytes, tmp_path: Path
) -> None:
    async def use() -> bytes:
        bridge = Bridge("calls", tmp_path, brief=brief)
        await bridge.start()
        options = options_of(bridge.pid)
        await bridge.close()
        return options

    assert b"-XX:TieredStopAtLevel" + level in asyncio.run(use()).split(b"\0")


def options_of(pid: int | None) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_many_first_calls_start_one_jvm(tmp_path: Path) -> None:
    async def use() -> None:
        bridge = Bridge("calls", tmp_path)
        assert bridge.pid is None
        await asyncio.gather(*(DubboInvoker(bridge).invoke(ASK) for _ in range(20)))
        assert bridge.pid is not None
        assert bridge.started_in_ms is not None
        assert 0 < bridge.started_in_ms < 60_000
        await bridge.close()

    asyncio.run(use())
    starts = [line for line in (tmp_path / "bridge-calls.log").read_text().splitlines() if line.startswith("---")]
    assert len(starts) == 1


@pytest.mark.parametrize(
    "within_s",
    [
        pytest.param(20, id="shared-cores"),  # far below the calls' own timeout; on a machine that does other work
        pytest.param(2, id="two-seconds", marks=pytest.mark.matrix),
    ],
)
def test_a_killed_jvm_is_missed_at_once_and_replaced(
    tmp_path: Path, sample_world: WorldState, record_property: Callable[[str, object], None], within_s: float
) -> None:
    async def use() -> float:
        bridge = Bridge("calls", tmp_path)
        invoker = DubboInvoker(bridge)
        to = Target(registries=(sample_world.registry,))
        never = DubboCall("com.example.Echo", "hi", TEXT, '["x"]', Target(url=silent.address), timeout_ms=90_000)
        quick = DubboCall(NOTIFY, "waitFor", ("long",), "[1]", to, timeout_ms=60_000)
        assert (await invoker.invoke(quick)).failure is None
        waiting = [asyncio.create_task(invoker.invoke(never)) for _ in range(500)]
        await until(lambda: silent.requests == 500)
        first = bridge.pid
        assert first is not None
        killed = time.monotonic()
        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(20):
            lost: list[Answer] = await asyncio.gather(*waiting)
        took_s = time.monotonic() - killed
        assert len(lost) == 500
        assert {cause(answer) for answer in lost} == {Cause.BRIDGE_LOST}
        assert lost[0].failure is not None
        assert "SIGKILL" in lost[0].failure.message
        assert str(tmp_path) in lost[0].failure.hint
        assert (await invoker.invoke(quick)).failure is None
        assert bridge.pid != first
        await bridge.close()
        return took_s

    with scripted_provider(lambda body: b"") as silent:
        took_s = asyncio.run(use())
    record_property("calls_ended_after_s", f"{took_s:.3f}")
    print(f"500 calls ended {took_s:.3f} s after their JVM was killed")
    assert took_s < within_s


def test_calls_under_way_are_answered_when_the_bridge_closes(tmp_path: Path, sample_world: WorldState) -> None:
    async def use() -> Answer:
        bridge = Bridge("calls", tmp_path)
        invoker = DubboInvoker(bridge)
        to = Target(registries=(sample_world.registry,))
        slow = DubboCall(NOTIFY, "waitFor", ("long",), "[60000]", to, timeout_ms=90_000)
        waiting = asyncio.create_task(invoker.invoke(slow))
        link = await bridge.start()
        await until(lambda: len(link._pending) == 1)
        await bridge.close()
        return await waiting

    assert cause(asyncio.run(use())) is Cause.BRIDGE_LOST


def test_a_cancelled_call_leaves_nothing(tmp_path: Path, sample_world: WorldState) -> None:
    async def use() -> None:
        bridge = Bridge("calls", tmp_path)
        invoker = DubboInvoker(bridge)
        to = Target(registries=(sample_world.registry,))
        link = await bridge.start()
        slow = DubboCall(NOTIFY, "waitFor", ("long",), "[2000]", to, timeout_ms=90_000)
        waiting = asyncio.create_task(invoker.invoke(slow))
        await until(lambda: len(link._pending) == 1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert not link._pending
        await asyncio.sleep(2.5)  # its answer comes, and nobody minds
        assert bridge.running is link
        await bridge.close()

    asyncio.run(use())


def test_several_event_loops_share_a_bridge(tmp_path: Path) -> None:
    bridge = Bridge("calls", tmp_path)
    invoker = DubboInvoker(bridge)
    causes: list[Cause] = []

    def one_loop() -> None:
        causes.append(cause(asyncio.run(invoker.invoke(ASK))))

    threads = [threading.Thread(target=one_loop) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asyncio.run(bridge.close())
    assert causes == [Cause.NETWORK] * 4


def test_a_jvm_that_cannot_start_says_where_to_look(tmp_path: Path) -> None:
    jar = tmp_path / "bridge.jar"
    jar.write_text("no jar")

    async def use() -> Answer:
        bridge = Bridge("calls", tmp_path, jar=jar)
        with pytest.raises(BridgeError) as caught:
            await bridge.start()
        assert "jar" in caught.value.message
        assert caught.value.where == str(bridge.log_file)
        answer = await DubboInvoker(bridge).invoke(ASK)
        await bridge.close()
        return answer

    assert cause(asyncio.run(use())) is Cause.BRIDGE_LOST


def test_a_jvm_that_is_killed_as_it_starts_tells_nothing_of_older_ones(tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\nkill -9 $$\n")
    java.chmod(0o755)
    (tmp_path / "bridge-calls.log").write_text("--- bridge for calls, started by another\nan old failure\n")

    async def start() -> str:
        bridge = Bridge("calls", tmp_path, java=java)
        with pytest.raises(BridgeError) as caught:
            await bridge.start()
        await bridge.close()
        return caught.value.message

    assert asyncio.run(start()) == "the bridge's JVM did not start (exit code -9): it was killed by SIGKILL"


def test_the_jvm_ends_with_its_parent(tmp_path: Path) -> None:
    program = (
        "import asyncio, os, sys; from pathlib import Path; from workbench.invokers import Bridge\n"
        "async def main():\n"
        "    bridge = Bridge('calls', Path(sys.argv[1])); await bridge.start(); print(bridge.pid, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())"
    )
    done = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    end = time.monotonic() + PATIENCE_S
    while birth(pid) is not None:
        assert time.monotonic() < end, "the JVM outlived its parent"
        time.sleep(0.05)


def command_line(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_nobody_without_the_token_gets_in(tmp_path: Path) -> None:
    async def use() -> None:
        bridge = Bridge("calls", tmp_path)
        link = await bridge.start()
        assert link.process.token.encode() not in command_line(link.process.pid)
        with pytest.raises(ChannelClosed):
            Channel(link.process.port, "0" * 64, silence_s=5)
        await bridge.close()

    asyncio.run(use())


def test_an_exception_in_the_jvm_is_told_with_its_class_and_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Py4J answers with a number for it; the log that the failure names has more."""

    async def use() -> tuple[Answer, Bridge]:
        bridge = Bridge("calls", tmp_path)
        await bridge.start()
        broken = b"c\nt\nsubmit\ns[[nonsense\ne\n"
        monkeypatch.setattr(Channel, "ask", lambda channel, _most, _wait: channel._send(broken))
        never = DubboCall("com.example.Echo", "hi", TEXT, '["x"]', Target(url=silent.address), timeout_ms=90_000)
        async with asyncio.timeout(60):
            answer = await DubboInvoker(bridge).invoke(never)
        await bridge.close()
        return answer, bridge

    with scripted_provider(lambda body: b"") as silent:  # no answer may come with the question that is under way
        answer, bridge = asyncio.run(use())
    assert cause(answer) is Cause.BRIDGE_LOST
    assert answer.failure is not None
    assert "!x" not in answer.failure.message
    assert "has failed: io.dubboworkbench.bridge.json.JsonException: expected a value" in answer.failure.message, (
        answer.failure
    )
    assert answer.failure.hint == f"see {bridge.log_file}"
    assert "bridge.json.JsonException: expected a value" in bridge.log_file.read_text()


def test_a_refused_batch_is_told_with_class_and_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def use() -> Answer:
        bridge = Bridge("calls", tmp_path)
        await bridge.start()
        whole = Submitter.submit
        monkeypatch.setattr(
            Submitter, "submit", lambda one, _batch, numbers, wait: whole(one, b"[[", numbers, wait=wait)
        )
        async with asyncio.timeout(20):
            answer = await DubboInvoker(bridge).invoke(ASK)
        await bridge.close()
        return answer

    answer = asyncio.run(use())
    assert answer.failure is not None
    assert answer.failure.message.startswith("the bridge refused a batch: io.dubboworkbench."), answer.failure


def test_a_jvm_that_is_killed_while_it_is_replaced_leaves_no_third_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its replacement is ready while another is being made, for who asks meanwhile finds it dead: one of both goes."""
    made: list[Link] = []
    gates = [threading.Event(), threading.Event(), threading.Event()]
    come: list[threading.Event] = []
    make = Bridge._made

    def gated(bridge: Bridge) -> Link:
        come.append(gates[len(come)])
        assert come[-1].wait(PATIENCE_S)
        made.append(make(bridge))
        return made[-1]

    async def use() -> None:
        monkeypatch.setattr(Bridge, "_made", gated)
        gates[0].set()
        bridge = Bridge("calls", tmp_path, brief=True)
        first = await bridge.start()
        bridge._heard(first, 1_000_000, 0)
        await until(lambda: len(come) == 2)
        os.kill(first.process.pid, signal.SIGKILL)
        await until(lambda: first.lost is not None)
        asked = asyncio.create_task(bridge.start())
        await until(lambda: len(come) == 3)
        gates[1].set()
        await until(lambda: bridge.running is not None)
        fresh = bridge.running
        gates[2].set()
        assert await asked is fresh
        assert bridge.running is fresh
        await bridge.close()
        assert [link.process.ended(PATIENCE_S) is not None for link in made] == [True] * 3

    asyncio.run(use())
