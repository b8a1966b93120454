"""Copy and move whole suites: to another version, into another subsystem.

Where nothing is yet, the target becomes what the source is. A version that holds a suite gets the scenarios beside its
own, with all that they name; what it has itself stays, and each Dubbo step calls the subsystem that it called.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from workbench.errors import ErrorGroup, NotFoundError, UsageError
from workbench.files import manual_path
from workbench.files.generated import GENERATED
from workbench.model.suite import Dependency, Environment, Scenario, SuiteFile
from workbench.storage import Author, Change, Snapshot, Storage, StoredFile
from workbench.usecases import arrange
from workbench.usecases.edit_suite import add_scenario
from workbench.usecases.export_suite import parse_address
from workbench.usecases.references import dangling

T = TypeVar("T")


class CopiedSuite(Struct, frozen=True):
    """`version`: SUBSYSTEM@VERSION that was changed. `cases`: old id → id there. `warnings`: what the target has
    otherwise."""

    version: str
    cases: Mapping[str, str]
    changes: list[Change]
    warnings: list[str] = field(default_factory=list)


def copy_suite(source: str, target: str, storage: Storage, author: Author) -> CopiedSuite:
    """Copy all scenarios, and what they name, to SUBSYSTEM@VERSION, in one save; in another subsystem the copies have
    ids of their own.

    Raises UsageError for a version of the same subsystem that is there (sync brings changes into it), and where both
    hold something else under one name; NotFoundError.
    """
    return _put(source, target, storage, author, moved=False)


def move_suite(source: str, target: str, storage: Storage, author: Author) -> CopiedSuite:
    """The same, and scenarios, shared steps and datasets leave the source, into its trash; they keep their ids where
    these are free. It is copied first and removed then, so that nothing is ever nowhere."""
    done = _put(source, target, storage, author, moved=True)
    snapshot, origin = storage.suites.get_with_origin(*parse_address(source, storage))
    suite = replace(snapshot.suite, scenarios={}, shared={}, file=replace(snapshot.suite.file, case_groups={}))
    said = replace(author, message=author.message or f"moved to {done.version}")
    storage.joins.bring(replace(snapshot, suite=suite, datasets={}), origin, said, what="move")
    return done


def _put(source: str, target: str, storage: Storage, author: Author, *, moved: bool) -> CopiedSuite:
    here, (subsystem, version) = parse_address(source, storage), _target(target, storage)
    said = replace(author, message=author.message or f"{'moved' if moved else 'copied'} from {'@'.join(here)}")
    given = storage.suites.get(*here)
    there = version in {each.version for each in storage.suites.versions(subsystem)}
    if subsystem == here[0]:
        if there:
            hint = f"`workbench sync {'@'.join(here)} {subsystem}@{version}` brings changes into it"
            raise UsageError(f"{subsystem}@{version} is already there", hint=hint)
        storage.suites.new_version(subsystem, here[1], version, said)
        kept = {case.id: case.id for each in given.suite.scenarios.values() for case in each.cases}
        return CopiedSuite(f"{subsystem}@{version}", kept, [])
    before, origin = _held(subsystem, version, storage) if there else (None, None)
    renamed, cases = _with_ids(given, before, keep=moved)
    if before is None:
        if subsystem in given.suite.file.dependencies:  # its steps would call it instead of what they test
            hint = f"make it first: `workbench suite new {subsystem}@{version}`"
            raise UsageError(f"{'@'.join(here)} calls {subsystem}, and {subsystem}@{version} is not there", hint=hint)
        file = replace(renamed.suite.file, subsystem=subsystem, version=version)
        whole, warnings = replace(renamed, suite=replace(renamed.suite, file=file)), list[str]()
    else:
        whole, warnings = _together(renamed, before)
    changes = storage.joins.bring(whole, origin, said, what="move" if moved else "copy").changes
    return CopiedSuite(f"{subsystem}@{version}", cases, changes, warnings)


def _target(target: str, storage: Storage) -> tuple[str, str]:
    subsystem, _, version = target.partition("@")
    return (subsystem, version) if version else parse_address(target, storage)


def _held(subsystem: str, version: str, storage: Storage) -> tuple[Snapshot | None, Any]:
    try:
        return storage.suites.get_with_origin(subsystem, version)
    except NotFoundError:  # a version that holds nothing
        return None, None


def _with_ids(given: Snapshot, before: Snapshot | None, *, keep: bool) -> tuple[Snapshot, dict[str, str]]:
    """With ids that nothing in the target has, and old id → new id of the cases."""
    suite = given.suite
    held = before.suite.scenarios.values() if before else ()
    taken = {id_ for each in held for id_ in arrange.ids_of(each)}
    scenarios, cases = dict[str, Scenario](), dict[str, str]()
    for slug, scenario in suite.scenarios.items():
        kept = keep and not arrange.ids_of(scenario) & taken
        scenarios[slug] = made = scenario if kept else arrange.with_new_ids(scenario)
        cases |= {old.id: new.id for old, new in zip(scenario.cases, made.cases, strict=True)}
    groups = {
        name: replace(group, cases=tuple(cases.get(each, each) for each in group.cases))
        for name, group in suite.file.case_groups.items()
    }
    file = replace(suite.file, case_groups=groups)
    return replace(given, suite=replace(suite, scenarios=scenarios, file=file)), cases


def _together(given: Snapshot, before: Snapshot) -> tuple[Snapshot, list[str]]:
    """Both in one. Raises ErrorGroup where both hold something else under one name, or a name names nothing."""
    old, new = given.suite.file.subsystem, before.suite.file.subsystem
    suite = before.suite
    for slug, scenario in given.suite.scenarios.items():
        suite = add_scenario(suite, arrange.for_subsystem(scenario, old, new, given.suite.file.group), slug)
    clashes = list[str]()
    shared = {
        name: arrange.for_subsystem(group, old, new, given.suite.file.group)
        for name, group in given.suite.shared.items()
    }
    artifacts = {file.path: file for file in _files(given, old, new)}
    both = replace(
        before,
        suite=replace(suite, shared=_joined("shared group", suite.shared, shared, clashes)),
        datasets=_joined("dataset", before.datasets, given.datasets, clashes),
        contracts={**_contracts(given, old, new), **before.contracts},
        artifacts=tuple(_joined("file", {each.path: each for each in before.artifacts}, artifacts, clashes).values()),
    )
    if clashes:
        hint = "rename one of them first"
        raise ErrorGroup([UsageError(f"both have a {each}, and not the same", hint=hint) for each in clashes])
    file, warnings = _file(suite.file, given.suite.file)
    whole = replace(both, suite=replace(both.suite, file=file))
    known = {str(each) for each in (*dangling(before), *dangling(given))}
    lost = [str(each) for each in dangling(whole) if str(each) not in known]
    if lost:
        raise ErrorGroup([UsageError(each) for each in lost])
    return whole, warnings


def _joined(what: str, own: Mapping[str, T], more: Mapping[str, T], clashes: list[str]) -> dict[str, T]:
    clashes += [
        f"{what} {name}" for name, each in more.items() if name in own and _content(own[name]) != _content(each)
    ]
    return {**more, **own}


def _content(value: Any) -> Any:
    return (value.sha256, value.table) if isinstance(value, StoredFile) else value


def _files(given: Snapshot, old: str, new: str) -> Iterator[StoredFile]:
    """So do interfaces that a person wrote; what `generate` remembers of the source stays there."""
    for file in given.artifacts:
        if file.path == manual_path() and old != new:
            yield replace(file, path=manual_path(old))
        elif file.path != GENERATED and (file.path != manual_path(new) or old == new):
            yield file


def _contracts(given: Snapshot, old: str, new: str) -> dict[str, Any]:
    """The source's own contract becomes that of a dependency; that of the target is the target's own."""
    return {name or old: each for name, each in given.contracts.items() if name != new}


def _file(own: SuiteFile, more: SuiteFile) -> tuple[SuiteFile, list[str]]:
    """The target's settings with what it lacks of the source's, and what both have and not the same."""
    told = list[str]()
    itself = Dependency(version=more.version, artifacts=more.artifacts, sources=more.sources)
    wanted = {name: each for name, each in more.dependencies.items() if name != own.subsystem}
    called = [name for name in (more.subsystem, *wanted) if name not in own.dependencies]
    environments = dict(own.environments)
    for name, each in more.environments.items():
        apart = {one: each.registries for one in called if one not in each.subsystem_registries}
        if name in environments and each.registries != environments[name].registries:
            each = replace(each, subsystem_registries={**apart, **each.subsystem_registries})
        environments[name] = _environment(name, environments[name], each, told) if name in environments else each
    file = replace(
        own,
        dependencies=_own_first("dependency", {more.subsystem: itself, **wanted}, own.dependencies, told),
        environments=environments,
        config=_own_first("config key", more.config, own.config, told),
        case_groups=_own_first("case group", more.case_groups, own.case_groups, told),
        causes=own.causes + tuple(each for each in more.causes if each not in own.causes),
    )
    return file, told


def _environment(name: str, own: Environment, more: Environment, told: list[str]) -> Environment:
    fields = ("config", "connections", "urls", "hosts", "subsystem_registries")
    made = {each: _own_first(f"{name}: {each}", getattr(more, each), getattr(own, each), told) for each in fields}
    secrets = tuple(dict.fromkeys((*own.secrets, *more.secrets)))
    return replace(own, **made, secrets=secrets, mask=tuple(dict.fromkeys((*own.mask, *more.mask))))


def _own_first(what: str, more: Mapping[str, T], own: Mapping[str, T], told: list[str]) -> dict[str, T]:
    told += [f"{what} {name} is the target's own" for name, each in more.items() if name in own and own[name] != each]
    return {**more, **own}
