"""A version becomes what it is told to be: new revisions where content is new, entries where places changed."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from msgspec import Struct

from workbench.model.noted import SaveKind
from workbench.storage.author import Author
from workbench.storage.heads import head_rows
from workbench.storage.journal import record
from workbench.storage.keys import new_keys
from workbench.storage.state import Entry, Name, Piece, chunks
from workbench.storage.tables import documents, entries, heads, merges, revisions


class Change(Struct, frozen=True):
    """What a save did to one document of a version. `moved`: another place, the same content."""

    what: Literal["added", "changed", "moved", "removed"]
    kind: str
    key: str


class _Head(NamedTuple):
    """The newest revision of a document, and the newest with each content."""

    number: int
    revision_id: str
    by_hash: Mapping[str, str]


class _Held(NamedTuple):
    hash: str
    entry: Entry


class Save:
    """One save, in a transaction that has locked the subsystem."""

    def __init__(
        self, connection: sa.Connection, subsystem_id: str, version_id: str, author: Author, what: SaveKind
    ) -> None:
        self.connection = connection
        self.subsystem_id = subsystem_id
        self.version_id = version_id
        self.author = author
        self.what = what
        self.number = 0  # of the save, after `put`; of the last one when nothing changed

    def put(self, wanted: Sequence[Piece]) -> list[Change]:
        """Make the version hold exactly these documents."""
        ids = self._ids(wanted)
        held = self._held()
        saved = self._revisions([each for each in wanted if _differs(held.get(ids[_name(each)]), each)], ids, held)
        new: dict[str, Entry] = {}
        for each in wanted:
            document_id = ids[_name(each)]
            scenario_id = ids["scenario", each.scenario] if each.scenario else None
            revision_id = saved.get(document_id) or held[document_id].entry.revision_id
            new[document_id] = Entry(revision_id, scenario_id, each.position, each.name)
        old = {document_id: each.entry for document_id, each in held.items()}
        self._map(old, new)
        self.number = record(self.connection, self.version_id, self.author, self.what, old, new)
        names = {document_id: name for name, document_id in ids.items()}
        return list(_changes(old, new, names))

    def _held(self) -> dict[str, _Held]:
        """What the version holds now, by document."""
        columns = (entries.c[name] for name in Entry._fields)
        query = sa.select(entries.c.document_id, revisions.c.hash, *columns)
        query = query.join(revisions, revisions.c.id == entries.c.revision_id)
        rows = self.connection.execute(query.where(entries.c.version_id == self.version_id))
        return {document_id: _Held(hash_, Entry(*entry)) for document_id, hash_, *entry in rows}

    def _ids(self, wanted: Iterable[Piece]) -> dict[Name, str]:
        """Every document of the subsystem; new ones are made."""
        query = sa.select(documents.c.id, documents.c.kind, documents.c.key)
        rows = self.connection.execute(query.where(documents.c.subsystem_id == self.subsystem_id))
        ids: dict[Name, str] = {(row.kind, row.key): row.id for row in rows}
        missing = list(dict.fromkeys(name for name in map(_name, wanted) if name not in ids))
        made = dict(zip(missing, new_keys(len(missing)), strict=True))
        rows_made = [
            {"id": document_id, "subsystem_id": self.subsystem_id, "kind": kind, "key": key}
            for (kind, key), document_id in made.items()
        ]
        _insert(self.connection, documents, rows_made)
        return ids | made

    def _revisions(
        self, changed: Sequence[Piece], ids: Mapping[Name, str], held: Mapping[str, _Held]
    ) -> dict[str, str]:
        """Document → revision, of those that are new to the version or changed in it.

        A content that is new to the version but not to the document is a revision already: another version's.
        """
        newest = self._heads([ids[_name(each)] for each in changed])
        saved, rows, made, now_us = {}, [], [], time.time_ns() // 1000
        for each, key in zip(changed, new_keys(len(changed)), strict=True):
            document_id = ids[_name(each)]
            head, before = newest.get(document_id), held.get(document_id)
            known = each.revision or (head.by_hash.get(each.hash) if head and before is None else None)
            saved[document_id] = known or key
            if known is None:
                parent = before.entry.revision_id if before else head.revision_id if head else None
                number = head.number + 1 if head else 1
                rows.append(revision_row(key, document_id, number, parent, each, self.author, now_us))
                made.append((key, each.kind, each.body or ""))
        _insert(self.connection, revisions, rows)
        _insert(self.connection, heads, head_rows(made))
        put_together = [(saved[ids[_name(each)]], each.other) for each in changed if each.other and not each.revision]
        _insert(self.connection, merges, [{"revision_id": own, "other_id": other} for own, other in put_together])
        return saved

    def _heads(self, document_ids: Sequence[str]) -> dict[str, _Head]:
        found: dict[str, _Head] = {}
        query = sa.select(revisions.c.document_id, revisions.c.id, revisions.c.number, revisions.c.hash)
        for chunk in chunks(document_ids):
            rows = self.connection.execute(query.where(revisions.c.document_id.in_(chunk)).order_by(revisions.c.number))
            for row in rows:
                before = found.get(row.document_id)
                by_hash = {**(before.by_hash if before else {}), row.hash: row.id}
                found[row.document_id] = _Head(row.number, row.id, by_hash)
        return found

    def _map(self, old: Mapping[str, Entry], new: Mapping[str, Entry]) -> None:
        of_version = entries.c.version_id == self.version_id
        for chunk in chunks([document_id for document_id in old if document_id not in new]):
            self.connection.execute(sa.delete(entries).where(of_version, entries.c.document_id.in_(chunk)))
        self._replace({key: entry for key, entry in new.items() if key in old and old[key] != entry})
        rows = [
            {"version_id": self.version_id, "document_id": document_id, **entry._asdict()}
            for document_id, entry in new.items()
            if document_id not in old
        ]
        _insert(self.connection, entries, rows)

    def _replace(self, changed: Mapping[str, Entry]) -> None:
        if not changed:
            return
        values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in Entry._fields}
        one = (entries.c.version_id == self.version_id, entries.c.document_id == sa.bindparam("of"))
        rows = [
            {"of": document_id, **{f"new_{name}": value for name, value in entry._asdict().items()}}
            for document_id, entry in changed.items()
        ]
        self.connection.execute(sa.update(entries).where(*one).values(**values), rows)


def _changes(old: Mapping[str, Entry], new: Mapping[str, Entry], names: Mapping[str, Name]) -> Iterator[Change]:
    for document_id, entry in new.items():
        before = old.get(document_id)
        if before is None:
            yield Change("added", *names[document_id])
        elif before.revision_id != entry.revision_id:
            yield Change("changed", *names[document_id])
        elif before != entry:
            yield Change("moved", *names[document_id])
    for document_id in old:
        if document_id not in new:
            yield Change("removed", *names[document_id])


def _differs(held: _Held | None, document: Piece) -> bool:
    return held is None or held.hash != document.hash


def _name(document: Piece) -> Name:
    return document.kind, document.key


def revision_row(
    key: str, document_id: str, number: int, parent_id: str | None, piece: Piece, author: Author, now_us: int
) -> dict[str, Any]:
    """A row of the table revisions."""
    return {
        "id": key,
        "document_id": document_id,
        "number": number,
        "parent_id": parent_id,
        "hash": piece.hash,
        "author": author.name,
        "created_us": now_us,
        "message": author.message,
        "body": piece.body,
    }


def _insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)
