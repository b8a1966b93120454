"""The reports for programs and spreadsheets."""

from pathlib import Path
from types import ModuleType

import openpyxl
import pytest

from workbench.errors import UsageError
from workbench.model import json
from workbench.model.result import StepResult
from workbench.reporting import FORMATS, reporters, write_reports
from workbench.reporting.json import JsonReporter
from workbench.reporting.xlsx import XlsxReporter


def test_json_is_exact_and_whole(tmp_path: Path, make: ModuleType) -> None:
    plan, events = make.shop_run(hostile=True)
    JsonReporter().write(plan, events, tmp_path / "report.json")
    document = json.loads((tmp_path / "report.json").read_bytes())
    assert (document["format"], document["format_version"]) == ("dubbo-workbench-report", 1)
    assert str(document["run"]["rate"]) == "62.9"
    assert document["run"]["cases"]["passed"] == 17
    assert len(document["cases"]) == 28
    assert document["scenarios"][0]["name"].startswith("Pay an order")
    steps = [each.result for each in events if type(each).__name__ == "StepFinished"]
    back = [step for part in ("scenarios", "cases") for view in document[part] for step in view["steps"]]
    decoder = json.decoder_for(list[StepResult])
    assert sorted(map(repr, decoder.decode(json.dumps(back)))) == sorted(map(repr, steps)), "every step, digit by digit"


def test_the_workbook_has_every_case_and_step(tmp_path: Path, make: ModuleType) -> None:
    plan, events = make.shop_run()
    XlsxReporter().write(plan, events, tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames == ["Summary", "Cases", "Steps", "Failures"]
    assert book["Cases"].max_row == 29
    assert book["Failures"].max_row == 11
    assert book["Steps"].max_row == 1 + sum(type(each).__name__ == "StepFinished" for each in events)
    summary = {row[0].value: row[1].value for row in book["Summary"].iter_rows()}
    assert summary["Success rate"] == "62.9 %"
    assert summary["FAILED"] == 6
    texts = [row[4].value for row in book["Cases"].iter_rows(min_row=2)]
    assert '"amount":19.90' in texts[0]


def test_text_in_the_workbook_is_never_a_formula(tmp_path: Path, make: ModuleType) -> None:
    run = make.RunBuilder(suite="=1+2")
    item = run.case(run.scenario("s", "@SUM(1)"), "c", '=HYPERLINK("http://x","y")')
    run.start()
    run.begin(item)
    run.step(item.id, "s1", "+1", make.attempt(make.Cause.ASSERTION, "=cmd|' /C calc'!A0" + "x" * 40_000 + "\x01"))
    run.end(item)
    run.finish()
    XlsxReporter().write(run.plan(), run.events, tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert cells
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert book["Cases"]["B2"].value == '=HYPERLINK("http://x","y")'


@pytest.mark.parametrize("text", ["\U0001f600" * 40_000, "x\ud800\x00\ufffe", "9007199254740993123", "y" * 1_000_000])
def test_a_cell_holds_no_more_than_excel_reads(tmp_path: Path, make: ModuleType, text: str) -> None:
    run = make.RunBuilder(suite=text)
    item = run.case(run.scenario("s", text), "c", text)
    run.start()
    run.begin(item)
    run.step(item.id, "s1", text, make.attempt(make.Cause.ASSERTION, text))
    run.end(item)
    run.finish()
    XlsxReporter().write(run.plan(), run.events, tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    texts = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "s"]
    assert max(len(each.encode("utf-16-le")) // 2 for each in texts) <= 32_767
    assert book["Cases"]["B2"].data_type == "s"
    assert book["Cases"]["B2"].value[:1] == text[:1]
    if text.isdigit():
        assert book["Cases"]["B2"].value == text


def test_rows_beyond_a_sheet_are_left_out_and_told(
    tmp_path: Path, make: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.reporting.xlsx.MAX_ROWS", 20)
    plan, events = make.many_cases(30)
    XlsxReporter().write(plan, events, tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert book["Cases"].max_row == book["Steps"].max_row == 20
    cut = [row[1].value for row in book["Summary"].iter_rows() if row[0].value == "Cut"]
    assert [text.split(" holds")[0] for text in cut] == ["The sheet Cases", "The sheet Steps"]


def test_all_formats_in_one_go(tmp_path: Path, make: ModuleType) -> None:
    plan, events = make.shop_run()
    calls = []

    def anew() -> list[object]:
        calls.append(1)
        return events

    written = write_reports(plan, anew, tmp_path / "new" / "folder")
    assert list(written) == list(FORMATS) == ["html", "junit", "xlsx", "json"]
    assert len(calls) == 4
    assert all(path.stat().st_size > 1000 for path in written.values())
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == sorted(
        path.name for path in written.values()
    ), "no draft is left"


def test_a_format_that_does_not_exist() -> None:
    with pytest.raises(UsageError, match="no report format 'pdf'"):
        reporters(["pdf"])
