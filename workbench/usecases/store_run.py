"""Bring a run folder into the database and out again, look at runs, compare two, say what a failure is."""

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from workbench.errors import UsageError
from workbench.files import RunFolder
from workbench.model import events as model_events
from workbench.model import json
from workbench.model.events import AnyEvent, CaseFinished, CaseStarted, LogLine, StepFinished, StepStarted
from workbench.model.near import did_you_mean
from workbench.model.plan import RunPlan
from workbench.model.result import Verdict
from workbench.reporting.collect import Collector, normalised, reason
from workbench.reporting.model import CaseView
from workbench.storage import Author, Conclusion, ConclusionKind, RunCase, RunInfo, Storage, pack

_GOOD = (Verdict.PASSED, Verdict.SKIPPED)
_plans = json.decoder_for(RunPlan)


class CaseOfRun(Struct, frozen=True):
    """`conclusion`: what a person said of this failure, in this run or an earlier one; the verdict stays."""

    result: RunCase
    conclusion: Conclusion | None


class CaseChange(Struct, frozen=True):
    """A case in two runs; `what`: broken, other (fails otherwise), repaired, new, gone, failing (as before), same."""

    what: str
    item: str
    name: str
    before: str  # verdict, "" for none
    after: str
    message: str  # of the later failure


def store_run(folder: RunFolder, storage: Storage) -> RunInfo:
    """Keep a run, also one that was killed in the middle. Raises UsageError when it is there already."""
    plan, gathered = folder.plan(), _Gathered(folder.plan())
    collector = Collector(plan)
    places = {item.id: place for place, item in enumerate(plan.items)}
    cases = [
        (_case(view, plan, places), gathered.lines(view.result.item))
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


def _case(view: CaseView, plan: RunPlan, places: Mapping[str, int]) -> RunCase:
    result = view.result
    side, cause, failure = reason(view) if result.verdict not in _GOOD else ("", "", None)
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
    )


def export_run(run: str, storage: Storage, root: Path) -> Path:
    """Write a run as a folder below `root`, of which reports can be made; gives it. Raises UsageError."""
    storage.runs.get(run)
    plan: RunPlan = _plans.decode(storage.runs.plan(run))
    folder = RunFolder.create(root, plan)
    with folder:
        folder.append(_in_order(storage.runs.events(run)))
    return folder.path


def _in_order(parts: Iterable[bytes]) -> list[AnyEvent]:
    """By time, as they were told; what came at one time stays in its order."""
    found = [model_events.decoder.decode(line) for part in parts for line in part.splitlines() if line]
    return sorted(found, key=lambda event: (event.at_us, isinstance(event, model_events.RunFinished)))


def cases_of(run: str, storage: Storage) -> list[CaseOfRun]:
    """In the order of the plan, with what people said of failures. Raises UsageError."""
    info = storage.runs.get(run)
    found = storage.runs.cases(run)
    said = storage.runs.conclusions(info.subsystem, {each.fingerprint for each in found})
    return [CaseOfRun(each, said.get(each.fingerprint)) for each in found]


def events_of(run: str, item: str, storage: Storage) -> list[AnyEvent]:
    """All that happened in one case: steps, attempts, bodies, log, context. Raises UsageError."""
    case = _find(run, item, storage)
    return _in_order(storage.runs.events(run, case.position))


def compare_runs(before: str, after: str, storage: Storage) -> list[CaseChange]:
    """What became of each case, those that changed first. Raises UsageError."""
    for run in (before, after):
        storage.runs.get(run)
    old, new = ({each.item: each for each in storage.runs.cases(run)} for run in (before, after))
    found = [_change(old.get(item), new.get(item)) for item in {**new, **old}]
    return sorted(found, key=lambda each: _WORDS.index(each.what))


_WORDS = ("broken", "other", "repaired", "new", "gone", "failing", "same")


def _change(old: RunCase | None, new: RunCase | None) -> CaseChange:
    known = new or old
    assert known is not None
    words = (known.item, known.name, old.verdict if old else "", new.verdict if new else "", new.message if new else "")
    if old is None or new is None:
        return CaseChange("gone" if old else "new", *words)
    bad = [each.verdict not in _GOOD for each in (old, new)]
    if bad[0] != bad[1]:
        return CaseChange("broken" if bad[1] else "repaired", *words)
    if not bad[1]:
        return CaseChange("same", *words)
    return CaseChange("failing" if old.fingerprint == new.fingerprint else "other", *words)


def conclude(
    run: str, item: str, kind: ConclusionKind, storage: Storage, author: Author, *, comment: str = "", link: str = ""
) -> int:
    """Say what a failure is. It holds for the same failure (case, step, cause, message but for numbers) in later runs
    and in this one, and changes no verdict; gives how many cases of this run it holds for. Raises UsageError."""
    info, case = storage.runs.get(run), _find(run, item, storage)
    if not case.fingerprint:
        raise UsageError(f"{item} did not fail, so there is nothing to conclude", where=run)
    said = Conclusion(
        kind=kind, comment=comment, link=link, author=author.name, created_us=time.time_ns() // 1000, run=run
    )
    storage.runs.conclude(info.subsystem, case.fingerprint, said, author)
    return sum(each.fingerprint == case.fingerprint for each in storage.runs.cases(run))


def _find(run: str, item: str, storage: Storage) -> RunCase:
    storage.runs.get(run)
    cases = storage.runs.cases(run)
    found = next((each for each in cases if each.item == item), None)
    if found is None:
        hint = did_you_mean(item, [each.item for each in cases])
        raise UsageError(f"the run {run} has no case {item}", hint=hint or f"`workbench runs show {run}` lists them")
    return found
