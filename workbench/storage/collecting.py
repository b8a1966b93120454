"""What nobody needs any more: files of the store and chunks of rows that no revision and no tool library names.

Every revision is history and is needed, whichever version or trash it lies in; so is what it names. Uploads that came
to nothing, and rows and files of edits that were refused, are not. What was put or used again within the grace period
stays: its revision may be about to be saved. That is looked at in the moment of removing, so servers may go on working.
"""

import time
from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa
from msgspec import Struct

from workbench.model import json
from workbench.model.durations import DAY_US
from workbench.storage.audit import note
from workbench.storage.author import Author
from workbench.storage.content import StoredFile, decode
from workbench.storage.database import Database
from workbench.storage.filestore import FileStore
from workbench.storage.state import chunks
from workbench.storage.tables import documents, libraries, revisions
from workbench.storage.tables_rows import renderings, row_chunks

GRACE_US: Final = 7 * DAY_US
_FILED: Final = ("dataset", "artifact")  # kinds of documents that name files or rows
_READ: Final = 200  # bodies at a time


class Collected(Struct, frozen=True, kw_only=True):
    """What was removed, or would be. `bytes` of the files; `rows` of the chunks; `drafts`: files that were never
    finished."""

    files: int
    bytes: int
    chunks: int
    rows: int
    drafts: int
    dry_run: bool


class _Needed(Struct):
    files: set[str]  # SHA-256
    chunks: set[str]
    tables: set[str]  # hashes


def collect(
    database: Database, files: FileStore, author: Author, *, dry_run: bool = False, grace_us: int = GRACE_US
) -> Collected:
    """Remove what nobody needs and nobody put or used within the grace period (microseconds). Raises StorageError."""
    before_us = time.time_ns() // 1000 - grace_us
    needed = _needed(database, before_us)
    gone, rows = _chunks(database, needed, before_us, dry_run)
    if not dry_run:
        _forget_renderings(database, needed, before_us)
    count, size = files.sweep(needed.files, before_us, dry_run=dry_run)
    drafts = files.sweep_drafts(before_us, dry_run=dry_run)
    found = Collected(files=count, bytes=size, chunks=gone, rows=rows, drafts=drafts, dry_run=dry_run)
    if not dry_run and (count or gone or drafts):
        with database.writing() as connection:
            note(connection, author, "collected", database.name, after=found)
    return found


def _needed(database: Database, before_us: int) -> _Needed:
    """Of one moment. Rows and files that a rendering names are needed with the table that it renders, or while it is
    new."""
    found = _Needed(set(), set(), set())
    with database.reading() as connection:
        for file in _stored_files(connection):
            found.files.add(file.sha256)
            if file.table is not None:
                found.tables.add(file.table.hash)
                found.chunks.update(file.table.chunks)
        for text in connection.scalars(sa.select(libraries.c.files)):
            found.files.update(each["sha256"] for each in json.loads(text))
        for sha256, hash_, created_us in connection.execute(
            sa.select(renderings.c.sha256, renderings.c.hash, renderings.c.created_us)
        ):
            if hash_ in found.tables or created_us >= before_us:
                found.files.add(sha256)
    return found


def _stored_files(connection: sa.Connection) -> Iterator[StoredFile]:
    query = sa.select(documents.c.kind, revisions.c.body).join(documents).where(documents.c.kind.in_(_FILED))
    for kind, body in connection.execution_options(yield_per=_READ).execute(query):
        yield decode(kind, body)


def _chunks(database: Database, needed: _Needed, before_us: int, dry_run: bool) -> tuple[int, int]:
    """How many chunks and rows. A chunk that somebody puts again meanwhile is not old any more, and stays."""
    old = row_chunks.c.used_us < before_us
    with database.reading() as connection:
        held = connection.execute(sa.select(row_chunks.c.hash, row_chunks.c["count"]).where(old)).all()
    unneeded = {hash_: count for hash_, count in held if hash_ not in needed.chunks}
    if dry_run:
        return len(unneeded), sum(unneeded.values())
    gone = rows = 0
    for part in chunks(sorted(unneeded)):
        with database.writing() as connection:
            for hash_ in part:
                if connection.execute(sa.delete(row_chunks).where(row_chunks.c.hash == hash_, old)).rowcount:
                    gone, rows = gone + 1, rows + unneeded[hash_]
    return gone, rows


def _forget_renderings(database: Database, needed: _Needed, before_us: int) -> None:
    old = renderings.c.created_us < before_us
    with database.reading() as connection:
        found = connection.execute(sa.select(renderings.c.sha256, renderings.c.suffix, renderings.c.hash).where(old))
        stale = [(sha256, suffix) for sha256, suffix, hash_ in found if hash_ not in needed.tables]
    for start in range(0, len(stale), _READ):
        with database.writing() as connection:
            for sha256, suffix in stale[start : start + _READ]:
                same = (renderings.c.sha256 == sha256, renderings.c.suffix == suffix, old)
                connection.execute(sa.delete(renderings).where(*same))
