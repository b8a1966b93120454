"""The door to the database: connections, transactions, and its errors in our words.

SQLite runs in WAL mode with every commit synced; a writing transaction takes the write lock at its beginning, since one
that would take it later is refused (SQLITE_BUSY_SNAPSHOT) instead of waiting.
"""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from workbench.errors import DatabaseError, StorageError

BUSY_SECONDS = 30  # how long a writer waits for another
CONNECTIONS = 50  # of a process at most: a server of PostgreSQL lets 100 in. A file of SQLite has no such bound
_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
_EXTRAS = {"postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql"}


class Database:
    """One database; safe for threads. `close()` lets go of its connections."""

    def __init__(self, url: str) -> None:
        """Nothing is connected yet. Raises StorageError for a URL that is none, or whose driver is not installed."""
        self.engine = _engine(url)
        self.name = self.engine.url.render_as_string(hide_password=True)
        self.kind = self.engine.dialect.name  # sqlite, postgresql, mysql, mariadb
        self.is_sqlite = self.kind == "sqlite"
        self._own = threading.local()  # `connection`: of the transaction that this thread writes in
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @property
    def file(self) -> Path | None:
        """The file of SQLite."""
        name = self.engine.url.database if self.is_sqlite else ""
        return Path(name) if name and name != ":memory:" else None

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent view. Raises DatabaseError for whatever the database says.

        Within a transaction of this thread's it is that one: who waits for a second connection while writers that wait
        for the first's lock hold all others would wait in vain.
        """
        own = getattr(self._own, "connection", None)
        with self._told(), contextlib.nullcontext(own) if own is not None else self.engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction: all of it or, when anything is raised, nothing."""
        with self._told(), self.engine.execution_options(writing=True).begin() as connection:
            before, self._own.connection = getattr(self._own, "connection", None), connection
            try:
                yield connection
            finally:
                self._own.connection = before

    def check(self) -> None:
        """Raises DatabaseError when it does not answer."""
        with self.reading() as connection:
            connection.execute(sa.select(1))

    def close(self) -> None:
        self.engine.dispose()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise DatabaseError(_words(error), where=self.name, hint=_hint(error)) from error


def _engine(url: str) -> sa.Engine:
    scheme, _, rest = url.partition("://")
    try:
        return sa.create_engine(f"{_DRIVERS.get(scheme, scheme)}://{rest}", **_options(scheme, url))
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get(scheme.partition("+")[0])
        hint = f"pip install 'dubbo-workbench[{extra}]'" if extra else ""
        raise StorageError(f"the driver {error.name} is not installed", where=f"{scheme}://", hint=hint) from error
    except (ArgumentError, NoSuchModuleError) as error:
        hint = "sqlite:///FILE, postgresql://USER:PASSWORD@HOST/DATABASE or mysql://…"
        raise StorageError("this is no database URL", where=f"{scheme}://…", hint=hint) from error


def _options(scheme: str, url: str) -> dict[str, Any]:
    if scheme.startswith("sqlite"):
        in_memory = url.partition("://")[2].strip("/") in ("", ":memory:")
        return {"connect_args": {"timeout": BUSY_SECONDS}} | ({} if in_memory else {"max_overflow": -1})
    # READ COMMITTED: MySQL's default would show a writer that waited for a lock the state before its wait
    most = {"max_overflow": CONNECTIONS - 5, "pool_timeout": 2 * BUSY_SECONDS}  # 5 stay open
    return {"pool_pre_ping": True, "isolation_level": "READ COMMITTED", **most}


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours: the driver's own comes too late, and never before DDL
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _words(error: SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None) or error
    return " ".join(str(cause).split()) or type(cause).__name__


def _hint(error: SQLAlchemyError) -> str:
    if isinstance(error, sa.exc.OperationalError):
        return "is it running, reachable and writable? The setting database_url names it"
    return ""
