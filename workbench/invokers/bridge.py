"""The Java bridge as the rest of the workbench sees it: one JVM a role, there when it is needed.

Role `calls` talks to Dubbo providers, role `tools` runs tool jars; a tool that ends or fills its JVM harms no call.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Literal, TypeVar

from msgspec import Struct

from workbench.errors import BridgeError
from workbench.invokers.channel import ChannelClosed
from workbench.invokers.link import Link
from workbench.invokers.process import JvmProcess

T = TypeVar("T")


class JvmLimits(Struct, frozen=True):
    """When a JVM is full: Dubbo gives back little of what a class loader took, so a fresh JVM takes its place."""

    loaders: int = 200  # of artifact sets
    classes_mb: int = 400  # of the 512 at which it would end (see process.py)


class Bridge:
    """Starts its JVM on first use, and a fresh one when that has died. May be used from several event loops."""

    def __init__(
        self,
        role: Literal["calls", "tools"],
        log_dir: Path,
        java: Path | None = None,
        jar: Path | None = None,
        limits: JvmLimits = JvmLimits(),  # noqa: B008 - frozen
        *,
        brief: bool = False,
    ) -> None:
        """`java` and `jar`: found by themselves when not given (see java.py). Nothing is started yet.

        `brief`: a JVM for a few calls: it answers first in half the CPU time, but never becomes as fast as others.
        """
        self._brief = brief
        self._limits = limits
        self._replacing: Future[None] | None = None
        self.role = role
        self._log_dir = log_dir
        self._java = java
        self._jar = jar
        self._link: Link | None = None
        self._starting: Future[Link] | None = None
        self._closed = False
        self._lock = threading.Lock()

    @property
    def started_in_ms(self) -> int | None:
        """How long the running JVM took until it was ready; None when none runs."""
        return self._link.process.started_in_ms if self._link else None

    @property
    def pid(self) -> int | None:
        return self._link.process.pid if self._link else None

    @property
    def log_file(self) -> Path:
        return self._log_dir / f"bridge-{self.role}.log"

    @property
    def running(self) -> Link | None:
        """The live connection, when there is one: the fast way past `start`."""
        link = self._link
        return link if link is not None and link.lost is None else None

    async def start(self) -> Link:
        """The live connection; starts the JVM when there is none, once for all who ask. Raises BridgeError."""
        link = self.running
        if link is not None:
            return link
        with self._lock:
            if self._closed:
                raise BridgeError("the bridge is closed", where=str(self.log_file))
            starting = self._starting
            if starting is None:
                starting = self._starting = in_thread(self._start, name="bridge-start")
        return await asyncio.shield(asyncio.wrap_future(starting))

    def _start(self) -> Link:
        try:
            lost = self._link
            if lost is not None and lost.lost is None:  # another has just replaced the lost one
                return lost
            if lost is not None:
                lost.close()
            return self._took(self._made(), lost)
        finally:
            self._starting = None

    def _took(self, made: Link, lost: Link | None) -> Link:
        """`made`, or what has replaced the lost one meanwhile, for it was full as well; the other one goes."""
        with self._lock:
            other = self._link
            kept = made if other is None or other is lost or other.lost is not None else other
            self._link = kept
        rest = made if kept is not made else other
        if rest is not None and rest is not lost:
            rest.close()
        return kept

    def _made(self) -> Link:
        process = JvmProcess(self.role, self._log_dir, self._java, self._jar, brief=self._brief)
        try:
            return Link(process, self._heard)
        except ChannelClosed as error:
            process.end()
            raise BridgeError(f"no connection to the bridge: {error}", where=str(process.log_file)) from error

    def _heard(self, link: Link, loaders: int, megabytes: int) -> None:
        """A JVM tells how full it is. A full one is replaced, one at a time: never are there three."""
        if loaders < self._limits.loaders and megabytes < self._limits.classes_mb:
            return
        with self._lock:
            if not self._closed and self._link is link and self._replacing is None:
                self._replacing = in_thread(lambda: self._replace(link), name="bridge-replace")

    def _replace(self, full: Link) -> None:
        """New calls go to a fresh JVM, those under way end in the old one; without a fresh one the old one goes on."""
        try:
            with contextlib.suppress(BridgeError):
                fresh = self._made()
                with self._lock:
                    used = not self._closed and self._link is full
                    self._link = fresh if used else self._link
                if used:
                    full.drain(lambda: self._closed)
                (full if used else fresh).close()
        finally:
            with self._lock:  # not before it was noted
                self._replacing = None

    async def close(self) -> None:
        """Ends the JVM; calls under way are answered with BRIDGE_LOST. Leaves no thread, process, socket or file."""
        with self._lock:
            self._closed = True
            under_way = (self._starting, self._replacing)
        await asyncio.shield(asyncio.wrap_future(in_thread(lambda: self._close(under_way), name="bridge-close")))

    def _close(self, under_way: "Iterable[Future[Any] | None]") -> None:
        for work in under_way:
            if work is not None:
                work.exception()  # waits for it; a start that failed leaves nothing
        link, self._link = self._link, None
        if link is not None:
            link.close()


def in_thread(work: Callable[[], T], *, name: str) -> "Future[T]":
    """Run blocking work on a thread of its own: an executor's threads would outlive us."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is handed to the one who waits
            future.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return future
