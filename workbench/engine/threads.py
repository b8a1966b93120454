"""Threads for scripts: blocking work never stands on the event loop."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

MAX_SCRIPT_THREADS = 32


class ScriptThreads:
    """Started on first use, gone after `close`."""

    def __init__(self, limit: int) -> None:
        self._limit = max(1, min(limit, MAX_SCRIPT_THREADS))
        self._pool: ThreadPoolExecutor | None = None

    async def run(self, work: Callable[[], None]) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._limit, thread_name_prefix="workbench-script")
        await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def close(self) -> None:
        """Waits for scripts that still run (their own limit ends them), without standing on the loop."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        done, loop = asyncio.Event(), asyncio.get_running_loop()

        def join() -> None:
            pool.shutdown()
            loop.call_soon_threadsafe(done.set)

        joiner = threading.Thread(target=join, name="workbench-script-joiner")
        joiner.start()
        await done.wait()
        joiner.join()
