"""The order of things: hooks, conditions, retries, skipping, stopping."""

import importlib
import threading
import time

from engine_steps import FAST, call

from workbench.engine import RunControl
from workbench.model import json
from workbench.model.events import (
    CaseFinished,
    RunFinished,
    RunStarted,
    ScenarioFinished,
    StepFinished,
    StepStarted,
)
from workbench.model.result import Cause, Failure, Verdict
from workbench.model.suite import Case, Defaults, Retry, ScriptStep
from workbench.plugin_api import Answer


def script(name: str, source: str) -> ScriptStep:
    return ScriptStep(id=name, step=name, script=source)


def test_events_come_in_order(play):
    kinds = [type(event) for event in play(call()).events]
    assert kinds[0] is RunStarted
    assert kinds[-1] is RunFinished
    assert kinds.index(StepStarted) < kinds.index(StepFinished) < kinds.index(CaseFinished)


def test_hooks_stand_around_each_level(play):
    case = Case(
        id="c", case="c", before='$app.log("case before")', after='$app.log("case after")',
        setup=(call("case setup"),), teardown=(call("case teardown"),),
        steps=(call("step", before='$app.log("step before")', after='$app.log("step after")'),),
    )  # fmt: skip
    around = {
        "before": '$app.log("scenario before")', "after": '$app.log("scenario after")',
        "setup": (call("scenario setup"),), "teardown": (call("scenario teardown"),),
    }  # fmt: skip
    outcome = play(cases=[case], scenario=around)
    assert [step.name if step.kind != "script" else f"{step.id}" for step in outcome.steps] == [
        "scenario.before", "scenario setup", "c.before", "case setup", "step", "case teardown", "c.after",
        "scenario teardown", "scenario.after",
    ]  # fmt: skip
    log = [entry.text for step in outcome.steps for attempt in step.attempts for entry in attempt.log]
    assert log == ["scenario before", "case before", "step before", "step after", "case after", "scenario after"]


def test_after_side_runs_whatever_failed(play):
    case = Case(
        id="c", case="c", steps=(call("a", assert_="response == 1", after='$app.log("x")'), call("b")),
        teardown=(call("t"),), after='$app.log("after")',
    )  # fmt: skip
    outcome = play(cases=[case])
    assert [(step.name, step.verdict.value) for step in outcome.steps] == [
        ("a", "FAILED"), ("b", "SKIPPED"), ("t", "PASSED"), ("after", "PASSED"),
    ]  # fmt: skip
    assert outcome.named("a").attempts[0].log[0].text == "x"


def test_failed_scenario_setup_fails_its_cases_and_still_tears_down(play):
    around = {"setup": (call("setup", assert_="response == 1"),), "teardown": (call("teardown"),)}
    outcome = play(call(), scenario=around)
    assert (outcome.case.verdict, outcome.case.failure.cause) == (Verdict.FAILED, Cause.ASSERTION)
    assert "setup failed" in outcome.case.failure.message
    assert [step.name for step in outcome.steps] == ["setup", "teardown"]


def ending(outcome):
    (end,) = [event for event in outcome.events if isinstance(event, ScenarioFinished)]
    return end


def test_a_failed_teardown_of_a_scenario_is_a_failure_of_the_run_and_of_no_case(play):
    outcome = play(call(), scenario={"teardown": (call("clean", assert_="response == 1"), call("close"))})
    assert outcome.case.verdict is Verdict.PASSED
    assert (outcome.summary.verdict, outcome.summary.teardowns, outcome.summary.cases.passed) == (Verdict.FAILED, 1, 1)
    assert (ending(outcome).verdict, ending(outcome).failed_step) == (Verdict.FAILED, "clean")
    assert ending(outcome).failure.cause is Cause.ASSERTION
    assert outcome.named("close").verdict is Verdict.PASSED


def test_a_failed_after_script_of_a_scenario_is_worse_than_a_failed_case(play):
    outcome = play(call(assert_="response == 1"), scenario={"after": "1 / 0"})
    assert (outcome.case.verdict, outcome.summary.verdict) == (Verdict.FAILED, Verdict.ERROR)
    assert ending(outcome).failure.cause is Cause.SCRIPT


def test_a_teardown_that_is_cut_off_is_a_timeout_of_the_run(play):
    around = {"teardown": (call("slow", '["t"]'),)}
    limits = Defaults(step="2s", hook="2s", case="100ms", run="20s")
    reply = lambda sent: 5.0 if sent.arguments == '["t"]' else Answer("1")  # noqa: E731
    outcome = play(call(), scenario=around, defaults=limits, reply=reply)
    assert (outcome.case.verdict, outcome.summary.verdict) == (Verdict.PASSED, Verdict.TIMEOUT)
    assert ending(outcome).failure.cause is Cause.TIMEOUT


def test_a_failed_teardown_of_a_case_is_its_verdict(play):
    case = Case(id="c", case="c", steps=(call(),), teardown=(call("t", assert_="response == 1"),))
    outcome = play(cases=[case])
    assert (outcome.case.verdict, outcome.case.failed_step) == (Verdict.FAILED, "t")


def test_a_setup_that_fails_is_told_by_the_cases_and_not_by_the_end_of_the_scenario(play):
    outcome = play(call(), scenario={"setup": (call("setup", assert_="response == 1"),), "teardown": (call("t"),)})
    assert (ending(outcome).verdict, outcome.summary.teardowns) == (Verdict.PASSED, 0)


def test_a_case_whose_setup_failed_still_tells_its_row(play):
    case = Case(id="c", case="c", dataset="rows", steps=(call(),))
    outcome = play(cases=[case], rows=[{"id": "7"}], scenario={"setup": (call("s", assert_="response == 1"),)})
    assert json.loads(outcome.case.row_values) == {"id": "7"}
    assert outcome.case.row_name == "rows!row 2"


def test_condition_skips(play):
    outcome = play(call("a", when="${config.on} == true"), call("b", when="${config.on} == false"), config={"on": True})
    assert [step.verdict.value for step in outcome.steps] == ["PASSED", "SKIPPED"]
    assert outcome.case.steps == 1


def test_disabled_step_is_counted_nowhere(play):
    outcome = play(call("a"), call("b", disabled=True))
    assert [step.name for step in outcome.steps] == ["a"]


def test_soft_assertions_go_on(play):
    case = Case(id="c", case="c", on_failure="continue", steps=(call("a", assert_="response == 1"), call("b")))
    outcome = play(cases=[case])
    assert [step.verdict.value for step in outcome.steps] == ["FAILED", "PASSED"]
    assert outcome.case.verdict is Verdict.FAILED


def test_retry_until_keeps_every_attempt_and_is_not_flaky(play):
    answers = iter(["PAYING", "PAYING", "PAID"])
    step = call(
        retry=Retry(times=5, every="1ms", until='response.status == "PAID"'), assert_='response.status == "PAID"'
    )
    outcome = play(step, reply=lambda _: Answer(f'{{"status":"{next(answers)}"}}'))
    assert (outcome.step.verdict, len(outcome.step.attempts), outcome.step.flaky) == (Verdict.PASSED, 3, False)


def test_retry_until_that_never_holds_fails(play):
    step = call(retry=Retry(times=2, every="1ms", until="response == 1"))
    outcome = play(step, reply=lambda _: Answer("0"))
    assert (outcome.step.verdict, outcome.step.failure.cause) == (Verdict.FAILED, Cause.ASSERTION)
    assert outcome.step.failure.message == "until response == 1: never held"
    assert len(outcome.step.attempts) == 3


def test_pass_after_a_failed_attempt_is_flaky(play):
    answers = iter([Answer(failure=Failure(Cause.TIMEOUT, "slow")), Answer("1")])
    outcome = play(call(retry=Retry(times=3, every="1ms")), reply=lambda _: next(answers))
    assert (outcome.case.verdict, outcome.step.flaky, outcome.case.flaky) == (Verdict.PASSED, True, True)
    assert [attempt.verdict.value for attempt in outcome.step.attempts] == ["TIMEOUT", "PASSED"]


def test_skip_keyword_ends_the_case_as_skipped(play):
    outcome = play(script("s", '$app.skip("not today")'), call("b"))
    assert outcome.case.verdict is Verdict.SKIPPED
    assert "not today" in outcome.case.failure.message
    assert not outcome.invoker.calls


def test_case_time_limit_is_a_timeout_and_the_after_side_runs(play):
    case = Case(id="c", case="c", timeout="100ms", steps=(call("slow"),), teardown=(call("t", '["t"]'),))
    outcome = play(cases=[case], reply=lambda sent: 30.0 if sent.arguments == "[]" else Answer("1"))
    assert outcome.case.verdict is Verdict.TIMEOUT
    assert outcome.named("slow").verdict is Verdict.TIMEOUT
    assert outcome.named("t").verdict is Verdict.PASSED


def test_a_long_time_limit_is_kept_by_the_runs_watch(play, monkeypatch):
    monkeypatch.setattr("workbench.engine.case.WATCHED_S", 0.0)
    monkeypatch.setattr(importlib.import_module("workbench.engine.run"), "_BEAT_S", 0.02)
    case = Case(id="c", case="c", timeout="100ms", steps=(call("slow"),), teardown=(call("t", '["t"]'),))
    outcome = play(cases=[case], reply=lambda sent: 30.0 if sent.arguments == "[]" else Answer("1"))
    assert outcome.case.verdict is Verdict.TIMEOUT
    assert outcome.case.elapsed_us >= 90_000  # of the whole: its step may begin when some of it is over
    assert outcome.named("slow").elapsed_us < 20_000_000
    assert outcome.named("t").verdict is Verdict.PASSED


def test_stop_lets_no_new_step_start_and_reports_the_rest_as_stopped(play):
    control = RunControl(grace_s=5)

    def reply(sent):
        control.stop("enough")
        return Answer("1")

    cases = [Case(id=f"c{n}", case=f"c{n}", steps=(call("a"), call("b"))) for n in range(10)]
    outcome = play(cases=cases, reply=reply, control=control, concurrency=1)
    assert len(outcome.invoker.calls) == 1
    assert [case.verdict.value for case in outcome.cases] == ["STOPPED"] * 10
    assert outcome.steps[0].verdict is Verdict.PASSED
    assert outcome.summary.verdict is Verdict.STOPPED


def test_second_stop_cuts_off_what_is_under_way(play):
    control = RunControl(grace_s=30)

    def stop_twice():
        time.sleep(0.1)
        control.stop()
        control.stop()

    thread = threading.Thread(target=stop_twice)
    thread.start()
    began = time.monotonic()
    outcome = play(call(), reply=lambda _: 20.0, control=control, defaults=FAST)
    thread.join()
    assert time.monotonic() - began < 15
    assert outcome.case.verdict is Verdict.STOPPED


def test_a_stop_that_has_begun_when_the_run_ends_is_no_error(play):
    control, told = RunControl(), []

    def reply(_):
        told.extend(control._listeners)  # as a stop on another thread, that comes to them a moment later
        return Answer("1")

    assert play(call(), reply=reply, control=control).case.verdict is Verdict.PASSED
    assert told
    for listener in told:
        listener()


def test_rows_are_results_of_their_own(play):
    outcome = play(call(request='["${row.id}"]'), rows=[{"id": "00123"}, {"id": 1234567890123456789}])
    assert outcome.requests == ['["00123"]', "[1234567890123456789]"]
    assert sorted(case.item for case in outcome.cases) == ["case1#1", "case1#2"]


def test_nothing_is_left_after_a_run(play):
    before = set(threading.enumerate())
    play(script("s", '$app.addContext("a", 1)'), call())
    assert {thread.name for thread in set(threading.enumerate()) - before if "workbench-script" in thread.name} == set()


def test_secrets_leave_the_engine_masked(play):
    from workbench.model.events import encoder

    step = call(request='["${config.token}", "x${config.token}y"]')
    outcome = play(step, config={"token": 'gehe"im/ß'}, secrets=("token",))
    assert outcome.requests == ['["gehe\\"im/ß","xgehe\\"im/ßy"]']
    everything = b"".join(map(encoder.encode, outcome.events)).decode()
    assert "gehe" not in everything
    assert "•••" in everything


def test_personal_data_is_masked_by_path_in_its_case(play):
    from workbench.model.events import encoder

    step = call(request='[{"phone": "13800138000", "id": 7777777}]', extract={"phone": "response[0].phone"})
    outcome = play(step, call("b", '["${ctx.phone}"]'), mask=("response[0].phone",))
    assert outcome.requests[1] == '["13800138000"]'
    everything = b"".join(map(encoder.encode, outcome.events)).decode()
    assert "13800138000" not in everything
    assert "7777777" in everything
