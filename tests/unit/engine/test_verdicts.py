"""From what a call brought to verdict and cause."""

import pytest
from engine_steps import call
from msgspec import structs

from workbench.model.contract import Contract, Interface, Method, Parameter
from workbench.model.plan import Target
from workbench.model.result import Cause, Failure, RemoteException, Side, Verdict
from workbench.model.suite import Case, DubboStep
from workbench.plugin_api import Answer


def failing(cause: Cause, exception: RemoteException | None = None) -> Answer:
    return Answer(failure=Failure(cause, "because", "mend it"), exception=exception)


THROWN = RemoteException("com.example.Paid", "paid twice", code="4090", fields='{"code":4090}')


def test_without_assertions_an_answer_passes(play):
    assert play(call()).case.verdict is Verdict.PASSED


def test_assertion_that_does_not_hold_fails_the_step_and_the_case(play):
    outcome = play(call(request='[{"a": 1}]', assert_="response[0].a == 2"))
    assert (outcome.case.verdict, outcome.case.failure.cause) == (Verdict.FAILED, Cause.ASSERTION)
    (result,) = outcome.step.attempts[0].assertions
    assert (result.expected, result.actual, result.passed) == ("2", "1", False)
    assert outcome.case.failed_step == "call"
    assert outcome.summary.verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("cause", "verdict"),
    [
        (Cause.PROVIDER_EXCEPTION, Verdict.FAILED),
        (Cause.TIMEOUT, Verdict.TIMEOUT),
        (Cause.NO_PROVIDER, Verdict.ERROR),
        (Cause.VERSION_MISMATCH, Verdict.ERROR),
        (Cause.NO_METHOD, Verdict.ERROR),
        (Cause.NETWORK, Verdict.ERROR),
        (Cause.AUTH, Verdict.ERROR),
        (Cause.SERIALIZATION, Verdict.ERROR),
        (Cause.BRIDGE_LOST, Verdict.ERROR),
    ],
)
def test_failure_of_a_call(play, cause, verdict):
    outcome = play(call(), reply=lambda _: failing(cause))
    assert (outcome.case.verdict, outcome.case.failure.cause) == (verdict, cause)
    assert outcome.step.failure.hint == "mend it"


def test_expected_exception_is_judged_by_its_assertions(play):
    step = call(
        assert_='exception.class == "com.example.Paid"\nexception.message contains "twice"\nexception.code == 4090'
    )
    outcome = play(step, reply=lambda _: failing(Cause.PROVIDER_EXCEPTION, THROWN))
    assert outcome.case.verdict is Verdict.PASSED
    assert outcome.step.attempts[0].exception == THROWN


def test_expected_exception_of_another_class_fails(play):
    step = call(assert_='exception.class == "com.example.Other"')
    outcome = play(step, reply=lambda _: failing(Cause.PROVIDER_EXCEPTION, THROWN))
    assert (outcome.case.verdict, outcome.case.failure.cause) == (Verdict.FAILED, Cause.ASSERTION)


def test_expected_exception_that_is_not_thrown_fails(play):
    outcome = play(call(assert_='exception.class == "com.example.Paid"'))
    assert (outcome.case.verdict, outcome.case.failure.cause) == (Verdict.FAILED, Cause.ASSERTION)
    assert "none was thrown" in outcome.case.failure.message


def test_a_timeout_is_no_expected_exception(play):
    outcome = play(call(assert_='exception.class == "com.example.Paid"'), reply=lambda _: failing(Cause.TIMEOUT))
    assert outcome.case.verdict is Verdict.TIMEOUT


def test_worst_step_decides_the_case(play):
    replies = iter([failing(Cause.TIMEOUT), failing(Cause.NO_PROVIDER), failing(Cause.PROVIDER_EXCEPTION)])
    from workbench.model.suite import Case

    case = Case(id="c", case="c", on_failure="continue", steps=(call("a"), call("b"), call("c")))
    outcome = play(cases=[case], reply=lambda _: next(replies))
    assert (outcome.case.verdict, outcome.case.failed_step) == (Verdict.ERROR, "b")


def test_absent_extraction_fails_as_an_assertion(play):
    outcome = play(call(request='[{"a": 1}]', extract={"id": "response[0].id"}))
    assert (outcome.case.verdict, outcome.case.failure.cause) == (Verdict.FAILED, Cause.ASSERTION)
    assert outcome.case.failure.message == "cannot extract id: nothing at response[0].id"


def test_unknown_column_is_found_before_any_call(play):
    outcome = play(call(), call("late", request='["${row.amuont}"]'), rows=[{"amount": 1}])
    assert (outcome.case.verdict, outcome.case.failure.cause) == (Verdict.ERROR, Cause.DATA)
    assert outcome.case.failure.hint == "did you mean amount?"
    assert not outcome.invoker.calls


def test_cell_missing_in_one_row_only_ends_that_row(play):
    outcome = play(call(request='["${row.b}"]'), rows=[{"a": 1, "b": 2}, {"a": 1}])
    assert {case.row: case.verdict for case in outcome.cases} == {0: Verdict.PASSED, 1: Verdict.ERROR}
    assert len(outcome.invoker.calls) == 1


def test_unknown_config_key_is_found_before_any_call(play):
    outcome = play(call(request='["${config.flag}"]'), config={"flags": True})
    assert (outcome.case.verdict, outcome.case.failure.cause) == (Verdict.ERROR, Cause.CONFIG)
    assert not outcome.invoker.calls


def test_broken_assertion_ends_its_case_and_no_other(play):
    from workbench.model.suite import Case

    bad = Case(id="bad", case="bad", steps=(call(assert_="response.a =="),))
    good = Case(id="good", case="good", steps=(call(),))
    outcome = play(cases=[bad, good])
    assert {case.name: case.verdict for case in outcome.cases} == {"bad": Verdict.ERROR, "good": Verdict.PASSED}
    assert len(outcome.invoker.calls) == 1


def test_all_that_a_contract_says_against_a_case_is_its_failure(play):
    overloads = [Method("m", (Parameter("a", type_),), (type_,)) for type_ in ("long", "java.lang.String")]
    contract = Contract((Interface("com.example.A", tuple(overloads)),))
    targets = {"order": Target(registries=("zookeeper://127.0.0.1:1",), contract=contract)}
    steps = [
        call("gone"),
        DubboStep(id="which", step="which", dubbo="com.example.A#m", request="[1]"),
        DubboStep(id="value", step="value", dubbo="com.example.A#m(long)", request='["x"]'),
    ]
    free = [structs.replace(step, unchecked=True) for step in steps]
    cases = [Case(id="c1", case="wrong", steps=tuple(steps)), Case(id="c2", case="free", steps=tuple(free))]
    outcome = play(cases=cases, targets=targets)
    wrong = next(case for case in outcome.cases if case.case == "c1")
    assert wrong.verdict is Verdict.ERROR
    assert wrong.failure.message.splitlines() == [
        "step 1 'gone' dubbo: com.example.A has no method m(java.lang.Object)",
        "step 2 'which' dubbo: com.example.A has 2 methods m",
        "step 3 'value' request $[0]: expected long, found the text \"x\"",
    ]
    assert next(case for case in outcome.cases if case.case == "c2").verdict is Verdict.PASSED
    assert len(outcome.invoker.calls) == 3


def test_a_method_that_the_contract_has_not_is_the_cases_fault(play):
    contract = Contract((Interface("com.example.A", (Method("n"),)),))
    outcome = play(call(), targets={"order": Target(contract=contract)})
    failure = outcome.case.failure
    assert (failure.cause, failure.blamed) == (Cause.NO_METHOD, Side.CASE)
    assert failure.hint == "known: n"
    assert outcome.invoker.calls == []


def test_mistakes_of_all_cases_are_no_reason_to_call_the_run_blocked(play):
    contract = Contract((Interface("com.example.A", (Method("n"),)),))
    assert not play(call(), targets={"order": Target(contract=contract)}).summary.blocked
    assert play(call(), reply=lambda _: failing(Cause.NO_METHOD)).summary.blocked, "the provider's word"
