"""The saves of a version: listed, compared, taken back."""

from collections.abc import Collection, Sequence
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from msgspec import UNSET, Struct
from msgspec.structs import replace

from workbench.errors import UsageError
from workbench.model import json
from workbench.model.json import Json
from workbench.model.noted import SaveKind
from workbench.storage.author import Author
from workbench.storage.database import Database
from workbench.storage.dataset_merge import DatasetMerge
from workbench.storage.joins import conflicts, refuse_unused
from workbench.storage.journal import last_save
from workbench.storage.merge import Difference
from workbench.storage.row_compare import compare_bodies
from workbench.storage.rows import Rows
from workbench.storage.save import Change, Save
from workbench.storage.state import Name, Piece, State, bodies_of, state_of
from workbench.storage.suites import Check, check_names, find_version, held_snapshot, lock_subsystem
from workbench.storage.tables import documents, save_entries, saves
from workbench.storage.threeway import Choices, join
from workbench.storage.vault import Vault


class SaveInfo(Struct, frozen=True):
    number: int
    what: str  # a SaveKind
    author: str
    created_us: int  # microseconds since 1970, UTC
    message: str
    documents: int  # how many it changed


class At(NamedTuple):
    """A version as it is (None), or as it was after a save."""

    subsystem: str
    version: str
    save: int | None = None


class DocumentDifference(Struct, frozen=True):
    """What is not the same of one document. `name`: of the case or scenario; `moved`: it stands in another scenario, or
    its file has another name."""

    what: Literal["added", "removed", "changed", "moved"]
    kind: str
    key: str
    name: str
    differences: list[Difference]


class Trashed(Struct, frozen=True):
    """A document that a version holds no longer. `save`: that removed it."""

    kind: str
    key: str
    name: str  # of the case or scenario
    save: int
    author: str
    created_us: int


class Saves:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._rows = Rows(database)

    def all(self, subsystem: str, version: str) -> Sequence[SaveInfo]:
        """Newest first."""
        count = sa.select(sa.func.count()).where(save_entries.c.save_id == saves.c.id)
        changed = count.scalar_subquery().label("documents")
        own = (saves.c[name] for name in SaveInfo.__struct_fields__[:-1])
        with self._database.reading() as connection:
            query = sa.select(*own, changed).where(saves.c.version_id == find_version(connection, subsystem, version))
            rows = connection.execute(query.order_by(saves.c.number.desc())).all()
        return [SaveInfo(**row._mapping) for row in rows]

    def compare(self, before: At, after: At) -> Sequence[DocumentDifference]:
        """What differs, document by document, step by step, field by field. Raises UsageError."""
        with self._database.reading() as connection:
            old, new = (_state(connection, each) for each in (before, after))
            both = sorted({**old, **new}.values(), key=_reading_order)
            names = [name for piece in both if _differs(old.get(name := (piece.kind, piece.key)), new.get(name))]
            wanted = [side[name].revision for side in (old, new) for name in names if name in side]
            bodies = bodies_of(connection, wanted)
        return [self._difference(name, old, new, bodies) for name in names]

    def _difference(self, name: Name, old: State, new: State, bodies: dict[str, str]) -> DocumentDifference:
        before, after = (_value(side, name, bodies) for side in (old, new))
        title = _title(name, bodies[(new if name in new else old)[name].revision])
        if before is UNSET or after is UNSET:
            return DocumentDifference("added" if before is UNSET else "removed", *name, title, [])
        found = compare_bodies(name[0], before, after, self._rows)
        return DocumentDifference("changed" if found else "moved", *name, title, found)

    def trash(self, subsystem: str, version: str) -> Sequence[Trashed]:
        """What a version held once and holds no longer, last removed first."""
        with self._database.reading() as connection:
            version_id = find_version(connection, subsystem, version)
            held = state_of(connection, version_id)
            rows = [row for row in connection.execute(_removals(version_id)) if (row.kind, row.key) not in held]
            newest = {(row.kind, row.key): row for row in reversed(rows)}
            bodies = bodies_of(connection, [row.old_revision_id for row in newest.values()])
        found = [
            Trashed(*name, _title(name, bodies[row.old_revision_id]), row.number, row.author, row.created_us)
            for name, row in newest.items()
        ]
        return sorted(found, key=lambda each: (-each.save, each.kind, each.key))

    def undo(
        self,
        version: At,
        author: Author,
        choices: Choices | None = None,
        *,
        only: Collection[Name] | None = None,
        what: SaveKind = "undo",
        preview: bool = False,
        check: Check | None = None,
    ) -> tuple[list[Change], int]:
        """Take back what one save did, and nothing that was done since; gives the changes and the new save's number.

        `only`: take back what it did to these documents; `what`: how the new save is called. What was changed again
        since is a conflict: "mine" is what was before that save, "theirs" what is now. `check`: is shown what the
        version was and becomes. Raises ErrorGroup of ConflictError, UsageError.
        """
        chosen = choices or Choices()
        with self._database.writing() as connection:
            subsystem_id, version_id = _locked(connection, version, author)
            number = version.save or 0
            if not number:
                raise UsageError("name the save that is to be undone", where=f"{version.subsystem}@{version.version}")
            sides = [state_of(connection, version_id, at) for at in (number, number - 1, None)]
            now, (before, after) = sides[2], _only(sides[1], sides[0], only)
            joined = join(
                after,
                before,
                now,
                chosen,
                lambda revisions: bodies_of(connection, revisions),
                self._vault,
                DatasetMerge(connection),
            )
            if joined.clashes:
                where = f"{version.subsystem}@{version.version}"
                raise conflicts(joined.clashes, (after, before, now), connection, where, ("before", "now"))
            refuse_unused(chosen)
            place = (version_id, version.subsystem, version.version)
            was = held_snapshot(connection, *place) if check else None
            save = Save(connection, subsystem_id, version_id, author, what)
            changes = save.put(joined.pieces)
            if check and was and (becomes := held_snapshot(connection, *place)):
                check(was, becomes)
            if preview:
                connection.rollback()
            return changes, save.number

    def restore(self, version: At, author: Author, *, preview: bool = False) -> tuple[list[Change], int]:
        """Make the version hold what it held after a save; gives the changes and the new save's number."""
        with self._database.writing() as connection:
            subsystem_id, version_id = _locked(connection, version, author)
            held = state_of(connection, version_id, version.save)
            if not held:
                raise UsageError("it held nothing then", where=f"{version.subsystem}@{version.version}")
            save = Save(connection, subsystem_id, version_id, author, "restore")
            changes = save.put(list(held.values()))
            if preview:
                connection.rollback()
            return changes, save.number


def _only(before: State, after: State, only: Collection[Name] | None) -> tuple[State, State]:
    """(before, after) of a save that had done nothing but what it did to these documents, and to their scenarios where
    they went too. Of the others, places are told by one list only: that of before."""
    if only is None:
        return before, after
    homes = {("scenario", before[name].scenario) for name in only if name in before}
    back = {*only, *(home for home in homes if home not in after)}
    stayed = {
        name: replace(piece, position=before[name].position) if name in before else piece
        for name, piece in after.items()
    }
    rest = {name: piece for name, piece in stayed.items() if name not in back}
    return rest | {name: before[name] for name in back if name in before}, stayed


def _removals(version_id: str) -> sa.Select[Any]:
    """Newest first."""
    columns = (documents.c.kind, documents.c.key, save_entries.c.old_revision_id)
    return (
        sa.select(*columns, saves.c.number, saves.c.author, saves.c.created_us)
        .select_from(save_entries.join(saves, saves.c.id == save_entries.c.save_id))
        .join(documents, documents.c.id == save_entries.c.document_id)
        .where(saves.c.version_id == version_id, save_entries.c.new_revision_id.is_(None))
        .order_by(saves.c.number.desc())
    )


def _title(name: Name, body: str) -> str:
    return str(json.loads(body).get(name[0], "")) if name[0] in ("case", "scenario") else ""


def _locked(connection: sa.Connection, at: At, author: Author) -> tuple[str, str]:
    """Subsystem and version, when it has the save."""
    check_names(at.subsystem, at.version, author)
    version_id = _checked(connection, at)
    return lock_subsystem(connection, at.subsystem, author), version_id


def _state(connection: sa.Connection, at: At) -> State:
    return state_of(connection, _checked(connection, at), at.save)


def _checked(connection: sa.Connection, at: At) -> str:
    version_id = find_version(connection, at.subsystem, at.version)
    last = last_save(connection, version_id)
    if at.save is not None and not 0 <= at.save <= last:
        hint = f"its saves are 1 to {last}" if last else "it has none yet"
        raise UsageError(f"{at.subsystem}@{at.version} has no save {at.save}", hint=hint)
    return version_id


def _reading_order(piece: Piece) -> tuple[str, str, int, str]:
    return piece.kind, piece.scenario, piece.position, piece.key


def _differs(old: Piece | None, new: Piece | None) -> bool:
    """Not by its position alone: that of others changes when one is put before them."""
    if old is None or new is None:
        return True
    return (old.hash, old.scenario, old.name) != (new.hash, new.scenario, new.name)


def _value(side: State, name: Name, bodies: dict[str, str]) -> Json:
    return json.loads(bodies[side[name].revision]) if name in side else UNSET
