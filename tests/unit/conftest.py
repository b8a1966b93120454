"""New SQLite databases are copies of one: making the tables for each test would take longer than the tests."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from workbench.storage import Storage, migrate
from workbench.storage.database import Database


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder = tmp_path_factory.mktemp("new-database")
    with Storage(f"sqlite:///{folder}/w.db", folder / "files"):
        pass
    with closing(sqlite3.connect(folder / "w.db")) as made:
        yield made


@pytest.fixture(autouse=True)
def new_databases_are_copies(new_database: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that a Storage makes when it opens; test_migrate.py does without."""
    prepare = migrate.prepare

    def copy(database: Database) -> None:
        migrate.make_folder(database)
        if database.file is not None and not database.file.exists():
            with closing(sqlite3.connect(database.file)) as new:
                new_database.backup(new)
        prepare(database)

    monkeypatch.setattr(migrate, "prepare", copy)
