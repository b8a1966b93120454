"""Causes of the suite's own: named by the suite's rules, shown instead of the typed cause, never a verdict."""

from typing import Any

import pytest
from engine_steps import call

from workbench.model.events import ScenarioFinished
from workbench.model.result import Cause, Failure, RemoteException, Side, Verdict
from workbench.model.suite import CauseRule, Retry
from workbench.plugin_api import Answer

SOLD = RemoteException("com.shop.SoldOutException", "sku 7 is gone", causes=(RemoteException("java.io.IOException"),))


def throwing(_: Any) -> Answer:
    return Answer(failure=Failure(Cause.PROVIDER_EXCEPTION, "com.shop.SoldOutException: sku 7 is gone"), exception=SOLD)


def rule(**conditions: Any) -> CauseRule:
    return CauseRule(label="Out of stock", side="environment", hint="refill", **conditions)


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        ({"message": "sku .* gone"}, True),
        ({"message": "^sku"}, False),
        ({"exception": r"\.SoldOut"}, True),
        ({"exception": r"IOException$"}, True),
        ({"exception": "sku"}, False),
        ({"cause": ("PROVIDER_EXCEPTION", "TIMEOUT")}, True),
        ({"cause": ("TIMEOUT",)}, False),
        ({"cause": ("PROVIDER_EXCEPTION",), "message": "gone", "exception": "SoldOut"}, True),
        ({"cause": ("PROVIDER_EXCEPTION",), "message": "gone", "exception": "Other"}, False),
    ],
)
def test_all_conditions_have_to_hold(play: Any, conditions: dict[str, Any], fits: bool) -> None:
    outcome = play(call(), reply=throwing, causes=(rule(**conditions),))
    for failure in (outcome.case.failure, outcome.step.failure, outcome.step.attempts[0].failure):
        assert (failure.label, failure.side) == (("Out of stock", Side.ENVIRONMENT) if fits else ("", None))
        assert failure.cause is Cause.PROVIDER_EXCEPTION
        assert failure.hint == ("refill" if fits else "")
    assert outcome.case.verdict is Verdict.FAILED


def test_the_first_rule_that_fits_speaks_and_may_leave_side_and_hint_alone(play: Any) -> None:
    rules = (CauseRule(label="never", message="xyz"), CauseRule(label="Gone", message="gone"), rule(message="gone"))
    failure = play(call(), reply=throwing, causes=rules).case.failure
    assert (failure.title, failure.blamed, failure.hint) == ("Gone", Side.PRODUCT, "")


def test_assertions_and_failures_before_any_call_are_named_too(play: Any) -> None:
    rules = (
        CauseRule(label="Wrong answer", cause=("ASSERTION",), message="response"),
        CauseRule(label="No key", message="no config key 'x'"),
    )
    assert play(call(assert_="response == 1"), causes=rules).case.failure.label == "Wrong answer"
    assert play(call(request='["${config.x}"]'), causes=rules).case.failure.label == "No key"


def test_a_failed_setup_is_named_in_its_cases_by_its_exception(play: Any) -> None:
    outcome = play(
        call("step"), scenario={"setup": (call("prepare"),)}, reply=throwing, causes=(rule(exception="SoldOut"),)
    )
    assert outcome.case.failure.message.startswith("the scenario's setup failed")
    assert outcome.case.failure.label == "Out of stock"


def test_a_failed_teardown_is_named(play: Any) -> None:
    def reply(sent: Any) -> Answer:
        return throwing(sent) if sent.arguments == '["t"]' else Answer("1")

    around = {"teardown": (call("clean", '["t"]'),)}
    outcome = play(call("step"), scenario=around, reply=reply, causes=(rule(exception="SoldOut"),))
    (end,) = [event for event in outcome.events if isinstance(event, ScenarioFinished)]
    assert end.failure is not None
    assert (end.failure.label, outcome.case.verdict) == ("Out of stock", Verdict.PASSED)


def test_the_last_of_several_attempts_decides(play: Any) -> None:
    answers = iter([Answer(failure=Failure(Cause.TIMEOUT, "slow")), throwing(None)])
    step = call(retry=Retry(times=1, every="1ms"))
    outcome = play(step, reply=lambda _: next(answers), causes=(rule(exception="SoldOut"),))
    assert [attempt.failure.label for attempt in outcome.step.attempts] == ["", "Out of stock"]
    assert outcome.case.failure.label == "Out of stock"


def test_an_expression_that_takes_too_long_names_nothing(play: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.expr.patterns.LIMIT_SECONDS", 0.05)
    text = "a" * 60 + "b"
    failing = Answer(failure=Failure(Cause.NETWORK, text))
    outcome = play(
        call(), reply=lambda _: failing, causes=(rule(message="(a|aa)+$"), CauseRule(label="x", message="b"))
    )
    assert outcome.case.failure.label == "x"
