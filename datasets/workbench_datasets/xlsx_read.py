"""Reads a sheet row by row, in flat memory besides the rows themselves.

openpyxl is the reader because a cell's number format tells 00123 from 123. Formulas need a second, parallel pass
(openpyxl gives either values or formulas), which is made only when the workbook has any.
"""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import repeat
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from workbench.errors import DatasetError
from workbench.model.dataset import CellProblem, Column, Dataset
from workbench.model.json import Json
from workbench_datasets.cells import MISSING, CellReader, text_of
from workbench_datasets.columns import header_notes, raise_fatal, read_header
from workbench_datasets.package import broken, check_package

MAX_ROWS = 1_048_576  # of a sheet, by the format itself
MAX_NOTES = 200
# What openpyxl lets through from zipfile, ElementTree and its own descriptors when parts do not fit together.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, ParseError, InvalidFileException,
    KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError,
)  # fmt: skip


def read_workbook(path: Path, sheet: str) -> Dataset:
    """Raises DatasetError: with the file when it is damaged, with all cells when some cannot be read."""
    formulas = check_package(path)
    with ExitStack() as stack:
        try:
            values = _worksheet(stack.enter_context(_opened(path, data_only=True)), sheet, path)
            twin = None
            if formulas:
                twin = _worksheet(stack.enter_context(_opened(path, data_only=False)), sheet, path)
            return _Table(path, values).read(_rows(values, twin, path))
        except _BROKEN as error:
            raise broken(path, error) from error


@contextmanager
def _opened(path: Path, *, data_only: bool) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about extensions that hold no cell values; bad dates come as error cells
        with path.open("rb") as file:  # our own handle: openpyxl leaves its open when a part is damaged
            book = load_workbook(file, read_only=True, data_only=data_only, keep_links=False)
            with closing(book):
                yield book


def _worksheet(book: Any, name: str, path: Path) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if name and name not in sheets:
        raise DatasetError(f"there is no sheet {name!r}", where=path.name, hint=f"there are: {', '.join(sheets)}")
    visible = [sheet for sheet in sheets.values() if sheet.sheet_state == "visible"]
    if not visible:
        raise DatasetError("the workbook has no visible sheet", where=path.name)
    chosen = sheets[name] if name else visible[0]
    chosen.reset_dimensions()  # other programs write wrong ones
    return chosen


def _rows(values: Any, formulas: Any, path: Path) -> Iterator[tuple[int, tuple[Any, ...], Any]]:
    """(row number, cells, cells of the formula pass or None) for rows that have cells."""
    twins = formulas.iter_rows() if formulas is not None else repeat(None)
    for number, (row, twin) in enumerate(zip(values.iter_rows(), twins, strict=False), 1):
        if number > MAX_ROWS:
            raise DatasetError(f"more than {MAX_ROWS} rows", where=f"{path.name}!{values.title}")
        if row:
            yield number, row, twin


class _Table:
    """Header and rows of one sheet."""

    def __init__(self, path: Path, worksheet: Any) -> None:
        self._path = path
        self._sheet = f"{path.name}!{worksheet.title}"
        calculation = worksheet.parent.calculation
        uncomputed = bool(calculation and calculation.fullCalcOnLoad)
        self._cells = CellReader(self._sheet, worksheet.parent.epoch, uncomputed=uncomputed)

    def read(self, rows: Iterator[tuple[int, tuple[Any, ...], Any]]) -> Dataset:
        columns = self._header(next(rows, (0, (), None)))
        found: list[dict[str, Json]] = []
        names: list[str] = []
        for number, cells, twins in rows:
            row = self._row(cells, twins, columns)
            if row:
                found.append(row)
                names.append(f"{self._sheet}!row {number}")
        return self._dataset(columns, found, names)

    def _header(self, row: tuple[int, tuple[Any, ...], Any]) -> tuple[Column | None, ...]:
        number, cells, twins = row
        texts = [text_of(self._cells.read(cell, "auto", _is_formula(twins, at))) for at, cell in enumerate(cells)]
        if number != 1 or not any(text.strip() for text in texts):
            hint = "write the column names there"
            raise DatasetError("the first row names the columns, and it is empty", where=f"{self._sheet}!A1", hint=hint)
        named = [(self._where(cell), text) for cell, text in zip(cells, texts, strict=True)]
        self._cells.problems += header_notes(named)
        return read_header(named)

    def _row(self, cells: tuple[Any, ...], twins: Any, columns: tuple[Column | None, ...]) -> dict[str, Json]:
        row: dict[str, Json] = {}
        for at, cell in enumerate(cells):
            column = columns[at] if at < len(columns) else None
            value = self._cells.read(cell, column.type if column else "auto", _is_formula(twins, at))
            if value is MISSING:
                continue
            if column is None:
                message = "a value in a column without a name in the first row"
                self._cells.problems.append(CellProblem(self._where(cell), message, fatal=True))
            else:
                row[column.name] = value
        return row

    def _where(self, cell: Any) -> str:
        return f"{self._sheet}!{getattr(cell, 'coordinate', '')}"

    def _dataset(self, columns: tuple[Column | None, ...], rows: list[dict[str, Json]], names: list[str]) -> Dataset:
        problems = self._cells.problems
        raise_fatal(problems)
        if len(problems) > MAX_NOTES:
            more = CellProblem(self._sheet, f"{len(problems) - MAX_NOTES} more cells have such problems")
            problems = [*problems[:MAX_NOTES], more]
        named = tuple(column for column in columns if column)
        return Dataset(self._path.stem, named, tuple(rows), tuple(names), tuple(problems))


def _is_formula(twins: Any, at: int) -> bool:
    return twins is not None and at < len(twins) and twins[at].data_type == "f"
