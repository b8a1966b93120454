"""Values between JSON and databases: what goes in as a parameter, what comes out as a cell.

Numbers keep their digits (DECIMAL its scale, BIGINT all of it, floating point its shortest spelling); dates, times and
intervals are the database's own text; bytes are base64; NULL is null.
"""

import base64
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from workbench.errors import DataMissingError
from workbench.model import json
from workbench.model.json import Json
from workbench.model.near import did_you_mean
from workbench.model.sqltext import Statement

_MOST_PLACES = 1000  # of one list: `in (:ids)`


def bound(statement: Statement, values: Mapping[str, Json], style: str, dialect: str) -> tuple[str, dict[str, Any]]:
    """The statement in the driver's spelling, and its parameters. A list becomes as many places as it has values.

    `style`: "pyformat", or "qmark" for SQLite, which knows `:name` too. Raises DataMissingError.
    """
    texts = [_escaped(statement.parts[0], style)]
    parameters: dict[str, Any] = {}
    for name, text in zip(statement.names, statement.parts[2::2], strict=True):
        if name not in values:
            hint = did_you_mean(name, values) or "give it under `request`"
            raise DataMissingError(f"the statement names :{name}, and there is no such parameter", hint=hint)
        texts.append(_places(name, values[name], parameters, style, dialect))
        texts.append(_escaped(text, style))
    return "".join(texts), parameters


def _places(name: str, value: Json, parameters: dict[str, Any], style: str, dialect: str) -> str:
    mark = "%({})s" if style == "pyformat" else ":{}"
    if not isinstance(value, list):
        parameters[name] = _given(value, dialect)
        return mark.format(name)
    if len(value) > _MOST_PLACES:
        raise DataMissingError(f":{name} has {len(value)} values", hint=f"{_MOST_PLACES} at most in one statement")
    inner = {f"{name}__{number}": _given(each, dialect) for number, each in enumerate(value)}
    parameters.update(inner)
    return ", ".join(map(mark.format, inner)) or "NULL"  # in (NULL) holds for nothing


def _escaped(text: str, style: str) -> str:
    return text.replace("%", "%%") if style == "pyformat" else text


def _given(value: Json, dialect: str) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value)
    if isinstance(value, Decimal) and dialect == "sqlite":  # it has no decimals: a float where that says the same
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    return value


def cell(value: Any) -> Json:
    """A cell as an exact JSON value."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        return value if value.is_finite() else str(value)
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, list | tuple):
        return [cell(each) for each in value]
    return value if isinstance(value, dict) else str(value)


def size(value: Json) -> int:
    """About how many bytes it takes as JSON; exact enough for a limit."""
    if isinstance(value, str):
        return len(value.encode())
    return len(json.dump_bytes(value)) if isinstance(value, list | dict) else 8


def unique(names: Sequence[str]) -> list[str]:
    """Column names as keys of an object: a second `id` is `id_2`."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return found
