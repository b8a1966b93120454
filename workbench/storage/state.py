"""What a version holds, document by document: now, or as it was after an earlier save."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from msgspec import Struct

from workbench.model import json
from workbench.storage.content import Document
from workbench.storage.tables import documents, entries, revisions, save_entries, saves, versions

_CHUNK = 500  # keys in one IN (…): SQLite before 3.32 takes 999 variables
Name = tuple[str, str]  # (kind, key) of a document


class Entry(NamedTuple):
    """Where a document of a version stands, by keys of rows."""

    revision_id: str
    scenario_id: str | None
    position: int
    name: str


class Piece(Struct, frozen=True, kw_only=True):
    """A document of a version: where it stands, and its content by hash, as a revision or as a body without one yet."""

    kind: str
    key: str
    hash: str
    scenario: str = ""  # key of a case's scenario
    position: int = 0
    name: str = ""  # of its file
    revision: str = ""  # the row; "": none yet
    body: str | None = None  # None: that of the revision
    other: str = ""  # the revision that was merged into it


State = Mapping[Name, Piece]


def piece_of(document: Document) -> Piece:
    return Piece(
        kind=document.kind,
        key=document.key,
        hash=document.hash,
        scenario=document.scenario,
        position=document.position,
        name=document.name,
        body=document.body,
    )


def state_of(connection: sa.Connection, version_id: str, save: int | None = None) -> dict[Name, Piece]:
    """What the version holds; `save`: what it held after that one (0: what it was made with)."""
    held = held_entries(connection, version_id)
    if save is not None:
        held = _before_later_saves(connection, version_id, save, held)
    names = _names(connection, version_id)
    hashes = _hashes(connection, version_id, [entry.revision_id for entry in held.values()])
    found = {}
    for document_id, entry in held.items():
        kind, key = names[document_id]
        found[kind, key] = Piece(
            kind=kind,
            key=key,
            hash=hashes[entry.revision_id],
            scenario=names[entry.scenario_id][1] if entry.scenario_id else "",
            position=entry.position,
            name=entry.name,
            revision=entry.revision_id,
        )
    return found


def held_entries(connection: sa.Connection, version_id: str) -> dict[str, Entry]:
    """Document → entry, as the version is now."""
    query = sa.select(entries.c.document_id, *(entries.c[name] for name in Entry._fields))
    rows = connection.execute(query.where(entries.c.version_id == version_id))
    return {document_id: Entry(*entry) for document_id, *entry in rows}


def _before_later_saves(
    connection: sa.Connection, version_id: str, save: int, held: Mapping[str, Entry]
) -> dict[str, Entry]:
    old = (save_entries.c[f"old_{name}"] for name in Entry._fields)
    query = sa.select(save_entries.c.document_id, *old).join(saves, saves.c.id == save_entries.c.save_id)
    query = query.where(saves.c.version_id == version_id, saves.c.number > save).order_by(saves.c.number.desc())
    before = dict(held)
    for document_id, *entry in connection.execute(query):
        if entry[0] is None:
            before.pop(document_id, None)
        else:
            before[document_id] = Entry(*entry)
    return before


def _names(connection: sa.Connection, version_id: str) -> dict[str, Name]:
    """Of all documents of the version's subsystem."""
    subsystem = sa.select(versions.c.subsystem_id).where(versions.c.id == version_id).scalar_subquery()
    query = sa.select(documents.c.id, documents.c.kind, documents.c.key).where(documents.c.subsystem_id == subsystem)
    return {row.id: (row.kind, row.key) for row in connection.execute(query)}


def _hashes(connection: sa.Connection, version_id: str, wanted: Iterable[str]) -> dict[str, str]:
    held = sa.select(entries.c.revision_id).where(entries.c.version_id == version_id)
    query = sa.select(revisions.c.id, revisions.c.hash)
    found = {row.id: row.hash for row in connection.execute(query.where(revisions.c.id.in_(held)))}
    for chunk in chunks([each for each in wanted if each not in found]):
        found |= {row.id: row.hash for row in connection.execute(query.where(revisions.c.id.in_(chunk)))}
    return found


def bodies_of(connection: sa.Connection, revision_ids: Iterable[str]) -> dict[str, str]:
    """Revision → its JSON text."""
    query = sa.select(revisions.c.id, revisions.c.body)
    found: dict[str, str] = {}
    for chunk in chunks(list(dict.fromkeys(revision_ids))):
        found |= {row.id: row.body for row in connection.execute(query.where(revisions.c.id.in_(chunk)))}
    return found


def digest_of(subsystem: str, version: str, pieces: Iterable[Piece | Document]) -> str:
    """SHA-256 of all that a version holds, its names and places too."""
    places = sorted([each.kind, each.key, each.hash, each.scenario, each.position, each.name] for each in pieces)
    return hashlib.sha256(json.dump_bytes([subsystem, version, places])).hexdigest()


def chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK))
