"""What was: the revisions of a document, and saving one when nobody else has."""

import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from workbench.errors import ConflictError, UsageError
from workbench.model import json
from workbench.storage.content import Document, Kind, decode
from workbench.storage.database import Database
from workbench.storage.keys import new_keys
from workbench.storage.save import Author, revision_row
from workbench.storage.suites import check_names, find_version
from workbench.storage.tables import documents, entries, revisions, subsystems, versions


class Found(Struct, frozen=True):
    """A document, wherever it is."""

    id: str
    subsystem: str
    kind: Kind
    key: str


class Revision(Struct, frozen=True):
    number: int  # 1, 2, 3 … of its document
    hash: str
    author: str
    created_us: int  # microseconds since 1970, UTC
    message: str
    versions: tuple[str, ...]  # that hold it now


class History:
    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, key: str, subsystem: str = "") -> list[Found]:
        """Scenarios, cases and shared files with that id or name, of one subsystem or of all."""
        query = sa.select(documents.c.id, subsystems.c.name, documents.c.kind, documents.c.key).join(subsystems)
        query = query.where(documents.c.key == key, documents.c.kind.in_(("scenario", "case", "shared")))
        if subsystem:
            query = query.where(subsystems.c.name == subsystem)
        with self._database.reading() as connection:
            return [Found(*row) for row in connection.execute(query.order_by(subsystems.c.name))]

    def revisions(self, document: Found) -> list[Revision]:
        """Newest first."""
        own = (revisions.c.number, revisions.c.hash, revisions.c.author, revisions.c.created_us, revisions.c.message)
        query = sa.select(revisions.c.id, *own).where(revisions.c.document_id == document.id)
        holders = (
            sa.select(entries.c.revision_id, versions.c.name)
            .join(versions, versions.c.id == entries.c.version_id)
            .where(entries.c.document_id == document.id)
            .order_by(versions.c.position)
        )
        with self._database.reading() as connection:
            names: dict[str, list[str]] = {}
            for revision_id, name in connection.execute(holders):
                names.setdefault(revision_id, []).append(name)
            rows = connection.execute(query.order_by(revisions.c.number.desc())).all()
        return [Revision(*row[1:], tuple(names.get(row.id, ()))) for row in rows]

    def body(self, document: Found, number: int) -> str:
        """Its JSON text. Raises UsageError when there is no such revision."""
        with self._database.reading() as connection:
            query = sa.select(revisions.c.number, revisions.c.body).where(revisions.c.document_id == document.id)
            row = connection.execute(query.where(revisions.c.number == number)).first()
        if row is None:
            raise UsageError(f"{document.kind} {document.key} has no revision {number}", where=document.subsystem)
        return str(row.body)

    def save(self, document: Found, version: str, body: str, expected: int, author: Author) -> int:
        """Make `body` the document's content in a version; gives the number of its revision.

        `expected`: the revision that the change was made of. Should the version hold another one by now, nothing is
        saved and ConflictError has all three texts. Raises StorageError for a body that is none, UsageError.
        """
        check_names(document.subsystem, version, author)
        body = json.dumps(decode(document.kind, body, f"{document.kind} {document.key}"))
        new = Document(kind=document.kind, key=document.key, body=body)
        with self._database.writing() as connection:
            self._lock(connection, document)
            version_id = find_version(connection, document.subsystem, version)
            held = _held(connection, document, version_id, version)
            if held.number != expected:
                raise _conflict(document, self._body(connection, document, expected), body, held.body, held.number)
            if held.hash == new.hash:
                return expected
            query = sa.select(sa.func.max(revisions.c.number)).where(revisions.c.document_id == document.id)
            number = (connection.scalar(query) or 0) + 1
            row = revision_row(new_keys(1)[0], document.id, number, held.id, new, author, now_us=time.time_ns() // 1000)
            connection.execute(sa.insert(revisions), row)
            place = sa.and_(entries.c.version_id == version_id, entries.c.document_id == document.id)
            connection.execute(sa.update(entries).where(place).values(revision_id=row["id"]))
            return number

    @staticmethod
    def _lock(connection: sa.Connection, document: Found) -> None:
        connection.execute(sa.select(subsystems.c.id).where(subsystems.c.name == document.subsystem).with_for_update())

    @staticmethod
    def _body(connection: sa.Connection, document: Found, number: int) -> str:
        query = sa.select(revisions.c.body).where(revisions.c.document_id == document.id)
        return str(connection.scalar(query.where(revisions.c.number == number)) or "")


def _held(connection: sa.Connection, document: Found, version_id: str, version: str) -> sa.Row[Any, Any, Any, Any]:
    query = sa.select(revisions.c.id, revisions.c.number, revisions.c.hash, revisions.c.body)
    query = query.join(entries, entries.c.revision_id == revisions.c.id)
    row = connection.execute(
        query.where(entries.c.version_id == version_id, entries.c.document_id == document.id)
    ).first()
    if row is None:
        message = f"{document.subsystem}@{version} has no {document.kind} {document.key}"
        raise UsageError(message, hint="it was removed there; import a suite that has it")
    return row


def _conflict(document: Found, base: str, mine: str, theirs: str, number: int) -> ConflictError:
    where = f"{document.subsystem}: {document.kind} {document.key}"
    hint = f"look at both (`workbench history {document.key}`) and save again upon revision {number}"
    message = f"somebody else saved meanwhile: revision {number}"
    return ConflictError(message, where=where, hint=hint, base=base, mine=mine, theirs=theirs)


def holders(revisions_: Sequence[Revision]) -> dict[str, int]:
    """Version → number of the revision that it holds."""
    return {version: each.number for each in revisions_ for version in each.versions}
