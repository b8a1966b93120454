"""Connections: a transaction reads by its own, so that writers who wait for it cannot hold what it needs."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from workbench.errors import DatabaseError
from workbench.storage.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = Database(f"sqlite:///{tmp_path}/w.db")
    with found.writing() as connection:
        connection.execute(sa.text("create table t (n integer)"))
    yield found
    found.close()


def test_a_transaction_reads_what_it_wrote(database: Database) -> None:
    with database.writing() as writing:
        writing.execute(sa.text("insert into t values (1)"))
        with database.reading() as reading:
            assert reading is writing
        with database.reading() as again:  # it is not over by that
            assert again.scalar(sa.text("select count(*) from t")) == 1
    with database.reading() as later:
        assert later is not writing
        assert later.scalar(sa.text("select count(*) from t")) == 1


def test_what_failed_is_forgotten(database: Database) -> None:
    with pytest.raises(DatabaseError), database.writing() as failed:
        failed.execute(sa.text("insert into t values (1), (nonsense)"))
    with database.reading() as reading:
        assert reading is not failed
        assert reading.scalar(sa.text("select count(*) from t")) == 0


def test_other_threads_have_their_own(database: Database) -> None:
    found = []

    def read() -> None:
        with database.reading() as reading:
            found.append(reading)

    with database.writing() as writing:
        other = threading.Thread(target=read)
        other.start()
        other.join()
    assert found != [writing]


def test_writers_that_wait_do_not_hinder_the_one_they_wait_for(tmp_path: Path, database: Database) -> None:
    url = f"sqlite:///{tmp_path}/w.db"
    engine = sa.create_engine(url, pool_size=2, max_overflow=0, pool_timeout=0.5, connect_args={"timeout": 30})
    narrow = Database(url)
    narrow.engine, unused = engine, narrow.engine
    unused.dispose()
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))

    def wait() -> None:
        with narrow.writing() as connection:
            connection.execute(sa.text("insert into t values (2)"))

    with narrow.writing():
        other = threading.Thread(target=wait)
        other.start()
        while engine.pool.checkedout() < 2:
            time.sleep(0.01)
        with narrow.reading() as reading:
            assert reading.scalar(sa.text("select count(*) from t")) == 0
    other.join()
    narrow.close()
