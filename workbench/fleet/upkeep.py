"""What a server does by itself once a day: makes room of what is too old and of what nobody needs any more."""

import logging
import threading
from collections.abc import Callable

from workbench.errors import WorkbenchError

FIRST_S = 600.0  # not in the rush of a start
EVERY_S = 86_400.0
END_S = 10.0  # for what is under way when the server stops; each step of it is whole by itself
_log = logging.getLogger("workbench.fleet")


class Upkeep:
    """Does `work` from `start` until `stop`."""

    def __init__(self, work: Callable[[], None], *, first_s: float = FIRST_S, every_s: float = EVERY_S) -> None:
        self._work, self._first_s, self._every_s = work, first_s, every_s
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="upkeep", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._end.set()
        if self._thread.is_alive():
            self._thread.join(END_S)

    def _watch(self) -> None:
        wait = self._first_s
        while not self._end.wait(wait):
            wait = self._every_s
            try:
                self._work()
            except WorkbenchError as error:  # the next time may find the database again
                _log.error("upkeep waits a day: %s", error)
            except Exception:  # noqa: BLE001  # a defect here must not end the upkeep of a server unseen
                _log.exception("upkeep")
