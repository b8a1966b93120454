"""Runs that the database keeps: what came of their cases, two compared, what people say of failures."""

import re
import time

from msgspec import Struct

from workbench.errors import NotFoundError, UsageError
from workbench.model.events import AnyEvent
from workbench.model.near import did_you_mean
from workbench.storage import Author, Conclusion, ConclusionKind, RunCase, Storage
from workbench.usecases.store_run import GOOD, in_order


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


def cases_of(run: str, storage: Storage) -> list[CaseOfRun]:
    """In the order of the plan, with what people said of failures. Raises UsageError."""
    info = storage.runs.get(run)
    found = storage.runs.cases(run)
    said = storage.runs.conclusions(info.subsystem, {each.fingerprint for each in found})
    return [CaseOfRun(each, said.get(each.fingerprint)) for each in found]


def events_of(run: str, item: str, storage: Storage) -> list[AnyEvent]:
    """All that happened in one case: steps, attempts, bodies, log, context. Raises UsageError."""
    case = _find(run, item, storage)
    return in_order(storage.runs.events(run, case.position))


def conclusion_of(run: str, item: str, storage: Storage) -> Conclusion:
    """What was last said of the failure of a case. Raises NotFoundError, UsageError."""
    case = _find(run, item, storage)
    said = storage.runs.conclusions(storage.runs.get(run).subsystem, [case.fingerprint]).get(case.fingerprint)
    if said is None:
        raise NotFoundError(f"nobody has said anything of {item}", where=run)
    return said


def compare_runs(before: str, after: str, storage: Storage) -> list[CaseChange]:
    """What became of each case, those that changed first. Raises UsageError."""
    for run in (before, after):
        storage.runs.get(run)
    old, new = ({each.item: each for each in storage.runs.cases(run)} for run in (before, after))
    found = [_change(old.get(item), new.get(item)) for item in {**new, **old}]
    return sorted(found, key=lambda each: _WORDS.index(each.what))


_SCHEME = re.compile(r"\s*[a-z][a-z0-9+.-]*:", re.IGNORECASE)  # javascript: and data: would run where people click
_WORDS = ("broken", "other", "repaired", "new", "gone", "failing", "same")


def _change(old: RunCase | None, new: RunCase | None) -> CaseChange:
    known = new or old
    assert known is not None
    words = (known.item, known.name, old.verdict if old else "", new.verdict if new else "", new.message if new else "")
    if old is None or new is None:
        return CaseChange("gone" if old else "new", *words)
    bad = [each.verdict not in GOOD for each in (old, new)]
    if bad[0] != bad[1]:
        return CaseChange("broken" if bad[1] else "repaired", *words)
    if not bad[1]:
        return CaseChange("same", *words)
    return CaseChange("failing" if old.fingerprint == new.fingerprint else "other", *words)


def conclude(
    run: str, item: str, kind: ConclusionKind, storage: Storage, author: Author, *, comment: str = "", link: str = ""
) -> int:
    """Say what a failure is. It holds for the same failure (case, step, cause, message but for numbers) in later runs
    and in this one, and changes no verdict; gives how many cases of this run it holds for. Raises UsageError, also for
    a text that would not come back, DeniedError, StaleError."""
    info, case = storage.runs.get(run), _find(run, item, storage)
    if not case.fingerprint:
        raise UsageError(f"{item} did not fail, so there is nothing to conclude", where=run)
    for name, text in (("comment", comment), ("link", link)):
        if "\0" in text:
            raise UsageError(f"{name} holds a NUL character, which not every database keeps", where=name)
    if _SCHEME.match(link) and not link.lower().startswith(("http://", "https://")):
        raise UsageError(f"{link[:40]!r} is no address of a page", where="link", hint="write https://…, or a name")
    said = Conclusion(
        kind=kind, comment=comment, link=link, author=author.name, created_us=time.time_ns() // 1000, run=run
    )
    storage.runs.conclude(info.subsystem, case.fingerprint, said, author)
    return sum(each.fingerprint == case.fingerprint for each in storage.runs.cases(run))


def must_be_known(subsystem: str, storage: Storage) -> None:
    """By a suite or by a run. Raises NotFoundError with near names."""
    if not storage.runs.all(subsystem, limit=1):
        storage.suites.latest(subsystem)


def _find(run: str, item: str, storage: Storage) -> RunCase:
    storage.runs.get(run)
    cases = storage.runs.cases(run)
    found = next((each for each in cases if each.item == item), None)
    if found is None:
        hint = did_you_mean(item, [each.item for each in cases])
        raise UsageError(f"the run {run} has no case {item}", hint=hint or f"`workbench runs show {run}` lists them")
    return found
