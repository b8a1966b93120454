"""How fast and how flat a large workbook is imported, beside openpyxl's bare read-only pass over the same file.

    python benchmarks/datasets.py [--rows N]

100,000 rows of 20 columns: ids as text, decimals, dates, Chinese text, booleans, numbers shown with leading zeros. Both
passes look at value and number format of every cell; the import also keeps rows in the database and the file in the
store. Each runs in a process of its own, in turns; the best CPU time of each counts. Memory is the process's peak.
"""

import argparse
import datetime
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import openpyxl
import xlsxwriter

from workbench.model.suite import Suite, SuiteFile
from workbench.storage import Author, Snapshot, Storage
from workbench.usecases.datasets import bring_in, rows_of

ROWS, COLUMNS, ROUNDS, LIMIT = 100_000, 20, 2, 1.3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--do", choices=["bare", "import", "start"])
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    if given.do:
        _measured(given.do, given.file)
        return
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "large.xlsx"
        _book(path, given.rows)
        print(f"{given.rows} rows × {COLUMNS} columns, {path.stat().st_size / 1e6:.1f} MB")
        best: dict[str, tuple[float, int]] = {}
        for _ in range(ROUNDS):
            for what in ("start", "bare", "import"):
                best[what] = min(best.get(what, (1e9, 0)), _in_process(what, path))
        for what, (cpu, peak) in best.items():
            print(f"{what:8} {cpu:8.2f} s CPU, at most {peak / 1024:.0f} MB")
        ratio = best["import"][0] / best["bare"][0]
        print(f"import : bare pass {ratio:.2f} (limit {LIMIT}: {'kept' if ratio <= LIMIT else 'MISSED'})")


def _in_process(what: str, path: Path) -> tuple[float, int]:
    command = [sys.executable, __file__, "--do", what, "--file", str(path)]
    cpu, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(cpu), int(peak)


def _measured(what: str, path: Path) -> None:
    before = time.process_time()
    if what == "bare":
        _bare(path)
    elif what == "import":
        _import(path)
    print(time.process_time() - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _bare(path: Path) -> None:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            _ = cell.value, cell.number_format
    book.close()


def _import(path: Path) -> None:
    with tempfile.TemporaryDirectory() as name, Storage(f"sqlite:///{name}/w.db", Path(name) / "files") as storage:
        author = Author("bench")
        storage.suites.put(Snapshot(Suite(file=SuiteFile(suite="s", subsystem="order", version="1"))), author)
        saved = bring_in("order", path, storage, author)
        last = rows_of("order", path.stem, storage, saved.rows - 1, 1).rows[0]
        assert _last(saved.rows) == last, last  # exact cells, to the end


def _book(path: Path, rows: int) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("data")
        codes = ("0.00", "yyyy-mm-dd", "00000")
        money, day, padded = (book.add_format({"num_format": code}) for code in codes)
        for at in range(COLUMNS):
            sheet.write_string(0, at, f"c{at}")
        for number in range(1, rows + 1):
            for at in range(COLUMNS):
                kind = at % 6
                if kind == 0:
                    sheet.write_string(number, at, f"{number * 7919 + at:012d}")
                elif kind == 1:
                    sheet.write_number(number, at, number * 1.25 + at, money)
                elif kind == 2:
                    sheet.write_datetime(number, at, _day(number), day)
                elif kind == 3:
                    sheet.write_string(number, at, f"订单 一二三 {number % 50}")
                elif kind == 4:
                    sheet.write_boolean(number, at, number % 2 == 1)
                else:
                    sheet.write_number(number, at, number % 100_000, padded)


def _day(number: int) -> datetime.datetime:
    return datetime.datetime(2026, 1, 1) + datetime.timedelta(days=number % 900)  # noqa: DTZ001 - sheets know no zones


def _last(number: int) -> dict[str, object]:
    from decimal import ROUND_HALF_UP, Decimal

    def cell(at: int) -> object:
        return (
            f"{number * 7919 + at:012d}",
            Decimal(str(number * 1.25 + at)).quantize(Decimal("0.01"), ROUND_HALF_UP),
            _day(number).date().isoformat(),
            f"订单 一二三 {number % 50}",
            number % 2 == 1,
            f"{number % 100_000:05d}",
        )[at % 6]

    return {f"c{at}": cell(at) for at in range(COLUMNS)}


if __name__ == "__main__":
    main()
