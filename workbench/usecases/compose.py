"""Make what is not there yet, each in one save: a suite, scenarios and cases, files of shared steps; and take shared
steps out."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from workbench.errors import NotFoundError, StaleError, UsageError
from workbench.files import ScriptCheck, SingleKind, file_name, new_id
from workbench.model import json
from workbench.model.near import did_you_mean
from workbench.model.suite import Case, Scenario, SharedSteps, Suite, SuiteFile
from workbench.storage import Author, Snapshot, Storage
from workbench.storage.content import decode
from workbench.usecases import arrange, revise
from workbench.usecases.check_saved import fitting_new, refuse_bereft
from workbench.usecases.edit_suite import slug_of
from workbench.usecases.export_suite import parse_address
from workbench.usecases.reads import not_found
from workbench.usecases.rearrange import Arranged, Place


def new_suite(address: str, file: SuiteFile, storage: Storage, author: Author) -> Arranged:
    """A suite without scenarios, as the version SUBSYSTEM@VERSION that is not there yet. `file`: its settings, with the
    names of the address. Raises UsageError, ErrorGroup of SuiteError."""
    subsystem, _, version = address.partition("@")
    if not version:
        raise UsageError(f"{address} names no version", hint="SUBSYSTEM@VERSION, as order@1.0.0")
    if any(each.version == version for each in storage.suites.versions(subsystem)):
        raise UsageError(f"{address} is already there", hint="choose another name")
    named = replace(file, suite=file.suite or subsystem, subsystem=subsystem, version=version)
    fitting_new("suite", "", named, Snapshot(Suite(file=named)), None)
    said = replace(author, message=author.message or "a new suite")
    changes = storage.joins.bring(Snapshot(Suite(file=named)), None, said, what="new").changes
    return Arranged(address, "", changes, [])


def set_suite(address: str, fields: Mapping[str, str], storage: Storage, author: Author) -> Arranged:
    """Change these fields of suite.yaml. Raises UsageError for none, ErrorGroup of SuiteError."""
    if not fields:
        raise UsageError("nothing is to be changed", hint="name a setting")
    there = parse_address(address, storage)
    snapshot, origin = storage.suites.get_with_origin(*there)
    file = replace(snapshot.suite.file, **fields)
    changed = replace(snapshot, suite=replace(snapshot.suite, file=file))
    fitting_new("suite", "", file, changed, None)
    changes = storage.joins.bring(changed, origin, author, what="save").changes
    return Arranged("@".join(there), "", changes, [])


def add(
    address: str,
    item: Scenario | Case,
    place: Place,
    storage: Storage,
    author: Author,
    scripts: ScriptCheck | None = None,
) -> Arranged:
    """Put a new scenario, with the cases that it has, or a new case into a version. Without ids it gets some.

    Raises ErrorGroup of SuiteError for what does not fit the suite, UsageError.
    """
    there = parse_address(address, storage)
    snapshot, origin = storage.suites.get_with_origin(*there)
    kind: SingleKind = "scenario" if isinstance(item, Scenario) else "case"
    name = item.scenario if isinstance(item, Scenario) else item.case
    if not name.strip():
        raise UsageError(f"a {kind} needs a name", where=f"/{kind}")
    if isinstance(item, Case) and place.into not in {each.id for each in snapshot.suite.scenarios.values()}:
        raise UsageError(
            f"{'@'.join(there)} has no scenario {place.into}".rstrip(), hint="name one to put the case into"
        )
    made = _with_ids(item)
    made = fitting_new(kind, made.id, made, snapshot, scripts)
    slug = slug_of(name) if kind == "scenario" else ""
    found = arrange.Found(made, slug, holder="" if kind == "scenario" else place.into, part="cases")
    suite = arrange.put(snapshot.suite, found, place.into, place.behind)
    changed = replace(snapshot, suite=suite)
    changes = storage.joins.bring(changed, origin, author, what="add").changes
    return Arranged("@".join(there), made.id, changes, [], not_found(made, changed))


def add_text(
    address: str,
    text: str | bytes,
    place: Place,
    storage: Storage,
    author: Author,
    scripts: ScriptCheck | None = None,
    *,
    shared: str = "",
) -> Arranged:
    """The same of JSON text: a case where `place` names a scenario, shared steps where `shared` names their file, else
    a scenario. Raises JsonError, StorageError for a text that is none."""
    kind = "shared" if shared else "case" if place.into else "scenario"
    value = decode(kind, json.dumps(json.loads(text, where=kind)), kind)
    if shared:
        return add_shared(address, shared, value, storage, author, scripts)
    return add(address, value, place, storage, author, scripts)


def _with_ids(item: Any) -> Any:
    """The scenario and its cases have ids; steps get theirs with the checks."""
    made = item if item.id else replace(item, id=new_id())
    return replace(made, cases=tuple(map(_with_ids, made.cases))) if isinstance(made, Scenario) else made


def add_shared(
    address: str,
    name: str,
    groups: Mapping[str, SharedSteps],
    storage: Storage,
    author: Author,
    scripts: ScriptCheck | None = None,
) -> Arranged:
    """Put a new file of shared steps into a version. Raises ErrorGroup of SuiteError, UsageError."""
    there = parse_address(address, storage)
    snapshot, origin = storage.suites.get_with_origin(*there)
    if name in _files_of(snapshot):
        raise UsageError(f"{'@'.join(there)} has shared steps {name}", hint="save them instead, or choose another name")
    if not groups or "." in file_name(name) or not name.isprintable():
        raise UsageError(f"{name!r} with {len(groups)} groups makes no file of shared steps",
                         hint="a name without dots and slashes, and at least one group")  # fmt: skip
    made = fitting_new("shared", name, groups, snapshot, scripts)
    shared = {**snapshot.suite.shared, **{f"{name}.{key}": group for key, group in made.items()}}
    changed = replace(snapshot, suite=replace(snapshot.suite, shared=shared))
    changes = storage.joins.bring(changed, origin, author, what="add").changes
    return Arranged("@".join(there), name, changes, [])


def remove_shared(address: str, name: str, storage: Storage, author: Author, *, expected: int = 0) -> Arranged:
    """Take a file of shared steps out of a version; it lies in the trash then. `expected`: the revision that the author
    has seen. Raises ErrorGroup of SuiteError when something uses it, UsageError, StaleError."""
    there = parse_address(address, storage)
    snapshot, origin = storage.suites.get_with_origin(*there)
    if name not in _files_of(snapshot):
        hint = did_you_mean(name, _files_of(snapshot))
        raise NotFoundError(f"{'@'.join(there)} has no shared steps {name}", hint=hint)
    number, text = revise.body(revise.find(name, storage, there[0], "shared"), storage, there[1])
    if expected not in (0, number):  # what is saved from here on is a conflict to `bring`
        raise StaleError("somebody else changed it meanwhile", where=name, hint="read it again, and decide then",
                         base="", mine="", theirs=text)  # fmt: skip
    shared = {key: group for key, group in snapshot.suite.shared.items() if key.partition(".")[0] != name}
    changed = replace(snapshot, suite=replace(snapshot.suite, shared=shared))
    refuse_bereft(snapshot, changed)
    changes = storage.joins.bring(changed, origin, author, what="remove").changes
    return Arranged("@".join(there), name, changes, [])


def _files_of(snapshot: Snapshot) -> list[str]:
    return list(dict.fromkeys(name.partition(".")[0] for name in snapshot.suite.shared))
