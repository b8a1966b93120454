"""A real run, killed with SIGKILL in the middle: what happened before can be reported."""

import os
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from workbench.model import json

SUITE = "suite: scripts\nsubsystem: order\nenvironments:\n  here: {}\n"
SCENARIO = """\
id: 7k2mq9xa
scenario: Scripts
cases:
  - id: b4n8c2ze
    case: quick
    steps: [{ id: 1fq0v7dr, step: add, script: '$app.addContext("a", 1)' }]
  - id: b4n8c2zf
    case: wrong
    steps: [{ id: 1fq0v7ds, step: compare, script: '$app.assertEquals(1, 2)' }]
  - id: b4n8c2zg
    case: slow
    steps: [{ id: 1fq0v7dt, step: sleep, timeout: 500s, script: $app.sleep(400) }]
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "suite" / "scenarios").mkdir(parents=True)
    (tmp_path / "suite" / "suite.yaml").write_text(SUITE)
    (tmp_path / "suite" / "scenarios" / "scripts.yaml").write_text(SCENARIO)
    return tmp_path


def workbench(home: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "WORKBENCH_DATA_DIR": str(home / "data"), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "workbench", *arguments]
    return subprocess.Popen(
        command, cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def output(home: Path, *arguments: str) -> tuple[int, str]:
    process = workbench(home, *arguments)
    text, _ = process.communicate(timeout=180)
    return process.returncode, text


def killed_run(home: Path) -> Path:
    """The run folder of a run that was killed while its third case slept."""
    process = workbench(home, "run", "suite")
    try:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            events = next(iter((home / "data" / "runs").glob("*/events.jsonl")), None)
            text = events.read_text() if events else ""
            if events and text.count('"case-finished"') == 2 and '"step":"1fq0v7dt"' in text:
                return events.parent
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.05)
        raise AssertionError("the run did not get so far")
    finally:
        process.kill()
        process.communicate(timeout=180)


def test_a_killed_run_is_reported_as_far_as_it_went(home: Path) -> None:
    folder = killed_run(home)
    with (folder / "events.jsonl").open("a") as events:
        events.write('{"event":"case-fin')  # the torn line of a write that was cut off
    code, text = output(home, "report", "latest", "--report", "out", "--format", "html,junit", "--format", "json")
    assert code == 0, text
    assert "scripts: FAILED, 3 cases, 1 passed (33.3 %), 1 failed, 1 stopped" in text
    assert "The run has no end" in text
    assert sorted(path.name for path in (home / "out").iterdir()) == ["junit.xml", "report.html", "report.json"]
    report = json.loads((home / "out" / "report.json").read_bytes())
    assert report["run"]["finished"] is False
    verdicts = {case["result"]["name"]: case["result"]["verdict"] for case in report["cases"]}
    assert verdicts == {"quick": "PASSED", "wrong": "FAILED", "slow": "STOPPED"}
    slow = next(case for case in report["cases"] if case["result"]["name"] == "slow")
    assert [(step["name"], step["verdict"]) for step in slow["steps"]] == [("sleep", "STOPPED")]
    root = ElementTree.parse(home / "out" / "junit.xml").getroot()
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "1")


@pytest.mark.parametrize("kept", [None, 0, 400])
def test_without_a_readable_plan_the_results_are_reported(home: Path, kept: int | None) -> None:
    """plan.json is written whole or not at all; disks and copies fail all the same."""
    folder = killed_run(home)
    plan = folder / "plan.json"
    if kept is None:
        plan.unlink()
    else:
        plan.write_bytes(plan.read_bytes()[:kept])
    code, text = output(home, "report", str(folder), "--report", str(home / "out"))
    assert code == 0, text
    assert "scripts: FAILED, 3 cases, 1 passed (33.3 %), 1 failed, 1 stopped" in text
    assert "plan.json could not be read; this is made from the results that are there" in text
    report = json.loads((home / "out" / "report.json").read_bytes())
    assert report["run"]["rescued"] is True
    verdicts = {case["result"]["name"]: case["result"]["verdict"] for case in report["cases"]}
    assert verdicts == {"quick": "PASSED", "wrong": "FAILED", "slow": "STOPPED"}
    noted = {each.get("name") for each in ElementTree.parse(home / "out" / "junit.xml").getroot().iter("property")}
    assert "rescued" in noted
    (folder / "events.jsonl").write_text("")
    code, text = output(home, "report", str(folder))
    assert code == 2
    assert "run plan" in text


def test_the_report_of_a_run_by_its_id_and_its_mistakes(home: Path) -> None:
    assert output(home, "report")[0] == 2, "there is no run yet"
    folder = killed_run(home)
    code, text = output(home, "report", folder.name, "--format", "xlsx", "--json")
    assert code == 0, text
    assert (
        json.loads(text)["reports"] == {"xlsx": f"data/runs/{folder.name}/report/report.xlsx"}
        or (folder / "report" / "report.xlsx").is_file()
    )
    code, text = output(home, "report", "nothing")
    assert code == 2
    assert f"the newest are: {folder.name}" in text
    code, text = output(home, "report", "--format", "pdf")
    assert code == 2
    assert "formats: html, junit, xlsx, json" in text
