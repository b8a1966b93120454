"""Who brings the answers of a JVM: the event loop that waits for them, or a thread while none does.

A thread between socket and loop costs two hand-overs a batch, at each of which it waits 5 ms for a busy loop.
So the thread lends the connection to a loop that waits for answers, and takes it back when that loop runs no more. It
also sees to what is due now and then.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec

from workbench.invokers.channel import Channel, ChannelClosed, ChannelRefused

_MOST = 512
_WAIT_MS = 400
_LOOK_S = 0.2  # how soon a loop is missed that has ended
_TICK_S = 1.0
_SILENCE_S = 5.0  # of an empty poll's 0.4
_RETURN_S = 10.0  # for a loop to give the connection back
_LOST = (ChannelClosed, ChannelRefused, msgspec.DecodeError)


class Fetcher:
    """Has a thread until its channel is closed, or until it says that the JVM is lost."""

    def __init__(
        self,
        channel: Channel,
        deliver: Callable[[bytes, asyncio.AbstractEventLoop | None], None],
        tick: Callable[[], None],
        lost: Callable[[str], None],
    ) -> None:
        """`deliver` gets a JSON array of answers and the loop on which it is called, if it is one; `tick` is called on
        the thread about once a second, `lost` as the last on it, with the reason. Errors of the channel and of decoding
        may leave `deliver` and `tick`.
        """
        self._channel, self._deliver, self._tick, self._tell_lost = channel, deliver, tick, lost
        self.home: asyncio.AbstractEventLoop | None = None  # the loop that reads
        self._wanted: asyncio.AbstractEventLoop | None = None
        self._turn = threading.Lock()  # of the one who reads
        self._back = threading.Event()  # the thread has something to do
        self._error: Exception | None = None
        self._asked = False
        self._heard_at = self._due = time.monotonic()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="bridge-fetch", daemon=True)
        self._thread.start()

    def offer(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called on a loop that waits for answers and is not `home`."""
        home = self.home
        if home is None or not home.is_running():
            self._wanted = loop
            self._back.set()

    def end(self) -> None:
        """No more is asked for. The JVM has to end, or the channel to be closed, before `join`."""
        self._closing = True
        self._back.set()

    def join(self) -> None:
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._closing:
                loop, self._wanted = self._wanted, None
                if loop is not None and loop.is_running():
                    self._lend(loop)
                else:
                    self._read()
                self._tick_when_due()
        except _LOST as error:
            self._tell_lost(str(error))
        else:
            self._tell_lost("closed")

    def _tick_when_due(self) -> None:
        now = time.monotonic()
        if now > self._due:
            self._due = now + _TICK_S
            self._tick()

    def _read(self) -> None:
        if not self._asked:
            self._ask()
        self._heard(self._channel.answer(), None)

    def _ask(self) -> None:
        self._asked = True
        self._channel.ask(_MOST, _WAIT_MS)

    def _heard(self, answers: bytes, loop: asyncio.AbstractEventLoop | None) -> None:
        self._asked = False
        self._heard_at = time.monotonic()
        if len(answers) > 2:
            self._deliver(answers, loop)
        if loop is not None:
            self._ask()

    def _lend(self, loop: asyncio.AbstractEventLoop) -> None:
        self._back.clear()
        self._channel.may_block(False)
        self._heard_at = time.monotonic()
        self.home = loop
        if _called(loop, self._begin, loop):
            while self.home is loop and loop.is_running() and not self._closing and not self._silent():
                self._back.wait(_LOOK_S)
                self._back.clear()
                self._tick_when_due()
        self._take_back(loop)
        if self._error is not None:
            raise self._error

    def _silent(self) -> bool:
        """The JVM, or the loop: the thread will find out."""
        return time.monotonic() - self._heard_at > _SILENCE_S

    def _take_back(self, loop: asyncio.AbstractEventLoop) -> None:
        returned = threading.Event()
        if self.home is loop and loop.is_running() and _called(loop, self._let_go, loop, returned):
            returned.wait(_RETURN_S)
        with self._turn:
            self.home = None
        if not self._closing:
            self._channel.may_block(True)

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._turn:
            if self.home is loop:
                loop.add_reader(self._channel.fileno(), self._readable, loop)
                if not self._asked:
                    self._guarded(self._ask, loop)

    def _readable(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._turn:
            if self.home is loop:
                self._guarded(lambda: self._receive(loop), loop)
            else:  # it has been away, and the thread reads again
                self._let_go(loop)

    def _receive(self, loop: asyncio.AbstractEventLoop) -> None:
        answers = self._channel.heard()
        if answers is not None:
            self._heard(answers, loop)

    def _guarded(self, work: Callable[[], None], loop: asyncio.AbstractEventLoop) -> None:
        try:
            work()
        except _LOST as error:
            self._error = error
            self._let_go(loop)

    def _let_go(self, loop: asyncio.AbstractEventLoop, returned: threading.Event | None = None) -> None:
        if self._channel.fileno() >= 0:
            loop.remove_reader(self._channel.fileno())
        if self.home is loop:
            self.home = None
            self._back.set()
        if returned is not None:
            returned.set()


def _called(loop: asyncio.AbstractEventLoop, callback: Callable[..., None], *given: Any) -> bool:
    """Whether the loop has still taken it."""
    try:
        loop.call_soon_threadsafe(callback, *given)
    except RuntimeError:  # it is closed
        return False
    return True
