"""What a database's error means: its cause, the side that has to look at it, and words without secrets."""

import re
import sqlite3
from typing import Any

import sqlalchemy as sa

from workbench.errors import ConfigMissingError, DataMissingError, JsonError, WorkbenchError
from workbench.model.result import Cause, Failure, Side
from workbench.plugin_api import DataSource

READ_ONLY_HINT = "the connection only reads; `writable: true` on it lets changes through"
_REACH_HINT = "is it running, and are host and port of its url right?"
_LIMIT_HINT = "raise the step's timeout, or ask for less"
_OURS = ((ConfigMissingError, Cause.CONFIG), (DataMissingError, Cause.DATA), (JsonError, Cause.SERIALIZATION))
_CLASSES = {"28": Cause.AUTH, "08": Cause.NETWORK, "57": Cause.NETWORK, "3D": Cause.CONFIG}  # SQLSTATE's first two
# libpq tells no SQLSTATE of what goes wrong while it connects
_CONNECTING = re.compile(
    r"authentication failed|no password supplied|no pg_hba.conf entry|role .* does not exist"
    r"|(?P<database>database .* does not exist)"
)
_READ_ONLY = frozenset({"25006", 1792, 1290})
_TIMED_OUT = frozenset({"57014", "55P03", 1969, 3024, 1205})
_CLASHED = frozenset({"40001", "40P01", 1213})
# https://mariadb.com/kb/en/mariadb-error-code-reference/ and PyMySQL's own 2003, 2006, 2013
_NUMBERS = {
    **dict.fromkeys((1044, 1045, 1142, 1143, 1227, 1698), Cause.AUTH),
    **dict.fromkeys((1040, 1203, 2002, 2003, 2005, 2006, 2013, 1053, 1152, 1927), Cause.NETWORK),
    1049: Cause.CONFIG,
}


def failure_of(error: BaseException, source: DataSource, timeout_ms: int) -> Failure:
    """Never holds the password, should a driver's text do so."""
    if isinstance(error, WorkbenchError):
        cause = next((cause for kind, cause in _OURS if isinstance(error, kind)), Cause.QUERY)
        return Failure(cause, error.message, error.hint)
    origin = getattr(error, "orig", None) or error
    text = _words(origin, source)
    code = _code(origin)
    if code in _TIMED_OUT or "interrupted" in text:
        return timed_out(source, timeout_ms)
    if code in _READ_ONLY or "readonly database" in text:
        return Failure(Cause.QUERY, f"{source.name} refused to change data: {text}", READ_ONLY_HINT)
    cause = _cause(origin, code)
    if cause is Cause.NETWORK:
        return Failure(cause, f"{source.name} cannot be reached: {text}", _REACH_HINT)
    if cause is Cause.AUTH:
        hint = "check `user` and `secret` of the connection, and the user's rights"
        return Failure(cause, f"{source.name} refused the user or a right: {text}", hint)
    if cause is Cause.CONFIG:
        return Failure(cause, f"{source.name}: {text}", "check the url of the connection", side=Side.ENVIRONMENT)
    side = Side.ENVIRONMENT if code in _CLASHED or "database is locked" in text else None
    return Failure(Cause.QUERY, f"{source.name} refused the statement: {text}", side=side)


def timed_out(source: DataSource, timeout_ms: int) -> Failure:
    message = f"no answer within {timeout_ms} ms from {source.name}"
    return Failure(Cause.TIMEOUT, message, _LIMIT_HINT, side=Side.ENVIRONMENT)


def _cause(origin: Any, code: str | int) -> Cause:
    if isinstance(code, int):
        return _NUMBERS.get(code, Cause.QUERY)
    if code == "42501":
        return Cause.AUTH
    if code:
        return _CLASSES.get(code[:2], Cause.QUERY)
    if isinstance(origin, sqlite3.Error):
        return Cause.CONFIG if "unable to open" in str(origin) else Cause.QUERY
    if found := _CONNECTING.search(str(origin)):
        return Cause.CONFIG if found["database"] else Cause.AUTH
    lost = isinstance(origin, OSError) or type(origin).__name__ in ("OperationalError", "InterfaceError")
    return Cause.NETWORK if lost else Cause.QUERY


def _code(origin: Any) -> str | int:
    """SQLSTATE of PostgreSQL, the error number of MySQL and MariaDB; "" where there is none."""
    first = origin.args[0] if getattr(origin, "args", ()) else ""
    if isinstance(first, int) and not isinstance(origin, OSError | sa.exc.SQLAlchemyError):
        return first
    return str(getattr(origin, "sqlstate", None) or "")


def _words(origin: Any, source: DataSource) -> str:
    arguments: Any = getattr(origin, "args", ())
    text = str(arguments[1]) if len(arguments) > 1 and isinstance(arguments[0], int) else str(origin)
    line = " ".join(text.split()) or type(origin).__name__
    return line.replace(source.password, "•••") if source.password else line
