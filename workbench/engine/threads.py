"""Threads for scripts: blocking work never stands on the event loop.

They are daemons and not a ThreadPoolExecutor's: a keyword of a third party may block for ever, and neither the run nor
the process may wait for it. Its thread is left behind, and another one takes its place.
"""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

from workbench.errors import KeywordError

MAX_SCRIPT_THREADS = 32
CLOSING_S = 2.0  # how long `close` waits for work that was cut off
_log = logging.getLogger(__name__)


class Overdue(Exception):
    """The work was begun, and did not end in its time. Its thread goes on with it."""


class _Job:
    """One piece of work; its state is changed under the pool's lock."""

    __slots__ = ("began", "done", "ended", "left", "loop", "watch", "work")

    def __init__(self, work: Callable[[], None], loop: asyncio.AbstractEventLoop) -> None:
        self.work = work
        self.loop = loop
        self.done: asyncio.Future[None] = loop.create_future()
        self.began = 0.0  # monotonic seconds; 0: it waits for a thread
        self.ended = False
        self.left = False  # nobody waits for it any longer
        self.watch: asyncio.TimerHandle | None = None

    def tell(self, error: BaseException | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: everybody has gone home
            self.loop.call_soon_threadsafe(self._settle, error)

    def _settle(self, error: BaseException | None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)


class ScriptThreads:
    """Started on first use, gone after `close`, but for those whose work does not end."""

    def __init__(self, limit: int) -> None:
        self._limit = max(1, min(limit, MAX_SCRIPT_THREADS))
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()
        self._waiting = 0  # jobs in the queue
        self._idle = 0  # threads that take one as soon as they can
        self._usable = 0  # threads that are idle or at work which somebody waits for

    async def run(self, work: Callable[[], None], seconds: float) -> None:
        """Raises what the work raises, and Overdue when it takes longer than `seconds` from its begin."""
        loop = asyncio.get_running_loop()
        job = _Job(work, loop)
        self._offer(job)
        job.watch = loop.call_later(seconds, self._look, job, seconds)
        try:
            await job.done
        except asyncio.CancelledError:
            self._leave(job)
            raise
        finally:
            job.watch.cancel()

    async def close(self) -> None:
        """Waits for scripts that still run (they have been cut off), without standing on the loop, and not for ever."""
        with self._lock:
            threads = list(self._threads)
            for _ in range(self._usable):
                self._jobs.put(None)
        if not threads:
            return
        done, loop = asyncio.Event(), asyncio.get_running_loop()

        def join() -> None:
            end = time.monotonic() + CLOSING_S
            for thread in threads:
                thread.join(max(0.0, end - time.monotonic()))
            loop.call_soon_threadsafe(done.set)

        joiner = threading.Thread(target=join, name="workbench-script-joiner", daemon=True)
        joiner.start()
        await done.wait()
        joiner.join()
        stuck = sum(thread.is_alive() for thread in threads)
        if stuck:
            _log.warning("%d keyword(s) of scripts never came back; their threads are left behind", stuck)

    def _offer(self, job: _Job) -> None:
        with self._lock:
            self._jobs.put(job)
            self._waiting += 1
            if self._waiting <= self._idle or self._usable >= self._limit:
                return
            self._usable += 1
            self._idle += 1
            thread = threading.Thread(target=self._serve, name=f"workbench-script-{len(self._threads)}", daemon=True)
            self._threads.add(thread)
        thread.start()

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not self._do(job):
                break
        with self._lock:
            self._threads.discard(threading.current_thread())

    def _do(self, job: _Job) -> bool:
        """Whether this thread is to go on: not when another one has taken its place."""
        with self._lock:
            self._waiting -= 1
            self._idle -= 1
            job.began = time.monotonic()
            dropped = job.left
        error = None if dropped else _outcome(job.work)
        with self._lock:
            job.ended = True
            replaced = job.left and not dropped
            self._idle += not replaced
        job.tell(error)
        return not replaced

    def _leave(self, job: _Job) -> None:
        with self._lock:
            if job.left or job.ended:
                return
            job.left = True
            if job.began:
                self._usable -= 1

    def _look(self, job: _Job, seconds: float) -> None:
        """On the loop: is it overdue? Time in the queue does not count."""
        if job.done.done():
            return
        left = seconds if not job.began else job.began + seconds - time.monotonic()
        if left > 0:
            job.watch = job.loop.call_later(left, self._look, job, seconds)
            return
        self._leave(job)
        if not job.ended:
            job.done.set_exception(Overdue())


def _outcome(work: Callable[[], None]) -> BaseException | None:
    try:
        work()
    except StopIteration as error:
        return KeywordError(f"a keyword raised {error!r}")  # a future cannot hold this one
    except Exception as error:
        return error
    except BaseException as error:  # sys.exit() of a keyword must not end the run
        return KeywordError(f"a keyword raised {type(error).__name__}", hint="keywords do not end the program")
    return None
