"""Suites that many people share: a database of documents with immutable revisions, and a store of files by content.

The only room that knows SQLAlchemy and Alembic. Everything else sees the model.
"""

from pathlib import Path
from typing import Self

from workbench.storage.content import Snapshot, StoredFile, snapshot_digest
from workbench.storage.database import Database
from workbench.storage.filestore import FileStore
from workbench.storage.migrate import prepare
from workbench.storage.save import Author, Change
from workbench.storage.suites import Suites, VersionInfo

__all__ = ["Author", "Change", "Snapshot", "Storage", "StoredFile", "VersionInfo", "snapshot_digest"]


class Storage:
    """A database and its file store. Use it as a context manager: it checks that the database is ready."""

    def __init__(self, url: str, files: Path) -> None:
        """Nothing is opened yet. Raises StorageError for a URL that cannot be used."""
        self.database = Database(url)
        self.files = FileStore(files)
        self.suites = Suites(self.database)

    def __enter__(self) -> Self:
        """Makes the tables of a new SQLite file. Raises StorageError for a database that has to be upgraded."""
        prepare(self.database)
        return self

    def __exit__(self, *exc: object) -> None:
        self.database.close()
