"""One reading of a suite tells everything: whatever command does it, in one order, with scripts and keywords."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from workbench import cli

SCENARIO = """\
scenario: s
before: $app.addContxt("a", 1)
cases:
- case: c
  prio: P1
  steps:
  - script: |
      if True
        $app.log("x")
    assert: |
      response.a == [1
      response.b = 2
  - { script: $app.nope(), disabled: true }
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "suite"
    (folder / "scenarios").mkdir(parents=True)
    (folder / "suite.yaml").write_text("suite: s\nsubsystem: x\nversoin: 1\n")
    (folder / "scenarios" / "a.yaml").write_text(SCENARIO)
    return folder


@pytest.mark.parametrize("command", [("run",), ("import",), ("import", "--dry-run"), ("fmt", "--check")])
def test_each_command_tells_all_errors_at_once(suite: Path, capsys, command: tuple[str, ...]) -> None:
    assert cli.execute(["--data-dir", str(suite.parent / "data"), *command, str(suite)]) == 2
    told = [line.partition("error: ")[2] for line in capsys.readouterr().err.splitlines() if "error: " in line]
    places = [line.replace(f"{suite}/", "").partition(": ")[0] for line in told]
    assert places == ["suite.yaml:3:1", *(f"scenarios/a.yaml:{at}" for at in ("2:9", "5:3", "8:7", "11:21", "12:18"))]
    assert "there is no keyword $app.addContxt" in told[1]
    assert "syntax error" in told[3]


def test_the_nearest_keyword_is_named(suite: Path, capsys) -> None:
    cli.execute(["--data-dir", str(suite.parent / "data"), "run", str(suite), "--json"])
    errors = json.loads(capsys.readouterr().out)["errors"]
    assert errors[1]["hint"] == "did you mean addContext or allContext or hasContext?"


def test_a_script_that_is_wrong_keeps_no_other_case_from_running(suite: Path, capsys) -> None:
    (suite / "suite.yaml").write_text("suite: s\nsubsystem: x\n")
    written = "".join(
        f"- {{ case: {each}, steps: [ {{ script: {each} }} ] }}\n" for each in ("if", "$app.nope()", "x = 1")
    )
    (suite / "scenarios" / "a.yaml").write_text(f"scenario: s\ncases:\n{written}")
    data = suite.parent / "data"
    assert cli.execute(["--data-dir", str(data), "run", str(suite), "--json"]) == 1
    cases = json.loads(capsys.readouterr().out)["cases"]
    assert [each["result"]["verdict"] for each in cases] == ["ERROR", "ERROR", "PASSED"]
    assert cli.execute(["--data-dir", str(data), "fmt", "--check", str(suite)]) == 2
    told = capsys.readouterr().err
    assert "a.yaml:3:" in told
    assert "there is no keyword $app.nope" in told


def test_fmt_itself_brings_a_suite_into_form_that_cannot_run_yet(suite: Path, capsys) -> None:
    (suite / "suite.yaml").write_text("suite: s\nsubsystem: x\n")
    (suite / "scenarios" / "a.yaml").write_text(SCENARIO.replace("  prio: P1\n", ""))
    assert cli.execute(["fmt", str(suite)]) == 0
    assert "formatted" in capsys.readouterr().out


def test_ctrl_c_in_the_first_imports_ends_quietly(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    module, _, name = project["scripts"]["workbench"].partition(":")
    for start in (["-c", f"from {module} import {name}; {name}()"], ["-m", "workbench"]):
        ended = subprocess.run(
            [sys.executable, *start, "doctor"], env=environment, capture_output=True, text=True, check=False
        )
        assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")
