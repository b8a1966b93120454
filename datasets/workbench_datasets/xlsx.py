"""Excel workbooks as datasets: the first row names the columns, every further row drives a case once."""

from pathlib import Path

from workbench.model.dataset import Dataset
from workbench_datasets.xlsx_read import read_workbook
from workbench_datasets.xlsx_write import write_workbook


class XlsxFormat:
    """`.xlsx` and `.xlsm` (macros are never run)."""

    suffixes: tuple[str, ...] = (".xlsx", ".xlsm")

    def read(self, path: Path, *, sheet: str = "") -> Dataset:
        """The named sheet, or the first visible one. Raises DatasetError that lists all unreadable cells."""
        return read_workbook(path, sheet)

    def write(self, dataset: Dataset, path: Path) -> None:
        """One sheet; columns and rows come back equal when it is read again. Raises DatasetError."""
        write_workbook(dataset, path)
