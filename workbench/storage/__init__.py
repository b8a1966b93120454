"""Suites that many people share: a database of documents with immutable revisions, and a store of files by content.

The only room that knows SQLAlchemy and Alembic. Everything else sees the model.
"""

from pathlib import Path
from typing import Final, Self

from workbench.storage import backup, collecting, migrate
from workbench.storage.access import Access, Caller, Token
from workbench.storage.audit import Audit, AuditEntry
from workbench.storage.author import ANY, NOTHING, Author, refuse_stale, tag_of
from workbench.storage.collecting import Collected
from workbench.storage.content import Snapshot, StoredFile, StoredTable
from workbench.storage.database import Database
from workbench.storage.filestore import FileStore
from workbench.storage.history import Found, History, Revision, holders
from workbench.storage.hosts import Deployment, Hosts
from workbench.storage.impacts import ContractChange, Flag, Impact, Impacts, Spread
from workbench.storage.joins import Brought, Joins
from workbench.storage.libraries import Libraries, LibraryFile, LibraryInfo, Mention
from workbench.storage.listing import Hit, Listed, ListedCase, Listing
from workbench.storage.merge import Conflict, Difference, Merged, Side, compare, merge, path_text, read_path
from workbench.storage.people import Group, Home, People, User
from workbench.storage.releases import Releases, RemovedVersion
from workbench.storage.rows import Rows
from workbench.storage.runs import Conclusion, RunCase, RunInfo, Runs, pack
from workbench.storage.runs import Kind as ConclusionKind
from workbench.storage.save import Change
from workbench.storage.saves import At, DocumentDifference, SaveInfo, Saves, Trashed
from workbench.storage.schedules import Due, Left, Schedules
from workbench.storage.stats import Stats
from workbench.storage.suites import Suites, VersionInfo, check_name, snapshot_digest
from workbench.storage.sync import Sync, Synced, SyncItem
from workbench.storage.threeway import Choices
from workbench.storage.vault import NoVault, Vault, has_sealed, opened

__all__ = [
    "ANY",
    "NOTHING",
    "Access",
    "At",
    "Audit",
    "AuditEntry",
    "Author",
    "Brought",
    "Caller",
    "Change",
    "Choices",
    "Collected",
    "Conclusion",
    "ConclusionKind",
    "Conflict",
    "ContractChange",
    "Deployment",
    "Difference",
    "DocumentDifference",
    "Due",
    "Flag",
    "Found",
    "Group",
    "Hit",
    "Home",
    "Impact",
    "Left",
    "LibraryFile",
    "LibraryInfo",
    "Listed",
    "ListedCase",
    "Mention",
    "Merged",
    "People",
    "RemovedVersion",
    "Revision",
    "RunCase",
    "RunInfo",
    "SaveInfo",
    "Side",
    "Snapshot",
    "Spread",
    "Storage",
    "StoredFile",
    "StoredTable",
    "SyncItem",
    "Synced",
    "Token",
    "Trashed",
    "User",
    "Vault",
    "VersionInfo",
    "check_name",
    "compare",
    "has_sealed",
    "holders",
    "merge",
    "opened",
    "pack",
    "path_text",
    "read_path",
    "refuse_stale",
    "snapshot_digest",
    "tag_of",
]


_NO_VAULT: Final = NoVault()


class Storage:
    """A database and its file store. As a context manager it is checked to be ready; upkeep works without."""

    def __init__(self, url: str, files: Path, vault: Vault = _NO_VAULT) -> None:
        """Nothing is opened yet. `vault` seals secrets; without it they are refused. Raises StorageError (URL)."""
        self.database = Database(url)
        self.files = FileStore(files)
        self.vault = vault
        self.suites = Suites(self.database, vault)
        self.history = History(self.database, vault)
        self.listing = Listing(self.database)
        self.joins = Joins(self.database, vault)
        self.impacts = Impacts(self.database)
        self.releases = Releases(self.database)
        self.saves = Saves(self.database, vault)
        self.runs = Runs(self.database)
        self.rows = Rows(self.database)
        self.stats = Stats(self.database)
        self.hosts = Hosts(self.database)
        self.schedules = Schedules(self.database)
        self.people = People(self.database)
        self.access = Access(self.database)
        self.audit = Audit(self.database)
        self.libraries = Libraries(self.database)
        self.sync = Sync(self.database, vault).sync

    def __enter__(self) -> Self:
        """Makes the tables of a new SQLite file. Raises StorageError for a database that has to be upgraded."""
        migrate.prepare(self.database)
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def check(self) -> None:
        """Raises StorageError when the database does not answer."""
        self.database.check()

    def close(self) -> None:
        """Let go of its connections."""
        self.database.close()

    def upgrade(self) -> tuple[str, str]:
        """Bring the tables to what this workbench needs; gives the revisions (before, after)."""
        migrate.make_folder(self.database)
        return migrate.upgrade(self.database)

    def revisions(self) -> tuple[str, str]:
        """Of the tables: (that they have, that this workbench needs)."""
        return migrate.revision_of(self.database), migrate.HEAD

    def backup(self, out: Path) -> int:
        """See `backup.backup`."""
        return backup.backup(self.database, self.files, out)

    def collect(self, author: Author, *, dry_run: bool = False, grace_us: int = collecting.GRACE_US) -> Collected:
        """See `collecting.collect`."""
        return collecting.collect(self.database, self.files, author, dry_run=dry_run, grace_us=grace_us)

    def restore(self, folder: Path, *, replace: bool = False) -> int:
        """See `backup.restore`."""
        return backup.restore(self.database, self.files, folder, replace=replace)
