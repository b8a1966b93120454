"""Excel workbooks as datasets: the first row names the columns, every further row drives a case once."""

from contextlib import AbstractContextManager
from pathlib import Path

from workbench.model.dataset import Dataset
from workbench.plugin_api import TableStream
from workbench_datasets.xlsx_read import open_table, read_workbook, sheets_of
from workbench_datasets.xlsx_write import write_workbook


class XlsxFormat:
    """`.xlsx` and `.xlsm` (macros are never run)."""

    suffixes: tuple[str, ...] = (".xlsx", ".xlsm")

    def read(self, path: Path, *, sheet: str = "") -> Dataset:
        """The named sheet, or the first visible one. Raises DatasetError that lists all unreadable cells."""
        return read_workbook(path, sheet)

    def sheets(self, path: Path) -> tuple[str, ...]:
        """Names of the visible sheets. Raises DatasetError."""
        return sheets_of(path)

    def open(self, path: Path, *, sheet: str = "", header: int = 1) -> AbstractContextManager[TableStream]:
        """The same as `read`, row by row; `header`: the row that names the columns."""
        return open_table(path, sheet, header)

    def write(self, dataset: Dataset, path: Path) -> None:
        """One sheet; columns and rows come back equal when it is read again. Raises DatasetError."""
        write_workbook(dataset, path)
