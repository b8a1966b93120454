"""The contract of storages on PostgreSQL and MariaDB."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import databases
import pytest
import sqlalchemy as sa
from every_storage_contract import EveryStorageContract
from storage_contract import LI, case, snapshot

from workbench.errors import StorageError
from workbench.storage import Storage
from workbench.storage.tables import metadata

pytestmark = pytest.mark.xdist_group("databases")
# How all tables are emptied at once, whoever refers to whom.
EMPTYING = {
    "postgresql": [f"TRUNCATE {', '.join(metadata.tables)} CASCADE"],
    "mariadb": [
        "SET FOREIGN_KEY_CHECKS=0",
        *(f"TRUNCATE {name}" for name in metadata.tables),
        "SET FOREIGN_KEY_CHECKS=1",
    ],
}


def serve(server: Callable[[], AbstractContextManager[str]], files: Path) -> Iterator[Storage]:
    with server() as url:
        fresh = Storage(url, files)
        with pytest.raises(StorageError, match="no tables yet") as refused, fresh:
            pass
        assert "workbench db upgrade" in refused.value.hint
        assert fresh.upgrade()[0] == ""
        with fresh:
            yield fresh


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    yield from serve(databases.postgresql, tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def on_mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    yield from serve(databases.mariadb, tmp_path_factory.mktemp("files"))


def emptied(storage: Storage) -> Storage:
    with storage.database.writing() as connection:
        for statement in EMPTYING[storage.database.engine.dialect.name]:
            connection.execute(sa.text(statement))
    return storage


class TestPostgresql(EveryStorageContract):
    @pytest.fixture
    def storage(self, on_postgresql: Storage) -> Storage:
        return emptied(on_postgresql)

    def test_a_revision_cannot_be_changed(self, storage: Storage) -> None:
        storage.suites.put(snapshot(case("a")), LI)
        with pytest.raises(StorageError, match="revisions are immutable"), storage.database.writing() as connection:
            connection.execute(sa.text("UPDATE revisions SET body = '{}'"))


class TestMariaDb(EveryStorageContract):
    @pytest.fixture
    def storage(self, on_mariadb: Storage) -> Storage:
        return emptied(on_mariadb)
