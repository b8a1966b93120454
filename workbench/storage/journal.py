"""The saves of a version: who changed which entries when, from what to what."""

import time
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from workbench.model.noted import SaveKind
from workbench.storage.audit import note
from workbench.storage.author import Author
from workbench.storage.keys import new_keys
from workbench.storage.state import Entry
from workbench.storage.tables import save_entries, saves, subsystems, versions

_NOTHING = Entry("", None, 0, "")


def last_save(connection: sa.Connection, version_id: str) -> int:
    """Its number; 0: none since the version was made."""
    query = sa.select(sa.func.max(saves.c.number)).where(saves.c.version_id == version_id)
    return connection.scalar(query) or 0


def record(
    connection: sa.Connection,
    version_id: str,
    author: Author,
    what: SaveKind,
    old: Mapping[str, Entry],
    new: Mapping[str, Entry],
) -> int:
    """Note what changed between two maps of document → entry; gives the number of the save, or of the last one when
    nothing changed."""
    number = last_save(connection, version_id)
    changed = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    if not changed:
        return number
    row = {"id": new_keys(1)[0], "version_id": version_id, "number": number + 1, "what": what, "author": author.name}
    row |= {"created_us": time.time_ns() // 1000, "message": author.message}
    connection.execute(sa.insert(saves), row)
    rows = [
        {"save_id": row["id"], "document_id": key, **_side("old", old.get(key)), **_side("new", new.get(key))}
        for key in changed
    ]
    connection.execute(sa.insert(save_entries), rows)
    named = sa.select(subsystems.c.name, versions.c.name.label("version")).join(versions)
    subsystem, version = connection.execute(named.where(versions.c.id == version_id)).one()
    counts = {"save": number + 1, "documents": len(changed), "message": author.message}
    note(connection, author, what, f"{subsystem}@{version}", subsystem=subsystem, after=counts)
    return number + 1


def _side(name: str, entry: Entry | None) -> dict[str, Any]:
    values = {f"{name}_{field}": value for field, value in (entry or _NOTHING)._asdict().items()}
    return values | {f"{name}_revision_id": entry.revision_id if entry else None}
