"""What every database must do with rows of datasets: a class of tests, inherited once a database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import sqlalchemy as sa

from workbench.errors import StorageError
from workbench.model import json
from workbench.model.dataset import Column
from workbench.storage import Storage, StoredTable
from workbench.storage.rows import CHUNK
from workbench.storage.tables_rows import row_chunks

COLUMNS = (Column("id", "text"), Column("n"))
ODD = {
    "id": "张三 😀 \u202e'; DROP TABLE runs;-- <script>\n\\n\"",
    "n": [Decimal("5000000000.10"), 2**70, None, {"a": True}],
}


def rows(count: int) -> Iterator[dict[str, object]]:
    yield ODD
    for number in range(1, count):
        yield {"id": f"{number:05d}", "n": number} if number % 3 else {"id": ""}


def chunk_count(storage: Storage) -> int:
    with storage.database.reading() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(row_chunks)) or 0


class RowsContract:
    def test_rows_come_out_as_they_went_in(self, storage: Storage) -> None:
        table = storage.rows.put(COLUMNS, rows(2 * CHUNK + 5))
        assert (table.rows, len(table.chunks)) == (2 * CHUNK + 5, 3)
        assert list(map(json.dumps, storage.rows.read(table))) == list(map(json.dumps, rows(2 * CHUNK + 5)))
        for offset, limit in ((0, 1), (CHUNK - 1, 2), (2 * CHUNK, 10), (5 * CHUNK, 1)):
            wanted = list(rows(2 * CHUNK + 5))[offset : offset + limit]
            assert list(storage.rows.read(table, offset, limit)) == wanted
        assert storage.rows.put(COLUMNS, ()) == StoredTable(COLUMNS, (), 0)

    def test_what_stays_the_same_is_kept_once(self, storage: Storage) -> None:
        table = storage.rows.put(COLUMNS, rows(3 * CHUNK))
        before = chunk_count(storage)
        changed = [{**row, "id": "new"} if number == 2 * CHUNK else row for number, row in enumerate(rows(3 * CHUNK))]
        again = storage.rows.put(COLUMNS, changed)
        assert again.chunks[:2] == table.chunks[:2]
        assert chunk_count(storage) == before + 1

    def test_many_may_put_the_same_at_once(self, storage: Storage) -> None:
        with ThreadPoolExecutor(8) as pool:
            tables = list(pool.map(lambda _: storage.rows.put(COLUMNS, rows(2 * CHUNK)), range(8)))
        assert len(set(tables)) == 1
        assert len(list(storage.rows.read(tables[0]))) == 2 * CHUNK

    def test_a_file_is_known_by_its_rows_and_rows_by_their_file(self, storage: Storage) -> None:
        table = storage.rows.put(COLUMNS, rows(3))
        assert storage.rows.file_of(table, ".csv") == ""
        for sha256 in ("a" * 64, "b" * 64, "a" * 64):
            storage.rows.note(table, sha256, ".csv")
        assert storage.rows.file_of(table, ".csv") == "a" * 64
        assert storage.rows.file_of(table, ".xlsx") == ""
        assert storage.rows.table_of("b" * 64, ".csv") == table
        assert storage.rows.table_of("b" * 64, ".json") is None

    def test_rows_that_are_gone_are_told(self, storage: Storage) -> None:
        table = storage.rows.put(COLUMNS, rows(3))
        storage.rows.note(table, "c" * 64, ".csv")
        with storage.database.writing() as connection:
            connection.execute(sa.delete(row_chunks).where(row_chunks.c.hash.in_(table.chunks)))
        with pytest.raises(StorageError, match="not in the database"):
            list(storage.rows.read(table))
        assert storage.rows.table_of("c" * 64, ".csv") is None
