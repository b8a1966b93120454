"""`workbench run` in this process, on a suite that calls nobody: where its output goes."""

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from workbench import cli
from workbench.cli import run as module
from workbench.errors import ReportError
from workbench.files import write_contract
from workbench.model.contract import Contract, Interface, Method


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "suite"
    (folder / "scenarios").mkdir(parents=True)
    (folder / "suite.yaml").write_text("suite: s\nsubsystem: x\n")
    step = "      - { step: a, script: pass }\n"
    (folder / "scenarios" / "a.yaml").write_text(f"scenario: s\ncases:\n  - case: c\n    steps:\n{step}")
    return folder


def _run(suite: Path, *options: str) -> int:
    return cli.execute(["--data-dir", str(suite.parent / "data"), "run", str(suite), *options])


def test_a_report_that_has_no_place_is_told_before_anything_runs(suite: Path, capsys) -> None:
    assert _run(suite, "--report", str(suite / "suite.yaml" / "out"), "--json") == 2
    (error,) = json.loads(capsys.readouterr().out)["errors"]
    assert error["message"] == "--report: nothing can be written there: Not a directory"
    assert error["where"] == str(suite / "suite.yaml" / "out")
    assert not (suite.parent / "data" / "runs").exists()


def test_stdout_is_one_document_also_when_a_report_fails(suite: Path, capsys, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise ReportError("cannot be written: No space left on device", where="out")

    monkeypatch.setattr(module, "_write_reports", full)
    assert _run(suite, "--json") != 0
    assert [each["where"] for each in json.loads(capsys.readouterr().out)["errors"]] == ["out"]


def test_an_environment_that_is_not_there(suite: Path, capsys) -> None:
    assert _run(suite, "--env", "sit") == 2
    assert "the suite has no environment 'sit'\n  → suite.yaml names none" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["dubbo://h", "zz://h:1"])
def test_a_pinned_address_is_checked_before_anything_runs(suite: Path, capsys, url: str) -> None:
    assert _run(suite, "--url", url) == 2
    assert "error: --url: " in capsys.readouterr().err


def test_the_summary_is_one_line(suite: Path, capsys) -> None:
    assert _run(suite) == 0
    assert "✓ PASSED  1 case: 1 passed · success rate 100.0 % · 1 step · " in capsys.readouterr().out


def test_cells_that_lost_digits_are_told_before_the_run(suite: Path, capsys) -> None:
    scenario = suite / "scenarios" / "a.yaml"
    scenario.write_text(scenario.read_text().replace("case: c\n", "case: c\n    dataset: ids\n"))
    (suite / "datasets").mkdir()
    book = Workbook()
    sheet = book.worksheets[0]
    for value in ("id", *[1234567890123456789] * 12):
        sheet.append([value])
    book.save(suite / "datasets" / "ids.xlsx")
    assert _run(suite) == 0
    told = capsys.readouterr().out
    assert "warning: ids.xlsx!Sheet!A2: Excel keeps 15 digits of a number" in told
    assert "warning: 2 doubtful cells more; the report lists all" in told
    assert _run(suite, "--json") == 0
    assert "warning: ids.xlsx!Sheet!A2" in capsys.readouterr().err


def test_a_dry_run_tells_what_is_wrong_and_calls_nobody(suite: Path, capsys) -> None:
    scenario = suite / "scenarios" / "a.yaml"
    assert _run(suite, "--dry-run") == 0
    assert capsys.readouterr().out == "1 case to run\n"
    write_contract(suite, Contract((Interface("com.x.Pay", (Method("pay"),)),)))
    scenario.write_text(scenario.read_text() + "      - { step: b, dubbo: 'com.x.Pay#pya' }\n")
    assert _run(suite, "--dry-run") == 2
    where = f"{scenario}:6:27"
    out = f"mistake: {where}: com.x.Pay has no method pya\n    → did you mean pay?\n1 case to run\n"
    assert capsys.readouterr().out == out
    assert _run(suite, "--dry-run", "--json") == 2
    remark = {"where": where, "message": "com.x.Pay has no method pya", "hint": "did you mean pay?", "mistake": True}
    assert json.loads(capsys.readouterr().out) == {"cases": 1, "items": 1, "remarks": [remark]}
    assert not (suite.parent / "data" / "runs").exists()


def test_a_run_tells_what_is_wrong_in_its_report_too(suite: Path, capsys) -> None:
    write_contract(suite, Contract((Interface("com.x.Pay", (Method("pay"),)),)))
    scenario = suite / "scenarios" / "a.yaml"
    scenario.write_text(
        scenario.read_text()
        + "  - { case: d, steps: [{ step: b, dubbo: 'com.x.Pey#pay', when: 'env.name == \"x\"' }] }\n"
    )
    assert _run(suite, "--report", str(suite.parent / "out")) == 0
    said = "no contract of x has com.x.Pey: its requests are sent unchecked"
    assert f"warning: {scenario}:6:42: {said}" in capsys.readouterr().out
    report = json.loads((suite.parent / "out" / "report.json").read_text())
    assert [each["message"] for each in report["remarks"]] == [said]
    assert said in (suite.parent / "out" / "junit.xml").read_text()
    assert said in (suite.parent / "out" / "report.html").read_text()
