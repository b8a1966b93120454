"""One version brought into another: what is new, what goes forward, what is put together, what has to be chosen."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from workbench.errors import UsageError
from workbench.model import json
from workbench.model.near import did_you_mean
from workbench.storage.ancestry import Ancestry, Versions, common_state, contain, link
from workbench.storage.author import Author
from workbench.storage.database import Database
from workbench.storage.dataset_merge import DatasetMerge
from workbench.storage.joins import conflicts, refuse_unused
from workbench.storage.merge import path_text
from workbench.storage.save import Change, Save
from workbench.storage.state import Name, Piece, State, bodies_of, state_of
from workbench.storage.suites import Check, check_names, find_version, held_snapshot, lock_subsystem
from workbench.storage.threeway import Choices, Joined, join
from workbench.storage.vault import Vault

Status = Literal["new", "fast-forward", "merged", "conflict", "moved", "removed"]


class SyncItem(Struct, frozen=True):
    """What becomes of one document of the target. `name`: of the case or scenario; `conflicts`: paths to choose."""

    kind: str
    key: str
    status: Status
    name: str = ""
    conflicts: tuple[str, ...] = ()


class Synced(Struct, frozen=True):
    """`changes` is empty in a preview; `save`: the number of the target's save."""

    items: list[SyncItem]
    changes: list[Change]
    save: int = 0


class Sync:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def sync(
        self,
        subsystem: str,
        source: str,
        target: str,
        author: Author,
        choices: Choices | None = None,
        *,
        only: Collection[Name] | None = None,
        remove: bool = False,
        preview: bool = False,
        check: Check | None = None,
    ) -> Synced:
        """Bring what changed in the version `source` into `target`, in one transaction.

        `only`: these documents, a scenario with its cases; None: all. `remove`: also that something is gone.
        `preview`: only tell what would become of each document, conflicts too. Of a conflict, "mine" is the source's
        value and "theirs" the target's; what nobody chose raises ErrorGroup of ConflictError. `check`: is shown what
        the target was and becomes; what it raises takes all back. Raises UsageError.
        """
        check_names(subsystem, target, author)
        chosen = choices or Choices()
        with self._database.writing() as connection:
            ids = Versions(*(find_version(connection, subsystem, name) for name in (source, target)))
            if ids.source == ids.target:
                raise UsageError("a version cannot be brought into itself", where=f"{subsystem}@{source}")
            subsystem_id = lock_subsystem(connection, subsystem, author)
            sides = self._sides(connection, subsystem_id, ids, only, remove)
            joined = join(
                *sides,
                chosen,
                lambda revisions: bodies_of(connection, revisions),
                self._vault,
                DatasetMerge(connection),
            )
            items = list(_items(sides, joined, connection))
            before = held_snapshot(connection, ids.target, subsystem, target) if check and items else None
            if preview:
                if check and before and not joined.clashes:
                    Save(connection, subsystem_id, ids.target, author, "sync").put(joined.pieces)
                    check(before, held_snapshot(connection, ids.target, subsystem, target) or before)
                connection.rollback()
                return Synced(items, [])
            if joined.clashes:
                raise conflicts(joined.clashes, sides, connection, f"{subsystem}@{target}", ("source", "target"))
            refuse_unused(chosen)
            save = Save(connection, subsystem_id, ids.target, author, "sync")
            changes = save.put(joined.pieces)
            if check and before:
                check(before, held_snapshot(connection, ids.target, subsystem, target) or before)
            contain(connection, joined.contained)
            if only is None:
                link(connection, ids)
            return Synced(items, changes, save.number)

    @staticmethod
    def _sides(
        connection: sa.Connection, subsystem_id: str, ids: Versions, only: Collection[Name] | None, remove: bool
    ) -> tuple[State, State, State]:
        source, target = (state_of(connection, each) for each in ids)
        base = common_state(connection, Ancestry(connection, subsystem_id), ids, source, target)
        wanted = {*source, *target} if only is None else _wanted(only, source, target)
        if not remove:
            wanted -= {name for name in wanted if name not in source}
        return _narrowed(base, source, target, wanted, whole=only is None)


def _wanted(only: Collection[Name], source: State, target: State) -> set[Name]:
    """With the cases of scenarios, and the scenario of a case that the target has not."""
    found: set[Name] = set()
    for name in only:
        if name not in source and name not in target:
            kind, key = name
            hint = did_you_mean(key, [other for kind_, other in source if kind_ == kind])
            raise UsageError(f"neither version has the {kind} {key}".rstrip(), hint=hint)
        found.add(name)
        if name[0] == "scenario":
            found |= {(each.kind, each.key) for each in source.values() if each.scenario == name[1]}
            found |= {(each.kind, each.key) for each in target.values() if each.scenario == name[1]}
    homes = {("scenario", source[name].scenario) for name in found if name in source and source[name].scenario}
    return found | {home for home in homes if home not in target}


def _narrowed(
    base: State, source: State, target: State, wanted: set[Name], *, whole: bool
) -> tuple[State, State, State]:
    """The three sides, in which only what is wanted differs between base and source."""
    old, mine = dict(base), dict(source)
    for name in {**source, **target}:
        if name in wanted:
            if not whole and name in old and name in source:  # orders are told by one list only
                old[name] = replace(old[name], position=source[name].position)
        elif name in target:
            place = source.get(name, target[name])
            content = {"revision": target[name].revision, "hash": target[name].hash}
            old[name] = mine[name] = replace(place, **content)
        else:
            old.pop(name, None)
            mine.pop(name, None)
    return old, mine, target


def _items(sides: tuple[State, State, State], joined: Joined, connection: sa.Connection) -> Iterator[SyncItem]:
    base, source, target = sides
    after = {(each.kind, each.key): each for each in joined.pieces}
    clashing: dict[Name, list[str]] = {}
    for clash in joined.clashes:
        clashing.setdefault((clash.kind, clash.key), []).append(path_text(clash.path))
    found: dict[Name, Status] = {}
    for name in {**source, **target}:
        status = _status(name, base, target, after)
        if name in clashing or status:
            found[name] = "conflict" if name in clashing else status or "moved"
    names = _names(found, {**target, **after}, connection)
    for name, status in found.items():
        yield SyncItem(*name, status, names[name], tuple(clashing.get(name, ())))


def _status(name: Name, base: State, target: State, after: State) -> Status | None:
    """None: it stays as it is."""
    held, new = target.get(name), after.get(name)
    if held is None or new is None:
        return "removed" if held else "new" if new else None
    if new.hash != held.hash:
        return "fast-forward" if name in base and base[name].hash == held.hash else "merged"
    return "moved" if new.scenario != held.scenario else None


def _names(wanted: Iterable[Name], pieces: State, connection: sa.Connection) -> dict[Name, str]:
    """Names of cases and scenarios."""
    titled: Sequence[Name] = [name for name in wanted if name[0] in ("case", "scenario")]
    bodies = bodies_of(connection, [pieces[name].revision for name in titled if pieces[name].revision])
    found = dict.fromkeys(wanted, "")
    for name in titled:
        found[name] = _title(pieces[name], bodies)
    return found


def _title(piece: Piece, bodies: dict[str, str]) -> str:
    body = bodies[piece.revision] if piece.revision else piece.body or "{}"
    return str(json.loads(body).get(piece.kind, ""))
