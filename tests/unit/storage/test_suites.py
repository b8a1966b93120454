"""The contract of storages on SQLite, and what only SQLite has."""

import pytest
import sqlalchemy as sa
from impacts_contract import ImpactsContract
from joins_contract import JoinsContract
from libraries_contract import LibrariesContract
from people_contract import PeopleContract
from rows_contract import RowsContract
from runs_contract import RunsContract
from storage_contract import LI, StorageContract, case, snapshot
from sync_contract import SyncContract

from workbench.errors import StorageError
from workbench.storage import Storage


class TestSqlite(
    StorageContract,
    JoinsContract,
    SyncContract,
    RunsContract,
    ImpactsContract,
    LibrariesContract,
    RowsContract,
    PeopleContract,
):
    pass


def test_a_revision_cannot_be_changed(storage: Storage) -> None:
    storage.suites.put(snapshot(case("a")), LI)
    with pytest.raises(StorageError, match="revisions are immutable"), storage.database.writing() as connection:
        connection.execute(sa.text("UPDATE revisions SET body = '{}'"))


def test_it_waits_for_writers_and_reads_beside_them(storage: Storage) -> None:
    storage.suites.put(snapshot(case("a")), LI)
    with storage.database.writing() as connection:
        connection.execute(sa.text("DELETE FROM entries"))
        assert storage.suites.get("order", "1.0.0") == snapshot(case("a"))
        with storage.database.reading() as other:
            assert other.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert other.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
