"""import, export, history, db from the command line."""

import json
import re
from pathlib import Path

import pytest

from workbench import cli

SCENARIO = """\
id: ssssssss
scenario: s
cases:
  - id: cccccccc
    case: pay
    steps:
      - id: aaaaaaaa
        step: a
        script: |
          pass
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("USER", "li")
    for name, text in {
        "suite.yaml": "suite: s\nsubsystem: order\nversion: 1.0.0\n",
        "scenarios/s.yaml": SCENARIO,
    }.items():
        path = tmp_path / "suite" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "suite"


def run(capsys: pytest.CaptureFixture[str], *args: str, code: int = 0) -> str:
    assert cli.execute(list(args)) == code
    out, err = capsys.readouterr()
    return err if code else out


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "scenarios/s.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_there_and_back(folder: Path, tmp_path: Path, capsys) -> None:
    assert "order@1.0.0: 1 case; 4 added" in run(capsys, "import", "suite", "--dry-run")
    assert "order@1.0.0: 1 case; 4 added" in run(capsys, "import", "suite")
    assert run(capsys, "import", "suite") == "order@1.0.0: 1 case; nothing changed\n"
    edit(folder, "case: pay", "case: pays")
    assert json.loads(run(capsys, "import", "suite", "--json"))["changes"] == [
        {"what": "changed", "kind": "case", "key": "cccccccc"}
    ]
    run(capsys, "export", "order", "--out", "out")
    assert (tmp_path / "out/scenarios/s.yaml").read_text() == SCENARIO.replace("case: pay", "case: pays")
    run(capsys, "db", "new-version", "order", "2.0.0")
    assert "order" in run(capsys, "db", "list", "ordre", code=2)
    assert [each["version"] for each in json.loads(run(capsys, "db", "list", "--json"))] == ["1.0.0", "2.0.0"]


def test_history_compares_and_restores(folder: Path, capsys) -> None:
    run(capsys, "import", "suite", "-m", "first")
    edit(folder, "pass", "x = 1")
    edit(folder, "case: pay", "case: pays")
    run(capsys, "import", "suite", "--author", "wang", "-m", "second")
    shown = run(capsys, "history", "cccccccc").splitlines()
    assert [line.split()[0] for line in shown] == ["revision", "2", "1"]
    assert shown[1].split()[3:] == ["wang", "1.0.0", "second"]
    assert re.search(r" 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d ", shown[1])
    differences = run(capsys, "history", "cccccccc", "--compare", "1", "2")
    assert differences.splitlines()[:3] == ["case", "  - pay", "  + pays"]
    assert "steps › aaaaaaaa › script\n  - pass\n  - \n  + x = 1\n" in differences
    assert "holds revision 3" in run(capsys, "history", "cccccccc", "--restore", "1", "--expect", "2")
    assert run(capsys, "history", "cccccccc", "--compare", "1", "3") == "they are the same\n"
    found = json.loads(run(capsys, "history", "cccccccc", "--json"))
    assert [(each["number"], each["versions"]) for each in found["revisions"]] == [(3, ["1.0.0"]), (2, []), (1, [])]


def test_a_stale_save_shows_both_sides(folder: Path, capsys) -> None:
    run(capsys, "import", "suite")
    for name in ("one", "two"):
        edit(folder, "case: pay", f"case: pay {name}")
        run(capsys, "import", "suite")
    told = run(capsys, "history", "cccccccc", "--restore", "1", "--expect", "2", code=2)
    assert "theirs:\n  case\n    - pay one\n    + pay two one\n" in told
    assert "yours:\n  case\n    - pay one\n    + pay\n" in told
    assert "both changed: case\n" in told
    assert "somebody else saved meanwhile: revision 3" in told
    cli.execute(["history", "cccccccc", "--restore", "1", "--expect", "2", "--json"])
    (error,) = json.loads(capsys.readouterr().out)["errors"]
    assert [json.loads(error[side])["case"] for side in ("base", "mine", "theirs")] == ["pay one", "pay", "pay two one"]


def test_ids_that_are_not_there_or_in_several_places(folder: Path, capsys) -> None:
    run(capsys, "import", "suite")
    assert "no case, scenario or shared file has the id 'zz'" in run(capsys, "history", "zz", code=2)
    (folder / "suite.yaml").write_text("suite: s\nsubsystem: trade\nversion: 1.0.0\n")
    run(capsys, "import", "suite")
    assert "order (case), trade (case)" in run(capsys, "history", "cccccccc", code=2)
    run(capsys, "history", "cccccccc", "--subsystem", "trade")
    run(capsys, "db", "new-version", "trade", "2")
    edit(folder, "case: pay", "case: pays")
    told = run(capsys, "history", "cccccccc", "--subsystem", "trade", "--restore", "1", "--version", "3", code=2)
    assert "those that have it: 1.0.0, 2" in told


def test_backup_and_restore(folder: Path, tmp_path: Path, capsys) -> None:
    run(capsys, "import", "suite")
    assert run(capsys, "db", "upgrade") == "is at 0001 already\n"
    run(capsys, "db", "backup", "kept")
    assert "holds something" in run(capsys, "db", "restore", "kept", code=2)
    run(capsys, "db", "restore", "kept", "--replace")
    run(capsys, "-o", "database_url=sqlite:///deep/other.db", "-o", "file_store=other", "db", "restore", "kept")
    listed = run(capsys, "-o", "database_url=sqlite:///deep/other.db", "db", "list")
    assert listed.splitlines()[1].split()[:4] == ["order", "1.0.0", "1", "1"]


def test_a_run_names_a_folder_or_a_version(folder: Path, capsys) -> None:
    run(capsys, "import", "suite")
    assert "1 passed" in run(capsys, "run", "order@1.0.0")
    assert "no version of order '2'" in run(capsys, "run", "order@2", code=2)
    assert "there is no such folder" in run(capsys, "run", "order", code=2)
