"""A keyword that never comes back costs its step and a thread, not the run and not the process."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from engine_steps import call

from workbench import plugins
from workbench.engine import RunControl
from workbench.engine.threads import Overdue, ScriptThreads
from workbench.errors import KeywordError
from workbench.model.result import Cause, Side, Verdict
from workbench.model.suite import Case, Defaults, ScriptStep
from workbench.plugin_api import Answer, KeywordInfo
from workbench.plugins.memory import MemoryScope
from workbench.scripts import ScriptEngine

SHORT = Defaults(step="500ms", hook="500ms", case="60s", run="120s")
PATIENT = "60s"  # of a step that is to pass: its sandbox starts when the machine comes to it


class Gate:
    """What the keyword `stick` waits for."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def stick(self, text: str = "") -> str:
        self.reached.set()
        self.opened.wait(60)
        return text


@pytest.fixture
def gate() -> Iterator[Gate]:
    """It is opened when the test is over."""
    made = Gate()
    yield made
    made.opened.set()


@pytest.fixture
def scripts(gate: Gate) -> Iterator[ScriptEngine]:
    engine = ScriptEngine({**plugins.keywords(), "stick": KeywordInfo("stick", "acme", True, gate.stick)})
    engine.run(engine.compile("1 + 1"), MemoryScope())  # the next script finds a sandbox that is up
    yield engine
    engine.close()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.engine.attempt.LATE_S", 0.2)
    monkeypatch.setattr("workbench.engine.threads.CLOSING_S", 0.3)


def script(name: str, source: str, timeout: str = "") -> ScriptStep:
    return ScriptStep(id=name, step=name, script=source, timeout=timeout)


def test_its_step_is_a_timeout_of_the_case_and_the_run_goes_on(play: Any, caplog: pytest.LogCaptureFixture) -> None:
    cases = [Case(id="a", case="a", steps=(script("s", '$app.log("now")\n$app.stick()'),), teardown=(call("t"),))]
    cases.append(Case(id="b", case="b", steps=(script("fine", '$app.log("fine")', PATIENT),)))
    outcome = play(cases=cases, defaults=SHORT, concurrency=1)
    stuck, fine = sorted(outcome.cases, key=lambda case: case.item)
    assert (stuck.verdict, stuck.failure.cause, stuck.failure.blamed) == (Verdict.TIMEOUT, Cause.TIMEOUT, Side.CASE)
    assert "the keyword stick did not come back within the 0.5 s" in stuck.failure.message
    assert [entry.text for entry in outcome.named("s").attempts[0].log] == [
        "now",
        "the keyword stick was still at work; its thread is not waited for",
    ]
    assert fine.verdict is Verdict.PASSED
    assert outcome.named("t").verdict is Verdict.PASSED
    assert "1 keyword(s) of scripts never came back" in caplog.text


def test_more_stuck_keywords_than_threads_leave_threads_for_others(play: Any) -> None:
    cases = [Case(id=f"s{n}", case=f"s{n}", steps=(script(f"s{n}", "$app.stick()"),)) for n in range(5)]
    cases += [Case(id=f"f{n}", case=f"f{n}", steps=(script(f"f{n}", '$app.log("x")', PATIENT),)) for n in range(5)]
    outcome = play(cases=cases, defaults=SHORT, concurrency=2)
    assert {case.item: case.verdict.value for case in outcome.cases} == {
        **{f"s{n}": "TIMEOUT" for n in range(5)},
        **{f"f{n}": "PASSED" for n in range(5)},
    }


def test_a_stop_ends_the_run(play: Any, gate: Gate) -> None:
    control = RunControl(grace_s=0.1)
    stopping = threading.Thread(target=lambda: gate.reached.wait(60) and control.stop())
    stopping.start()
    outcome = play(script("s", "$app.stick()", PATIENT), control=control)
    stopping.join()
    assert outcome.case.verdict is Verdict.STOPPED
    assert outcome.named("s").attempts[0].log[-1].text.startswith("the keyword stick was still at work")


def test_what_comes_back_late_changes_nothing(play: Any, gate: Gate) -> None:
    def come_back(_: object) -> Answer:
        """In the teardown: the step is over by then."""
        gate.opened.set()
        for thread in threading.enumerate():
            if thread.name.startswith("workbench-script"):
                thread.join(60)
                assert not thread.is_alive()
        return Answer("1")

    stuck = script("s", '$app.stick()\n$app.addContext("late", 1)')
    case = Case(id="c", case="c", steps=(stuck,), teardown=(call("t"),))
    outcome = play(cases=[case], reply=come_back, defaults=SHORT, concurrency=1)
    assert (outcome.named("s").verdict, outcome.named("t").verdict) == (Verdict.TIMEOUT, Verdict.PASSED)
    assert gate.reached.is_set()
    assert outcome.case.context == "{}"


def test_a_process_with_a_stuck_keyword_can_end() -> None:
    program = """
import asyncio, threading
from workbench.engine import threads
threads.CLOSING_S = 0.1
async def main():
    pool = threads.ScriptThreads(2)
    try:
        await pool.run(threading.Event().wait, 0.1)
    except threads.Overdue:
        print("overdue")
    await pool.close()
asyncio.run(main())
print("end")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == ["overdue", "end"]


def test_time_in_the_queue_does_not_count() -> None:
    """The first holds the only thread for longer than the others may take."""
    free = threading.Event()

    async def main() -> list[object]:
        pool = ScriptThreads(1)
        first = asyncio.create_task(pool.run(lambda: free.wait(60), 60))
        others = [asyncio.create_task(pool.run(lambda: None, 1)) for _ in range(10)]
        await asyncio.sleep(1.5)
        free.set()
        results = await asyncio.gather(first, *others, return_exceptions=True)
        await pool.close()
        return list(results)

    assert asyncio.run(main()) == [None] * 11


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), StopIteration(1)])
def test_what_would_end_the_program_is_an_error_of_the_keyword(error: BaseException) -> None:
    def work() -> None:
        raise error

    async def main() -> None:
        pool = ScriptThreads(1)
        try:
            await pool.run(work, 60)
        finally:
            await pool.close()

    with pytest.raises(KeywordError, match=type(error).__name__):
        asyncio.run(main())


def test_threads_are_used_again_and_gone_after_the_end() -> None:
    before = set(threading.enumerate())  # those of earlier tests may end meanwhile
    seen: set[str] = set()

    async def main() -> None:
        pool = ScriptThreads(4)
        for _ in range(50):
            await pool.run(lambda: seen.add(threading.current_thread().name), 60)
        await asyncio.gather(*(pool.run(lambda: time.sleep(0.02), 60) for _ in range(12)))
        assert len(set(threading.enumerate()) - before) <= 4
        await pool.close()

    asyncio.run(main())
    assert len(seen) == 1
    for thread in set(threading.enumerate()) - before:
        thread.join(60)
        assert not thread.is_alive(), thread.name


def test_overdue_is_told_once_and_a_free_thread_takes_the_next(gate: Gate) -> None:
    async def main() -> None:
        pool = ScriptThreads(1)
        with pytest.raises(Overdue):
            await pool.run(lambda: print(gate.stick()), 0.1)
        await pool.run(lambda: None, 60)
        await pool.close()

    asyncio.run(main())
