"""What two versions have in common: the revision that both made theirs of, document by document."""

import time
from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa
from msgspec.structs import replace

from workbench.storage.journal import last_save
from workbench.storage.state import Name, Piece, State, chunks, state_of
from workbench.storage.tables import documents, links, merges, revisions, save_entries, saves


class _Revision(NamedTuple):
    number: int
    hash: str
    parents: tuple[str, ...]


class Ancestry:
    """The revisions of a subsystem, and which came of which."""

    def __init__(self, connection: sa.Connection, subsystem_id: str) -> None:
        own = documents.c.subsystem_id == subsystem_id
        others: dict[str, list[str]] = {}
        query = sa.select(merges.c.revision_id, merges.c.other_id)
        query = query.join(revisions, revisions.c.id == merges.c.revision_id).join(documents)
        for revision_id, other_id in connection.execute(query.where(own)):
            others.setdefault(revision_id, []).append(other_id)
        rows = sa.select(revisions.c.id, revisions.c.number, revisions.c.hash, revisions.c.parent_id).join(documents)
        self._all: dict[str, _Revision] = {
            key: _Revision(number, hash_, (*([parent] if parent else []), *others.get(key, ())))
            for key, number, hash_, parent in connection.execute(rows.where(own))
        }

    def common(self, one: str, other: str) -> str:
        """The nearest revision that both came of; "" for none."""
        found = self._and_before(one) & self._and_before(other)
        nearest = found - {before for key in found for before in self._and_before(key) if before != key}
        return max(nearest or found, key=lambda key: self._all[key].number, default="")

    def hash(self, revision: str) -> str:
        return self._all[revision].hash

    def _and_before(self, revision: str) -> set[str]:
        found: set[str] = set()
        todo = [revision]
        while todo:
            key = todo.pop()
            if key not in found:
                found.add(key)
                todo += self._all[key].parents
        return found


class Versions(NamedTuple):
    """Keys of the version that changes come from, and of the one that they are brought into."""

    source: str
    target: str


def common_state(
    connection: sa.Connection, ancestry: Ancestry, ids: Versions, source: State, target: State
) -> dict[Name, Piece]:
    """What both versions made theirs of. What one has lost is in it where the other still has what came of that.

    Where documents stand is as it was when one was last made of all of the other; without such a time, as in the
    source, so that the target's own order stays.
    """
    places = _linked_state(connection, ids) or source
    lost_by_source, lost_by_target = (lost(connection, each) for each in ids)
    found = {}
    for name in {**source, **target}:
        mine = source[name].revision if name in source else lost_by_source.get(name)
        theirs = target[name].revision if name in target else lost_by_target.get(name)
        revision = ancestry.common(mine, theirs) if mine and theirs else ""
        if revision:
            place = places.get(name) or source.get(name) or target[name]
            found[name] = replace(place, revision=revision, hash=ancestry.hash(revision), body=None)
    return found


def lost(connection: sa.Connection, version_id: str) -> dict[Name, str]:
    """Document → the revision that the version held when it last lost it; what an undo took away was never there."""
    query = (
        sa.select(documents.c.kind, documents.c.key, save_entries.c.old_revision_id)
        .select_from(save_entries.join(saves, saves.c.id == save_entries.c.save_id))
        .join(documents, documents.c.id == save_entries.c.document_id)
        .where(saves.c.version_id == version_id, save_entries.c.new_revision_id.is_(None), saves.c.what != "undo")
        .order_by(saves.c.number)
    )
    return {(kind, key): revision for kind, key, revision in connection.execute(query)}


def link(connection: sa.Connection, ids: Versions) -> None:
    """Note that the target now has all that the source has."""
    same = sa.and_(links.c.version_id == ids.target, links.c.source_id == ids.source)
    connection.execute(sa.delete(links).where(same))
    row = {"version_id": ids.target, "source_id": ids.source, "source_save": last_save(connection, ids.source)}
    connection.execute(sa.insert(links), row | {"created_us": time.time_ns() // 1000})


def contain(connection: sa.Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Note that revisions hold what others changed, so that it is not brought to them again."""
    missing = set(pairs)
    known = sa.select(merges.c.revision_id, merges.c.other_id)
    for chunk in chunks(sorted({own for own, _ in missing})):
        missing -= {(own, other) for own, other in connection.execute(known.where(merges.c.revision_id.in_(chunk)))}
    if missing:
        connection.execute(sa.insert(merges), [{"revision_id": own, "other_id": other} for own, other in missing])


def _linked_state(connection: sa.Connection, ids: Versions) -> State | None:
    either = sa.or_(
        sa.and_(links.c.version_id == ids.target, links.c.source_id == ids.source),
        sa.and_(links.c.version_id == ids.source, links.c.source_id == ids.target),
    )
    query = sa.select(links.c.source_id, links.c.source_save).where(either).order_by(links.c.created_us.desc())
    row = connection.execute(query).first()
    return state_of(connection, row.source_id, row.source_save) if row else None
