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
from workbench.plugin_api import KeywordInfo
from workbench.scripts import ScriptEngine

SHORT = Defaults(step="200ms", hook="200ms", case="30s", run="60s")


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What the keyword `stick` waits for; it is opened when the test is over."""
    opened = threading.Event()
    yield opened
    opened.set()


@pytest.fixture
def scripts(gate: threading.Event) -> Iterator[ScriptEngine]:
    def stick(text: str = "") -> str:
        gate.wait(60)
        return text

    engine = ScriptEngine({**plugins.keywords(), "stick": KeywordInfo("stick", "acme", True, stick)})
    yield engine
    engine.close()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.engine.attempt.LATE_S", 0.2)
    monkeypatch.setattr("workbench.engine.threads.CLOSING_S", 0.3)


def script(name: str, source: str) -> ScriptStep:
    return ScriptStep(id=name, step=name, script=source)


def test_its_step_is_a_timeout_of_the_case_and_the_run_goes_on(play: Any, caplog: pytest.LogCaptureFixture) -> None:
    cases = [Case(id="a", case="a", steps=(script("s", '$app.log("now")\n$app.stick()'),), teardown=(call("t"),))]
    cases.append(Case(id="b", case="b", steps=(script("fine", '$app.log("fine")'),)))
    outcome = play(cases=cases, defaults=SHORT, concurrency=1)
    stuck, fine = sorted(outcome.cases, key=lambda case: case.item)
    assert (stuck.verdict, stuck.failure.cause, stuck.failure.blamed) == (Verdict.TIMEOUT, Cause.TIMEOUT, Side.CASE)
    assert "the keyword stick did not come back within the 0.2 s" in stuck.failure.message
    assert [entry.text for entry in outcome.named("s").attempts[0].log] == [
        "now",
        "the keyword stick was still at work; its thread is not waited for",
    ]
    assert fine.verdict is Verdict.PASSED
    assert outcome.named("t").verdict is Verdict.PASSED
    assert "1 keyword(s) of scripts never came back" in caplog.text


def test_more_stuck_keywords_than_threads_leave_threads_for_others(play: Any) -> None:
    cases = [Case(id=f"s{n}", case=f"s{n}", steps=(script(f"s{n}", "$app.stick()"),)) for n in range(5)]
    cases += [Case(id=f"f{n}", case=f"f{n}", steps=(script(f"f{n}", '$app.log("x")'),)) for n in range(5)]
    outcome = play(cases=cases, defaults=SHORT, concurrency=2)
    assert {case.item: case.verdict.value for case in outcome.cases} == {
        **{f"s{n}": "TIMEOUT" for n in range(5)},
        **{f"f{n}": "PASSED" for n in range(5)},
    }


def test_a_stop_ends_the_run(play: Any) -> None:
    control = RunControl(grace_s=0.1)
    threading.Timer(0.3, control.stop).start()
    outcome = play(script("s", "$app.stick()"), control=control)
    assert outcome.case.verdict is Verdict.STOPPED
    assert outcome.named("s").attempts[0].log[-1].text.startswith("the keyword stick was still at work")


def test_what_comes_back_late_changes_nothing(play: Any, gate: threading.Event) -> None:
    source = '$app.stick()\n$app.addContext("late", 1)'
    threading.Timer(0.6, gate.set).start()
    outcome = play(script("s", source), script("w", '$app.sleep("1s")'), defaults=SHORT)
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
    async def main() -> list[object]:
        pool = ScriptThreads(1)
        work = [pool.run(lambda: time.sleep(0.15), 1.2) for _ in range(10)]
        results = await asyncio.gather(*work, return_exceptions=True)
        await pool.close()
        return list(results)

    assert asyncio.run(main()) == [None] * 10


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), StopIteration(1)])
def test_what_would_end_the_program_is_an_error_of_the_keyword(error: BaseException) -> None:
    def work() -> None:
        raise error

    async def main() -> None:
        pool = ScriptThreads(1)
        try:
            await pool.run(work, 5)
        finally:
            await pool.close()

    with pytest.raises(KeywordError, match=type(error).__name__):
        asyncio.run(main())


def test_threads_are_used_again_and_gone_after_the_end() -> None:
    before = set(threading.enumerate())
    seen: set[str] = set()

    async def main() -> None:
        pool = ScriptThreads(4)
        for _ in range(50):
            await pool.run(lambda: seen.add(threading.current_thread().name), 5)
        await asyncio.gather(*(pool.run(lambda: time.sleep(0.02), 5) for _ in range(12)))
        assert len(set(threading.enumerate()) - before) <= 4
        await pool.close()

    asyncio.run(main())
    assert len(seen) == 1
    assert set(threading.enumerate()) == before


def test_overdue_is_told_once_and_a_free_thread_takes_the_next(gate: threading.Event) -> None:
    async def main() -> None:
        pool = ScriptThreads(1)
        with pytest.raises(Overdue):
            await pool.run(lambda: print(gate.wait(60)), 0.1)
        await pool.run(lambda: None, 5)
        await pool.close()

    asyncio.run(main())
