"""What must not happen whatever goes wrong: results lost, an after side left out, a run that does not end."""

import asyncio
import threading
import time
from typing import Any

import pytest
from engine_steps import call
from msgspec.structs import astuple

from workbench.engine import RunControl, Tools, run
from workbench.errors import WorkbenchError
from workbench.model.events import CaseFinished
from workbench.model.plan import Item, PlannedCase, PlannedScenario, RunPlan, Target
from workbench.model.result import SIDE_OF, Cause, Side, Verdict
from workbench.model.suite import Case, HttpStep, Retry, ScriptStep, SharedSteps, UseStep
from workbench.plugin_api import Answer


def script(name: str, source: str) -> ScriptStep:
    return ScriptStep(id=name, step=name, script=source)


def outcomes(outcome: Any) -> list[tuple[str, str]]:
    return [(step.name, step.verdict.value) for step in outcome.steps]


# --- defects ---


def test_defect_of_an_invoker_ends_its_step_and_no_other_case(play):
    def reply(sent):
        if sent.arguments == "[1]":
            raise LookupError("the invoker is broken")
        return Answer("1")

    cases = [
        Case(id="c1", case="c1", steps=(call("a", "[1]", after='$app.log("after")'),), teardown=(call("t", "[2]"),)),
        Case(id="c2", case="c2", steps=(call("b", "[2]"),)),
    ]
    outcome = play(cases=cases, reply=reply, concurrency=1)
    assert [(case.name, case.verdict.value) for case in outcome.cases] == [("c1", "ERROR"), ("c2", "PASSED")]
    failure = outcome.cases[0].failure
    assert (failure.cause, SIDE_OF[failure.cause]) == (Cause.DEFECT, Side.WORKBENCH)
    assert "LookupError: the invoker is broken, at test_robust.py:" in failure.message
    log = [entry.text for entry in outcome.named("a").attempts[0].log]
    assert "Traceback" in log[0]
    assert log[1] == "after"
    assert outcome.named("t").verdict is Verdict.PASSED


def test_traceback_of_a_defect_holds_no_secret(play):
    def reply(sent):
        raise LookupError(f"no way with {sent.arguments}")

    outcome = play(call("a", '["${config.key}"]'), reply=reply, config={"key": "hunter2222"}, secrets=("key",))
    assert outcome.case.failure.cause is Cause.DEFECT
    assert "hunter2222" not in str(outcome.events)


def test_defect_outside_of_steps_costs_one_case(play, monkeypatch):
    from workbench.engine import case as module

    def broken(state):
        if state.item == "c1":
            raise LookupError("broken")
        return "{}"

    monkeypatch.setattr(module, "_context", broken)
    outcome = play(cases=[Case(id=name, case=name, steps=(call(),)) for name in ("c1", "c2")])
    assert [(case.name, case.verdict.value) for case in outcome.cases] == [("c1", "ERROR"), ("c2", "PASSED")]


def test_sink_that_fails_stops_the_run_in_good_order():
    """A full disk: no further case starts, teardown runs, the error is told as it is."""
    calls: list[str] = []

    class Recording:
        async def invoke(self, sent):
            calls.append(sent.arguments)
            return Answer("1")

        async def close(self): ...

    def sink(event):
        if isinstance(event, CaseFinished):
            raise WorkbenchError("no space left")

    scenario = PlannedScenario(id="s", name="s", setup=(call("setup", '["setup"]'),), teardown=(call("t", '["down"]'),))
    cases = tuple(PlannedCase(scenario="s", case=Case(id=f"c{n}", case="c", steps=(call("a"),))) for n in range(5))
    plan = RunPlan(
        id="r", created_us=0, suite="s", subsystem="order", targets={"order": Target()}, concurrency=1,
        scenarios=(scenario,), cases=cases, items=tuple(Item(case.case.id) for case in cases),
    )  # fmt: skip
    with pytest.raises(WorkbenchError, match="no space left"):
        asyncio.run(run(plan, Tools({"dubbo": Recording()}, None, {}), sink))
    assert calls == ['["setup"]', "[]", '["down"]']


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 30_000 + "]" * 30_000, "nested too deeply"),
        ("1e99999999999999999999", "exponent"),
        ('"\\ud800"', "lone surrogate"),
    ],
)
def test_response_that_cannot_be_read(play, text, said):
    outcome = play(call("a", assert_="response exists"), reply=lambda _: Answer(text))
    assert (outcome.case.verdict, outcome.case.failure.cause) == (Verdict.ERROR, Cause.SERIALIZATION)
    assert outcome.case.failure.message.startswith("response")
    assert said in outcome.case.failure.message


# --- the after side ---


def test_teardown_goes_its_way_after_a_stop(play):
    """Its sleeps and its retries too: what it waits for is waited for."""
    control = RunControl(grace_s=0.05)
    answers = iter(["1", "busy", "busy", "gone"])

    def reply(sent):
        if not control.stopped:
            control.stop()
        return Answer(f'"{next(answers)}"')

    case = Case(
        id="c", case="c", steps=(call("a"), call("b")),
        teardown=(
            script("clean", '$app.sleep(0.3)\n$app.addContext("cleaned", True)'),
            call("wait", retry=Retry(times=5, every="50ms", until='response == "gone"')),
        ),
        after='$app.sleep(0.1)\n$app.addContext("after", True)',
    )  # fmt: skip
    outcome = play(cases=[case], reply=reply, control=control)
    assert outcomes(outcome) == [
        ("a", "PASSED"), ("b", "STOPPED"), ("clean", "PASSED"), ("wait", "PASSED"), ("after", "PASSED"),
    ]  # fmt: skip
    assert outcome.case.context == '{"after":true,"cleaned":true}'


def test_after_script_of_a_step_runs_when_the_step_was_cut_off(play):
    case = Case(id="c", case="c", timeout="100ms", steps=(call("a", after='$app.addContext("done", 1)'), call("b")))
    outcome = play(cases=[case], reply=lambda _: 30.0)
    assert (outcome.case.verdict, outcome.case.context) == (Verdict.TIMEOUT, '{"done":1}')


def test_a_further_stop_cuts_off_the_after_side_too(play):
    control = RunControl(grace_s=30)

    def reply(sent):
        for delay in (0.05, 0.1):
            threading.Timer(delay, control.stop).start()
        return 20.0

    began = time.monotonic()
    outcome = play(call("a"), scenario={"setup": (call("s"),), "teardown": (call("t"),)}, control=control, reply=reply)
    assert time.monotonic() - began < 15
    assert outcomes(outcome) == [("s", "STOPPED"), ("t", "STOPPED")]
    assert outcome.case.verdict is Verdict.STOPPED


def test_teardown_of_a_scenario_that_was_never_set_up_does_not_run(play):
    control = RunControl()
    control.stop()
    outcome = play(call("a"), scenario={"setup": (call("s"),), "teardown": (call("t"),)}, control=control)
    assert outcome.case.verdict is Verdict.STOPPED
    assert outcome.invoker.calls == []


def test_after_side_has_a_time_limit(play):
    case = Case(id="c", case="c", timeout="1s", steps=(call("a"),), teardown=(call("t", '["t"]'),))
    began = time.monotonic()
    outcome = play(cases=[case], reply=lambda sent: 30.0 if sent.arguments == '["t"]' else Answer("1"))
    assert time.monotonic() - began < 15
    assert (outcome.case.verdict, outcome.case.failed_step) == (Verdict.TIMEOUT, "t")


def test_script_that_loops_is_ended_by_the_time_limit_of_its_case(play):
    looping = ScriptStep(id="loop", step="loop", script="while True:\n    pass", timeout="30s")
    case = Case(id="c", case="c", timeout="300ms", steps=(looping,), teardown=(call("t", '["t"]'),))
    began = time.monotonic()
    outcome = play(cases=[case])
    assert time.monotonic() - began < 20
    assert (outcome.case.verdict, outcome.named("t").verdict) == (Verdict.TIMEOUT, Verdict.PASSED)
    assert play(script("next", '$app.addContext("fine", 1)')).case.verdict is Verdict.PASSED


# --- what was cut off is in the result ---


def test_step_that_the_time_limit_ended_is_the_failed_one(play):
    soft = (call("a", "[1]", assert_="response == 7"), call("b", "[2]"))
    case = Case(id="c", case="c", timeout="1s", on_failure="continue", steps=soft)
    outcome = play(cases=[case], reply=lambda sent: 20.0 if sent.arguments == "[2]" else Answer("1"))
    assert (outcome.case.verdict, outcome.case.failed_step, outcome.case.steps) == (Verdict.TIMEOUT, "b", 2)


def test_use_step_that_the_time_limit_ended_has_its_result(play):
    shared = {"s": SharedSteps(steps=(call("i1", "[1]"), call("i2", "[2]")))}
    case = Case(id="c", case="c", timeout="200ms", steps=(UseStep(id="u", step="u", use="s"),))
    outcome = play(cases=[case], shared=shared, reply=lambda sent: 20.0 if sent.arguments == "[2]" else Answer("1"))
    assert outcomes(outcome) == [("i1", "PASSED"), ("i2", "TIMEOUT"), ("u", "TIMEOUT")]
    assert (outcome.case.failed_step, outcome.case.steps) == ("u.i2", 2)


def test_the_time_of_what_was_cut_off_is_told(play):
    """The call that was under way counts up to the cut, the after script behind it does not."""
    after = call("call", after="$app.sleep(0.2)")
    case = Case(id="c", case="c", timeout="1s", steps=(after,))
    outcome = play(cases=[case], reply=lambda _: 20.0)
    (cut,) = outcome.step.attempts
    assert cut.times.call > 0
    assert cut.times.sleep >= 200_000
    assert sum(astuple(cut.times)) <= cut.elapsed_us
    assert outcome.step.times == outcome.case.times == cut.times


def test_the_time_of_attempts_before_a_cut_is_told(play):
    answers = iter([Answer("1"), 20.0])
    retried = call("call", retry=Retry(times=5, every="50ms", until="response == 2"))
    case = Case(id="c", case="c", timeout="1s", steps=(retried,))
    step = play(cases=[case], reply=lambda _: next(answers)).step
    assert [each.verdict for each in step.attempts] == [Verdict.PASSED, Verdict.TIMEOUT]
    assert step.times.waiting > 0
    assert step.times.call >= step.attempts[1].times.call > 0


def test_the_time_of_a_cut_between_two_attempts_is_told(play):
    retried = call("call", retry=Retry(times=5, every="30s", until="response == 2"))
    case = Case(id="c", case="c", timeout="1s", steps=(retried,))
    step = play(cases=[case], reply=lambda _: Answer("1")).step
    assert len(step.attempts) == 1
    assert step.times.waiting > 0


def test_context_at_the_end_holds_what_the_setup_wrote(play):
    """`--step S --context RUN` goes on from it."""
    setup = {"setup": (script("s", '$app.addContext("token", "t1")'),)}
    outcome = play(call("a", extract={"mine": "response[0]"}), scenario=setup, reply=lambda _: Answer("[5]"))
    assert outcome.case.context == '{"mine":5,"token":"t1"}'


# --- found before any call ---


def test_dataset_without_rows_is_no_pass(play):
    outcome = play(call("a"), rows=[])
    assert (outcome.case.verdict, outcome.case.failure.cause) == (Verdict.ERROR, Cause.DATA)
    assert "no rows" in outcome.case.failure.message


def test_config_that_a_scenario_misses_is_found_before_any_call(play):
    outcome = play(call("a"), scenario={"setup": (call("s0"), call("s", '["${config.nix}"]'))})
    assert (outcome.case.failure.cause, outcome.invoker.calls) == (Cause.CONFIG, [])


def test_row_that_a_scenario_cannot_have_is_found_before_any_call(play):
    outcome = play(call("a"), scenario={"teardown": (call("s", '["${row.id}"]'),)}, rows=[{"id": 1}])
    assert (outcome.case.failure.cause, outcome.invoker.calls) == (Cause.DATA, [])


@pytest.mark.parametrize(
    "unread",
    [
        {"assert_": "response == 1"}, {"extract": {"a": "response"}}, {"before": "pass"}, {"after": "pass"},
        {"retry": Retry()}, {"timeout": "1s"}, {"request": "[]"},
    ],
    ids=str,
)  # fmt: skip
def test_what_a_use_step_would_not_read_is_refused(play, unread):
    outcome = play(UseStep(id="u", step="u", use="s", **unread), shared={"s": SharedSteps(steps=(call(),))})
    assert outcome.case.verdict is Verdict.ERROR
    assert f"a use step has no {next(iter(unread)).rstrip('_')}" in outcome.case.failure.message
    assert outcome.invoker.calls == []


def test_http_step_still_reads_all(play):
    outcome = play(
        HttpStep(id="h", step="h", http="GET http://x", assert_="response == 1"), reply=lambda _: Answer("1")
    )
    assert outcome.case.verdict is Verdict.PASSED
