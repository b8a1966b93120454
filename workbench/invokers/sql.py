"""sql steps and `$app.sql`: each call is one transaction on one of a few connections, in a thread of its own.

The answer is `{columns, rows, count, affected}`: rows as objects by column name, of the last statement that gives any;
`affected` counts the rows that all statements of the call changed.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from workbench.errors import JsonError, KeywordError, WorkbenchError
from workbench.invokers import sql_drivers as drivers
from workbench.invokers.sql_failures import READ_ONLY_HINT, failure_of, timed_out
from workbench.invokers.sql_values import bound, cell, size, unique
from workbench.model import json
from workbench.model.json import Json
from workbench.model.result import Cause, Failure
from workbench.model.sqltext import READING, Statement, statements
from workbench.plugin_api import Answer, DataSource, SqlCall

MOST_CONNECTIONS = 8  # to one database, of one run
GRACE_S = 0.5  # the database ends a statement at its limit; who does not hear of that in time breaks off
CLOSING_S = 2.0
_FETCHED = 100  # rows at once
_STREAMED = frozenset({"select", "values", "table", "with"})
_NOT_STREAMED = frozenset({"into", "insert", "update", "delete", "merge"})  # no cursor is declared for these


@dataclass
class _Pool:
    """Connections to one database that nobody uses just now."""

    slots: asyncio.Semaphore
    idle: list[sa.Connection] = field(default_factory=list)
    engine: sa.Engine | None = None


@dataclass(eq=False)
class _Work:
    """One call on its thread. `broken`: nobody waits for it any longer."""

    done: asyncio.Future[Answer]
    connection: sa.Connection | None = None
    broken: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hold(self, connection: sa.Connection) -> None:
        drivers.heed(connection, lambda: self.broken)
        with self.lock:
            self.connection = connection
            if self.broken:
                drivers.break_off(connection)

    def let_go(self) -> bool:
        """Whether the connection is as good as before."""
        with self.lock:
            self.connection = None
            return not self.broken

    def break_off(self) -> None:
        with self.lock:
            self.broken = True
            if self.connection is not None:
                drivers.break_off(self.connection)


class SqlInvoker:
    """Keeps at most MOST_CONNECTIONS to each database; `close` leaves no connection and no thread behind."""

    def __init__(self) -> None:
        self._pools: dict[DataSource, _Pool] = {}
        self._works: set[_Work] = set()
        self._threads: set[threading.Thread] = set()
        self._closed = False

    async def invoke(self, call: SqlCall) -> Answer:
        """Never raises but when cancelled."""
        if self._closed:
            return _failed(Failure(Cause.STOPPED, "the run is over, and its connections are closed"))
        pool = self._pools.setdefault(call.source, _Pool(asyncio.Semaphore(MOST_CONNECTIONS)))
        try:
            async with asyncio.timeout(call.timeout_ms / 1000):
                await pool.slots.acquire()
        except TimeoutError:
            message = f"all {MOST_CONNECTIONS} connections to {call.source.name} were busy for {call.timeout_ms} ms"
            return _failed(Failure(Cause.TIMEOUT, message, "run fewer cases at once, or raise the step's timeout"))
        try:
            return await self._on_thread(call, pool)
        finally:
            pool.slots.release()

    async def _on_thread(self, call: SqlCall, pool: _Pool) -> Answer:
        loop, began = asyncio.get_running_loop(), time.perf_counter_ns()
        work = _Work(loop.create_future())

        def run() -> None:
            answer = self._answer(call, pool, work)
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
                loop.call_soon_threadsafe(_settle, work.done, answer)

        thread = threading.Thread(target=run, name=f"workbench-sql-{call.source.name}", daemon=True)
        self._works.add(work)
        self._threads.add(thread)
        thread.start()
        try:
            async with asyncio.timeout(call.timeout_ms / 1000 + GRACE_S):
                answer = await work.done
        except TimeoutError:
            work.break_off()
            answer = _failed(timed_out(call.source, call.timeout_ms), began)
        except asyncio.CancelledError:
            work.break_off()
            raise
        finally:
            self._works.discard(work)
            self._threads = {each for each in self._threads if each.is_alive()}
        return answer

    def _answer(self, call: SqlCall, pool: _Pool, work: _Work) -> Answer:
        """On a thread. All that can go wrong with a call is in its answer."""
        began = time.perf_counter_ns()
        try:
            with self._connection(call, pool, work) as connection:
                return _asked(call, connection, began)
        except (WorkbenchError, SQLAlchemyError, OSError, ValueError, OverflowError) as error:
            return _failed(failure_of(error, call.source, call.timeout_ms), began)

    @contextlib.contextmanager
    def _connection(self, call: SqlCall, pool: _Pool, work: _Work) -> Iterator[sa.Connection]:
        """One that nobody else uses. It goes back when all was well; what failed may have harmed it."""
        if pool.engine is None:
            pool.engine = drivers.make_engine(call.source, call.timeout_ms)
        connection = pool.idle.pop() if pool.idle else _connected(pool.engine)
        work.hold(connection)
        good = False
        try:
            yield connection
            good = not connection.info.pop("spent", False)
        finally:
            if work.let_go() and good and not self._closed:
                pool.idle.append(connection)
            else:
                _drop(connection)

    async def close(self) -> None:
        self._closed = True
        for work in tuple(self._works):
            work.break_off()
        pools, self._pools = self._pools, {}
        await asyncio.to_thread(_close, tuple(self._threads), [each for pool in pools.values() for each in pool.idle])


def _close(threads: tuple[threading.Thread, ...], connections: list[sa.Connection]) -> None:
    end = time.monotonic() + CLOSING_S
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    for connection in connections:
        _drop(connection)


def _connected(engine: sa.Engine) -> sa.Connection:
    connection = engine.connect()
    try:
        drivers.prepare(connection)
    except BaseException:
        _drop(connection)
        raise
    return connection


def _drop(connection: sa.Connection) -> None:
    with contextlib.suppress(SQLAlchemyError, OSError):
        connection.invalidate()  # closes the driver's connection without another word to the database
    with contextlib.suppress(SQLAlchemyError, OSError):
        connection.close()


def _settle(done: asyncio.Future[Answer], answer: Answer) -> None:
    if not done.done():
        done.set_result(answer)


def _asked(call: SqlCall, connection: sa.Connection, began: int) -> Answer:
    dialect = drivers.dialect_of(connection.engine)
    parameters = json.loads(call.parameters, where="request")
    if not isinstance(parameters, dict):
        raise JsonError("the parameters are no object", where="request", hint='write {"id": …}')
    wanted = statements(call.statement, dialect)
    told = _Told(call.source)
    with connection.begin() as transaction:
        drivers.begin(connection, call.source, call.timeout_ms)
        for statement in wanted:
            _refuse_writing(statement, call.source)
            told.take(statement, _executed(connection, statement, parameters, dialect))
        if not call.source.writable:
            transaction.rollback()
    elapsed = (time.perf_counter_ns() - began) // 1000
    return Answer(told.answer(), elapsed_us=elapsed, provider=told.place(connection), mode="sql", warnings=told.notes)


def _refuse_writing(statement: Statement, source: DataSource) -> None:
    """Before the database is asked: what is no reading statement might also end the read-only transaction."""
    if not source.writable and statement.first not in READING:
        message = f"{source.name} only reads: {statement.first.upper()} is not let through"
        raise KeywordError(message, hint=READ_ONLY_HINT)


def _executed(
    connection: sa.Connection, statement: Statement, parameters: Mapping[str, Json], dialect: str
) -> sa.CursorResult[Any]:
    text, values = bound(statement, parameters, connection.dialect.paramstyle, dialect)
    stream = statement.first in _STREAMED and not statement.words & _NOT_STREAMED and dialect != "sqlite"
    return connection.exec_driver_sql(text, values, {"stream_results": stream})


class _Told:
    """What the statements of a call have given so far, within the connection's limits."""

    def __init__(self, source: DataSource) -> None:
        self._source = source
        self._columns: list[str] = []
        self._rows: list[dict[str, Json]] = []
        self._affected = 0
        self.notes: tuple[str, ...] = ()

    def take(self, statement: Statement, result: sa.CursorResult[Any]) -> None:
        if result.returns_rows:
            with contextlib.closing(result):
                self._columns = unique(list(result.keys()))
                self._rows = list(self._within(result))
                if statement.first not in READING:
                    self._affected += max(0, result.rowcount)
        elif statement.first not in READING or statement.first == "with":
            self._affected += max(0, result.rowcount)

    def _within(self, result: sa.CursorResult[Any]) -> Iterator[dict[str, Json]]:
        source, count, bytes_ = self._source, 0, 0
        while rows := result.fetchmany(_FETCHED):
            for row in rows:
                kept = dict(zip(self._columns, map(cell, row), strict=True))
                bytes_ += sum(map(size, kept.values()))
                if count == source.max_rows or bytes_ > source.max_bytes:
                    limit = (
                        f"{source.max_rows} rows"
                        if count == source.max_rows
                        else f"{source.max_bytes} bytes (max_bytes)"
                    )
                    self._note(count, limit)
                    result.connection.info["spent"] = True  # its unread rows would have to be read first
                    return
                count += 1
                yield kept

    def _note(self, count: int, limit: str) -> None:
        note = f"only the first {count} rows are kept: {self._source.name} has a limit of {limit}"
        self.notes = (*self.notes, note)

    def answer(self) -> str:
        return json.dumps(
            {"columns": self._columns, "rows": self._rows, "count": len(self._rows), "affected": self._affected}
        )

    def place(self, connection: sa.Connection) -> str:
        url = connection.engine.url
        return f"{url.host}:{url.port}" if url.host and url.port else url.host or self._source.name


def _failed(failure: Failure, began: int | None = None) -> Answer:
    elapsed = 0 if began is None else (time.perf_counter_ns() - began) // 1000
    return Answer(failure=failure, elapsed_us=elapsed, mode="sql")
