"""Stopping a run from any thread."""

import threading
from collections.abc import Callable


class RunControl:
    """First `stop` : no new step starts, what is under way may finish within the grace time.
    Second `stop` : what is under way is cut off now.
    """

    def __init__(self, grace_s: float = 2.0) -> None:
        self.grace_s = grace_s
        self.reason = ""
        self.stopped = False  # to read only; asked before every step
        self._stopped = threading.Event()
        self._hard = False
        self._listeners: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    @property
    def hard(self) -> bool:
        return self._hard

    def wait(self, seconds: float) -> bool:
        """Sleep on a thread; True as soon as the run is stopped."""
        return self._stopped.wait(seconds)

    def stop(self, reason: str = "stopped by the user") -> None:
        with self._lock:
            self._hard = self._hard or self._stopped.is_set()
            self.reason = self.reason or reason
            self.stopped = True
            self._stopped.set()
            listeners = list(self._listeners)
        for listener in listeners:
            listener()

    def on_stop(self, listener: Callable[[], None]) -> None:
        """Called at each stop, on the stopping thread; at once when the run is stopped already."""
        with self._lock:
            self._listeners.append(listener)
            late = self._stopped.is_set()
        if late:
            listener()

    def forget(self, listener: Callable[[], None]) -> None:
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)
