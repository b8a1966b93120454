"""Rows of datasets: chunks of 1,000, kept once by content and never changed.

A table is a list of columns and of hashes, so a revision that changes a cell adds one chunk. Chunks are written before
the revision that names them, like files of the store. Which file a table was read from, or was written as, is noted
beside: the same rows come out as the same bytes.
"""

import hashlib
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from workbench.errors import StorageError
from workbench.model import json
from workbench.model.dataset import Column
from workbench.model.json import Json
from workbench.storage.content import StoredTable
from workbench.storage.database import Database
from workbench.storage.tables_rows import renderings, row_chunks

CHUNK = 1000
_TOGETHER = 20  # chunks in one transaction
_LEVEL = 3  # of zlib: a third of the time of its default, for a tenth more bytes


class Rows:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, columns: Sequence[Column], rows: Iterable[Mapping[str, Json]]) -> StoredTable:
        """Keep a table; rows are read once, and never all of them are in memory."""
        made, waiting, count = list[str](), list[dict[str, Any]](), 0
        rest = iter(rows)
        while part := list(islice(rest, CHUNK)):
            row = _packed(part)
            made.append(row["hash"])
            waiting.append(row)
            count += len(part)
            if len(waiting) == _TOGETHER:
                self._insert(waiting)
                waiting = []
        self._insert(waiting)
        return StoredTable(tuple(columns), tuple(made), count)

    def _insert(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            with self._database.writing() as connection:
                _insert(connection, rows)

    def read(self, table: StoredTable, offset: int = 0, limit: int | None = None) -> Iterator[dict[str, Json]]:
        """Rows in order, a chunk at a time. Raises StorageError when a chunk is gone."""
        return _read(table, offset, limit, self.chunk)

    def chunk(self, hash_: str) -> list[dict[str, Json]]:
        """Its rows. Raises StorageError."""
        with self._database.reading() as connection:
            return _chunk(connection, hash_)

    def note(self, table: StoredTable, sha256: str, suffix: str) -> None:
        """Say that a file of the store holds exactly this table."""
        row: dict[str, Any] = {"sha256": sha256, "suffix": suffix, "hash": table.hash, "body": json.dumps(table)}
        row |= {"created_us": time.time_ns() // 1000}
        same = (renderings.c.sha256 == sha256, renderings.c.suffix == suffix)
        with self._database.writing() as connection:
            if connection.execute(sa.update(renderings).where(*same).values(**row)).rowcount:
                return
            try:
                with connection.begin_nested():
                    connection.execute(sa.insert(renderings), row)
            except IntegrityError:  # somebody else has noted it meanwhile
                return

    def file_of(self, table: StoredTable, suffix: str) -> str:
        """SHA-256 of the newest file that holds the table; "" when there is none."""
        query = sa.select(renderings.c.sha256).where(renderings.c.hash == table.hash, renderings.c.suffix == suffix)
        with self._database.reading() as connection:
            return connection.scalar(query.order_by(renderings.c.created_us.desc()).limit(1)) or ""

    def table_of(self, sha256: str, suffix: str) -> StoredTable | None:
        """What a file is known to hold; None: nothing is known, or its rows are gone."""
        query = sa.select(renderings.c.body)
        query = query.where(renderings.c.sha256 == sha256, renderings.c.suffix == suffix)
        with self._database.writing() as connection:
            body = connection.scalar(query)
            if body is None:
                return None
            table = json.decoder_for(StoredTable).decode(body)
            counted, used = 0, {"used_us": time.time_ns() // 1000}
            for hash_ in sorted(set(table.chunks)):  # in the order of `put`: else two could wait for another
                held = sa.update(row_chunks).where(row_chunks.c.hash == hash_).values(used)
                counted += connection.execute(held).rowcount
            found: StoredTable | None = table if counted == len(set(table.chunks)) else None
            return found


class RowsWithin:
    """Tables read and put in a transaction that is under way."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def read(self, table: StoredTable, offset: int = 0, limit: int | None = None) -> Iterator[dict[str, Json]]:
        """Rows in order, a chunk at a time. Raises StorageError when a chunk is gone."""
        return _read(table, offset, limit, lambda hash_: _chunk(self._connection, hash_))

    def put(self, columns: Sequence[Column], rows: Sequence[Mapping[str, Json]]) -> StoredTable:
        packed = [_packed(rows[start : start + CHUNK]) for start in range(0, len(rows), CHUNK)]
        _insert(self._connection, packed)
        return StoredTable(tuple(columns), tuple(each["hash"] for each in packed), len(rows))


def _read(
    table: StoredTable, offset: int, limit: int | None, chunk: Callable[[str], list[dict[str, Json]]]
) -> Iterator[dict[str, Json]]:
    end = table.rows if limit is None else min(table.rows, offset + limit)
    for number in range(offset // CHUNK, -(-end // CHUNK)):
        start = number * CHUNK
        yield from chunk(table.chunks[number])[max(0, offset - start) : end - start]


def _insert(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    new, used = {row["hash"]: row for row in rows}, {"used_us": time.time_ns() // 1000}
    query = sa.select(row_chunks.c.hash).where(row_chunks.c.hash.in_(new)).order_by(row_chunks.c.hash)
    for known in connection.scalars(query).all():  # unless it is collected in this moment
        if connection.execute(sa.update(row_chunks).where(row_chunks.c.hash == known).values(used)).rowcount:
            del new[known]
    for row in new.values():
        try:
            with connection.begin_nested():
                connection.execute(sa.insert(row_chunks), {**row, **used})
        except IntegrityError:  # somebody else has put it meanwhile
            continue


def _chunk(connection: sa.Connection, hash_: str) -> list[dict[str, Json]]:
    body = connection.scalar(sa.select(row_chunks.c.body).where(row_chunks.c.hash == hash_))
    if body is None:
        hint = "restore it from a backup, or import the dataset again"
        raise StorageError(f"the rows {hash_[:12]}… are not in the database", hint=hint)
    return [json.loads(line) for line in zlib.decompress(body).split(b"\n")]


def _packed(rows: Sequence[Mapping[str, Json]]) -> dict[str, Any]:
    lines = b"\n".join(map(json.dump_bytes, rows))
    return {"hash": hashlib.sha256(lines).hexdigest(), "count": len(rows), "body": zlib.compress(lines, _LEVEL)}
