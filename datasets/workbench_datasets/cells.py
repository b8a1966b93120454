"""One spreadsheet cell → what a case gets.

Text cells with the format EXACT_FORMAT hold JSON: our writer uses them for what a cell cannot hold otherwise (numbers
beyond 15 digits, null, lists, control characters). To a reader they look like any other text.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openpyxl.utils.datetime import from_excel

from workbench.errors import JsonError
from workbench.model import json
from workbench.model.dataset import CellProblem, ColumnType
from workbench.model.json import Json
from workbench_datasets import datefmt, numfmt
from workbench_datasets.columns import Problems, convert
from workbench_datasets.sheet_cells import Cell

EXACT_FORMAT = "General;-General;General;@"
MISSING = object()
_KNOWN = 50_000  # values of a sheet that are remembered with what they show
# Excel writes UTF-16 units like this: control characters, and as _x005F_ the line before what only looks so. openpyxl
# leaves them.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_HALVES = re.compile("[\ud800-\udfff]")
_LOST = (
    "Excel keeps 15 digits of a number and has replaced the rest by zeros, so {} may not be what was typed; "
    "format the column as text and type the value again"
)

# xlsxwriter, for one, writes 0 for every formula and leaves the computing to the program that opens the file.
_STAND_IN = "the formula's value 0 may never have been computed: open the workbook in Excel and save it"


class CellReader:
    """Reads the cells of one sheet and gathers what is wrong with them."""

    def __init__(self, sheet: str, epoch: datetime, *, uncomputed: bool = False) -> None:
        """`uncomputed`: the workbook asks to be calculated when it is opened, so a formula's 0 may be a stand-in."""
        self.sheet = sheet  # orders.xlsx!Sheet1
        self.problems = Problems()
        self._epoch = epoch
        self._uncomputed = uncomputed
        self._known: dict[tuple[Any, str, int, ColumnType], tuple[Json, str]] = {}

    def read(self, cell: Cell, kind: ColumnType) -> Json:
        """The value, or MISSING. Problems are noted with the cell's name."""
        raw = cell.value
        if raw is None:
            return self._without_value(cell)
        if isinstance(raw, str) or cell.data_type not in ("n", "d"):
            value, note = self._value(cell, kind)
        else:  # the same date or amount stands in many cells
            key = (raw, cell.data_type, cell.style.number, kind)
            found = self._known.get(key)
            if found is None:
                found = self._value(cell, kind)
                if found[0] is not MISSING and len(self._known) < _KNOWN:
                    self._known[key] = found
            value, note = found
        if note:
            self._note(cell, note)
        if cell.formula and self._uncomputed and raw == 0 and not isinstance(raw, bool):
            self._note(cell, _STAND_IN)
        return value

    def _without_value(self, cell: Cell) -> Json:
        if not cell.formula:
            return MISSING
        if cell.data_type == "str":
            return ""
        self._note(cell, "the formula has no computed value: open the workbook in Excel and save it", fatal=True)
        return MISSING

    def _value(self, cell: Cell, kind: ColumnType) -> tuple[Json, str]:
        value = cell.value
        if cell.data_type == "e":
            self._note(cell, f"the cell shows the error {value}", fatal=True)
            return MISSING, ""
        if isinstance(value, str):
            if cell.style.code == EXACT_FORMAT:
                return _exact_text(value), ""
            value, note = _unescaped(value), ""
        else:
            value, note = self._seen(cell, kind)
        try:
            return convert(value, kind), note
        except ValueError as error:
            self._note(cell, str(error), fatal=True)
            return MISSING, ""

    def _seen(self, cell: Cell, kind: ColumnType) -> tuple[Json, str]:
        value = cell.value
        if isinstance(value, bool):
            return value, ""
        if isinstance(value, date | time | timedelta):
            return self._moment(value, cell.style.code, kind), ""
        code = cell.style.code
        if code == "General" and cell.style.number in datefmt.LOCALE_DATES:
            return self._moment(from_excel(value, self._epoch), datefmt.LOCALE_DATE, kind), ""
        return self._number(cell, value, code)

    def _moment(self, value: datefmt.Moment, code: str, kind: ColumnType) -> str:
        return datefmt.iso(value) if kind == "date" else datefmt.show(value, code)

    def _number(self, cell: Cell, value: int | float, code: str) -> tuple[Json, str]:
        if value != value or value in (float("inf"), float("-inf")):
            self._note(cell, "the number is larger than a spreadsheet can hold", fatal=True)
            return MISSING, ""
        if abs(value) >= 10**numfmt.EXACT_DIGITS:
            number = numfmt.exact(value)
            text = numfmt.plain(number)
            return (text if code == "@" else number), _LOST.format(text)
        shown = numfmt.show(value, code)
        return shown.value, shown.note

    def _note(self, cell: Cell, message: str, *, fatal: bool = False) -> None:
        self.problems.add(CellProblem(f"{self.sheet}!{cell.coordinate}", message, fatal))


def text_of(value: Json) -> str:
    """A header cell as text."""
    if isinstance(value, Decimal):
        return numfmt.plain(value)
    return "" if value is MISSING else str(value)


def _exact_text(text: str) -> Json:
    """The JSON value; text that a person typed over it stays text."""
    try:
        return json.loads(text)
    except JsonError:
        return text


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    units = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    whole = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return _HALVES.sub(lambda half: f"_x{ord(half[0]):04X}_", whole)  # half of a character is no text
