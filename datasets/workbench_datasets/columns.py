"""Column headers and the types they declare: `amount`, `amount:number`.

A header is a name, optionally followed by `:auto`, `:text`, `:number`, `:date` or `:bool`; any other colon belongs to
the name.
Shared by all table formats; JSON datasets name their columns' types in a field of their own.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import get_args

from workbench.errors import DatasetError
from workbench.model.dataset import CellProblem, Column, ColumnType, Dataset
from workbench.model.json import Json

_TYPES = frozenset(get_args(ColumnType))
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T](.+))?")
_TRUTH = {"true": True, "false": False}
SHOWN_ERRORS = 20
MAX_NOTES, MAX_FATAL = 200, 10_000  # problems that are kept


def parse_header(text: str) -> Column:
    name, colon, suffix = text.rpartition(":")
    if colon and name and suffix in _TYPES:
        return Column(name, suffix)  # type: ignore[arg-type]
    return Column(text)


def header_text(column: Column) -> str:
    """The inverse of parse_header: `a:number` as a name needs its type said."""
    if column.type == "auto" and parse_header(column.name) == column:
        return column.name
    return f"{column.name}:{column.type}"


def read_header(cells: Sequence[tuple[str, str]]) -> tuple[Column | None, ...]:
    """Columns of (where, text) cells; None where there is no name. Raises DatasetError for duplicate names."""
    problems: list[CellProblem] = []
    seen: dict[str, str] = {}
    columns = [parse_header(text) if text.strip() else None for _, text in cells]
    for (where, _), column in zip(cells, columns, strict=True):
        if column is None:
            continue
        if column.name in seen:
            message = f"the column {column.name!r} stands twice, first in {seen[column.name]}"
            problems.append(CellProblem(where, message, fatal=True))
        seen.setdefault(column.name, where.rpartition("!")[2])
    raise_fatal(problems, hint="give every column a name of its own in the first row")
    return tuple(columns)


def header_notes(cells: Sequence[tuple[str, str]]) -> list[CellProblem]:
    """Blanks around a name are kept, and easily overlooked."""
    return [
        CellProblem(where, f"the column name {text!r} has blanks around it")
        for where, text in cells
        if text.strip() and text != text.strip()
    ]


def check_writable(dataset: Dataset, where: str) -> None:
    """What no table can hold: unnamed columns, keys without a column, rows without a value. Raises DatasetError."""
    names = [column.name for column in dataset.columns]
    if not names or len(set(names)) < len(names) or not all(name.strip() for name in names):
        raise DatasetError("a table needs columns, each with a name of its own", where=where)
    for number, row in enumerate(dataset.rows, 1):
        unknown = row.keys() - set(names)
        if unknown:
            raise DatasetError(f"row {number} has values without a column: {', '.join(sorted(unknown))}", where=where)
        if not row:
            raise DatasetError(f"row {number} has no value at all", where=where, hint="a table cannot show such a row")


def convert(value: Json, kind: ColumnType) -> Json:
    """A cell's value in a column that declares a type. Raises ValueError saying what was expected."""
    if kind == "auto" or value is None or value == "":
        return value
    if kind == "text":
        return value if isinstance(value, str) else _text(value)
    return {"number": _number, "bool": _bool, "date": _date}[kind](value)


class Problems:
    """What was found at cells: the first ones, and how many more; a hostile file has one in each cell."""

    def __init__(self, found: Iterable[CellProblem] = ()) -> None:
        self._kept = {True: list[CellProblem](), False: list[CellProblem]()}  # fatal or not
        self._counts = {True: 0, False: 0}
        for each in found:
            self.add(each)

    def add(self, problem: CellProblem) -> None:
        kept = self._kept[problem.fatal]
        self._counts[problem.fatal] += 1
        if len(kept) < (MAX_FATAL if problem.fatal else MAX_NOTES):
            kept.append(problem)

    def all(self, where: str) -> list[CellProblem]:
        """`where`: the table, for those that are only counted."""
        found = [*self._kept[True], *self._kept[False]]
        for fatal, kept in self._kept.items():
            if more := self._counts[fatal] - len(kept):
                found.append(CellProblem(where, f"{more} more cells have such problems", fatal))
        return found


def raise_fatal(problems: Iterable[CellProblem], *, hint: str = "") -> None:
    """One error that lists all fatal problems, each with its cell."""
    fatal = [problem for problem in problems if problem.fatal]
    if not fatal:
        return
    if len(fatal) == 1:
        raise DatasetError(fatal[0].message, where=fatal[0].where, hint=hint)
    common = _common([problem.where for problem in fatal])
    lines = [f"  {problem.where[len(common) :]}: {problem.message}" for problem in fatal[:SHOWN_ERRORS]]
    lines += [f"  … and {len(fatal) - SHOWN_ERRORS} more"] if len(fatal) > SHOWN_ERRORS else []
    message = "\n".join([f"{len(fatal)} cells cannot be read", *lines])
    raise DatasetError(message, where=common.rstrip("!:"), hint=hint)


def _common(wheres: Sequence[str]) -> str:
    """What all begin with, up to its last separator: `orders.xlsx!Sheet1!`, `orders.csv:`."""
    alike = next((at for at, letters in enumerate(zip(*wheres, strict=False)) if len(set(letters)) > 1), None)
    common = wheres[0][:alike]
    return common[: max(common.rfind("!"), common.rfind(":")) + 1]


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _number(value: Json) -> int | Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    text = value.strip() if isinstance(value, str) else ""
    divisor = 100 if text.endswith("%") else 1
    try:
        number = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a number, and the column is declared as :number") from None
    if not number.is_finite() or "_" in text:
        raise ValueError(f"{value!r} is not a number, and the column is declared as :number")
    number = number / divisor if divisor > 1 else number
    return int(number) if re.fullmatch(r"[+-]?\d+", text) else number


def _bool(value: Json) -> bool:
    if isinstance(value, bool):
        return value
    known = _TRUTH.get(value.strip().lower()) if isinstance(value, str) else None
    if known is None:
        raise ValueError(f"{value!r} is neither true nor false, and the column is declared as :bool")
    return known


def _date(value: Json) -> str:
    match = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{value!r} is not a date like 2026-01-31, and the column is declared as :date")
    day = f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
    return f"{day} {match[4]}" if match[4] else day
