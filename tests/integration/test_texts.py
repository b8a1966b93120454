"""Texts of all kinds over the API, on PostgreSQL and MariaDB: what a column cannot hold must not get there."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import databases
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from texts_contract import TextsContract, loaded
from workbench_web.desk import Desk
from workbench_web.factory import create_app

from workbench.settings import Serving, Settings
from workbench.storage import Storage
from workbench.storage.tables import metadata

__all__ = ["TestMariaDb", "TestPostgresql", "loaded"]
pytestmark = [pytest.mark.fuzz, pytest.mark.xdist_group("databases")]


@contextmanager
def served(server: Callable[[], AbstractContextManager[str]], folder: Path) -> Iterator[Desk]:
    with server() as url:
        empty = Storage(url, folder / "files")
        empty.upgrade()
        empty.close()
        with Desk(Settings(data_dir=folder, database_url=url, serve=Serving(login=False))) as desk:
            yield desk


def emptied(desk: Desk) -> FlaskClient:
    with desk.storage.database.writing() as connection:
        names = ", ".join(metadata.tables)
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text(f"TRUNCATE {names} CASCADE"))
        else:
            connection.execute(sa.text("SET FOREIGN_KEY_CHECKS=0"))
            for name in metadata.tables:
                connection.execute(sa.text(f"TRUNCATE {name}"))
            connection.execute(sa.text("SET FOREIGN_KEY_CHECKS=1"))
    return create_app(desk).test_client()


@pytest.fixture(scope="module")
def at_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(databases.postgresql, tmp_path_factory.mktemp("postgresql")) as desk:
        yield desk


@pytest.fixture(scope="module")
def at_mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(databases.mariadb, tmp_path_factory.mktemp("mariadb")) as desk:
        yield desk


class TestPostgresql(TextsContract):
    @pytest.fixture
    def desk(self, at_postgresql: Desk) -> Desk:
        return at_postgresql

    @pytest.fixture
    def client(self, desk: Desk) -> FlaskClient:
        return emptied(desk)


class TestMariaDb(TextsContract):
    @pytest.fixture
    def desk(self, at_mariadb: Desk) -> Desk:
        return at_mariadb

    @pytest.fixture
    def client(self, desk: Desk) -> FlaskClient:
        return emptied(desk)
