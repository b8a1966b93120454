"""The contract of storages on SQLite, and what only SQLite has."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from every_storage_contract import EveryStorageContract
from storage_contract import LI, case, snapshot

from workbench.errors import StorageError
from workbench.storage import Storage


class TestSqlite(EveryStorageContract):
    pass


def test_a_revision_cannot_be_changed(storage: Storage) -> None:
    storage.suites.put(snapshot(case("a")), LI)
    with pytest.raises(StorageError, match="revisions are immutable"), storage.database.writing() as connection:
        connection.execute(sa.text("UPDATE revisions SET body = '{}'"))


def test_it_waits_for_writers_and_reads_beside_them(storage: Storage) -> None:
    storage.suites.put(snapshot(case("a")), LI)
    with storage.database.writing() as connection, ThreadPoolExecutor(1) as elsewhere:
        connection.execute(sa.text("DELETE FROM entries"))
        assert elsewhere.submit(storage.suites.get, "order", "1.0.0").result() == snapshot(case("a"))
        with storage.database.reading() as other:
            assert other.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert other.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
