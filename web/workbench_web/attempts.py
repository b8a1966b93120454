"""Wrong passwords are bounded: who guesses has to wait, the longer the more they guess.

Kept in the memory of the server. Counted by address and name together, so that nobody can lock out another; by address,
for who tries many names; and by name, loosely, for who comes from many addresses. Of one address one password is looked
at after the other: who guesses many at once has no more guesses, and makes few costly hashes at a time.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from workbench.errors import LoginError
from workbench_web.problems import Refused

WINDOW_S: Final = 15 * 60
_BOUNDS: Final = (("both", 5), ("address", 50), ("name", 100))
_MOST = 20_000  # keys, before those that are over go
_TURNS: Final = 8  # passwords that are looked at in one moment


class Attempts:
    """Of one server; safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: dict[tuple[str, ...], list[float]] = {}
        self._turns = tuple(threading.Lock() for _ in range(_TURNS))

    @contextlib.contextmanager
    def attempt(self, name: str, address: str) -> Iterator[None]:
        """While a password is looked at: a LoginError counts. Raises Refused (429) for who has failed too often."""
        name = name.strip().casefold()  # as generous as any database is
        with self._turns[hash(address) % _TURNS]:
            self.check(name, address)
            try:
                yield
            except LoginError:
                self.failed(name, address)
                raise
            self.succeeded(name, address)

    def check(self, name: str, address: str) -> None:
        """Raises Refused (429) for who has failed too often."""
        now = self._clock()
        with self._lock:
            waits = [self._wait(key, bound, now) for key, bound in _keys(name, address)]
        if (wait := max(waits)) > 0:
            seconds = int(wait) + 1
            raise Refused(429, "TOO_MANY_ATTEMPTS", f"too many wrong passwords; wait {seconds} s",
                          headers={"Retry-After": str(seconds)})  # fmt: skip

    def failed(self, name: str, address: str) -> None:
        now = self._clock()
        with self._lock:
            if len(self._failed) > _MOST:
                self._failed = {key: at for key, at in self._failed.items() if at[-1] > now - WINDOW_S}
            for key, _ in _keys(name, address):
                self._failed.setdefault(key, []).append(now)

    def succeeded(self, name: str, address: str) -> None:
        """What failed with this name from this address is forgotten."""
        with self._lock:
            self._failed.pop(("both", name, address), None)

    def _wait(self, key: tuple[str, ...], bound: int, now: float) -> float:
        """Seconds until an attempt is free again."""
        recent = [at for at in self._failed.get(key, ()) if at > now - WINDOW_S]
        if recent:
            self._failed[key] = recent
        else:
            self._failed.pop(key, None)
        return recent[-bound] + WINDOW_S - now if len(recent) >= bound else 0.0


def _keys(name: str, address: str) -> list[tuple[tuple[str, ...], int]]:
    parts = {"both": (name, address), "address": (address,), "name": (name,)}
    return [((what, *parts[what]), bound) for what, bound in _BOUNDS]
