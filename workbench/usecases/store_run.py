"""Bring a run folder into the database, and out again."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from workbench.files import RunFolder
from workbench.model import events as model_events
from workbench.model import json
from workbench.model.events import AnyEvent, CaseFinished, CaseStarted, LogLine, StepFinished, StepStarted
from workbench.model.plan import RunPlan
from workbench.model.result import RunSummary, StepResult, Verdict
from workbench.reporting.collect import Collector, normalised, reason
from workbench.reporting.follow import in_order as in_order_of
from workbench.reporting.model import CaseView
from workbench.storage import RunCase, RunInfo, Storage, pack

GOOD = (Verdict.PASSED, Verdict.SKIPPED)
_plans = json.decoder_for(RunPlan)


def store_run(folder: RunFolder, storage: Storage) -> RunInfo:
    """Keep a run, also one that was killed in the middle. Raises UsageError when it is there already."""
    plan, end = folder.plan(), folder.finished()
    if end is not None and _store_finished(folder, plan, end.summary, storage):
        return storage.runs.get(plan.id)
    return _store_any(folder, plan, storage)


def _owners(plan: RunPlan) -> dict[str, str]:
    """A case that names none is the suite's owner's."""
    return {planned.case.id: planned.case.owner or plan.owner for planned in plan.cases}


class _Of(Struct):
    item: str = ""


class _Line(Struct):
    """What tells which case a line of the events is of."""

    event: str
    item: str = ""
    result: _Of | None = None


_lines = msgspec.json.Decoder(_Line)


def _store_finished(folder: RunFolder, plan: RunPlan, summary: RunSummary, storage: Storage) -> bool:
    """Keep the run from its lines as they are: only ends of cases, and steps of failed ones, are looked into.

    False where a case has no end, or several: then all has to be followed.
    """
    places, owners = {item.id: place for place, item in enumerate(plan.items)}, _owners(plan)
    open_: dict[str, list[bytes]] = {}
    rest: list[bytes] = []
    cases: dict[str, tuple[RunCase, bytes]] = {}
    for line, head in folder.lines(_lines):
        item = head.result.item if head.event == "case-finished" and head.result else head.item
        (open_.setdefault(item, []) if item in places else rest).append(line)
        if head.event == "case-finished":
            if item in cases or item not in places:
                return False
            told = open_.pop(item)
            cases[item] = _case(_view(told), owners, places), pack(b"".join(told))
    if len(cases) < len(places) or open_:
        return False
    info = RunInfo(
        run=plan.id,
        subsystem=plan.subsystem,
        version=plan.version,
        suite=plan.suite,
        environment=plan.environment,
        verdict=summary.verdict,
        finished=True,
        started_us=summary.started_us,
        elapsed_us=summary.elapsed_us,
        cases=summary.cases,
        groups=plan.groups,
    )
    storage.runs.put(info, json.dump_bytes(plan), b"".join(rest), cases.values())
    return True


def _view(told: Sequence[bytes]) -> CaseView:
    """Of a case that ended, from its lines, the last of which says how."""
    end = model_events.decoder.decode(told[-1])
    assert isinstance(end, CaseFinished)
    steps: list[StepResult] = []
    if end.result.verdict not in GOOD:
        events = map(model_events.decoder.decode, told)
        steps = [event.result for event in events if isinstance(event, StepFinished)]
    return CaseView(result=end.result, scenario="", steps=in_order_of(steps))


def _store_any(folder: RunFolder, plan: RunPlan, storage: Storage) -> RunInfo:
    gathered = _Gathered(plan)
    collector = Collector(plan)
    places, owners = {item.id: place for place, item in enumerate(plan.items)}, _owners(plan)
    cases = [
        (_case(view, owners, places), gathered.lines(view.result.item))
        for view in collector.views(gathered.watch(folder.events()))
        if isinstance(view, CaseView)
    ]
    report = collector.report()
    info = RunInfo(
        run=plan.id,
        subsystem=plan.subsystem,
        version=plan.version,
        suite=plan.suite,
        environment=plan.environment,
        verdict=report.verdict,
        finished=report.finished,
        started_us=report.started_us,
        elapsed_us=report.elapsed_us,
        cases=report.cases,
        groups=plan.groups,
    )
    storage.runs.put(info, json.dump_bytes(plan), gathered.rest(), cases)
    return info


class _Gathered:
    """The events of a run by case, packed as each ends; and those of no case."""

    def __init__(self, plan: RunPlan) -> None:
        self._items = {item.id for item in plan.items}
        self._open: dict[str, list[AnyEvent]] = {}
        self._rest: list[AnyEvent] = []

    def watch(self, events: Iterable[AnyEvent]) -> Iterator[AnyEvent]:
        for event in events:
            item = event.result.item if isinstance(event, CaseFinished) else ""
            if isinstance(event, CaseStarted | StepStarted | StepFinished | LogLine):
                item = event.item
            (self._open.setdefault(item, []) if item in self._items else self._rest).append(event)
            yield event

    def lines(self, item: str) -> bytes:
        return pack(bytes(model_events.encoder.encode_lines(self._open.pop(item, []))))

    def rest(self) -> bytes:
        return bytes(model_events.encoder.encode_lines(self._rest))


def _case(view: CaseView, owners: Mapping[str, str], places: Mapping[str, int]) -> RunCase:
    result = view.result
    side, cause, failure = reason(view) if result.verdict not in GOOD else ("", "", None)
    message = failure.message if failure else ""
    text = json.dumps([result.case, result.failed_step, side, cause, normalised(message)])
    return RunCase(
        position=places[result.item],
        item=result.item,
        case=result.case,
        name=result.name,
        verdict=result.verdict,
        side=side,
        cause=cause,
        message=message,
        failed_step=result.failed_step,
        fingerprint=hashlib.sha256(text.encode()).hexdigest() if cause else "",
        started_us=result.started_us,
        elapsed_us=result.elapsed_us,
        flaky=result.flaky,
        owner=owners.get(result.case, ""),
    )


def export_run(run: str, storage: Storage, root: Path) -> Path:
    """Write a run as a folder below `root`, of which reports can be made; gives it. Raises UsageError."""
    storage.runs.get(run)
    plan: RunPlan = _plans.decode(storage.runs.plan(run))
    folder = RunFolder.create(root, plan)
    with folder:
        folder.append(in_order(storage.runs.events(run)))
    return folder.path


def in_order(parts: Iterable[bytes]) -> list[AnyEvent]:
    """Events of JSON lines by time, as they were told; what came at one time stays in its order."""
    found = [model_events.decoder.decode(line) for part in parts for line in part.splitlines() if line]
    return sorted(found, key=lambda event: (event.at_us, isinstance(event, model_events.RunFinished)))
