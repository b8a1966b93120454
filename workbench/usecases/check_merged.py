"""What changes of two sides make of a version together: each may be right, and both together wrong.

What comes from one side as it is was checked there. So a document that is put together is checked as one that is saved
by itself, and so is one that uses shared steps which its own side had otherwise; of all others it is looked at whether
what they name is there.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from workbench.errors import ErrorGroup, SuiteError
from workbench.files import Around, ScriptCheck, SingleKind, errors_of
from workbench.model.suite import Case, Scenario, SharedSteps, UseStep
from workbench.storage import Snapshot
from workbench.storage.suites import Check
from workbench.usecases.arrange import ids_of
from workbench.usecases.references import lost, refuse_lost, steps_of

_TOGETHER = "each change is good, and both together are not: change yours so that they fit"
_Documents = Mapping[tuple[SingleKind, str], Any]


class _Side(NamedTuple):
    snapshot: Snapshot
    documents: _Documents


def fits(mine: Snapshot, scripts: ScriptCheck | None = None) -> Check:
    """A check of what `mine` and what a version holds become together; it raises ErrorGroup of SuiteError, each at its
    document and field."""

    def check(before: Snapshot, after: Snapshot) -> None:
        found = [SuiteError(str(each), hint=_TOGETHER) for each in lost(before, after)]
        told = {each.message.partition(": ")[2] for each in found}
        found += [each for each in unfit(mine, before, after, scripts) if each.message not in told]
        if found:
            raise ErrorGroup(list(found))

    return check


def fits_now(scripts: ScriptCheck | None = None) -> Check:
    """A check of what comes back into a version, beside what was done since; it raises ErrorGroup of UsageError for
    what would lose what it names, and of SuiteError as a save would."""

    def check(before: Snapshot, after: Snapshot) -> None:
        refuse_lost(before, after)
        hint = "it does not go with what was done since: change that first"
        if found := unfit(before, before, after, scripts):
            raise ErrorGroup([SuiteError(each.message, where=each.where, hint=hint) for each in found])

    return check


def unfit(mine: Snapshot, theirs: Snapshot, both: Snapshot, scripts: ScriptCheck | None = None) -> list[SuiteError]:
    """What is wrong in `both`, that neither side has by itself."""
    sides = [_Side(each, dict(_documents(each))) for each in (theirs, mine)]
    around = Around(file=both.suite.file, shared=both.suite.shared, datasets=both.datasets)
    found = list(_twins(both, [each.snapshot for each in sides]))
    for name, value in _documents(both):
        if _is_new(name, value, both, sides):
            kind, key = name
            found += [
                SuiteError(each.message, where=f"{kind} {key}{each.where}".replace(" /", "/"), hint=_TOGETHER)
                for each in errors_of(kind, key, value, around, scripts)
            ]
    return found


def _documents(snapshot: Snapshot) -> Iterator[tuple[tuple[SingleKind, str], Any]]:
    suite = snapshot.suite
    yield ("suite", ""), suite.file
    for scenario in suite.scenarios.values():
        yield ("scenario", scenario.id), replace(scenario, cases=())
        for case in scenario.cases:
            yield ("case", case.id), case
    shared: dict[str, dict[str, SharedSteps]] = {}
    for name, group in suite.shared.items():
        stem, _, own = name.partition(".")
        shared.setdefault(stem, {})[own] = group
    for stem, groups in shared.items():
        yield ("shared", stem), groups


def _is_new(name: tuple[SingleKind, str], value: Any, both: Snapshot, sides: list[_Side]) -> bool:
    """Whether no side has it as it is, with the same shared steps."""
    return not any(
        each.documents.get(name) == value
        and all(each.snapshot.suite.shared.get(group) == both.suite.shared.get(group) for group in _uses(value))
        for each in sides
    )


def _uses(value: Any) -> set[str]:
    items = value.values() if isinstance(value, Mapping) else (value,)
    return {
        step.use
        for item in items
        if isinstance(item, Case | Scenario | SharedSteps)
        for step in steps_of(item)
        if isinstance(step, UseStep)
    }


def _twins(both: Snapshot, sides: list[Snapshot]) -> Iterator[SuiteError]:
    known = {id_ for each in sides for id_ in _twice(each)}
    for id_, places in _twice(both).items():
        if id_ not in known:
            message = f"the id {id_} stands in {' and in '.join(places)}"
            yield SuiteError(message, where=places[-1], hint=f"{_TOGETHER}; `workbench fmt` gives a new one")


def _twice(snapshot: Snapshot) -> dict[str, list[str]]:
    """Ids that several documents have, and these."""
    found: dict[str, list[str]] = {}
    for (kind, key), value in _documents(snapshot):
        items = value.values() if isinstance(value, Mapping) else (value,)
        for id_ in {id_ for item in items if kind != "suite" for id_ in _own_ids(item)}:
            found.setdefault(id_, []).append(f"{kind} {key}")
    return {id_: places for id_, places in found.items() if len(places) > 1}


def _own_ids(item: Any) -> set[str]:
    return {step.id for step in item.steps} if isinstance(item, SharedSteps) else ids_of(item)
