"""`workbench run` in this process, on a suite that calls nobody: where its output goes."""

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from workbench import cli
from workbench.cli import run as module
from workbench.errors import ReportError


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
