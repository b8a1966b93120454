"""Groups of cases: listed, defined and removed in a folder or in a version of the database, copied with their cases."""

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from workbench.errors import NotFoundError, PlanError, UsageError
from workbench.files import derive_missing_ids, read_suite, tag_errors, update_suite
from workbench.model.near import did_you_mean
from workbench.model.suite import CaseGroup, Scenario, Suite
from workbench.planning import members
from workbench.storage import Author, Change, Storage, refuse_stale
from workbench.usecases import arrange
from workbench.usecases.check_saved import refuse
from workbench.usecases.export_suite import parse_address
from workbench.usecases.rearrange import complete


class Member(Struct, frozen=True):
    """A case of a group, where it stands in it."""

    id: str
    case: str
    scenario: str
    priority: str
    state: str
    disabled: bool = False


class Shown(Struct, frozen=True):
    """`problem`: why it cannot be run."""

    name: str
    group: CaseGroup
    members: tuple[Member, ...]
    problem: str = ""


class Copied(Struct, frozen=True):
    """`version`: SUBSYSTEM@VERSION that has the group now. `cases`: old id → id of the copy. `brought`: datasets and
    shared groups that came with them."""

    version: str
    name: str
    cases: Mapping[str, str]
    changes: list[Change]
    brought: list[str]


def show_groups(suite: Suite, name: str = "") -> list[Shown]:
    """All groups, or one, with their cases in running order. Raises NotFoundError for a name that is none."""
    places = {case.id: (case, scenario) for scenario in suite.scenarios.values() for case in scenario.cases}
    if name:
        _must_have(suite, name)
    found = []
    for each, group in suite.file.case_groups.items():
        if name not in ("", each):
            continue
        try:
            held = [places[key] for key in members(suite, (each,))]
        except PlanError as error:
            found.append(Shown(each, group, (), error.message))
            continue
        told = tuple(
            Member(case.id, case.case, scenario.scenario, case.priority, case.state, case.disabled or scenario.disabled)
            for case, scenario in held
        )
        found.append(Shown(each, group, told))
    return found


def suite_of(source: str, storage: Storage | None) -> Suite:
    """Of a folder, or with a storage of SUBSYSTEM[@VERSION]."""
    if storage is None:
        return derive_missing_ids(read_suite(Path(source)))
    return storage.suites.get(*parse_address(source, storage)).suite


def set_group(source: str, name: str, group: CaseGroup, storage: Storage | None, author: Author) -> Shown:
    """Define a group, or define it anew. Raises PlanError for cases that are not there, UsageError for an empty one."""
    if not name.strip() or not name.isprintable():
        raise UsageError(f"{name!r} cannot be the name of a group", hint="visible characters, not only blanks")
    if group == CaseGroup(description=group.description, owner=group.owner, comment=group.comment):
        raise UsageError(f"the group {name} would be empty", hint="give it cases, or a filter")

    def work(suite: Suite) -> Suite:
        refuse_stale(author, suite.file.case_groups.get(name), name)
        changed = _with(suite, {**suite.file.case_groups, name: group})
        refuse(tag_errors(replace(changed.file, case_groups={name: group})))
        members(changed, (name,))
        return changed

    return show_groups(_change(source, work, storage, author), name)[0]


def remove_group(source: str, name: str, storage: Storage | None, author: Author) -> None:
    """Its cases stay. Raises NotFoundError with near names."""

    def work(suite: Suite) -> Suite:
        groups = suite.file.case_groups
        refuse_stale(author, _must_have(suite, name), name)
        return _with(suite, {key: each for key, each in groups.items() if key != name})

    _change(source, work, storage, author)


def _must_have(suite: Suite, name: str) -> CaseGroup:
    groups = suite.file.case_groups
    if name not in groups:
        raise NotFoundError(f"there is no group of cases {name!r}", hint=did_you_mean(name, groups))
    return groups[name]


def _with(suite: Suite, groups: Mapping[str, CaseGroup]) -> Suite:
    return replace(suite, file=replace(suite.file, case_groups=groups))


def _change(source: str, work: Callable[[Suite], Suite], storage: Storage | None, author: Author) -> Suite:
    if storage is None:
        folder = Path(source)
        suite = read_suite(folder)
        changed = work(suite)
        update_suite(suite, changed, folder)
        return derive_missing_ids(changed)
    snapshot, origin = storage.suites.get_with_origin(*parse_address(source, storage))
    changed = work(snapshot.suite)
    storage.joins.bring(replace(snapshot, suite=changed), origin, author, what="save")
    return changed


def copy_group(
    source: str,
    name: str,
    target: str,
    storage: Storage,
    author: Author,
    *,
    as_name: str = "",
    with_references: bool = False,
) -> Copied:
    """Copy a group and its cases into another version, in one save: each case into the scenario of its scenario's name,
    which is made where there is none. The copies have ids of their own, and the new group names them.

    Raises NotFoundError, UsageError for a name that is taken, ErrorGroup of UsageError for what is not there.
    """
    here, there = parse_address(source, storage), parse_address(target, storage)
    given = storage.suites.get(*here)
    before, origin = storage.suites.get_with_origin(*there)
    group, new_name = _must_have(given.suite, name), as_name or name
    if new_name in before.suite.file.case_groups:
        raise UsageError(f"{'@'.join(there)} has a group {new_name}", hint="give the copy another name: --as")
    suite, ids = before.suite, dict[str, str]()
    for key in members(given.suite, (name,)):
        found = arrange.find(given.suite, key, "")
        suite, into = _scenario_in(suite, given.suite, found.holder)
        fresh = arrange.for_subsystem(arrange.with_new_ids(found.item), here[0], there[0], given.suite.file.group)
        suite = arrange.put(suite, found._replace(item=fresh), into, None)
        ids[key] = fresh.id
    copied = CaseGroup(
        comment=group.comment, description=group.description, owner=group.owner, cases=tuple(ids.values())
    )
    suite = _with(suite, {**suite.file.case_groups, new_name: copied})
    changed, brought = complete(replace(before, suite=suite), before, given, with_references)
    changes = storage.joins.bring(changed, origin, author, what="copy").changes
    return Copied("@".join(there), new_name, ids, changes, brought)


def _scenario_in(suite: Suite, given: Suite, scenario_id: str) -> tuple[Suite, str]:
    """The scenario of the same name in the target, or a new one with the same setup and teardown; and its id."""
    slug, origin = next((slug, each) for slug, each in given.scenarios.items() if each.id == scenario_id)
    known = next((each for each in suite.scenarios.values() if each.scenario == origin.scenario), None)
    if known is not None:
        return suite, known.id
    made = arrange.with_new_ids(replace(origin, cases=()))
    assert isinstance(made, Scenario)
    made = arrange.for_subsystem(made, given.file.subsystem, suite.file.subsystem, given.file.group)
    free = slug
    while free in suite.scenarios:
        free = f"{free}-2"
    return replace(suite, scenarios={**suite.scenarios, free: made}), made.id
