"""Statistics as a workbook, a sheet for each table. Text is written as text, never as a formula."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from workbench.errors import ReportError
from workbench.model.stats import CaseRow, RateRow, Statistics
from workbench.reporting.replacing import replacing

Table = tuple[str, Sequence[str], Iterable[Sequence[str | int | Decimal | None]]]
_RATES = ("Runs", "Cases", "Passed", "Rate %", "Duration s")
_CASES = ("Subsystem", "Case", "Name", "Owner", "Results", "Passed", "Flaky", "Flips", "Mean ms", "Longest ms")


def write_statistics(found: Statistics, target: Path) -> None:
    """Raises ReportError when the file cannot be written."""
    with replacing(target) as draft:
        try:
            with xlsxwriter.Workbook(str(draft), {"constant_memory": True}) as book:
                head = book.add_format({"bold": True})
                for table in _tables(found):
                    _sheet(book, head, *table)
        except XlsxWriterException as error:
            raise ReportError(f"cannot be written: {error}", where=str(target)) from error


def _tables(found: Statistics) -> Iterable[Table]:
    of = [
        ("Subsystem", found.subsystem or "all"),
        ("Group of cases", found.group or "all"),
        ("From", found.since),
        ("To", found.until),
    ]
    yield "Summary", ("", ""), of
    yield "Days", ("Day", *_RATES), map(_rate, found.days)
    yield "Versions", ("Version", *_RATES), map(_rate, found.versions)
    yield "Owners", ("Owner", *_RATES), map(_rate, found.owners)
    yield "Groups of cases", ("Group", *_RATES), map(_rate, found.groups)
    yield "Flaky", _CASES, map(_case, found.flaky)
    yield "Slowest", _CASES, map(_case, found.slowest)
    yield "Causes", ("Side", "Cause", "Failures"), ((each.side, each.cause, each.count) for each in found.causes)
    day = found.day
    rows = [(f"all {day.subsystems} subsystems", day.runs, day.total, day.passed, day.rate)]
    rows += [(each.subsystem, each.runs, each.total, each.passed, each.rate) for each in day.most]
    yield f"Day {day.day}", ("Subsystem", "Runs", "Cases", "Passed", "Rate %"), rows
    grown = ((each.month, each.subsystem, each.author, each.added, each.changed, each.removed) for each in found.growth)
    yield "Growth", ("Month", "Subsystem", "Author", "Added", "Changed", "Removed"), grown


def _rate(row: RateRow) -> Sequence[str | int | Decimal | None]:
    return row.key, row.runs, row.total, row.passed, row.rate, Decimal(row.elapsed_us) / 1_000_000


def _case(row: CaseRow) -> Sequence[str | int | Decimal | None]:
    counts = (row.results, row.passed, row.flaky, row.flips, row.mean_us // 1000, row.max_us // 1000)
    return row.subsystem, row.item, row.name, row.owner, *counts


def _sheet(book: Any, head: Any, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, len(columns) - 1, 18)
    sheet.freeze_panes(1, 0)
    for at, text in enumerate(columns):
        sheet.write_string(0, at, text, head)
    for number, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, at, value[:32_000])
            elif value is not None:
                sheet.write_number(number, at, float(value))
