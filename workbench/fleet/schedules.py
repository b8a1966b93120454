"""The clock of a server: looks which schedules are due, claims each, and has it done.

Any number of servers may watch one database: a time belongs to who claims it (storage/schedules.py). Who does says at
each look that it works on it; of one who is silent another takes the time over, or it itself when it is there again.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable

from workbench.errors import DatabaseError, UsageError, WorkbenchError
from workbench.model.schedule import Schedule
from workbench.storage import Due, Left, Storage
from workbench.usecases.cron import following
from workbench.usecases.schedules import Outcome, now

PATIENCE_US = 60_000_000  # a time that was longer ago was missed: no server ran, or it stood still
SILENT_US = 120_000_000  # who has not been seen for so long has ended
END_S = 20.0  # for what is being planned or fetched when the server stops
_PAUSE_S = 2.0
_AT_ONCE = 4  # that are planned or fetch artifacts; the runner has bounds of its own
_log = logging.getLogger("workbench.fleet")
Do = Callable[[Schedule], Outcome]


class Clock:
    """Fires schedules from `start` until `stop`."""

    def __init__(
        self, storage: Storage, do: Do, *, server: str = "", clock: Callable[[], int] = now, silent_us: int = SILENT_US
    ) -> None:
        """`do`: what a schedule says; `server`: under which name it fires; who is silent for `silent_us` has ended."""
        self._storage, self._do, self._now, self._silent_us = storage, do, clock, silent_us
        self._server = server or f"{socket.gethostname()}:{os.getpid()}"
        self._end = threading.Event()
        self._turns = threading.Semaphore(_AT_ONCE)
        self._hands: list[threading.Thread] = []
        self._mine: dict[tuple[str, int], Due] = {}  # claimed, and not told yet
        self._thread = threading.Thread(target=self._watch, name="clock", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float = END_S) -> None:
        """Claim no more, and wait so long for what was claimed."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join()
        deadline = time.monotonic() + seconds
        for hand in self._hands:
            hand.join(max(deadline - time.monotonic(), 0))

    def tick(self) -> int:
        """Fire what is due now, and what a server left that ended; gives how many times this server took.

        Raises StorageError.
        """
        schedules, at = self._storage.schedules, self._now()
        if mine := list(self._mine.values()):
            schedules.stay(mine, at)
        claimed = [due for due in schedules.due(at) if self._claim(due)]
        taken = [left for left in schedules.left(at - self._silent_us) if self._take(left)]
        return len(claimed) + len(taken)

    def _watch(self) -> None:
        told = ""
        while not self._end.wait(_PAUSE_S):
            try:
                self.tick()
                told = ""
            except WorkbenchError as error:  # the database is away: it may come back
                if str(error) != told:
                    _log.error("schedules wait: %s", error)
                told = str(error)

    def _claim(self, due: Due) -> bool:
        """Take it, and have it done on a thread of its own."""
        schedule, at = due.schedule, self._now()
        try:
            next_us, wrong = following(schedule.cron, schedule.timezone, at), ""
        except UsageError as error:  # a zone that this machine does not know
            next_us, wrong = 0, f"it has no further time: {error}"
        if not self._storage.schedules.claim(due, next_us, at, self._server):
            return False
        missed = _words(at - schedule.next_us) if at - schedule.next_us > PATIENCE_US else ""
        if missed and schedule.missed == "skip":
            self._storage.schedules.tell(due, "", "missed: no server was there")
            return True
        self._begin(due, [f"{missed} late: no server was there" if missed else "", wrong])
        return True

    def _take(self, left: Left) -> bool:
        """Do what another server had claimed and not done; of a schedule that has come again since, only tell it."""
        schedule, at = left.due.schedule, self._now()
        if not self._storage.schedules.take(left, at, self._server):
            return False
        ended = f"the server that had claimed it ({left.server}) ended"
        if schedule.missed == "skip" or not schedule.enabled or not left.newest:
            self._storage.schedules.tell(left.due, "", f"missed: {ended}")
        else:
            self._begin(left.due, [f"{_words(at - schedule.next_us)} late: {ended}"])
        return True

    def _begin(self, due: Due, notes: list[str]) -> None:
        self._mine[due.id, due.schedule.next_us] = due
        hand = threading.Thread(target=self._work, args=(due, notes), name=due.schedule.name, daemon=True)
        self._hands = [*(each for each in self._hands if each.is_alive()), hand]
        hand.start()

    def _work(self, due: Due, notes: list[str]) -> None:
        with self._turns:
            done = self._done(due.schedule)
        self._tell(due, done.run, "; ".join(text for text in (*notes, done.said) if text))
        del self._mine[due.id, due.schedule.next_us]

    def _tell(self, due: Due, run: str, said: str) -> None:
        """Until the database takes it, or the server ends: it is not to be done twice."""
        while True:
            try:
                return self._storage.schedules.tell(due, run, said)
            except WorkbenchError as error:
                _log.error("schedule %s of %s: %s; run %s", due.schedule.name, due.schedule.subsystem, error, run)
            if self._end.wait(_PAUSE_S):
                return None

    def _done(self, schedule: Schedule) -> Outcome:
        try:
            return self._do(schedule)
        except DatabaseError as error:  # in words that are for the log only
            _log.error("schedule %s of %s: %s", schedule.name, schedule.subsystem, error)
            return Outcome(said="no run: the database did not answer; the server's log says why")
        except WorkbenchError as error:
            return Outcome(said=f"no run: {error}")
        except Exception as error:  # noqa: BLE001  # a defect must not stay unsaid: the list of fires tells it
            _log.exception("schedule %s of %s", schedule.name, schedule.subsystem)
            return Outcome(said=f"a defect: {type(error).__name__}: {error}")


def _words(us: int) -> str:
    minutes = us // 60_000_000
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
