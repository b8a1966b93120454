"""Run folders: `<root>/<run id>/plan.json` and `events.jsonl`, written while the run goes on.

Whatever ends the process, what was appended more than a quarter of a second ago is in the file, and a report can be
made of it.
"""

import contextlib
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from workbench.errors import JsonError, UsageError, WorkbenchError
from workbench.files.atomic import write_bytes
from workbench.model import json
from workbench.model.events import AnyEvent, RunFinished, RunStarted, decoder, encoder
from workbench.model.plan import RunPlan

T = TypeVar("T")
PLAN = "plan.json"
EVENTS = "events.jsonl"
FLUSH_SECONDS = 0.25
_TOGETHER = 64  # events that are encoded in one go: the encoder's code and tables stay in the processor's cache
FLUSH_BYTES = 1024 * 1024  # earlier than by the clock, so that the buffer stays small
_TAIL = 256 * 1024  # a run-finished event is a few hundred bytes
_plans = json.decoder_for(RunPlan)


class RunFolder:
    """One run's folder. Appending is for one process; any number may read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._events: list[AnyEvent] = []  # not encoded yet
        self._buffer = bytearray()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._file: int | None = None
        self._problem: WorkbenchError | None = None

    @classmethod
    def create(cls, root: Path, plan: RunPlan) -> Self:
        """A new folder `<root>/<plan.id>` with its plan.

        Raises UsageError when there is one already, and WorkbenchError when nothing can be written there.
        """
        path = root / plan.id
        if path.parent != root or plan.id in ("", ".", ".."):
            raise UsageError(f"{plan.id!r} is no run id", where=str(root))
        try:
            root.mkdir(parents=True, exist_ok=True)
            if path.exists():
                raise UsageError("this run is already there", where=str(path), hint="every run has an id of its own")
            path.mkdir()
            write_bytes(path / PLAN, json.dump_bytes(plan))
            (path / EVENTS).touch()
        except OSError as error:
            message = f"the run's results cannot be kept: {error.strerror}"
            hint = "choose another --data-dir, or make this one writable"
            raise WorkbenchError(message, where=str(error.filename or path), hint=hint) from error
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """A folder that is there. Raises UsageError when it holds no run."""
        if not any((path / name).is_file() for name in (PLAN, EVENTS)):
            hint = "a run folder holds plan.json and events.jsonl"
            raise UsageError("this is no run folder", where=str(path), hint=hint)
        return cls(path)

    # --- writing ---

    def append(self, events: Iterable[AnyEvent]) -> None:
        """Buffer events; they are in the file within 250 ms. Raises WorkbenchError when an earlier write failed."""
        with self._lock:
            if self._problem:
                problem, self._problem = self._problem, None
                raise problem
            self._events += events
            if len(self._events) >= _TOGETHER:
                self._encode()
            if len(self._buffer) >= FLUSH_BYTES:
                self._write()
            elif (self._events or self._buffer) and self._timer is None:
                # it ends by itself: a program that forgets close() still comes to its end, with everything written
                self._timer = threading.Timer(FLUSH_SECONDS, self._flush_by_clock)
                self._timer.name = "run-folder-flush"
                self._timer.start()

    def flush(self) -> None:
        """Everything that was appended is in the file when this returns."""
        with self._lock:
            self._write()

    def close(self) -> None:
        """Flush, and leave no thread and no open file behind. May be called twice."""
        with self._lock:
            timer, self._timer = self._timer, None
        if timer:
            timer.cancel()
            timer.join()
        with self._lock:
            try:
                self._write()
            finally:
                file, self._file = self._file, None
                if file is not None:
                    os.close(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _flush_by_clock(self) -> None:
        with self._lock:
            if self._timer is threading.current_thread():
                self._timer = None
            try:
                self._write()
            except WorkbenchError as error:
                self._problem = error  # the next append tells it

    def _encode(self) -> None:
        self._buffer += encoder.encode_lines(self._events)
        self._events.clear()

    def _write(self) -> None:
        self._encode()
        if not self._buffer:
            return
        written = 0
        try:
            if self._file is None:
                self._file = self._opened()
            with memoryview(self._buffer) as view:
                while written < len(view):
                    with view[written:] as rest:
                        written += os.write(self._file, rest)
        except OSError as error:
            hint = "free some space, or choose another --data-dir"
            message = f"the run's events cannot be written: {error.strerror}"
            raise WorkbenchError(message, where=str(self.path), hint=hint) from error
        finally:
            del self._buffer[:written]  # what could not be written stays for the next try

    def _opened(self) -> int:
        """The file for appending, after the last whole line: a torn one of a killed process is cut off."""
        file = os.open(self.path / EVENTS, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        size = os.fstat(file).st_size
        while size:
            start = max(0, size - _TAIL)
            newline = os.pread(file, size - start, start).rfind(b"\n")
            if newline >= 0:
                size = start + newline + 1
                break
            size = start
        os.ftruncate(file, size)
        return file

    # --- reading ---

    def plan(self) -> RunPlan:
        """What the run was to do. Raises JsonError. See also `plan_or_rescued`."""
        path = self.path / PLAN
        try:
            plan: RunPlan = _plans.decode(path.read_bytes())
            return plan
        except FileNotFoundError:
            raise JsonError("there is no run plan", where=str(path)) from None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise JsonError(f"this is no run plan: {error}", where=str(path)) from error

    def events(self) -> Iterator[AnyEvent]:
        """The events that are in the file, one by one; a torn last line is left out. Raises JsonError for others."""
        return (event for _, event in self.lines(decoder))

    def lines(self, reader: msgspec.json.Decoder[T]) -> Iterator[tuple[bytes, T]]:
        """The same as (line, what `reader` makes of it)."""
        path = self.path / EVENTS
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    return  # the process was killed while it wrote this
                try:
                    yield line, reader.decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    hint = "the file was changed after the run; take the line out to read the rest"
                    raise JsonError(f"this line is no event: {error}", where=f"{path}:{number}", hint=hint) from error

    def started(self) -> RunStarted | None:
        """The first event; None while there is none."""
        first = next(self.events(), None)
        return first if isinstance(first, RunStarted) else None

    def finished(self) -> RunFinished | None:
        """The last event of a run that came to its end. Looks at the end of the file only."""
        path = self.path / EVENTS
        try:
            with path.open("rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
                lines = file.read().split(b"\n")[:-1]
        except FileNotFoundError:  # also of a run that is being removed
            return None
        try:
            last = decoder.decode(lines[-1]) if lines else None
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        return last if isinstance(last, RunFinished) else None


def list_runs(root: Path) -> list[Path]:
    """The run folders in `root`, the latest last; without those that are being removed."""
    found = []
    for path in root.glob(f"*/{PLAN}"):
        with contextlib.suppress(FileNotFoundError):
            if path.is_file():
                found.append((path.stat().st_mtime_ns, path.parent.name, path.parent))
    return [path for _, _, path in sorted(found)]


def latest_run(root: Path) -> Path | None:
    return next(reversed(list_runs(root)), None)
