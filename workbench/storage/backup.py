"""A backup is a folder: the database as one file, and every file that any revision or tool library names."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from workbench.errors import DatabaseError, StorageError, UsageError
from workbench.model import json
from workbench.storage.content import decode
from workbench.storage.database import Database
from workbench.storage.filestore import FileStore
from workbench.storage.migrate import revision_of
from workbench.storage.tables import documents

DATABASE, FILES = "workbench.db", "files"
_TOOLS = {
    "postgresql": "pg_dump and pg_restore",
    "mysql": "mysqldump --single-transaction and mysql",
    "mariadb": "mariadb-dump --single-transaction and mariadb",
}


def backup(database: Database, files: FileStore, out: Path) -> int:
    """Write the backup to a new folder, whole or not at all, while others go on writing; gives the number of files.

    SQLite's own online backup. Raises StorageError for other databases, UsageError when `out` is there already.
    """
    source = _sqlite(database, files)
    if out.exists():
        raise UsageError("there is something already", where=str(out), hint="name a folder that does not exist")
    if not source.is_file():
        raise StorageError("there is no database yet", where=str(source), hint="workbench import makes one")
    draft = out.with_name(f".{out.name}.tmp")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        _copy(source, draft / DATABASE)
        with contextlib.closing(sqlite3.connect(draft / DATABASE)) as single:
            single.execute("PRAGMA journal_mode=DELETE")  # one file, that can be read where nobody may write
        # What a revision names was in the store before the revision was saved: nothing can be missing.
        named = _files_of(draft / DATABASE)
        for sha256 in named:
            files.check(sha256)
            FileStore(draft / FILES).put(files.path(sha256))
        draft.rename(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return len(named)


def restore(database: Database, files: FileStore, folder: Path, *, replace: bool = False) -> int:
    """Make the database what the backup holds, after everything in it was checked; gives the number of files.

    A database that holds something is refused unless `replace`. Raises UsageError, StorageError.
    """
    target, source = _sqlite(database, files), folder / DATABASE
    if not source.is_file():
        raise UsageError(f"this is no backup: it has no {DATABASE}", where=str(folder))
    if target.exists() and not replace and _holds_something(database):
        raise UsageError("this database holds something", where=str(target), hint="--replace gives it up")
    _check(source)
    kept, named = FileStore(folder / FILES), _files_of(source)
    for sha256 in named:
        kept.check(sha256)
    for sha256 in named:
        files.put(kept.path(sha256))
    target.parent.mkdir(parents=True, exist_ok=True)
    _copy(source, target)
    return len(named)


def _sqlite(database: Database, files: FileStore) -> Path:
    if database.file is not None:
        return database.file
    tools = _TOOLS.get(database.engine.dialect.name, "the tools of your database")
    hint = f"use {tools}, and copy the folder {files.folder}"
    raise StorageError("backup and restore are for SQLite", where=database.name, hint=hint)


def _holds_something(database: Database) -> bool:
    if not revision_of(database):
        return False
    with database.reading() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(documents)) != 0


def _copy(source: Path, target: Path) -> None:
    with _opened(source) as old, _told(target), contextlib.closing(sqlite3.connect(target, timeout=30)) as new:
        old.backup(new)


def _check(path: Path) -> None:
    with _opened(path) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
    if found != ["ok"]:
        raise StorageError(f"this database is damaged: {'; '.join(found)}", where=str(path))


def _files_of(path: Path) -> list[str]:
    """SHA-256 of every file that a revision or a tool library names, or that rows of a dataset were read from."""
    query = (
        "SELECT kind, body FROM revisions JOIN documents ON documents.id = document_id "
        "WHERE kind IN ('dataset', 'artifact')"
    )
    with _opened(path) as opened:
        rows = opened.execute(query).fetchall()
        libraries = opened.execute("SELECT files FROM libraries").fetchall() if _has(opened, "libraries") else []
        read = opened.execute("SELECT sha256 FROM renderings").fetchall() if _has(opened, "renderings") else []
    found = {decode(kind, body, str(path)).sha256 for kind, body in rows} | {sha256 for (sha256,) in read}
    found |= {each["sha256"] for (files,) in libraries for each in json.loads(files)}
    return sorted(found - {""})


def _has(opened: sqlite3.Connection, table: str) -> bool:
    """A backup may be of an older revision."""
    return bool(opened.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchall())


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """For reading."""
    with _told(path), contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
        yield opened


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DatabaseError(str(error), where=str(path)) from error
