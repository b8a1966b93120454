"""The figures of a run, also of one that was killed in the middle."""

import tracemalloc
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from msgspec import structs

from workbench.model.events import CaseFinished
from workbench.model.plan import LeftOut
from workbench.model.result import Side, Verdict
from workbench.reporting.collect import collect, normalised
from workbench.reporting.follow import Follower
from workbench.reporting.model import CaseView


def test_totals_rate_and_causes(make: ModuleType) -> None:
    report = collect(*make.shop_run())
    assert report.finished
    assert report.verdict is Verdict.ERROR
    assert (report.cases.total, report.cases.passed, report.cases.failed) == (28, 17, 6)
    assert (report.cases.error, report.cases.timeout, report.cases.skipped) == (3, 1, 1)
    assert report.weighted_rate == report.rate
    assert report.rate == Decimal("62.9"), "17 of 27: skipped cases are not judged, and it is rounded down"
    assert report.flaky == 1
    causes = {(each.side, each.cause): each.count for each in report.causes}
    assert causes == {
        ("product", "ASSERTION"): 5,
        ("product", "PROVIDER_EXCEPTION"): 1,
        ("product", "TIMEOUT"): 1,
        ("environment", "NO_PROVIDER"): 1,
        ("case", "SCRIPT"): 1,
        ("workbench", "BRIDGE_LOST"): 1,
    }


def test_cases_that_fail_for_one_reason_are_one_cluster(make: ModuleType) -> None:
    clusters = collect(*make.shop_run()).clusters
    assert [cluster.count for cluster in clusters] == [5, 1, 1, 1, 1, 1]
    first = clusters[0]
    assert first.message == 'response.status: expected "PAID", was "REFUSED" for payment P9007199254740996'
    assert first.items == ("b4n8c2ze#4", "b4n8c2ze#5", "b4n8c2ze#8", "b4n8c2ze#9", "b4n8c2ze#12")
    assert first.steps == ("pay",)
    assert {cluster.hint for cluster in clusters} >= {"the registry has group blue only; did you mean group: blue?"}


def torn(make: ModuleType) -> Any:
    run = make.RunBuilder()
    item = run.case(run.scenario("s", "Pay"), "c", "case")
    run.start()
    run.begin(item)
    run.step(item.id, "a", "a", make.attempt())
    run.end(item)
    run.finish(make.Failure(make.Cause.NETWORK, "refused", "start it"))
    return run.plan(), run.events


def test_a_failed_teardown_is_a_group_of_its_own_and_in_the_verdict(make: ModuleType) -> None:
    report = collect(*torn(make))
    assert (report.verdict, report.teardowns, report.cases.passed, report.cases.total) == (Verdict.ERROR, 1, 1, 1)
    (cluster,) = report.clusters
    assert (cluster.teardown, cluster.cause, cluster.items, cluster.steps) == (True, "NETWORK", ("s",), ("clean up",))
    assert [(each.side, each.cause) for each in report.causes] == [("environment", "NETWORK")]


def test_a_run_that_was_killed_behind_a_failed_teardown_keeps_it(make: ModuleType) -> None:
    plan, events = torn(make)
    report = collect(plan, events[:-2])
    assert (report.verdict, report.teardowns) == (Verdict.ERROR, 1)


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("was 19.90", "was 20.00", True),
        ("order 9007199254740993", "order 17", True),
        ("id 3f2c9a10-77aa-4b1c-9d7e-0123456789ab", "id 00000000-0000-0000-0000-000000000000", True),
        ("at 2026-01-31T10:00:00Z", "at 2026-02-01T11:30:00Z", True),
        ("no answer from 10.0.0.1:20880", "no answer from 10.0.0.2:20881", True),
        ('was "PAID"', 'was "REFUSED"', False),
        ("response.code", "response.message", False),
    ],
)
def test_what_counts_as_the_same_message(left: str, right: str, equal: bool) -> None:
    assert (normalised(left) == normalised(right)) is equal


def test_slowest_steps_and_targets(make: ModuleType) -> None:
    report = collect(*make.shop_run())
    assert [slow.elapsed_us for slow in report.slowest[:3]] == [5_001_000, 5_000_000, 155_000]
    assert len(report.slowest) == 20
    by_target = {target.target: target for target in report.targets}
    assert (by_target[make.ORDER].count, by_target[make.ORDER].bad) == (21, 1)
    assert by_target[make.NOTIFY].max_us == 4_000_000  # the call's time, not the step's


def test_every_prefix_of_a_run_can_be_reported(make: ModuleType) -> None:
    plan, events = make.shop_run()
    for until in range(len(events)):
        report = collect(plan, events[:until])
        assert report.cases.total == report.planned == 28, until
        assert not report.finished
        assert report.verdict is not Verdict.PASSED


def test_a_killed_run_shows_what_was_open(make: ModuleType) -> None:
    plan, events = make.shop_run()
    started = next(at for at, event in enumerate(events) if getattr(event, "step", "") == "9ws3k5ty")
    views = [view for view in Follower(plan).views(events[: started + 1]) if isinstance(view, CaseView)]
    cut, never = views[0], views[1]
    assert cut.result.item == "b4n8c2ze#1"
    assert not cut.finished
    assert cut.result.verdict is Verdict.STOPPED
    assert [step.verdict for step in cut.steps] == [Verdict.PASSED, Verdict.STOPPED]
    assert cut.result.failed_step == "9ws3k5ty"
    assert '"buyerId":"1234567890123456700"' in cut.result.row_values
    assert cut.result.row_name == "orders.xlsx!Sheet1!row 2"
    assert never.steps == ()
    assert never.result.failure is not None
    assert "before this case started" in never.result.failure.message


def test_a_failure_before_the_kill_stays_visible(make: ModuleType) -> None:
    plan, events = make.shop_run()
    end = next(
        at for at, event in enumerate(events) if getattr(getattr(event, "result", None), "item", "") == "b4n8c2ze#4"
    )
    views = {v.result.item: v for v in Follower(plan).views(events[:end]) if isinstance(v, CaseView)}
    cut = views["b4n8c2ze#4"]
    assert cut.result.verdict is Verdict.FAILED
    assert cut.result.failure is not None
    assert 'expected "PAID"' in cut.result.failure.message
    assert cut.result.failed_step == "9ws3k5ty"


def test_a_use_step_stands_before_what_it_holds(make: ModuleType) -> None:
    run = make.RunBuilder()
    item = run.case(run.scenario("s", "S"), "c", "case")
    run.start()
    run.begin(item)
    for id, parent, kind in (
        ("a", "", "dubbo"), ("x1", "inner", "dubbo"), ("x2", "inner", "dubbo"), ("inner", "outer", "use"),
        ("y", "outer", "dubbo"), ("outer", "", "use"), ("b", "", "dubbo"), ("lone", "", "use"),
    ):  # fmt: skip
        run.step(item.id, id, id, make.attempt(), parent=parent, kind=kind)
    run.end(item)
    run.finish()
    (view,) = [view for view in Follower(run.plan()).views(run.events) if isinstance(view, CaseView)]
    assert [step.id for step in view.steps] == ["a", "outer", "inner", "x1", "x2", "y", "b", "lone"]


def test_memory_does_not_grow_with_passed_cases(make: ModuleType) -> None:
    def peak(count: int) -> int:
        plan, events = make.many_cases(count)
        tracemalloc.start()
        try:
            collect(plan, events)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(2000) < peak(200) + 2_000_000, "bodies of 2,000 × 3 steps are 10 MB"


def test_a_label_of_the_suite_is_the_cause_that_people_see(make: ModuleType) -> None:
    run = make.RunBuilder()
    scenario = run.scenario("s", "S")
    run.start()
    labelled = make.Failure(make.Cause.NETWORK, "refused", label="Bank is down", side=Side.PRODUCT)
    for id, failure in (("a", labelled), ("b", make.Failure(make.Cause.NETWORK, "refused"))):
        item = run.case(scenario, id, id)
        run.begin(item)
        run.step(item.id, id, id, make.attempt(failure=failure))
        run.end(item)
    run.finish()
    report = collect(run.plan(), run.events)
    assert [(each.side, each.cause) for each in report.causes] == [
        ("product", "Bank is down"),
        ("environment", "NETWORK"),
    ]
    assert [cluster.cause for cluster in report.clusters] == ["Bank is down", "NETWORK"]


def test_weights_count_and_what_was_left_out_is_told(make: ModuleType) -> None:
    plan, told = make.shop_run()
    events = list(told)
    good = {each.result.case for each in events if isinstance(each, CaseFinished) and each.result.verdict == "PASSED"}
    heavy = min(good)
    cases = tuple(
        structs.replace(each, case=structs.replace(each.case, weight=9 if each.case.id == heavy else 0))
        for each in plan.cases
    )
    left = (LeftOut("x", "new", "draft"),)
    report = collect(structs.replace(plan, cases=cases, left_out=left), events)
    assert report.left_out == left
    verdicts = [each.result.verdict for each in events if isinstance(each, CaseFinished) and each.result.case == heavy]
    judged = [each for each in verdicts if each != "SKIPPED"]
    assert report.weights == (9 * judged.count(Verdict.PASSED), 9 * len(judged))
    nothing = tuple(structs.replace(each, case=structs.replace(each.case, weight=0)) for each in plan.cases)
    assert collect(structs.replace(plan, cases=nothing), events).weighted_rate is None
