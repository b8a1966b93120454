"""What differs between databases: drivers, exact values, read-only transactions, time limits, ways to break off."""

import contextlib
import math
import os
import socket
import sqlite3
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from workbench.errors import ConfigMissingError
from workbench.model import json
from workbench.plugin_api import DataSource

_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
_EXTRAS = {"psycopg": "postgresql", "pymysql": "mysql"}
_SHAPE = "postgresql://HOST:PORT/DATABASE, mysql://…, mariadb://… or sqlite:///FILE"
# psycopg would make Python's dates of these, which know neither `infinity` nor a month in an interval
_AS_TEXT = (
    *("date", "time", "timetz", "timestamp", "timestamptz", "interval", "money", "uuid", "inet", "cidr"),
    *("int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange"),
    *("int4multirange", "int8multirange", "nummultirange", "datemultirange", "tsmultirange", "tstzmultirange"),
)
_LOOK_EVERY = 10_000  # instructions of SQLite's machine: less than a millisecond
_READ_ONLY = {"postgresql": "SET TRANSACTION READ ONLY", "mysql": "START TRANSACTION READ ONLY"}


def dialect_of(engine: sa.Engine) -> str:
    """postgresql, mysql (also MariaDB) or sqlite."""
    name = engine.dialect.name
    return "mysql" if name == "mariadb" else name


def make_engine(source: DataSource, timeout_ms: int) -> sa.Engine:
    """Nothing is connected yet. Raises ConfigMissingError for a URL or driver that makes no connection."""
    scheme, _, rest = source.url.partition("://")
    where = f"connection {source.name}"
    if scheme not in (*_DRIVERS, "sqlite") or _has_password(source.url):
        unknown = f"the connection {source.name} has the unknown URL scheme {scheme!r}"
        secret = f"the connection {source.name} has a password in its URL"
        message = secret if _has_password(source.url) else unknown
        hint = "name the config key that holds it under `secret`" if _has_password(source.url) else _SHAPE
        raise ConfigMissingError(message, hint=hint)
    try:
        url = sa.make_url(f"{_DRIVERS.get(scheme, scheme)}://{rest}")
        if scheme != "sqlite":
            url = url.set(username=source.user or url.username, password=source.password or None)
        return sa.create_engine(_opened(url, source), poolclass=NullPool, connect_args=_options(url, timeout_ms))
    except ModuleNotFoundError as error:
        hint = f"pip install 'dubbo-workbench[{_EXTRAS.get(str(error.name), scheme)}]'"
        raise ConfigMissingError(f"{where}: the driver {error.name} is not installed", hint=hint) from error
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise ConfigMissingError(f"the connection {source.name} has no valid URL", hint=_SHAPE) from None


def _has_password(url: str) -> bool:
    try:
        return bool(urlsplit(url).password)
    except ValueError:
        return False


def _opened(url: sa.URL, source: DataSource) -> sa.URL:
    """SQLite's file is opened as the connection is: one that only reads cannot change it. `?mode=rwc` makes one."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return url
    url = url.set(database=str(_inside(url.database, source)))
    mode = str(url.query.get("mode", "rw")) if source.writable else "ro"
    return url.set(database=f"file:{quote(str(url.database))}").update_query_dict({"mode": mode, "uri": "true"})


def _inside(name: str, source: DataSource) -> Path:
    """Raises ConfigMissingError for a file outside of the folder that is allowed."""
    path = (Path(source.root) / name).resolve()
    if source.root and not path.is_relative_to(Path(source.root).resolve()):
        hint = "a server opens no other files of its machine"
        raise ConfigMissingError(f"the file of {source.name} lies outside of the suite", hint=hint)
    return path


def _options(url: sa.URL, timeout_ms: int) -> Mapping[str, Any]:
    seconds = max(2, math.ceil(timeout_ms / 1000))
    backend = url.get_backend_name()
    if backend == "sqlite":
        return {"timeout": timeout_ms / 1000, "check_same_thread": False}
    if backend == "postgresql":
        return {"connect_timeout": seconds, "prepare_threshold": None, "application_name": "dubbo-workbench"}
    return {"connect_timeout": seconds, "conv": _mysql_values()}


def _mysql_values() -> dict[Any, Any]:
    """PyMySQL's own conversions, but texts for dates and times, Decimal for floats, numbers for BIT."""
    from pymysql.constants import FIELD_TYPE
    from pymysql.converters import conversions, through

    kinds = ("TIMESTAMP", "DATETIME", "TIME", "DATE", "NEWDATE")
    return {
        **conversions,
        **dict.fromkeys((getattr(FIELD_TYPE, kind) for kind in kinds), through),
        FIELD_TYPE.FLOAT: Decimal,
        FIELD_TYPE.DOUBLE: Decimal,
        FIELD_TYPE.BIT: lambda data: int.from_bytes(data, "big"),
        FIELD_TYPE.JSON: json.loads,
    }


def prepare(connection: sa.Connection) -> None:
    """Once for each new connection: values are to come exactly, and no statement opens another file."""
    if connection.dialect.name == "sqlite":
        opened: Any = connection.connection.driver_connection
        opened.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    if connection.dialect.name != "postgresql":
        return
    from psycopg import ServerCursor
    from psycopg.types.json import set_json_loads
    from psycopg.types.numeric import NumericLoader
    from psycopg.types.string import TextLoader

    class Cursor(ServerCursor[Any]):
        def __del__(self, _warn: Any = None, /) -> None:
            """Without psycopg's warning: what breaks a connection off takes its open cursor along."""

    driver: Any = connection.connection.driver_connection
    driver.server_cursor_factory = Cursor
    for name in _AS_TEXT:
        if driver.adapters.types.get(name):
            driver.adapters.register_loader(name, TextLoader)
    for name in ("float4", "float8"):
        driver.adapters.register_loader(name, NumericLoader)
    set_json_loads(json.loads, driver)


def begin(connection: sa.Connection, source: DataSource, timeout_ms: int) -> None:
    """The transaction of one call: bounded in time, and read-only by the database's own word unless it may write."""
    dialect = dialect_of(connection.engine)
    for statement in _limits(connection, dialect, timeout_ms):
        connection.exec_driver_sql(statement)
    if dialect == "sqlite":
        connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if source.writable else 'ON'}")
    elif not source.writable:
        connection.exec_driver_sql(_READ_ONLY[dialect])


def _limits(connection: sa.Connection, dialect: str, timeout_ms: int) -> tuple[str, ...]:
    if dialect == "postgresql":
        return (f"SET LOCAL statement_timeout = {timeout_ms}",)
    if dialect == "mysql" and getattr(connection.dialect, "is_mariadb", False):
        return (f"SET SESSION max_statement_time = {timeout_ms / 1000:.3f}",)
    return (f"SET SESSION max_execution_time = {timeout_ms}",) if dialect == "mysql" else ()


def heed(connection: sa.Connection, broken: Callable[[], bool]) -> None:
    """SQLite's `interrupt` is heard by a statement that runs; one that is about to begin looks itself."""
    if connection.dialect.name == "sqlite":
        opened: Any = connection.connection.driver_connection
        opened.set_progress_handler(broken, _LOOK_EVERY)


def break_off(connection: sa.Connection) -> None:
    """Make whatever a thread waits for on this connection end at once; it cannot be used any further."""
    driver: Any = connection.connection.driver_connection
    with contextlib.suppress(OSError, AttributeError):  # it is closed already
        if connection.dialect.name == "sqlite":
            driver.interrupt()
        elif connection.dialect.name == "postgresql":
            with socket.socket(fileno=os.dup(driver.pgconn.socket)) as line:
                line.shutdown(socket.SHUT_RDWR)
        else:
            driver._sock.shutdown(socket.SHUT_RDWR)  # PyMySQL has no other way to end a wait from outside
