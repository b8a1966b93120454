"""The figures of a run, gathered while its cases pass by: memory does not grow with the number of passed cases."""

import heapq
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from workbench.model.events import AnyEvent
from workbench.model.plan import RunPlan
from workbench.model.result import SEVERITY, Cause, Counts, Failure, StepResult, Times, Verdict, worst
from workbench.reporting.follow import Follower, View
from workbench.reporting.model import CaseView, CauseCount, Cluster, RunReport, ScenarioView, SlowStep, TargetTime

SLOWEST = 20
MAX_TARGETS = 1000
MAX_CLUSTERS = 1000
MAX_CLUSTER_ITEMS = 500
COUNTED_PHASES = frozenset({"setup", "steps", "teardown"})  # scripts around them are no steps
_GOOD = frozenset({Verdict.PASSED, Verdict.SKIPPED})
# What differs between two rows that fail for one reason: a word with a digit in it (numbers, ids, dates, addresses).
# Each word is matched once, whether it has one or not: an answer may be a megabyte without a blank.
_WORD = re.compile(r"[\w.:+-]+")
_DIGIT = re.compile(r"\d")


def collect(plan: RunPlan, events: Iterable[AnyEvent]) -> RunReport:
    """The figures alone. Works on the events of an unfinished run, and says so."""
    collector = Collector(plan)
    for _ in collector.views(events):
        pass
    return collector.report()


def normalised(message: str) -> str:
    return _WORD.sub(lambda word: "#" if _DIGIT.search(word[0]) else word[0], message)


class Collector:
    """Use up `views`, then ask for the `report`."""

    def __init__(self, plan: RunPlan) -> None:
        self._plan = plan
        self._follower = Follower(plan)
        self._cases: Counter[Verdict] = Counter()
        self._steps: Counter[Verdict] = Counter()
        self._teardowns: Counter[Verdict] = Counter()
        self._flaky = 0
        self._weights: Counter[Verdict] = Counter()
        self._times = Times()
        self._causes: Counter[tuple[str, str]] = Counter()
        self._clusters: dict[tuple[str, str, str, bool], _Gathering] = {}
        self._slowest: list[tuple[int, int, SlowStep]] = []
        self._targets: dict[tuple[str, str], _TargetSum] = {}
        self._seen = 0

    def views(self, events: Iterable[AnyEvent]) -> Iterator[View]:
        for view in self._follower.views(events):
            for step in view.steps:
                self._step(step, view)
            if isinstance(view, CaseView):
                self._case(view)
            else:
                self._teardown(view)
            yield view

    def report(self) -> RunReport:
        plan, end, start = self._plan, self._follower.finished, self._follower.started
        started = start.at_us if start else plan.created_us
        return RunReport(
            run=plan.id,
            suite=plan.suite,
            subsystem=plan.subsystem,
            version=plan.version,
            environment=plan.environment,
            timezone=plan.timezone,
            verdict=worst([*self._cases, *self._teardowns, *([] if end else [Verdict.STOPPED])]),
            finished=end is not None,
            started_us=end.summary.started_us if end else started,
            elapsed_us=end.summary.elapsed_us if end else max(self._follower.last_us - started, 0),
            rescued=plan.rescued,
            planned=max(len(plan.items), start.items if start and plan.rescued else 0),
            cases=counts(self._cases),
            steps=end.summary.steps if end and end.summary.steps.total else counts(self._steps),
            flaky=self._flaky,
            teardowns=self._teardowns.total(),
            times=end.summary.times if end and end.summary.times != Times() else self._times,
            causes=self._cause_counts(),
            clusters=self._sorted_clusters(),
            slowest=tuple(step for _, _, step in sorted(self._slowest, reverse=True)),
            targets=self._sorted_targets(),
            groups=plan.groups,
            left_out=plan.left_out,
            refreshed=plan.refreshed,
            schedule=plan.schedule,
            weights=(
                self._weights[Verdict.PASSED],
                self._weights.total() - self._weights[Verdict.SKIPPED],
            ),
            targets_of={name: target.version for name, target in plan.targets.items() if target.version},
            problems=tuple(problem for data in plan.datasets.values() for problem in data.problems),
            remarks=plan.remarks,
        )

    def _case(self, view: CaseView) -> None:
        result = view.result
        self._cases[result.verdict] += 1
        self._weights[result.verdict] += max(view.weight, 0)
        self._flaky += result.flaky
        self._times = self._times.plus(result.times)
        if result.verdict in _GOOD:
            return
        self._fails(view)

    def _teardown(self, view: ScenarioView) -> None:
        if view.verdict not in _GOOD:
            self._teardowns[view.verdict] += 1
            self._fails(view)

    def _fails(self, view: View) -> None:
        side, cause, failure = reason(view)
        self._causes[side, cause] += 1
        key = (side, cause, normalised(failure.message if failure else ""), isinstance(view, ScenarioView))
        if key in self._clusters or len(self._clusters) < MAX_CLUSTERS:
            self._clusters.setdefault(key, _Gathering(failure)).add(view)

    def _step(self, step: StepResult, view: View) -> None:
        if step.kind == "use":
            return
        if step.phase in COUNTED_PHASES:
            self._steps[step.verdict] += 1
        self._seen += 1
        if step.verdict is not Verdict.SKIPPED:
            self._time(step, view)

    def _time(self, step: StepResult, view: View) -> None:
        busy_us = max(0, step.elapsed_us - step.times.waiting)  # a slot or a first connection is nobody's slowness
        if len(self._slowest) < SLOWEST or busy_us > self._slowest[0][0]:
            case = view.result.name if isinstance(view, CaseView) else view.name
            item = view.result.item if isinstance(view, CaseView) else view.id
            slow = SlowStep(busy_us, item, case, step.name, step.id, step.target, step.verdict)
            heapq.heappush(self._slowest, (busy_us, -self._seen, slow))
            if len(self._slowest) > SLOWEST:
                heapq.heappop(self._slowest)
        if step.target:
            key = (step.kind, step.target)
            if key in self._targets or len(self._targets) < MAX_TARGETS:
                self._targets.setdefault(key, _TargetSum()).add(step)

    def _cause_counts(self) -> tuple[CauseCount, ...]:
        causes = [CauseCount(side, cause, count) for (side, cause), count in self._causes.most_common()]
        return tuple(sorted(causes, key=lambda each: each.cause == Cause.STOPPED))

    def _sorted_clusters(self) -> tuple[Cluster, ...]:
        clusters = [
            gathering.cluster(side, cause, teardown=teardown)
            for (side, cause, _, teardown), gathering in self._clusters.items()
        ]
        return tuple(sorted(clusters, key=lambda cluster: (cluster.cause == Cause.STOPPED, -cluster.count)))

    def _sorted_targets(self) -> tuple[TargetTime, ...]:
        targets = [
            TargetTime(target, kind, total.count, total.bad, total.total_us, total.max_us)
            for (kind, target), total in self._targets.items()
        ]
        return tuple(sorted(targets, key=lambda target: -target.total_us))


class _Gathering:
    """A cluster that is still growing."""

    def __init__(self, failure: Failure | None) -> None:
        self.failure = failure
        self.verdicts: set[Verdict] = set()
        self.count = 0
        self.items: list[str] = []
        self.steps: Counter[str] = Counter()

    def add(self, view: View) -> None:
        item, verdict, failed_step = (
            (view.result.item, view.result.verdict, view.result.failed_step)
            if isinstance(view, CaseView)
            else (view.id, view.verdict, view.failed_step)
        )
        self.count += 1
        self.verdicts.add(verdict)
        if len(self.items) < MAX_CLUSTER_ITEMS:
            self.items.append(item)
        name = next((step.name for step in view.steps if step.id == failed_step), "")
        self.steps.update([name] if name else [])

    def cluster(self, side: str, cause: str, *, teardown: bool) -> Cluster:
        return Cluster(
            side=side,
            cause=cause,
            verdict=worst(sorted(self.verdicts, key=SEVERITY.index)),
            message=self.failure.message if self.failure else "",
            hint=self.failure.hint if self.failure else "",
            text_code=self.failure.text_code if self.failure else "",
            text_params=self.failure.text_params if self.failure else (),
            count=self.count,
            items=tuple(self.items),
            steps=tuple(name for name, _ in self.steps.most_common(5)),
            teardown=teardown,
        )


class _TargetSum:
    def __init__(self) -> None:
        self.count = self.bad = self.total_us = self.max_us = 0

    def add(self, step: StepResult) -> None:
        self.count += max(1, len(step.attempts))
        self.bad += step.verdict not in _GOOD
        self.total_us += step.times.call
        self.max_us = max(self.max_us, *(attempt.times.call for attempt in step.attempts), 0)


def reason(view: View) -> tuple[str, str, Failure | None]:
    """(side, cause, failure) of a case that did not pass; of its worst step when it names none itself.

    Of a scenario: those of its teardown. The cause is the suite's own name for it where a rule of the suite gave one.
    """
    failure = view.result.failure if isinstance(view, CaseView) else view.failure
    if failure is None and isinstance(view, CaseView):
        bad = [step for step in view.steps if step.failure is not None and step.verdict not in _GOOD]
        failure = min(bad, key=lambda step: SEVERITY.index(step.verdict)).failure if bad else None
    if failure is None:
        return "", "", None
    return failure.blamed.value, failure.title, failure


def counts(counter: Counter[Verdict]) -> Counts:
    return Counts(**{verdict.value.lower(): counter[verdict] for verdict in Verdict})
