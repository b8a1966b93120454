"""Background processes that outlive us: start, recognise again, wait for their READY line, stop.

Standard library only, Linux and macOS. A process is known by its number *and* the time it was born, so that the
number of a dead one, given to a stranger since, is never signalled.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from workbench.errors import JsonError, SamplesError
from workbench.invokers.java import java_environ
from workbench.model import json

_POLL_S = 0.02
_TAIL_LINES = 20
_EXIT_TRY_AGAIN = 75  # EX_TEMPFAIL: somebody else took the free port in between


class Running(msgspec.Struct, frozen=True):
    """A started process. `born` is an opaque text; `log` holds its whole output."""

    pid: int
    born: str
    log: str


class Ready(msgspec.Struct, frozen=True):
    """What a process says of itself when it can be used."""

    service: str
    port: int
    pid: int
    address: str
    addresses: tuple[str, ...] = ()  # all that it listens to


class PortTakenError(SamplesError):
    """The process lost the race for its free port: start it again."""


def spawn(command: Sequence[str], log: Path) -> Running:
    """Start in a session of its own (a Ctrl-C here does not reach it), output appended to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    try:
        pid = os.posix_spawn(command[0], list(command), java_environ(), file_actions=actions, setsid=True)
    except OSError as error:
        raise SamplesError(f"cannot start {command[0]}: {error.strerror}", where=str(log)) from error
    return Running(pid, birth(pid) or "", str(log))


def birth(pid: int) -> str | None:
    """When the process was born, as a text that only serves to be compared; None when there is none (or a zombie)."""
    return _birth_in_proc(pid) if sys.platform == "linux" else _birth_by_ps(pid)


def _birth_in_proc(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:  # gone, perhaps between open and read
        return None
    fields = stat.rpartition(")")[2].split()  # the command's name, in brackets, may hold anything
    state, threads, ticks_since_boot = fields[0], fields[17], fields[19]
    # the state is the first thread's: the others may still be ending, and hold ports and files until they have
    return None if state in "ZX" and int(threads) <= 1 else ticks_since_boot


def _birth_by_ps(pid: int) -> str | None:
    shown = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, started = shown.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


def is_alive(process: Running) -> bool:
    _reap(process.pid)
    return birth(process.pid) == process.born


def _reap(pid: int) -> int | None:
    """The exit code when it is a child of ours that has ended; otherwise None."""
    try:
        done, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return None
    return os.waitstatus_to_exitcode(status) if done else None


def await_ready(process: Running, end: float) -> Ready:
    """Wait for the READY line until `end` (time.monotonic). Raises SamplesError with the last lines of the log."""
    while time.monotonic() < end:
        ready = _ready_line(process.log)
        if ready is not None:
            return ready
        code = _reap(process.pid)
        if code is not None or birth(process.pid) != process.born:
            _raise_ended(process, _reap(process.pid) if code is None else code)  # it may have ended in between
        time.sleep(_POLL_S)
    raise SamplesError(f"not ready in time; its last lines:\n{tail(process.log)}", where=process.log)


def _raise_ended(process: Running, code: int | None) -> None:
    kind = PortTakenError if code == _EXIT_TRY_AGAIN else SamplesError
    raise kind(f"the process ended (exit code {code}); its last lines:\n{tail(process.log)}", where=process.log)


def _ready_line(log: str) -> Ready | None:
    text = Path(log).read_text(encoding="utf-8", errors="replace")
    for line in text.splitlines(keepends=True):
        if line.startswith("READY ") and line.endswith("\n"):
            return _parse_ready(line.removeprefix("READY "), log)
    return None


def _parse_ready(text: str, log: str) -> Ready:
    try:
        return msgspec.convert(json.loads(text, where=log), Ready)
    except (JsonError, msgspec.ValidationError) as error:
        raise SamplesError(f"a READY line that makes no sense: {text.strip()}", where=log) from error


def tail(log: str) -> str:
    """The last lines of a log file, indented; a word where there are none."""
    lines = Path(log).read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(f"  {line}" for line in lines[-_TAIL_LINES:]) or "  (no output)"


def stop(processes: Sequence[Running], *, kill: bool = False, patience_s: float = 6.0) -> None:
    """End them all: ask first, then force; at once by force when `kill`. Returns when none is left."""
    for process in processes:
        _signal(process, signal.SIGKILL if kill else signal.SIGTERM)
    end = time.monotonic() + patience_s
    while any(is_alive(process) for process in processes):
        if time.monotonic() > end:
            for process in processes:
                _signal(process, signal.SIGKILL)
        time.sleep(_POLL_S)


def _signal(process: Running, number: signal.Signals) -> None:
    if is_alive(process):
        try:
            os.kill(process.pid, number)
        except ProcessLookupError:
            return  # it went between the look and the signal
