"""Copy, move and remove cases, scenarios and steps of the database, within and across versions and subsystems."""

from msgspec import Struct, field
from msgspec.structs import replace

from workbench.errors import ErrorGroup, UsageError
from workbench.files import ScriptCheck
from workbench.storage import At, Author, Change, Snapshot, Storage, Trashed
from workbench.usecases import arrange
from workbench.usecases.check_merged import fits_now
from workbench.usecases.export_suite import parse_address
from workbench.usecases.reads import not_found
from workbench.usecases.references import Missing, Name, lost, refuse_lost


class Place(Struct, frozen=True, kw_only=True):
    """Where something is to stand. `version`: SUBSYSTEM[@VERSION], "": where it is; `into`: id of the scenario (for a
    case) or of the case or scenario (for a step), "": the one it is in; `behind`: id of what it stands behind there,
    "": first, None: last."""

    version: str = ""
    into: str = ""
    behind: str | None = None


class Arranged(Struct, frozen=True):
    """`version`: SUBSYSTEM@VERSION that was changed; `id`: of what was copied or moved; `brought`: datasets and shared
    groups that came with it; `warnings`: what it reads by name and does not find there."""

    version: str
    id: str
    changes: list[Change]
    brought: list[str]
    warnings: list[str] = field(default_factory=list)


def copy(
    source: str, item: str, place: Place, storage: Storage, author: Author, *, with_references: bool = False
) -> Arranged:
    """Copy `item` (`ID`, or `ID/STEP`) of the version `source`; the copy and all in it get ids of their own.

    What it names has to be there: with `with_references` datasets and shared steps that the target has not come with
    it. Raises ErrorGroup of UsageError for what is not there, UsageError, ErrorGroup of ConflictError.
    """
    return _put(source, item, place, storage, author, with_references, moved=False)


def move(
    source: str, item: str, place: Place, storage: Storage, author: Author, *, with_references: bool = False
) -> Arranged:
    """The same, and it leaves where it was. Within a version it keeps its ids and so its history; elsewhere it is
    copied first and removed then, so that it is never nowhere."""
    return _put(source, item, place, storage, author, with_references, moved=True)


def remove(source: str, item: str, storage: Storage, author: Author) -> Arranged:
    """Take it out of the version; cases and scenarios lie in its trash then."""
    subsystem, version = parse_address(source, storage)
    snapshot, origin = storage.suites.get_with_origin(subsystem, version)
    found = arrange.find(snapshot.suite, *_split(item))
    left = replace(snapshot, suite=arrange.without(snapshot.suite, found))
    changes = storage.joins.bring(left, origin, author, what="remove", check=refuse_lost).changes
    return Arranged(f"{subsystem}@{version}", found.item.id, changes, [])


def trash(source: str, storage: Storage) -> list[Trashed]:
    """What the version held once and holds no longer, last removed first."""
    return list(storage.saves.trash(*parse_address(source, storage)))


def restore(
    source: str, key: str, storage: Storage, author: Author, kind: str = "", *, scripts: ScriptCheck | None = None
) -> list[Change]:
    """Bring something back from the trash, to where it stood: a scenario with the cases that went with it. Raises
    UsageError, ErrorGroup for what does not fit in any more."""
    subsystem, version = parse_address(source, storage)
    all_ = trash(source, storage)
    found = [each for each in all_ if each.key == key and kind in ("", each.kind)]
    if len(found) != 1:
        problem = "is several things" if found else "is not in the trash"
        raise UsageError(f"{key} {problem}", where=f"{subsystem}@{version}", hint="`workbench trash list`; --kind")
    only: set[Name] = {(found[0].kind, key)}
    if found[0].kind == "scenario":
        went = storage.saves.compare(At(subsystem, version, found[0].save), At(subsystem, version, found[0].save - 1))
        only |= {(each.kind, each.key) for each in went if each.what == "added" and each.kind == "case"}
    said = replace(author, message=author.message or f"{found[0].kind} {key} out of the trash")
    at = At(subsystem, version, found[0].save)
    return storage.saves.undo(at, said, only=only, what="restore", check=fits_now(scripts))[0]


def _put(
    source: str, item: str, place: Place, storage: Storage, author: Author, with_references: bool, *, moved: bool
) -> Arranged:
    here, there = parse_address(source, storage), parse_address(place.version or source, storage)
    given = storage.suites.get(*here)
    target, origin = storage.suites.get_with_origin(*there)
    found = arrange.find(given.suite, *_split(item))
    into = place.into or found.holder
    if into and into not in {each.id for each in arrange.holders(target.suite)}:
        raise UsageError(f"{'@'.join(there)} has no {into}", hint="--into names where it is to stand")
    stays = moved and here == there
    left = arrange.without(target.suite, found) if stays else target.suite
    taken = {id_ for each in left.scenarios.values() for id_ in arrange.ids_of(each)}
    keeps = moved and not arrange.ids_of(found.item) & taken
    fresh = found.item if keeps else arrange.with_new_ids(found.item)
    fresh = arrange.for_subsystem(fresh, here[0], there[0], given.suite.file.group)
    suite = arrange.put(left, found._replace(item=fresh), into, place.behind)
    changed, brought = complete(replace(target, suite=suite), target, given, with_references)
    changes = storage.joins.bring(changed, origin, author, what="move" if moved else "copy", check=refuse_lost).changes
    if moved and not stays:
        remove(source, item, storage, author)
    return Arranged("@".join(there), fresh.id, changes, brought, not_found(fresh, changed))


def complete(changed: Snapshot, before: Snapshot, given: Snapshot, with_references: bool) -> tuple[Snapshot, list[str]]:
    """The target with what the new one names. Raises ErrorGroup for what is not there."""
    brought: list[str] = []
    while missing := lost(before, changed):
        found = next((each for each in missing if with_references and _in(given, each)), None)
        if found is None:
            raise ErrorGroup([UsageError(str(each), hint=_hint(each, given)) for each in missing])
        changed = _with(changed, found, given)
        brought.append(f"{found.what} {found.name}")
    return changed, brought


def _in(given: Snapshot, missing: Missing) -> bool:
    return missing.name in {"dataset": given.datasets, "shared group": given.suite.shared}.get(missing.what, {})


def _with(changed: Snapshot, missing: Missing, given: Snapshot) -> Snapshot:
    name = missing.name
    if missing.what == "dataset":
        return replace(changed, datasets={**changed.datasets, name: given.datasets[name]})
    old, new = given.suite.file.subsystem, changed.suite.file.subsystem
    group = arrange.for_subsystem(given.suite.shared[name], old, new, given.suite.file.group)
    return replace(changed, suite=replace(changed.suite, shared={**changed.suite.shared, name: group}))


def _hint(missing: Missing, given: Snapshot) -> str:
    if _in(given, missing):
        return "--with-references brings it along"
    return f"add the {missing.what} to the target's suite.yaml first"


def _split(item: str) -> tuple[str, str]:
    """Raises UsageError for `ID/`, which would stand for all of it where a script has lost the step's id."""
    key, slash, step = item.partition("/")
    if slash and not step:
        raise UsageError(f"{item} names no step", where="item", hint=f"write {key}/STEP, or {key} for all of it")
    return key, step
