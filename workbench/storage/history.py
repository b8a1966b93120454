"""What was: the revisions of a document, and saving one when nobody else has."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from workbench.errors import ConflictError, NotFoundError, StorageError
from workbench.model import json
from workbench.model.noted import DocumentKind
from workbench.storage.author import Author
from workbench.storage.content import Document, canonical
from workbench.storage.database import Database
from workbench.storage.dataset_merge import DatasetMerge, shown
from workbench.storage.heads import head_rows
from workbench.storage.journal import record
from workbench.storage.keys import new_keys
from workbench.storage.merge import Choose, Conflict, Conflicts, choosing, merge, path_text
from workbench.storage.save import revision_row
from workbench.storage.state import Entry, piece_of
from workbench.storage.suites import check_names, find_version, lock_subsystem
from workbench.storage.tables import PRESENT, documents, entries, heads, revisions, subsystems, versions
from workbench.storage.vault import Vault

CheckMerged = Callable[[str, str], str]
_KINDS = ("scenario", "case", "shared", "suite", "config", "dataset")


class Found(Struct, frozen=True):
    """A document, wherever it is."""

    id: str
    subsystem: str
    kind: DocumentKind
    key: str


class Revision(Struct, frozen=True):
    number: int  # 1, 2, 3 … of its document
    hash: str
    author: str
    created_us: int  # microseconds since 1970, UTC
    message: str
    versions: tuple[str, ...]  # that hold it now


class History:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def find(self, key: str, subsystem: str = "") -> list[Found]:
        """Scenarios, cases, shared files and datasets with that id or name, of one subsystem or of all; "": settings
        and environments."""
        query = sa.select(documents.c.id, subsystems.c.name, documents.c.kind, documents.c.key).join(subsystems)
        query = query.where(documents.c.key == key, documents.c.kind.in_(_KINDS))
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
            .where(entries.c.document_id == document.id, PRESENT)
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
            raise NotFoundError(f"{document.kind} {document.key} has no revision {number}", where=document.subsystem)
        return str(row.body)

    def save(
        self,
        document: Found,
        version: str,
        body: str,
        expected: int,
        author: Author,
        choose: Choose | None = None,
        *,
        check: CheckMerged | None = None,
    ) -> int:
        """Make `body` the document's content in a version; gives the number of its revision.

        `expected`: the revision that the change was made of. Should the version hold another one by now, both changes
        are put together where `choose` is given; without it, and where both changed one value and it chooses none,
        nothing is saved and ConflictError has all three texts. `check`: is shown what was put together and what the
        version held, and gives what is to be saved; what it raises takes the save back. Raises StorageError for a body
        that is none, UsageError.
        """
        check_names(document.subsystem, version, author)
        body = canonical(document.kind, body, self._vault, f"{document.kind} {document.key}".rstrip())
        with self._database.writing() as connection:
            lock_subsystem(connection, document.subsystem, author)
            version_id = find_version(connection, document.subsystem, version)
            held = _held(connection, document, version_id, version)
            if held.number != expected:
                base = self._body(connection, document, expected)
                texts = (base, body, str(held.body))
                datasets = DatasetMerge(connection)
                body = _together(document, texts, held.number, choose, self._vault, datasets)
                if check is not None and body != held.body:
                    body = canonical(document.kind, check(body, str(held.body)), self._vault)
            piece = piece_of(Document(kind=document.kind, key=document.key, body=body))
            if held.hash == piece.hash:
                return int(held.number)
            query = sa.select(sa.func.max(revisions.c.number)).where(revisions.c.document_id == document.id)
            number = (connection.scalar(query) or 0) + 1
            row = revision_row(
                new_keys(1)[0], document.id, number, held.revision_id, piece, author, time.time_ns() // 1000
            )
            connection.execute(sa.insert(revisions), row)
            if of_lists := head_rows([(row["id"], piece.kind, body)]):
                connection.execute(sa.insert(heads), of_lists)
            place = sa.and_(entries.c.version_id == version_id, entries.c.document_id == document.id)
            connection.execute(sa.update(entries).where(place).values(revision_id=row["id"]))
            entry = Entry(*(getattr(held, name) for name in Entry._fields))
            new = entry._replace(revision_id=row["id"])
            record(connection, version_id, author, "save", {document.id: entry}, {document.id: new})
            return number

    @staticmethod
    def _body(connection: sa.Connection, document: Found, number: int) -> str:
        query = sa.select(revisions.c.body).where(revisions.c.document_id == document.id)
        return str(connection.scalar(query.where(revisions.c.number == number)) or "")


def _held(connection: sa.Connection, document: Found, version_id: str, version: str) -> sa.Row[Any]:
    """number, hash, body and the entry's columns."""
    columns = (entries.c[name] for name in Entry._fields)
    query = sa.select(revisions.c.number, revisions.c.hash, revisions.c.body, *columns)
    query = query.join(entries, entries.c.revision_id == revisions.c.id)
    row = connection.execute(
        query.where(entries.c.version_id == version_id, entries.c.document_id == document.id)
    ).first()
    if row is None:
        message = f"{document.subsystem}@{version} has no {document.kind} {document.key}"
        raise NotFoundError(message, hint="it was removed there; import a suite that has it")
    return row


def _together(
    document: Found,
    texts: tuple[str, str, str],
    number: int,
    choose: Choose | None,
    vault: Vault,
    datasets: DatasetMerge,
) -> str:
    """The body that holds both changes. Raises ConflictError, without `choose` always."""
    base, mine, theirs = texts
    undecided: Choose = choose or (lambda conflict: None)
    by_rows = datasets(texts, undecided) if document.kind == "dataset" else None
    if by_rows is not None:
        value, conflicts = json.loads(by_rows[0]), by_rows[1]
        base, mine, theirs = shown(conflicts) if conflicts else datasets.changed(texts)
    elif document.kind == "dataset":  # of its columns and pieces of rows those of one side
        whole = Conflicts(undecided)
        value = whole.settle(Conflict((), *map(json.loads, texts)))
        conflicts = tuple(whole.open)
    else:
        merged = merge(json.loads(base), json.loads(mine), json.loads(theirs), undecided)
        value, conflicts = merged.value, merged.conflicts
    places = [path_text((document.kind, document.key, *each.place)) for each in conflicts]
    hint = f"look at both (`workbench history {document.key}`) and save again upon revision {number}"
    if choose and not places:
        try:
            return canonical(document.kind, json.dumps(value), vault)
        except StorageError:
            hint = f"each change is good, and both together are not: {hint}"
    if choose and places:
        hint = choosing(places[0], "mine", "theirs")
    both = f"both changed {', '.join(places)}" if places else "the changes do not touch each other"
    message = f"somebody else saved meanwhile: revision {number}; {both}"
    where = f"{document.subsystem}: {document.kind} {document.key}"
    raise ConflictError(message, where=where, hint=hint, base=base, mine=mine, theirs=theirs, places=places)


def holders(revisions_: Sequence[Revision]) -> dict[str, int]:
    """Version → number of the revision that it holds."""
    return {version: each.number for each in revisions_ for version in each.versions}
