"""What documents of a suite name in it, and what of that is not there: for changes that bring some without the rest."""

from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from workbench.errors import ErrorGroup, UsageError
from workbench.model.suite import AnyStep, Case, Scenario, SharedSteps, Suite, ToolStep, UseStep
from workbench.storage import Snapshot

Name = tuple[str, str]  # (kind, key) of a document


class Missing(Struct, frozen=True):
    """A document names `name`, a "dataset", "shared group", "dependency", "tool library" or
    "connection" that is not there."""

    document: Name
    title: str  # the document's own name
    what: str
    name: str

    def __str__(self) -> str:
        kind, key = self.document
        return f"{kind} {key} ({self.title}): there is no {self.what} {self.name}"


def dangling(snapshot: Snapshot, only: Collection[Name] | None = None) -> list[Missing]:
    """Each name that names nothing, in these documents or in all; disabled ones may."""
    return [
        Missing((kind, key), title, *found)
        for kind, key, title, case, steps in _documents(snapshot.suite)
        if only is None or (kind, key) in only
        for found in dict.fromkeys(_missing(snapshot, case, steps))
    ]


def lost(before: Snapshot, after: Snapshot) -> list[Missing]:
    """What a change would leave without what it names; what lacked it before does not count."""
    known = {str(each) for each in dangling(before)}
    return [each for each in dangling(after) if str(each) not in known]


def refuse_lost(before: Snapshot, after: Snapshot) -> None:
    """Raises ErrorGroup of UsageError: no run could read the version."""
    if missing := lost(before, after):
        raise ErrorGroup([UsageError(str(each), hint="bring it back first, or with it") for each in missing])


def _documents(suite: Suite) -> Iterator[tuple[str, str, str, Case | None, Iterable[AnyStep]]]:
    for scenario in suite.scenarios.values():
        if scenario.disabled:
            continue
        yield "scenario", scenario.id, scenario.scenario, None, (*scenario.setup, *scenario.teardown)
        for case in scenario.cases:
            if not case.disabled:
                yield "case", case.id, case.case, case, steps_of(case)
    for name, group in suite.shared.items():
        yield "shared", name.partition(".")[0], name, None, group.steps


def steps_of(item: Case | Scenario | SharedSteps) -> tuple[AnyStep, ...]:
    """All of its own steps, in running order."""
    return (*getattr(item, "setup", ()), *getattr(item, "steps", ()), *getattr(item, "teardown", ()))


def _missing(snapshot: Snapshot, case: Case | None, steps: Iterable[AnyStep]) -> Iterator[tuple[str, str]]:
    suite = snapshot.suite
    if case is not None and case.dataset and case.dataset not in snapshot.datasets:
        yield "dataset", case.dataset
    for step in steps:
        if step.disabled:
            continue
        subsystem = getattr(step, "subsystem", "")
        if subsystem and subsystem != suite.file.subsystem and subsystem not in suite.file.dependencies:
            yield "dependency", subsystem
        if isinstance(step, UseStep) and step.use not in suite.shared:
            yield "shared group", step.use
        if isinstance(step, ToolStep) and not _is_tool(suite, step.tool.split(" ")[0]):
            yield "tool library", step.tool.split(" ")[0]
        connection = getattr(step, "sql", "") or getattr(step, "redis", "")
        if connection and not any(connection in each.connections for each in suite.file.environments.values()):
            yield "connection", connection


def _is_tool(suite: Suite, library: str) -> bool:
    found = suite.file.dependencies.get(library)
    return found is not None and bool(found.tool)
