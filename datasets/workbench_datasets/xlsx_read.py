"""Reads a sheet row by row, in flat memory besides the rows themselves.

A cell's number format tells 00123 from 123, so openpyxl opens the workbook and tells styles and shared texts; the pass
over the sheet is in sheet_cells.
"""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
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
from workbench_datasets.package import SAVE_AGAIN, broken, check_package
from workbench_datasets.sheet_cells import BadCell, Broken, Cell, SheetCells, shared_texts, styles_of

Row = tuple[int, list[Cell]]  # its number, its cells
MAX_ROWS = 1_048_576  # of a sheet, by the format itself
# What comes through from zipfile, the XML readers and openpyxl's descriptors when parts do not fit together.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, ParseError, Broken, InvalidFileException,
    KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError,
)  # fmt: skip


def read_workbook(path: Path, sheet: str, header: int = 1) -> Dataset:
    """Raises DatasetError: with the file when it is damaged, with all cells when some cannot be read."""
    with open_table(path, sheet, header) as table:
        rows, names = [], []
        for name, row in table.rows:
            rows.append(row)
            names.append(name)
        raise_fatal(table.problems)
        return Dataset(path.stem, table.columns, tuple(rows), tuple(names), tuple(table.problems))


def sheets_of(path: Path) -> tuple[str, ...]:
    """Names of the visible sheets. Raises DatasetError."""
    check_package(path)
    try:
        with _opened(path) as book:
            return tuple(sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible")
    except _BROKEN as error:
        raise broken(path, error) from error


@contextmanager
def open_table(path: Path, sheet: str, header: int = 1) -> Iterator["SheetTable"]:
    """The table of a sheet, "" for the first visible one, whose columns are named by row `header`. Rows come as they
    are read; `problems` is whole when they have ended. Raises DatasetError."""
    check_package(path)
    try:
        with _opened(path) as book, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about dates out of range, which come as error cells
            worksheet = _worksheet(book, sheet, path)
            cells = SheetCells(styles_of(book), shared_texts(book, worksheet._shared_strings), book.epoch)
            with worksheet._get_source() as stream:
                yield SheetTable(path, worksheet, _placed(cells.rows(stream), f"{path.name}!{worksheet.title}"), header)
    except _BROKEN as error:
        raise broken(path, error) from error


def _placed(rows: Iterator[Row], sheet: str) -> Iterator[Row]:
    """The same. Raises DatasetError with the cell that does not hold what it says."""
    try:
        yield from rows
    except BadCell as error:
        where = f"{sheet}!{error.cell}"
        raise DatasetError(f"the cell cannot be read: {error}", where=where, hint=SAVE_AGAIN) from error


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about extensions that hold no cell values
        with path.open("rb") as file:  # our own handle: openpyxl leaves its open when a part is damaged
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            with closing(book):
                yield book


def _worksheet(book: Any, name: str, path: Path) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if name and name not in sheets:
        raise DatasetError(f"there is no sheet {name!r}", where=path.name, hint=f"there are: {', '.join(sheets)}")
    visible = [sheet for sheet in sheets.values() if sheet.sheet_state == "visible"]
    if not visible:
        raise DatasetError("the workbook has no visible sheet", where=path.name)
    return sheets[name] if name else visible[0]


class SheetTable:
    """Header and rows of one sheet; `rows` gives (where, row) once."""

    def __init__(self, path: Path, worksheet: Any, cells: Iterator[Row], header: int) -> None:
        self._sheet = f"{path.name}!{worksheet.title}"
        calculation = worksheet.parent.calculation
        uncomputed = bool(calculation and calculation.fullCalcOnLoad)
        self._cells = CellReader(self._sheet, worksheet.parent.epoch, uncomputed=uncomputed)
        first = next(((number, row) for number, row in cells if number >= header), (0, []))
        self._columns = self._header(first, header)
        self.columns = tuple(dict.fromkeys(self._columns.values()))
        self.rows = self._read(cells)

    @property
    def problems(self) -> list[CellProblem]:
        """Of the cells read so far; many are cut short."""
        return self._cells.problems.all(self._sheet)

    def _read(self, cells: Iterator[Row]) -> Iterator[tuple[str, dict[str, Json]]]:
        for number, each in cells:
            if number > MAX_ROWS:
                raise DatasetError(f"more than {MAX_ROWS} rows", where=self._sheet, hint="split the file")
            row = self._row(each)
            if row:
                yield f"{self._sheet}!row {number}", row

    def _header(self, row: tuple[int, list[Cell]], header: int) -> dict[int, Column]:
        """Number of a column → what it is."""
        number, cells = row
        texts = [text_of(self._cells.read(cell, "auto")) for cell in cells]
        if number != header or not any(text.strip() for text in texts):
            hint = "write the column names there"
            which = "the first row" if header == 1 else f"row {header}"
            where = f"{self._sheet}!A{header}"
            raise DatasetError(f"{which} names the columns, and it is empty", where=where, hint=hint)
        named = [(self._where(cell), text) for cell, text in zip(cells, texts, strict=True)]
        for each in header_notes(named):
            self._cells.problems.add(each)
        found = zip(cells, read_header(named), strict=True)
        return {cell.column: column for cell, column in found if column is not None}

    def _row(self, cells: list[Cell]) -> dict[str, Json]:
        row: dict[str, Json] = {}
        for cell in cells:
            column = self._columns.get(cell.column)
            value = self._cells.read(cell, column.type if column else "auto")
            if value is MISSING:
                continue
            if column is None:
                message = "a value in a column without a name in the first row"
                self._cells.problems.add(CellProblem(self._where(cell), message, fatal=True))
            else:
                row[column.name] = value
        return row

    def _where(self, cell: Cell) -> str:
        return f"{self._sheet}!{cell.coordinate}"
