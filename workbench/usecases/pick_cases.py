"""Which cases of a version are to run again: those that failed last, those that changed since a save."""

from collections.abc import Iterator

from workbench.errors import UsageError
from workbench.model.suite import Suite, UseStep
from workbench.storage import At, Storage
from workbench.usecases.export_suite import parse_address
from workbench.usecases.references import steps_of
from workbench.usecases.take_artifact import impacted

_GOOD = ("PASSED", "SKIPPED")


def picked(
    address: str, storage: Storage, *, hit: bool = False, failed: bool = False, since: int | None = None
) -> tuple[str, ...] | None:
    """Ids of the cases that all of these want; None: nothing is wanted. `hit`: by new artifacts; `failed`: in the
    newest run; `since`: changed after that save. Raises UsageError where it is none."""
    wanted = [
        *([impacted(address, storage)] if hit else []),
        *([last_failed(address, storage)] if failed else []),
        *([changed_since(address, since, storage)] if since is not None else []),
    ]
    if not wanted:
        return None
    found = tuple(each for each in wanted[0] if all(each in other for other in wanted))
    if not found:
        raise UsageError(
            "no case is all of that", where=address, hint="give fewer of --impacted, --failed, --changed-since"
        )
    return found


def last_failed(address: str, storage: Storage) -> tuple[str, ...]:
    """Of the newest run of the version that the database has. Raises UsageError."""
    subsystem, version = parse_address(address, storage)
    newest = storage.runs.all(subsystem, version, 1)
    if not newest:
        raise UsageError(
            "there is no run of it yet", where=f"{subsystem}@{version}", hint="run it without --failed first"
        )
    cases = storage.runs.cases(newest[0].run)
    found = tuple(dict.fromkeys(each.case for each in cases if each.verdict not in _GOOD))
    if not found:
        raise UsageError(f"nothing failed in the newest run, {newest[0].run}", where=f"{subsystem}@{version}")
    return found


def changed_since(address: str, save: int, storage: Storage) -> tuple[str, ...]:
    """Cases that are not as they were after that save, or whose scenario, shared steps or dataset are not. Raises
    UsageError."""
    subsystem, version = parse_address(address, storage)
    differences = storage.saves.compare(At(subsystem, version, save), At(subsystem, version))
    changed = {(each.kind, each.key) for each in differences if each.what in ("added", "changed")}
    suite = storage.suites.get(subsystem, version).suite
    found = tuple(_touched(suite, changed))
    if not found:
        raise UsageError(f"no case has changed since save {save}", where=f"{subsystem}@{version}")
    return found


def _touched(suite: Suite, changed: set[tuple[str, str]]) -> Iterator[str]:
    groups = _changed_groups(suite, {key for kind, key in changed if kind == "shared"})
    for scenario in suite.scenarios.values():
        around = ("scenario", scenario.id) in changed or _uses(steps_of(scenario), groups)
        for case in scenario.cases:
            own = ("case", case.id) in changed or ("dataset", case.dataset) in changed
            if around or own or _uses(steps_of(case), groups):
                yield case.id


def _changed_groups(suite: Suite, files: set[str]) -> set[str]:
    """Groups of changed files, and those that use them."""
    found = {name for name in suite.shared if name.partition(".")[0] in files}
    while more := {name for name, each in suite.shared.items() if name not in found and _uses(each.steps, found)}:
        found |= more
    return found


def _uses(steps: object, groups: set[str]) -> bool:
    return isinstance(steps, tuple) and any(isinstance(step, UseStep) and step.use in groups for step in steps)
