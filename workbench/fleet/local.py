"""Runs in this process: one event loop in a thread of its own, for all runs and as long as the process lives."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from concurrent.futures import Future, wait
from typing import Any

from workbench.engine import RunControl, Tools
from workbench.errors import UsageError, WorkbenchError
from workbench.files import RunFolder
from workbench.model.events import AnyEvent
from workbench.model.plan import RunPlan
from workbench.usecases.launch_run import execute

Listener = Callable[[str, AnyEvent], None]  # (run id, event); on the loop's thread, so it must be quick
END_S = 20.0  # for runs that are stopped when the process ends
_log = logging.getLogger("workbench.fleet")


class LocalRunner:
    """Starts, watches and stops runs; safe for threads. `close` stops what is running and waits for it."""

    def __init__(
        self,
        tools: Callable[[RunPlan], Tools],
        warm_up: Callable[[RunPlan], Awaitable[None]],
        release: Callable[[], Awaitable[None]],
        *,
        at_once: int = 4,
        listener: Listener = lambda run, event: None,
        ended: Callable[[str], None] = lambda run: None,
    ) -> None:
        """`tools` and `warm_up`: of a plan; `release`: lets go of what they hold, in the loop, at the end.
        `at_once`: runs that go on together, others wait for their turn. `ended`: told on a thread after each run."""
        self._tools, self._warm_up, self._release = tools, warm_up, release
        self._listener, self._ended = listener, ended
        self._controls: dict[str, RunControl] = {}
        self._futures: dict[str, Future[None]] = {}
        self._begun: set[str] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._turns = asyncio.Semaphore(at_once)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="runs", daemon=True)
        self._thread.start()

    def start(self, plan: RunPlan, folder: RunFolder) -> None:
        """Begin the run, or put it into the queue. Raises UsageError when the runner is closed."""
        control = RunControl()
        with self._lock:
            if self._closed:
                raise UsageError("the server is stopping", hint="start the run again when it is back")
            self._controls[plan.id] = control
            future = self._futures[plan.id] = self._in_loop(self._run(plan, folder, control))
        future.add_done_callback(_tell_defect)

    def state(self, run: str) -> str:
        """`queued`, `running`, or "" for a run that is not, or no longer, here."""
        with self._lock:
            return "" if run not in self._controls else "running" if run in self._begun else "queued"

    def stop(self, run: str, reason: str = "stopped by the user") -> bool:
        """Ask it to stop, a second time cut it off; False when it is not here."""
        with self._lock:
            control = self._controls.get(run)
        if control is not None:
            control.stop(reason)
        return control is not None

    def wait(self, run: str, seconds: float) -> bool:
        """True when the run has ended in that time, or is not here."""
        with self._lock:
            future = self._futures.get(run)
        return future is None or not wait((future,), seconds).not_done

    def close(self, seconds: float = END_S) -> None:
        """Stop all runs, cut off those that do not stop, let go of what they used, end the thread. Once is enough."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            running = dict(self._futures)
        for patience in (seconds / 2, seconds / 2):
            for run in running:
                self.stop(run, "the server was stopped")
            for run in running:
                self.wait(run, patience)
        self._in_loop(self._let_go()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _in_loop(self, work: Coroutine[Any, Any, None]) -> Future[None]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _let_go(self) -> None:
        await self._release()
        await self._loop.shutdown_default_executor()

    async def _run(self, plan: RunPlan, folder: RunFolder, control: RunControl) -> None:
        def listener(event: AnyEvent) -> None:
            self._listener(plan.id, event)

        try:
            async with self._turn(plan.id):
                if not control.stopped:
                    await self._warm_up(plan)
                await execute(plan, self._tools(plan), folder, (listener,), control)
        except WorkbenchError as error:  # the run is over; who looks at it sees that it has no end
            _log.error("run %s: %s", plan.id, error)
        finally:
            with self._lock:
                self._controls.pop(plan.id, None)
                self._begun.discard(plan.id)
            await asyncio.to_thread(self._ended, plan.id)
            self._futures.pop(plan.id, None)

    @contextlib.asynccontextmanager
    async def _turn(self, run: str) -> AsyncIterator[None]:
        async with self._turns:
            with self._lock:
                self._begun.add(run)
            yield


def _tell_defect(future: Future[None]) -> None:
    """A run whose code broke has no end; the log says why."""
    if not future.cancelled() and (error := future.exception()):
        _log.error("a defect ended a run", exc_info=error)
