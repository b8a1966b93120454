"""The traffic with one running JVM: many calls in a batch one way, many answers in a batch the other.

`send` is called on an event loop and only notes the call; the loop's next turn sends what has gathered, and a thread
only what the socket did not take. The loop also reads the answers (see fetcher.py). Java enforces timeouts; a coarse
sweep here is the net below.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from typing import Any

import msgspec
from msgspec import Raw, Struct

from workbench.invokers.channel import Channel, ChannelClosed, ChannelRefused, Submitter
from workbench.invokers.fetcher import Fetcher
from workbench.invokers.process import JvmProcess, describe_exit
from workbench.model.result import Cause, Failure, RemoteException

_SILENCE_S = 30.0  # a JVM that does not even answer an empty poll for so long is dead
_GRACE_S = 120.0  # beyond a call's timeout: loading classes and connecting come on top, slowly on a busy machine
_LATE_S = 1.0  # for one who has just taken this link to send its call
_DRAIN_STEP_S = 0.05


class Reply(Struct, array_like=True, frozen=True, gc=False):
    """One answer as the bridge writes it (Reply.java)."""

    id: int
    elapsed_us: int
    provider: str
    mode: str
    response: Raw
    failure: tuple[Cause, str, str] | None = None
    exception: RemoteException | None = None
    attachments: dict[str, str] = {}
    warnings: tuple[str, ...] = ()
    log: tuple[tuple[int, str, str], ...] = ()


_replies = msgspec.json.Decoder(list[Reply])
_encoder = msgspec.json.Encoder()
_NULL = Raw(b"null")
_Pending = tuple["asyncio.Future[Reply]", asyncio.AbstractEventLoop, float]
_Call = tuple[Any, ...]
_Waiting = list[tuple["asyncio.Future[Reply]", Reply]]
Request = tuple[bytes, int]  # JSON text in UTF-8, and its length as Java counts it
OnLoad = Callable[["Link", int, int], None]  # class loaders, megabytes of classes


class Link:
    """Lives as long as its JVM; then `lost` says what happened and every later send is answered with it."""

    def __init__(self, process: JvmProcess, on_load: OnLoad | None = None) -> None:
        """`on_load` hears how full the JVM is, a moment after new definitions. Raises ChannelClosed."""
        self.process = process
        self._on_load = on_load
        self._load_changed = False
        self.lost: Failure | None = None
        self.exit_code: int | None = None  # of a JVM that was lost; None when we closed it, or when it hangs
        self._closing = False
        self._ids = 0
        self._pending: dict[int, _Pending] = {}
        self._lines: dict[bytes, int] = {}
        self._definitions: list[dict[str, Any]] = []
        self._calls: list[_Call] = []
        self._requests: list[bytes] = []  # of the calls
        self._unwanted: list[int] = []  # calls that were cancelled: the JVM ends their streams, and sends none again
        self._armed: asyncio.AbstractEventLoop | None = None
        self._answered: dict[asyncio.AbstractEventLoop, _Waiting] = {}  # handed to loops that have not looked yet
        self._lock = threading.Lock()
        self._sending = threading.Lock()  # so that batches go out in their order
        self._rests: SimpleQueue[memoryview | None] = SimpleQueue()
        self._behind = 0  # rests that still have to be sent
        self._out = Submitter(process.port, process.token, silence_s=_SILENCE_S)
        self._in = self._channel()
        self._sender = threading.Thread(target=self._send_rests, name="bridge-send", daemon=True)
        self._sender.start()
        self._fetcher = Fetcher(self._in, self._deliver, self._tick, self._lose)

    def _channel(self) -> Channel:
        return Channel(self.process.port, self.process.token, silence_s=_SILENCE_S)

    def line(self, definition: Mapping[str, Any]) -> int:
        """The number under which the JVM knows this definition; it is told with the next batch."""
        text = msgspec.json.encode(definition)
        with self._lock:
            known = self._lines.get(text)
            if known is None:
                known = self._lines[text] = len(self._lines) + 1
                self._definitions.append({**definition, "key": known})
                self._load_changed = True
        return known

    async def send(
        self, line: int, timeout_ms: int, request: Request, attachments: Mapping[str, str], tag: str
    ) -> Reply:
        """Note a call for the next batch and wait for its answer.

        Raises nothing but CancelledError, after which nothing of the call is left here.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Reply] = loop.create_future()
        text, length = request
        with self._lock:
            self._ids = number = self._ids + 1
            self._pending[number] = (future, loop, time.monotonic() + timeout_ms / 1000 + _GRACE_S)
            if attachments or tag:
                self._calls.append((number, line, timeout_ms, length, attachments, tag))
            else:
                self._calls.append((number, line, timeout_ms, length))
            self._requests.append(text)
        self._arm(loop)
        if self._fetcher.home is not loop:
            self._fetcher.offer(loop)
        if self.lost is not None:
            self._fail_pending(self.lost)
        try:
            return await future
        except asyncio.CancelledError:
            if self._pending.pop(number, None) is not None:
                with self._lock:
                    self._unwanted.append(number)
                self._arm(loop)
            raise

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._armed is not loop:
            self._armed = loop
            loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._armed = None
        with self._sending:
            with self._lock:
                definitions, calls, requests = self._definitions, self._calls, self._requests
                self._definitions, self._calls, self._requests = [], [], []
                unwanted, self._unwanted = self._unwanted, []
            if calls or unwanted:
                self._submit(calls, b"".join((_encoder.encode((definitions, calls, unwanted)), *requests)))

    def _submit(self, calls: list[_Call], batch: bytes) -> None:
        try:
            rest = self._out.submit(batch, [call[0] for call in calls], wait=self._behind > 0)
            if rest:
                self._behind += 1
                self._rests.put(rest)
            self._check_receipts()
        except ChannelClosed:
            return  # the fetching thread sees it too, and reports

    def _check_receipts(self) -> None:
        for numbers, why in self._out.refused():
            what, hint = f"the bridge refused a batch: {self._described(why)}", f"see {self.process.log_file}"
            failure = Failure(Cause.BRIDGE_LOST, what, hint)
            self._resolve([_failed(number, failure) for number in numbers])

    def _send_rests(self) -> None:
        while (rest := self._rests.get()) is not None:
            try:
                self._out.finish(rest)
            except ChannelClosed:
                return
            with self._sending:
                self._behind -= 1

    def _deliver(self, answers: bytes, loop: asyncio.AbstractEventLoop | None) -> None:
        self._resolve(_replies.decode(answers), loop)

    def _tick(self) -> None:
        with self._sending:
            self._check_receipts()
        self._sweep()
        if self._load_changed and self._on_load is not None:
            self._load_changed = False
            with contextlib.closing(self._channel()) as aside:
                load = aside.load()
            self._on_load(self, *load)

    def drain(self, give_up: Callable[[], bool]) -> None:
        """Blocks until no call is under way and none can come any more from one who still holds this link."""
        time.sleep(_LATE_S)
        while self._pending and self.lost is None and not give_up():
            time.sleep(_DRAIN_STEP_S)

    def _sweep(self) -> None:
        now = time.monotonic()
        with self._lock:
            late = [number for number, (_, _, deadline) in self._pending.items() if deadline < now]
        hint = f"the bridge did not end the call in time; see {self.process.log_file}"
        self._resolve([_failed(number, Failure(Cause.TIMEOUT, "no answer in time", hint)) for number in late])

    def _resolve(self, replies: list[Reply], here: asyncio.AbstractEventLoop | None = None) -> None:
        """`here` is the loop that this is called on, where it is one."""
        elsewhere: dict[asyncio.AbstractEventLoop, _Waiting] = {}
        take = self._pending.pop
        for reply in replies:
            pending = take(reply.id, None)
            if pending is None:
                continue
            future, loop, _ = pending
            if loop is not here:
                elsewhere.setdefault(loop, []).append((future, reply))
            elif not future.done():
                future.set_result(reply)
        for loop, answered in elsewhere.items():
            self._hand(loop, answered)

    def _hand(self, loop: asyncio.AbstractEventLoop, answered: _Waiting) -> None:
        """To be resolved on the loop; one that has not looked at what it was handed before need not be woken again."""
        with self._lock:
            waiting = self._answered.setdefault(loop, [])
            waiting += answered
            woken = len(waiting) > len(answered)
        if not woken:
            try:
                loop.call_soon_threadsafe(self._take, loop)
            except RuntimeError:  # the loop is closed: nobody waits any more
                with self._lock:
                    self._answered.pop(loop, None)

    def _take(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            answered = self._answered.pop(loop, ())
        for future, reply in answered:
            if not future.done():
                future.set_result(reply)

    def _lose(self, reason: str) -> None:
        self.exit_code = code = None if self._closing else self.process.ended(1.0)
        if self._closing:
            what, hint = "the bridge was closed while the call was under way", ""
        elif code is None and reason.startswith("!x"):
            what, hint = f"the bridge's JVM has failed: {self._described(reason)}", f"see {self.process.log_file}"
        elif code is None:
            what, hint = f"the bridge's JVM does not answer ({reason})", f"see {self.process.log_file}"
        else:
            what, hint = f"the bridge's JVM {describe_exit(code)}", f"see {self.process.log_file}"
        self.lost = Failure(Cause.BRIDGE_LOST, what, hint)
        self._fail_pending(self.lost)
        self._rests.put(None)

    def _described(self, reason: str) -> str:
        """Class and message where the JVM has thrown: its answer alone only refers to them."""
        try:
            with contextlib.closing(self._channel()) as aside:
                return aside.described(reason)
        except (ChannelClosed, ChannelRefused):
            return reason

    def _fail_pending(self, failure: Failure) -> None:
        with self._lock:
            numbers = list(self._pending)
        self._resolve([_failed(number, failure) for number in numbers])

    def close(self) -> None:
        """Ends the JVM and both threads. Blocks for some 0.2 s; may be called twice."""
        self._closing = True
        self._fetcher.end()
        self._rests.put(None)
        self.process.end()
        self._fetcher.join()
        self._in.close()
        self._out.close()
        self._sender.join()


def _failed(number: int, failure: Failure) -> Reply:
    return Reply(number, 0, "", "", _NULL, (failure.cause, failure.message, failure.hint))
