"""What new artifacts changed in the contract of a version, and which cases that hits: flagged until somebody looked.

The comparison itself is kept as JSON text, as it was made: what it says of a case does not change with later ones.
"""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from workbench.model import json
from workbench.model.contract_diff import SEVERITIES, Severity
from workbench.storage.audit import note
from workbench.storage.author import Author
from workbench.storage.content import decode
from workbench.storage.database import Database
from workbench.storage.keys import new_keys
from workbench.storage.state import chunks
from workbench.storage.suites import find_version, newest_version, refuse_stranger
from workbench.storage.tables import PRESENT, documents, entries, revisions, subsystems, versions
from workbench.storage.tables_impacts import case_flags, contract_changes


class Impact(Struct, frozen=True):
    """A comparison that is to be kept. `cases`: id → numbers of the changes in `body` that hit it."""

    dependency: str
    body: str  # JSON
    cases: Mapping[str, tuple[int, ...]]
    severities: Mapping[str, Severity]  # id → of the gravest


class Spread(Struct, frozen=True):
    """What a change of one version does to a version of another subsystem that depends on it."""

    subsystem: str
    version: str
    impact: Impact


class ContractChange(Struct, frozen=True):
    """`id`: what settles its flags; `open`: how many are not settled. `origin`: SUBSYSTEM@VERSION that was changed,
    "" for the version itself; `save` is a save of that."""

    id: str
    save: int
    dependency: str
    author: str
    created_us: int  # microseconds since 1970, UTC
    flags: int
    open: int
    origin: str = ""


class Flag(Struct, frozen=True):
    """A case that a change hits. `changes`: numbers in the comparison of `change`. `origin`: SUBSYSTEM@VERSION where
    the change came from, "" for the version itself; `save` is a save of that."""

    case: str
    change: str
    save: int
    dependency: str
    severity: Severity
    changes: tuple[int, ...]
    created_us: int
    settled_by: str = ""
    settled_us: int = 0
    origin: str = ""


def spread_out(
    connection: sa.Connection, place: tuple[str, str], save: int, author: Author, others: Iterable[Spread]
) -> None:
    """Flag cases of versions that depend on `place`, in the transaction that changes it."""
    origin = "@".join(place)
    for each in others:
        version_id = find_version(connection, each.subsystem, each.version)
        keep(connection, version_id, save, author, each.impact, origin)
        told = {"origin": origin, "save": save, "flags": len(each.impact.cases)}
        note(connection, author, "flagged", f"{each.subsystem}@{each.version}", subsystem=each.subsystem, after=told)


def keep(
    connection: sa.Connection, version_id: str, save: int, author: Author, impact: Impact, origin: str = ""
) -> None:
    """In the transaction that brings the artifacts. `origin`: of which version `save` is, "" for this one."""
    key, now_us = new_keys(1)[0], time.time_ns() // 1000
    row = {"id": key, "version_id": version_id, "save": save, "dependency": impact.dependency, "origin": origin}
    row |= {"author": author.name, "created_us": now_us, "body": impact.body}
    connection.execute(sa.insert(contract_changes), row)
    ids = _documents(connection, version_id, impact.cases)
    rows = [
        {
            "change_id": key,
            "document_id": ids[case],
            "severity": impact.severities[case],
            "changes": json.dumps(numbers),
            "settled_by": "",
            "settled_us": 0,
        }
        for case, numbers in impact.cases.items()
        if case in ids
    ]
    if rows:
        connection.execute(sa.insert(case_flags), rows)


def _documents(connection: sa.Connection, version_id: str, cases: Collection[str]) -> dict[str, str]:
    """Id of a case → its document."""
    subsystem = sa.select(versions.c.subsystem_id).where(versions.c.id == version_id).scalar_subquery()
    query = sa.select(documents.c.key, documents.c.id)
    query = query.where(documents.c.subsystem_id == subsystem, documents.c.kind == "case")
    found: dict[str, str] = {}
    for chunk in chunks(sorted(cases)):
        found |= {row.key: row.id for row in connection.execute(query.where(documents.c.key.in_(chunk)))}
    return found


class Impacts:
    def __init__(self, database: Database) -> None:
        self._database = database

    def changes(self, subsystem: str, version: str) -> list[ContractChange]:
        """Newest first. Raises NotFoundError."""
        names = ("id", "save", "dependency", "author", "created_us", "origin")
        own: list[Any] = [contract_changes.c[name] for name in names]
        open_ = sa.func.count(sa.case((case_flags.c.settled_us == 0, 1)))
        query = (
            sa.select(*own, sa.func.count(case_flags.c.document_id).label("flags"), open_.label("open"))
            .select_from(contract_changes.outerjoin(case_flags))
            .group_by(*own)
            .order_by(contract_changes.c.created_us.desc(), contract_changes.c.id.desc())
        )
        with self._database.reading() as connection:
            version_id = find_version(connection, subsystem, version)
            rows: Sequence[Any] = connection.execute(query.where(_of(version_id))).all()
            return [ContractChange(**row._mapping) for row in rows]

    def dependents(self, subsystem: str, version: str, *, only_explicit: bool = False) -> list[tuple[str, str, str]]:
        """(subsystem, version, name of the dependency) of those that depend on this version, or on the subsystem's
        newest where this is it and they name none, unless `only_explicit`."""
        held = entries.join(documents, documents.c.id == entries.c.document_id).join(
            revisions, revisions.c.id == entries.c.revision_id
        )
        held = held.join(versions, versions.c.id == entries.c.version_id).join(subsystems)
        query = sa.select(subsystems.c.name, versions.c.name.label("version"), revisions.c.body).select_from(held)
        query = query.where(documents.c.kind == "suite", subsystems.c.name != subsystem, PRESENT)
        query = query.where(revisions.c.body.contains(json.dumps(subsystem), autoescape=True))
        with self._database.reading() as connection:
            newest = not only_explicit and newest_version(connection, subsystem) == version
            meant = {version, ""} if newest else {version}
            rows = connection.execute(query.order_by(subsystems.c.name, versions.c.position)).all()
        found = []
        for row in rows:
            wanted = decode("suite", row.body, row.name).dependencies.get(subsystem)
            if wanted is not None and wanted.version in meant:
                found.append((row.name, row.version, subsystem))
        return found

    def comparison(self, change: str) -> str:
        """The JSON text of one; "" when there is none."""
        with self._database.reading() as connection:
            query = sa.select(contract_changes.c.body).where(contract_changes.c.id == change)
            return connection.scalar(query) or ""

    def flags(self, subsystem: str, version: str, *, settled: bool = False) -> list[Flag]:
        """Of cases that the version holds, gravest first; `settled`: settled ones too. Raises NotFoundError."""
        held = sa.and_(
            entries.c.version_id == contract_changes.c.version_id, entries.c.document_id == case_flags.c.document_id
        )
        change, flag = contract_changes.c, case_flags.c
        columns: list[Any] = [documents.c.key, change.id, change.save, change.dependency, flag.severity, flag.changes]
        columns += [change.created_us, flag.settled_by, flag.settled_us, change.origin]
        query = (
            sa.select(*columns)
            .select_from(case_flags.join(contract_changes).join(documents).join(entries, held))
            .order_by(contract_changes.c.created_us.desc(), documents.c.key)
        )
        with self._database.reading() as connection:
            query = query.where(_of(find_version(connection, subsystem, version)))
            wanted = query if settled else query.where(case_flags.c.settled_us == 0)
            rows: Sequence[Any] = connection.execute(wanted).all()
        found = [
            Flag(
                row.key, row.id, row.save, row.dependency, row.severity, tuple(json.loads(row.changes)),
                row.created_us, row.settled_by, row.settled_us, row.origin,
            )
            for row in rows
        ]  # fmt: skip
        return sorted(found, key=lambda flag: SEVERITIES.index(flag.severity))

    def settle(self, subsystem: str, version: str, cases: Sequence[str] | None, author: Author) -> int:
        """Say of these cases, or of all, that they were looked at; gives how many flags that settles."""
        with self._database.writing() as connection:
            version_id = find_version(connection, subsystem, version)
            refuse_stranger(connection, subsystem, author)
            ours = sa.select(contract_changes.c.id).where(_of(version_id))
            open_ = (case_flags.c.change_id.in_(ours), case_flags.c.settled_us == 0)
            values: dict[str, Any] = {"settled_by": author.name, "settled_us": time.time_ns() // 1000}
            query = sa.update(case_flags).where(*open_).values(**values)
            if cases is None:
                count = connection.execute(query).rowcount
            else:
                ids = sorted(_documents(connection, version_id, cases).values())
                parts = [query.where(case_flags.c.document_id.in_(chunk)) for chunk in chunks(ids)]
                count = sum(connection.execute(part).rowcount for part in parts)
            if count:
                note(
                    connection, author, "settle", f"{subsystem}@{version}", subsystem=subsystem, after={"flags": count}
                )
            return count


def _of(version_id: str) -> sa.ColumnElement[bool]:
    return contract_changes.c.version_id == version_id
