"""What becomes of cells when their column declares another type: exact values, or a problem that says what would be
lost."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from msgspec import UNSET, Struct

from workbench.errors import JsonError
from workbench.model import json
from workbench.model.dataset import CellProblem, Column, ColumnType
from workbench.model.json import Json
from workbench.model.words import clipped

MOST: Final = 1000  # problems that are told one by one
_SHOWN: Final = 20  # cells that are shown before and after
_PLAIN: Final = 1000  # digits that an exponent may stand for in a text
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")  # as a number is written again
_SPELLED = re.compile(r"\s*[+-]?\d+(\.\d*)?([eE][+-]?\d+)?\s*")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T](.+))?")
_TRUTH = {"true": True, "false": False}


class CellChange(Struct, frozen=True):
    row: int  # from 1
    before: Json
    after: Json


class Conversion(Struct, frozen=True, kw_only=True):
    """What another type would do to a column. `cells`: that have a value; `changed` of them become another value, the
    first of which are `shown`; `unfit` of them cannot be converted, the first of which are `problems`."""

    column: Column
    cells: int
    changed: int
    unfit: int
    shown: tuple[CellChange, ...]
    problems: tuple[CellProblem, ...]


def convert_cell(value: Json, kind: ColumnType) -> Json:
    """The value in a column of that type; null and the empty text stay what they are, in every type.

    Raises ValueError that says what would be lost: a text becomes a number only where the number is written so.
    """
    if kind == "auto" or value is None or value == "":
        return value
    return {"text": _text, "number": _number, "bool": _bool, "date": _date}[kind](value)


def convert_rows(
    name: str, old: Column, kind: ColumnType, rows: Iterable[Mapping[str, Json]]
) -> tuple[list[Json], Conversion]:
    """The cells of a column, those that cannot be converted as they are (UNSET where a row has none); and what is to be
    told of it."""
    cells: list[Json] = []
    shown: list[CellChange] = []
    problems: list[CellProblem] = []
    changed = unfit = held = 0
    for number, row in enumerate(rows, 1):
        value = row.get(old.name, UNSET)
        made = value
        if value is not UNSET:
            held += 1
            try:
                made = convert_cell(value, kind)
            except ValueError as error:
                unfit += 1
                if unfit <= MOST:
                    problems.append(CellProblem(f"{name} row {number} {old.name}", str(error), fatal=True))
        if made is not value and json.dumps([made]) != json.dumps([value]):
            changed += 1
            if changed <= _SHOWN:
                shown.append(CellChange(number, value, made))
        cells.append(made)
    column = Column(old.name, kind)
    told = Conversion(
        column=column, cells=held, changed=changed, unfit=unfit, shown=tuple(shown), problems=tuple(problems)
    )
    return cells, told


def _text(value: Json) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f") if abs(value.adjusted()) <= _PLAIN else str(value)
    if isinstance(value, bool | int):
        return json.dumps(value)
    raise ValueError(f"{_shown(value)} is no single value")


def _number(value: Json) -> Json:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    try:
        number = json.loads(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None
    except JsonError as error:
        raise ValueError(f"{_shown(value)} cannot be a number: {error.message}") from None
    if number is None or _text(number) != value:
        lost = isinstance(value, str) and _SPELLED.fullmatch(value)
        why = "would lose how it is written (zeros, a sign, blanks, an exponent)" if lost else "is not a number"
        raise ValueError(f"{_shown(value)} {why}")
    return number


def _bool(value: Json) -> bool:
    if isinstance(value, bool):
        return value
    known = _TRUTH.get(value.lower()) if isinstance(value, str) else None
    if known is None:
        raise ValueError(f"{_shown(value)} is neither true nor false")
    return known


def _date(value: Json) -> str:
    """ISO text, as the readers of files make it."""
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    try:
        day = date(*map(int, match.group(1, 2, 3))) if match else None
    except ValueError:
        day = None
    if match is None or day is None:
        raise ValueError(f"{_shown(value)} is not a date like 2026-01-31")
    return f"{day} {match[4]}" if match[4] else day.isoformat()


def _shown(value: Json) -> str:
    return clipped(json.dumps(value), 60)
