"""After any end of a run nothing of it is left: no thread, task, child process, open file or temporary file."""

import asyncio
import gc
import os
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from workbench.app import Application
from workbench.engine import RunControl
from workbench.files import RunFolder
from workbench.model.events import StepFinished
from workbench.plugins.memory import MemoryScope
from workbench.scripts import ScriptEngine
from workbench.settings import Settings
from workbench.usecases.launch_run import RunRequest, execute, plan_run

STEPS = """
- step: script
  script: $app.addContext("n", 1)
- step: sign
  tool: tool-util com.example.util.SignUtil#sign(java.lang.String)
  request: '["abc"]'
- step: wait
  dubbo: com.example.notify.MessageNotifyAiFacade#waitFor(long)
  subsystem: notify
  request: '[300]'
"""


def children() -> set[int]:
    """Processes whose parent is this one; zombies are processes that somebody forgot to wait for."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == os.getpid():
            found.add(int(status.parent.name))
    return found


def open_files() -> list[str]:
    gc.collect()
    links = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            links.append(os.readlink(entry))
        except FileNotFoundError:  # the one that lists the folder
            continue
    return sorted(link.partition(":")[0] if link.startswith(("socket", "pipe", "anon")) else link for link in links)


def there_is(temporary: Path) -> Counter[str]:
    """How often there is what a run might leave."""
    threads = (f"thread {thread.name} {thread.ident}" for thread in threading.enumerate())
    processes = (f"process {number}" for number in children())
    files = (f"open {file}" for file in open_files())
    return Counter([*threads, *processes, *files, *map(str, temporary.rglob("*"))])


def left(before: Counter[str], temporary: Path, seconds: float = 60) -> list[str]:
    """What there is more than there was, once threads that are just ending have ended. What earlier tests had left
    may end meanwhile."""
    deadline = time.monotonic() + seconds
    while (more := there_is(temporary) - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    return sorted(more.elements())


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield folder
    tempfile.tempdir = None


@pytest.fixture(scope="module", autouse=True)
def sandbox_runtime():
    """The sandbox library opens an event queue of its own once a process and keeps it; that is no run's."""
    with ScriptEngine({}) as engine:
        engine.run(engine.compile("1 + 1"), MemoryScope())


@pytest.mark.parametrize("end", ["passed", "failed", "stopped", "cut", "exception"])
def test_nothing_is_left(write_suite, tmp_path, temporary, end):
    folder = write_suite(STEPS + ("  assert: response == 1\n" if end == "failed" else ""))
    settings = Settings(data_dir=tmp_path / "data")
    control = RunControl(grace_s=0.2 if end == "cut" else 5)

    def listener(event: object) -> None:
        if isinstance(event, StepFinished) and event.result.name == "sign":
            if end == "exception":
                raise RuntimeError("a listener that breaks")
            if end in ("stopped", "cut"):
                control.stop()

    async def go() -> str:
        async with Application(settings) as app:
            plan = plan_run(RunRequest(folder=folder), app.readers())
            kept = RunFolder.create(settings.runs_dir, plan)
            try:
                summary = await execute(plan, app.tools(plan), kept, (listener,), control)
            except (RuntimeError, ExceptionGroup):
                return "exception"
            finally:
                others = asyncio.all_tasks() - {asyncio.current_task()}
                assert not [task for task in others if not task.done() and "worker" in repr(task.get_coro())]
            return summary.verdict.value

    before = there_is(temporary)
    verdict = asyncio.run(go())
    expected = {
        "passed": "PASSED",
        "failed": "FAILED",
        "stopped": "STOPPED",
        "cut": "STOPPED",
        "exception": "exception",
    }
    assert verdict == expected[end]
    assert left(before, temporary) == []
