"""Which run folders go, and which stay."""

import os
import shutil
import time
from pathlib import Path

import pytest

from workbench.files import RunFolder, list_runs
from workbench.files.retention import prune_runs
from workbench.model.events import RunFinished
from workbench.model.plan import RunPlan
from workbench.model.result import Counts, RunSummary, Verdict

NOW = time.time()
HOUR = 3600


@pytest.fixture
def run(tmp_path: Path):
    def made(name: str, hours_ago: float, *, finished: bool = True) -> Path:
        plan = RunPlan(id=name, created_us=0, suite="s", subsystem="o")
        with RunFolder.create(tmp_path, plan) as folder:
            if finished:
                summary = RunSummary(verdict=Verdict.PASSED, cases=Counts(), steps=Counts(), started_us=0, elapsed_us=0)
                folder.append([RunFinished(at_us=0, run=name, summary=summary)])
        at = NOW - hours_ago * HOUR
        for path in folder.path.iterdir():
            os.utime(path, (at, at))
        return folder.path

    return made


def names(root: Path) -> list[str]:
    return [path.name for path in list_runs(root)]


def test_the_newest_stay(run, tmp_path):
    for number in range(5):
        run(f"r{number}", 10 - number)
    removed = prune_runs(tmp_path, runs=2, days=0, now=NOW)
    assert [path.name for path in removed] == ["r0", "r1", "r2"]
    assert names(tmp_path) == ["r3", "r4"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r3", "r4"]


def test_what_is_older_than_days_goes_but_never_the_last(run, tmp_path):
    run("old", 80)
    run("older", 100)
    run("young", 20)
    prune_runs(tmp_path, runs=0, days=3, now=NOW)
    assert names(tmp_path) == ["young"]
    prune_runs(tmp_path, runs=0, days=3, now=NOW + 1000 * HOUR)
    assert names(tmp_path) == ["young"]


def test_no_bound_removes_nothing(run, tmp_path):
    run("a", 1e4)
    run("b", 1)
    assert prune_runs(tmp_path, runs=0, days=0, now=NOW) == []


def test_a_run_that_may_still_go_on_stays(run, tmp_path):
    run("going", 2, finished=False)
    run("dead", 50, finished=False)
    run("new", 1)
    assert [path.name for path in prune_runs(tmp_path, runs=1, days=0, now=NOW)] == ["dead"]
    assert names(tmp_path) == ["going", "new"]


def test_what_another_removes_at_the_same_time_is_no_error(run, tmp_path, monkeypatch):
    """Of a server, on which two runs end at once."""
    run("old", 90)
    run("new", 1)
    exists = Path.exists

    def goes(path: Path) -> bool:
        there = exists(path)
        if path.name == "events.jsonl":
            shutil.rmtree(tmp_path / "old", ignore_errors=True)
        return there

    monkeypatch.setattr(Path, "exists", goes)
    assert prune_runs(tmp_path, runs=1, days=1, now=NOW) == []
    monkeypatch.undo()
    assert names(tmp_path) == ["new"]


def test_other_folders_are_left_alone(run, tmp_path):
    (tmp_path / "notes").mkdir()
    run("a", 5)
    run("b", 1)
    prune_runs(tmp_path, runs=1, days=0, now=NOW)
    assert (tmp_path / "notes").is_dir()


def test_no_runs_at_all(tmp_path):
    assert prune_runs(tmp_path / "none", runs=1, days=1) == []
