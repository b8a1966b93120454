"""Events for everybody who listens: one stream a client, gone on with where it broke off.

A publisher only appends to a list. Each stream wakes at most ten times a second and takes what is new, so that fifty of
them cost a run next to nothing. What nobody can keep up with is not waited for: the list has an end, and who falls
behind it is told so (`reset`), and reads the state anew.

A client that closes its connection is noticed when the next one wants a place, and within seconds otherwise.

Who listens is looked at again while they do: a stream ends (`over`) soon after its session, token or user has, and what
they may see is what they may see now.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from workbench.model.events import AnyEvent, CaseFinished, StepFinished, encoder

KEPT = 20_000  # events
_SURPLUS = 5_000
_RUNS = 10_000  # of which it is known whose they are
PAUSE_S = 0.1
WATCH_S = 2.0  # how long somebody still listens who may not any more
BEAT_S = 15.0  # a comment after so much silence, so that one that went without a word is noticed


class Seen(Struct, frozen=True):
    """`subsystems`: whose runs somebody may see; None: all."""

    subsystems: frozenset[str] | None = None

    def shows(self, subsystem: str | None) -> bool:
        return self.subsystems is None or subsystem in self.subsystems


Watch = Callable[[], Seen | None]  # None: they are not let in any more


class Hub:
    """What was published, each with a number; safe for threads."""

    def __init__(self, streams: int) -> None:
        self._epoch = secrets.token_hex(4)  # numbers of an earlier server mean nothing here
        self._first = 0
        self._items: list[tuple[str, bytes]] = []  # (run, frame without its id)
        self._subsystems: dict[str, str] = {}  # of runs
        self._news = threading.Condition()
        self._closing = threading.Event()
        self._streams = streams
        self._open: set[Stream] = set()

    def know(self, run: str, subsystem: str) -> None:
        """Of which subsystem a run is, before its first event."""
        with self._news:
            while len(self._subsystems) >= _RUNS:
                self._subsystems.pop(next(iter(self._subsystems)))
            self._subsystems[run] = subsystem

    def publish(self, run: str, event: AnyEvent) -> None:
        """Quick: called by the engine for each event."""
        frame = b'event: %s\ndata: {"run":"%s","event":%s}\n\n' % (
            str(event.__struct_config__.tag).encode(), run.encode(), encoder.encode(_light(event)))  # fmt: skip
        with self._news:
            self._items.append((run, frame))
            if len(self._items) > KEPT + _SURPLUS:
                del self._items[:_SURPLUS]
                self._first += _SURPLUS
            self._news.notify_all()

    def close(self) -> None:
        """End all streams."""
        self._closing.set()
        with self._news:
            self._news.notify_all()

    def open(
        self, last_id: str, runs: Sequence[str], watch: Watch = Seen, left: Callable[[], bool] = lambda: False
    ) -> "Stream | None":
        """A stream from behind `last_id` on, of these runs or of all. `watch` is asked again and again what may be
        seen, `left` whether the client has closed its connection. None when there are too many."""
        with self._news:
            if len(self._open) >= self._streams:
                self._sweep()
            if len(self._open) >= self._streams or self._closing.is_set():
                return None
            stream = Stream(self._frames(last_id, frozenset(runs), watch, left), self._gone, left)
            self._open.add(stream)
        left()  # who is asked begins to look
        return stream

    def _sweep(self) -> None:
        """Places of those that have left are free at once; their threads see it when they wake."""
        self._open = {each for each in self._open if not each.left()}
        self._news.notify_all()

    def _gone(self, stream: "Stream") -> None:
        with self._news:
            self._open.discard(stream)

    def _id(self, number: int) -> bytes:
        return f"id: {self._epoch}-{number}\n".encode()

    def _frames(self, last_id: str, runs: frozenset[str], watch: Watch, left: Callable[[], bool]) -> Iterator[bytes]:
        position = self._position(last_id)
        if position is None:
            position = self._first + len(self._items)
            name = b"reset" if last_id else b"hello"
            yield b"retry: 1000\n%sevent: %s\ndata: {}\n\n" % (self._id(position), name)
        else:
            yield b"retry: 1000\n\n"
        seen, looked = watch(), time.monotonic()
        beat = looked
        while not (self._closing.is_set() or left()):
            news, position, lost = self._after(position, left)
            now = time.monotonic()
            if now - looked >= WATCH_S:  # before anything is told
                seen, looked = watch(), now
            if seen is None:
                yield b"event: over\ndata: {}\n\n"
                return
            frames = [self._id(number) + frame for number, (run, frame) in news
                      if (not runs or run in runs) and seen.shows(self._subsystems.get(run))]  # fmt: skip
            if lost:
                frames.insert(0, self._id(position) + b"event: reset\ndata: {}\n\n")
            if frames or now - beat >= BEAT_S:
                yield b"".join(frames) or b": \n\n"
                beat = now
            self._closing.wait(PAUSE_S)

    def _position(self, last_id: str) -> int | None:
        """Of the event behind it; None when it is not known here any more."""
        epoch, _, number = last_id.partition("-")
        if epoch != self._epoch or not number.isdecimal() or len(number) > 18:
            return None
        position = int(number)
        with self._news:
            return position if self._first <= position <= self._first + len(self._items) else None

    def _after(self, position: int, left: Callable[[], bool]) -> tuple[list[tuple[int, tuple[str, bytes]]], int, bool]:
        """(numbered events, position behind them, whether some are lost); waits for them, for a while."""
        deadline = time.monotonic() + WATCH_S
        with self._news:
            while position == self._first + len(self._items) and not (self._closing.is_set() or left()):
                if not self._news.wait(max(0.0, deadline - time.monotonic())):
                    break
            lost = position < self._first
            start = max(position, self._first)
            news = self._items[start - self._first :]
        end = start + len(news)
        return list(enumerate(news, start + 1)), end, lost


class Stream:
    """The body of an answer. Closing it gives its place free, also when nobody has read from it."""

    def __init__(self, frames: Iterator[bytes], gone: "Callable[[Stream], None]", left: Callable[[], bool]) -> None:
        self._frames = frames
        self._gone = gone
        self.left = left

    def __iter__(self) -> "Stream":
        return self

    def __next__(self) -> bytes:
        return next(self._frames)

    def close(self) -> None:
        self._gone(self)


def _light(event: AnyEvent) -> AnyEvent:
    """Without payloads: who wants them reads the result."""
    if isinstance(event, StepFinished):
        return replace(event, result=replace(event.result, attempts=()))
    if isinstance(event, CaseFinished):
        return replace(event, result=replace(event.result, context="{}", row_values=""))
    return event
