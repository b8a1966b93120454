"""Events → cases, one after the other as they end; only what is under way is held in memory."""

import logging
from collections.abc import Iterable, Iterator

from msgspec import structs

from workbench.model.events import (
    AnyEvent,
    CaseFinished,
    CaseStarted,
    LogLine,
    RunFinished,
    RunStarted,
    ScenarioFinished,
    StepFinished,
    StepStarted,
)
from workbench.model.plan import Item, RunPlan, result_without_steps
from workbench.model.result import (
    SEVERITY,
    CaseResult,
    Cause,
    Failure,
    LogEntry,
    StepResult,
    Verdict,
    worst,
)
from workbench.reporting.model import CaseView, ScenarioView

MAX_LOG = 1000  # lines kept of a case that are in none of its steps
View = CaseView | ScenarioView
_AFTER_SIDE = ("teardown", "after")
_log = logging.getLogger(__name__)


class _Open:
    """A case or scenario under way."""

    def __init__(self, started: CaseStarted | None = None) -> None:
        self.started = started
        self.steps: list[StepResult] = []
        self.running: dict[str, StepStarted] = {}
        self.log: list[LogLine] = []
        self.unnoted = 0  # lines beyond MAX_LOG

    def finish(self, step: StepResult) -> None:
        """Live log lines are dropped when the step's attempts hold them."""
        self.running.pop(step.id, None)
        self.steps.append(step)
        if any(attempt.log for attempt in step.attempts):
            self.log = [line for line in self.log if line.step != step.id]

    def note(self, line: LogLine) -> None:
        if len(self.log) < MAX_LOG:
            self.log.append(line)
        else:
            self.unnoted += 1

    def entries(self) -> tuple[LogEntry, ...]:
        told = [line.entry for line in self.log]
        if self.unnoted:
            told.append(LogEntry(told[-1].at_us if told else 0, "info", f"… {self.unnoted} more lines"))
        return tuple(told)


class Follower:
    """Follows the events of one run. After `views` is used up, the other attributes are final."""

    def __init__(self, plan: RunPlan) -> None:
        self.started: RunStarted | None = None
        self.finished: RunFinished | None = None
        self.last_us = plan.created_us
        self._plan = plan
        self._cases = {planned.case.id: planned for planned in plan.cases}
        self._scenarios = {scenario.id: scenario for scenario in plan.scenarios}
        self._positions = {item.id: at for at, item in enumerate(plan.items)}
        self._open: dict[str, _Open] = {}
        self._done: set[str] = set()

    def views(self, events: Iterable[AnyEvent]) -> Iterator[View]:
        """Cases and scenarios as they end, then those that the run left open or never started."""
        for event in events:
            self.last_us = max(self.last_us, event.at_us)
            view = self._take(event)
            if view is not None:
                yield view
        yield from self._left_open()

    def _take(self, event: AnyEvent) -> View | None:
        if isinstance(event, StepFinished):
            self._at(event.item).finish(event.result)
        elif isinstance(event, StepStarted):
            self._at(event.item).running[event.step] = event
        elif isinstance(event, LogLine):
            self._at(event.item).note(event)
        elif isinstance(event, CaseStarted):
            self._open[event.item] = _Open(event)
        elif isinstance(event, CaseFinished):
            return self._case(event.result)
        elif isinstance(event, ScenarioFinished):
            return self._scenario(event.scenario, event)
        elif isinstance(event, RunStarted):
            self.started = event
        else:
            self.finished = event
        return None

    def _at(self, item: str) -> _Open:
        return self._open.setdefault(item, _Open())

    def _case(self, result: CaseResult, *, finished: bool = True) -> CaseView | None:
        if result.item in self._done:  # a late second result of a lost worker: the first one stands
            _log.warning("a second result of %s is left out", result.item)
            return None
        self._done.add(result.item)
        held = self._open.pop(result.item, None) or _Open()
        scenario = self._scenarios.get(result.scenario)
        planned = self._cases.get(result.case)
        return CaseView(
            result=result,
            scenario=scenario.name if scenario else result.scenario,
            file=scenario.file if scenario else "",
            owner=(planned.case.owner or self._plan.owner) if planned else "",
            weight=planned.case.weight if planned else 1,
            position=self._positions.get(result.item, len(self._positions)),
            steps=in_order(held.steps),
            log=held.entries(),
            finished=finished,
        )

    def _scenario(self, scenario: str, end: ScenarioFinished | None) -> ScenarioView | None:
        """None of a scenario that has neither setup nor teardown."""
        held = self._open.pop(scenario, None)
        planned = self._scenarios.get(scenario)
        if held is None and (end is None or end.failure is None):
            return None
        held = held or _Open()
        if end is None:
            held.steps += [_cut_step(step) for step in held.running.values()]
        bad = _worst_behind(held.steps) if end is None else None
        return ScenarioView(
            id=scenario,
            name=(end.name if end else "") or (planned.name if planned else scenario),
            file=planned.file if planned else "",
            steps=in_order(held.steps),
            log=held.entries(),
            finished=end is not None,
            verdict=end.verdict if end else bad.verdict if bad else Verdict.PASSED,
            failure=end.failure if end else bad.failure if bad else None,
            failed_step=end.failed_step if end else bad.id if bad else "",
        )

    def _left_open(self) -> Iterator[View]:
        for key in list(self._open):
            if key in self._scenarios:
                view: View | None = self._scenario(key, None)
                if view is not None:
                    yield view
        for item in self._plan.items:
            if item.id not in self._done and item.case in self._cases:
                unfinished = self._case(self._cut_case(item), finished=False)
                if unfinished is not None:
                    yield unfinished

    def _cut_case(self, item: Item) -> CaseResult:
        """What can be said of a case without an end: it keeps a failure that was found before."""
        held, planned = self._open.get(item.id), self._cases[item.case]
        message = "the run ended before this case started"
        if held is not None:
            held.steps += [_cut_step(step) for step in held.running.values()]
            message = "the run ended before this case did"
        steps = held.steps if held else []
        bad = min(steps, key=lambda step: SEVERITY.index(step.verdict), default=None)
        found = bad is not None and bad.failure is not None and bad.verdict is not Verdict.STOPPED
        started = held.started.at_us if held and held.started else 0
        return structs.replace(
            result_without_steps(self._plan, planned, item, Verdict.STOPPED),
            verdict=worst([Verdict.STOPPED, *(step.verdict for step in steps)]),
            failure=bad.failure if bad and found else Failure(Cause.STOPPED, message),
            failed_step=bad.id if bad and bad.verdict not in (Verdict.PASSED, Verdict.SKIPPED) else "",
            started_us=started,
            elapsed_us=self.last_us - started if started else 0,
            steps=len(steps),
        )


def _worst_behind(steps: Iterable[StepResult]) -> StepResult | None:
    """The worst step of teardown and after that did not pass."""
    bad = [step for step in steps if step.phase in _AFTER_SIDE and step.failure is not None]
    return min(bad, key=lambda step: SEVERITY.index(step.verdict), default=None)


def in_order(steps: Iterable[StepResult]) -> tuple[StepResult, ...]:
    """As they were begun: a `use` step ends after the steps inside it, and stands before them here."""
    ordered: list[StepResult] = []
    for step in steps:
        first = next((at for at, inner in enumerate(ordered) if inner.parent == step.id), len(ordered))
        ordered.insert(first if step.kind == "use" else len(ordered), step)
    return tuple(ordered)


def _cut_step(started: StepStarted) -> StepResult:
    failure = Failure(Cause.STOPPED, "the run ended while this step was running")
    return StepResult(
        id=started.step,
        name=started.name,
        kind="",
        verdict=Verdict.STOPPED,
        started_us=started.at_us,
        failure=failure,
    )
