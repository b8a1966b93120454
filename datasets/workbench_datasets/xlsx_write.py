"""Writes a dataset so that reading it again gives the same columns and rows.

Text goes out with write_string only, so '=1+2' never becomes a formula. What a cell cannot hold exactly becomes JSON
text in EXACT_FORMAT (see cells.py).
"""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from msgspec import Struct

from workbench.errors import DatasetError
from workbench.model import json
from workbench.model.dataset import Column, ColumnType, Dataset
from workbench.model.json import Json
from workbench_datasets.cells import EXACT_FORMAT
from workbench_datasets.columns import check_writable, convert, header_text
from workbench_datasets.numfmt import EXACT_DIGITS
from workbench_datasets.replacing import replacing

MAX_TEXT = 32_767  # UTF-16 units, by the format
MAX_SCALE = 10
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook knows no zone; the same rows give the same bytes
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_IN_JSON = re.compile(r"[\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


class _Cell(Struct, frozen=True):
    value: str | bool | int | Decimal
    code: str = "General"


def write_workbook(dataset: Dataset, path: Path) -> None:
    """Raises DatasetError, before anything is written, for what no workbook can hold."""
    check_writable(dataset, path.name)
    for number, cells in enumerate(_table(dataset)):  # all is checked before the file is touched
        for at, cell in cells:
            _check(cell, f"{path.name}!row {number + 1} column {at + 1}")
    with replacing(path) as target:
        _write(dataset, target)


def _write(dataset: Dataset, target: Path) -> None:
    with xlsxwriter.Workbook(str(target), {"constant_memory": True}) as book:
        book.set_properties({"created": _MADE})
        sheet = book.add_worksheet("data")
        sheet.freeze_panes(1, 0)
        formats: dict[str, object] = {}
        for number, cells in enumerate(_table(dataset)):
            for at, cell in cells:
                if cell.code not in formats:
                    formats[cell.code] = book.add_format({"num_format": cell.code})
                form = formats[cell.code] if cell.code != "General" else None
                if isinstance(cell.value, bool):
                    sheet.write_boolean(number, at, cell.value, form)
                elif isinstance(cell.value, str):
                    sheet.write_string(number, at, cell.value, form)
                else:
                    sheet.write_number(number, at, float(cell.value), form)


def _table(dataset: Dataset) -> Iterator[list[tuple[int, _Cell]]]:
    """Rows of (column number, cell), the header first."""
    columns = list(enumerate(dataset.columns))
    yield [(at, _cell(header_text(column))) for at, column in columns]
    for row in dataset.rows:
        yield [(at, _value(row[column.name], column)) for at, column in columns if column.name in row]


def _value(value: Json, column: Column) -> _Cell:
    """A cell; as JSON text where the column's declared type would change the value on its way back."""
    if column.type != "auto" and value != "" and not _stays(value, column.type):
        return _exact(value)
    return _cell(value)


def _stays(value: Json, kind: ColumnType) -> bool:
    try:
        return json.dumps(convert(value, kind)) == json.dumps(value)
    except ValueError:
        return False


def _cell(value: Json) -> _Cell:
    if isinstance(value, str):
        return _exact(value) if _UNSAFE.search(value) else _Cell(value)
    if isinstance(value, bool):
        return _Cell(value)
    if isinstance(value, int) and abs(value) < 10**EXACT_DIGITS:
        return _Cell(value)
    if isinstance(value, Decimal) and _fits(value):
        scale = -int(value.as_tuple().exponent)
        return _Cell(value, f"0.{'0' * scale}")
    return _exact(value)


def _fits(value: Decimal) -> bool:
    """Its digits and scale survive a double and a number format."""
    _, digits, exponent = value.as_tuple()
    plain = isinstance(exponent, int) and -MAX_SCALE <= exponent < 0 and not (value.is_zero() and value.is_signed())
    return plain and len(digits) <= EXACT_DIGITS and value.adjusted() < EXACT_DIGITS


def _exact(value: Json) -> _Cell:
    try:
        text = json.dumps(value)
    except (ValueError, TypeError) as error:  # a lone surrogate
        raise DatasetError(f"{value!r} cannot be written: {error}") from error
    return _Cell(_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text), EXACT_FORMAT)


def _check(cell: _Cell, where: str) -> None:
    if isinstance(cell.value, str) and len(cell.value.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT:
        hint = "keep such data in a JSON dataset"
        raise DatasetError(f"the text is longer than {MAX_TEXT} characters", where=where, hint=hint)
    if isinstance(cell.value, str) and not cell.value.isascii() and re.search(r"[\ud800-\udfff]", cell.value):
        raise DatasetError("the text holds half of a surrogate pair, which no file can hold", where=where)
