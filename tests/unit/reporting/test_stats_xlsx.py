"""The workbook of statistics: a sheet for each table, and no text that becomes a formula."""

from decimal import Decimal
from pathlib import Path

import openpyxl

from workbench.model.stats import CaseRow, CauseRow, Day, DayRow, GrowthRow, RateRow, Statistics
from workbench.reporting.stats_xlsx import write_statistics

RATE = RateRow(key="=1+2", runs=2, total=3, passed=2, elapsed_us=1_500_000)
CASE = CaseRow(
    subsystem="order",
    item="c#1",
    name="<b>",
    owner="@li",
    results=3,
    passed=1,
    flaky=1,
    flips=2,
    mean_us=1500,
    max_us=9000,
)


def test_every_table_is_a_sheet(tmp_path: Path) -> None:
    found = Statistics(
        subsystem="", group="", since="2026-03-01", until="2026-03-31", days=(RATE,), versions=(RATE,), owners=(),
        groups=(RATE, RATE),
        flaky=(CASE,),
        slowest=(CASE, CASE), causes=(CauseRow("product", "ASSERTION", 7),),
        day=Day(day="2026-03-31", subsystems=1, runs=1, total=0, passed=0,
                most=(DayRow(subsystem="order", runs=1, total=3, passed=1),)),
        growth=(GrowthRow(month="2026-03", subsystem="order", author="li", added=1),),
    )  # fmt: skip
    write_statistics(found, tmp_path / "s.xlsx")
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    assert book.sheetnames == [
        "Summary",
        "Days",
        "Versions",
        "Owners",
        "Groups of cases",
        "Flaky",
        "Slowest",
        "Causes",
        "Day 2026-03-31",
        "Growth",
    ]
    tables = {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] for sheet in book}
    assert tables["Days"] == [["=1+2", 2, 3, 2, 66.6, 1.5]]
    assert book["Days"]["A2"].data_type == "s"
    assert tables["Flaky"] == [["order", "c#1", "<b>", "@li", 3, 1, 1, 2, 1, 9]]
    assert len(tables["Slowest"]) == len(tables["Groups of cases"]) == 2
    assert ["Group of cases", "all"] in tables["Summary"]
    assert tables["Day 2026-03-31"] == [["all 1 subsystems", 1, 0, 0, None], ["order", 1, 3, 1, 33.3]]
    assert tables["Growth"] == [["2026-03", "order", "li", 1, 0, 0]]
    assert RATE.rate == Decimal("66.6")
