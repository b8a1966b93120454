"""import, export, history, db from the command line."""

import json
import re
from pathlib import Path

import pytest

from workbench import cli
from workbench.storage.migrate import HEAD

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
    run(capsys, "db", "new-version", "order@1.0.0", "1.0.1", "--behind", "1.0.0")
    assert [each["version"] for each in json.loads(run(capsys, "db", "list", "--json"))] == ["1.0.0", "1.0.1", "2.0.0"]
    assert run(capsys, "db", "order", "order", "1.0.0", "2.0.0", "1.0.1") == "order: 1.0.0 2.0.0 1.0.1\n"
    assert "name all of them" in run(capsys, "db", "order", "order", "1.0.0", "2.0.0", code=2)


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
    assert "somebody else saved meanwhile: revision 3; both changed case/cccccccc/case\n" in told
    cli.execute(["history", "cccccccc", "--restore", "1", "--expect", "2", "--json"])
    (error,) = json.loads(capsys.readouterr().out)["errors"]
    assert [json.loads(error[side])["case"] for side in ("base", "mine", "theirs")] == ["pay one", "pay", "pay two one"]


@pytest.fixture
def two(folder: Path, tmp_path: Path, capsys) -> Path:
    """The folder, and another one of the same save in which the script is changed and saved."""
    run(capsys, "import", "suite")
    run(capsys, "export", "order", "--out", "other")
    edit(tmp_path / "other", "pass", "x = 2")
    assert "order@1.0.0: 1 case; 1 changed" in run(capsys, "import", "other", "--author", "wang")
    return folder


def test_two_folders_are_put_together(two: Path, tmp_path: Path, capsys) -> None:
    edit(two, "case: pay", "case: pays")
    told = run(capsys, "import", "suite", "--dry-run")
    assert "merged   case cccccccc" in told
    assert "x = 2" not in (two / "scenarios/s.yaml").read_text()
    told = run(capsys, "import", "suite")
    assert "changed  case cccccccc\nmerged   case cccccccc\nupdated  scenarios/s.yaml\n" in told
    text = (two / "scenarios/s.yaml").read_text()
    assert "case: pays" in text
    assert "x = 2" in text
    assert "nothing changed" in run(capsys, "import", "suite")


def test_what_both_changed_is_shown_and_chosen(two: Path, capsys) -> None:
    edit(two, "pass", "x = 1")
    path = "case/cccccccc/steps/aaaaaaaa/script"
    told = run(capsys, "import", "suite", code=2)
    assert told.startswith("order@1.0.0: case cccccccc\ntheirs:\n  steps › aaaaaaaa › script\n    - pass\n")
    assert "    + x = 2\n" in told
    assert "yours:\n  steps › aaaaaaaa › script\n    - pass\n    - \n    + x = 1\n" in told
    assert f"both changed {path}\n  → --choose {path}=mine or =theirs for this value, --take mine or" in told
    cli.execute(["import", "suite", "--json"])
    (error,) = json.loads(capsys.readouterr().out)["errors"]
    assert error["places"] == [path]
    assert json.loads(error["theirs"])["steps"][0]["script"] == "x = 2\n"
    assert "nothing to choose at case/x" in run(
        capsys, "import", "suite", "--take", "mine", "--choose", "case/x=mine", code=2
    )
    assert "chooses nothing" in run(capsys, "import", "suite", "--choose", path, code=2)
    run(capsys, "import", "suite", "--choose", f"{path}=mine")
    assert "x = 1" in run(capsys, "case", "show", "cccccccc")


def test_a_folder_that_comes_from_nowhere_replaces_only_when_told(two: Path, capsys) -> None:
    (two / ".workbench/origin.json").unlink()
    assert "does not tell which save" in run(capsys, "import", "suite", code=2)
    assert "1 changed" in run(capsys, "import", "suite", "--replace")
    assert "x = 2" not in run(capsys, "case", "show", "cccccccc")
    edit(two, "case: pay", "case: pays")
    assert "1 changed" in run(capsys, "import", "suite")


def test_a_case_is_shown_changed_and_saved(two: Path, tmp_path: Path, capsys) -> None:
    assert cli.execute(["case", "show", "cccccccc", "--revision", "1"]) == 0
    out, err = capsys.readouterr()
    assert err == "revision 1\n"
    mine = json.loads(out) | {"case": "pays"}
    (tmp_path / "mine.json").write_text(json.dumps(mine))
    saved = run(capsys, "case", "save", "cccccccc", "--file", "mine.json", "--base", "1")
    assert saved == "order@1.0.0 holds revision 3 of cccccccc, with what others saved meanwhile\n"
    shown = json.loads(run(capsys, "case", "show", "cccccccc", "--json"))
    assert shown["revision"] == 3
    body = json.loads(shown["body"])
    assert (body["case"], body["steps"][0]["script"]) == ("pays", "x = 2\n")
    (tmp_path / "mine.json").write_text(json.dumps(mine | {"case": "other"}))
    told = run(capsys, "case", "save", "cccccccc", "--file", "mine.json", "--base", "1", code=2)
    assert "both changed case/cccccccc/case" in told
    run(capsys, "case", "save", "cccccccc", "--file", "mine.json", "--base", "1", "--take", "theirs")
    assert "no revision 9" in run(capsys, "case", "save", "cccccccc", "--file", "mine.json", "--base", "9", code=2)


def test_a_version_is_brought_into_another_and_taken_back(two: Path, capsys) -> None:
    run(capsys, "db", "new-version", "order", "2.0.0")
    edit(two, "pass", "x = 3")
    run(capsys, "import", "suite", "--take", "mine")
    listed = run(capsys, "saves", "list", "order@1.0.0").splitlines()
    assert [line.split()[0] for line in listed] == ["save", "3", "2", "1"]
    assert "  - x = 2\n    - \n    + x = 3\n" in run(capsys, "saves", "show", "order@1.0.0:3")
    told = run(capsys, "sync", "order@1.0.0", "order@2.0.0", "--case", "cccccccc", "--preview")
    assert "fast-forward  case cccccccc  pay" in told
    assert "changed  case cccccccc  pay" in run(capsys, "saves", "compare", "order@2.0.0", "order@1.0.0")
    assert "1 document changed; save 1" in run(capsys, "sync", "order@1.0.0", "order@2.0.0")
    assert run(capsys, "saves", "compare", "order@2.0.0", "order@1.0.0") == "they are the same\n"
    assert "nothing is saved" in run(capsys, "saves", "undo", "order@2.0.0", "--preview")
    assert run(capsys, "saves", "undo", "order@2.0.0") == "changed  case cccccccc\nsave 2\n"
    assert "x = 2" in run(capsys, "case", "show", "cccccccc", "--version", "2.0.0")
    assert "save 3" in run(capsys, "saves", "restore", "order@2.0.0:1")
    run(capsys, "sync", "order@1.0.0", "trade@2.0.0", code=2)


def test_cases_are_copied_moved_removed_and_brought_back(two: Path, capsys) -> None:
    copied = json.loads(run(capsys, "case", "copy", "order", "cccccccc", "--first", "--json"))
    assert copied["version"] == "order@1.0.0"
    told = run(capsys, "case", "move", "order", "cccccccc/aaaaaaaa", "--into", copied["id"])
    assert told == "cccccccc/aaaaaaaa is moved, as aaaaaaaa in order@1.0.0\n"
    assert "removed from order@1.0.0" in run(capsys, "case", "remove", "order", "cccccccc")
    assert "case  cccccccc  pay" in run(capsys, "trash", "list", "order")
    assert run(capsys, "trash", "restore", "order", "cccccccc") == "added    case cccccccc\n"
    assert json.loads(run(capsys, "trash", "list", "order", "--json")) == []
    assert "not in the trash" in run(capsys, "trash", "restore", "order", "cccccccc", code=2)
    assert "no step zz" in run(capsys, "case", "remove", "order", "cccccccc/zz", code=2)


def test_conflicts_of_versions_are_chosen(two: Path, capsys) -> None:
    run(capsys, "db", "new-version", "order", "2.0.0")
    for version, value in (("1.0.0", "1"), ("2.0.0", "2")):
        shown = json.loads(run(capsys, "case", "show", "cccccccc", "--version", version, "--json"))
        body = json.loads(shown["body"]) | {"owner": f"of {value}"}
        (two / "b.json").write_text(json.dumps(body))
        given = ("--file", "suite/b.json", "--base", str(shown["revision"]), "--version", version)
        run(capsys, "case", "save", "cccccccc", *given)
    told = run(capsys, "sync", "order@1.0.0", "order@2.0.0", code=2)
    assert "target:\n  owner\n    + of 2\nsource:\n  owner\n    + of 1\n" in told
    assert "--choose case/cccccccc/owner=source or =target" in told
    assert "conflict  case cccccccc  pay   case/cccccccc/owner" in run(
        capsys, "sync", "order@1.0.0", "order@2.0.0", "--preview"
    )
    run(capsys, "sync", "order@1.0.0", "order@2.0.0", "--choose", "case/cccccccc/owner=source")
    assert "of 1" in run(capsys, "case", "show", "cccccccc", "--version", "2.0.0")


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
    assert run(capsys, "db", "upgrade") == f"is at {HEAD} already\n"
    run(capsys, "db", "backup", "kept")
    assert "holds something" in run(capsys, "db", "restore", "kept", code=2)
    run(capsys, "db", "restore", "kept", "--replace")
    run(capsys, "-o", "database_url=sqlite:///deep/other.db", "-o", "file_store=other", "db", "restore", "kept")
    listed = run(capsys, "-o", "database_url=sqlite:///deep/other.db", "db", "list")
    assert listed.splitlines()[1].split()[:4] == ["order", "1.0.0", "1", "1"]


def test_drafts_and_quarantined_cases_are_told(folder: Path, capsys) -> None:
    other = "  - id: dddddddd\n    case: shaky\n    state: quarantined\n"
    other += "    quarantine: { owner: wang, until: 2999-12-31 }\n"
    path = folder / "scenarios/s.yaml"
    path.write_text(path.read_text() + other + "    steps: [{ id: bbbbbbbb, step: b, script: pass }]\n")
    told = run(capsys, "run", "suite")
    assert "left out, quarantined: shaky (until 2999-12-31, wang)" in told
    assert "1 passed" in told
    told = run(capsys, "run", "suite", "--state", "quarantined", "--state", "ready")
    assert "2 passed" in told
    assert "left out" not in told
    report = json.loads(run(capsys, "run", "suite", "--json"))
    assert [each["state"] for each in report["left_out"]] == ["quarantined"]
    assert report["run"]["weighted_rate"] == 100.0


def stored(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [each["run"] for each in json.loads(run(capsys, "runs", "list", "--json"))]


def test_runs_are_kept_compared_and_concluded(folder: Path, capsys) -> None:
    run(capsys, "import", "suite")
    run(capsys, "run", "order@1.0.0")
    edit(folder, "pass", '$app.fail("no 17")')
    run(capsys, "import", "suite")
    run(capsys, "run", "order@1.0.0", code=1)
    run(capsys, "run", "suite", code=1)
    bad, good = stored(capsys)
    assert "1 broken" in run(capsys, "runs", "compare", good, bad)
    assert "0 cases" not in run(capsys, "runs", "conclude", bad, "cccccccc", "--as", "known", "--link", "https://x/1")
    edit(folder, "no 17", "no 18")  # the same failure but for a number
    run(capsys, "run", "suite", "--store", code=1)
    newest, *_ = stored(capsys)
    assert re.search(
        r"^(FAILED|ERROR) +cccccccc +pay +\S+ +known https://x/1", run(capsys, "runs", "show", newest), re.M
    )
    events = json.loads(run(capsys, "runs", "show", newest, "cccccccc"))
    assert [each["event"] for each in events][-1] == "case-finished"
    assert "1 failing" in run(capsys, "runs", "compare", bad, newest)
    assert newest in run(capsys, "runs", "export", newest, "--out", "out")
    assert "already there" in run(capsys, "runs", "add", f"out/{newest}", code=2)
    run(capsys, "runs", "delete", newest)
    run(capsys, "runs", "add", f"out/{newest}")
    assert stored(capsys) == [newest, bad, good]
    assert run(capsys, "runs", "prune", "order", "--keep", "2") == "1 run removed\n"
    assert newest in run(capsys, "runs", "list", "order@1.0.0")
    assert "no run 'x'" in run(capsys, "runs", "delete", "x", code=2)


def test_a_run_that_cannot_be_kept_keeps_its_verdict(folder: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "blocked").write_text("")
    url = f"database_url=sqlite:///{tmp_path}/blocked/w.db"
    assert cli.execute(["-o", url, "run", "suite", "--store"]) == 0
    out, err = capsys.readouterr()
    assert "1 passed" in out
    assert "the run is not in the database" in err
    assert "workbench runs add" in err


def test_a_run_names_a_folder_or_a_version(folder: Path, capsys) -> None:
    run(capsys, "import", "suite")
    assert "1 passed" in run(capsys, "run", "order@1.0.0")
    assert "no version of order '2'" in run(capsys, "run", "order@2", code=2)
    assert "there is no such folder" in run(capsys, "run", "order", code=2)


def test_a_file_over_a_dataset_says_what_it_was_made_of(folder: Path, tmp_path: Path, capsys) -> None:
    run(capsys, "import", "suite")
    rows = tmp_path / "orders.csv"
    rows.write_text("id,n\n1,a\n2,b\n")
    run(capsys, "dataset", "import", "order", "orders.csv")
    assert "orders.csv: 2 rows, revision 1" in run(capsys, "dataset", "export", "order", "orders", "orders.csv")
    run(capsys, "dataset", "set", "order", "orders", "2", "n", "theirs")
    rows.write_text("id,n\n1,mine\n2,b\n")
    assert "--revision N" in run(capsys, "dataset", "import", "order", "orders.csv", code=2)
    assert "put together" in run(capsys, "dataset", "import", "order", "orders.csv", "--revision", "1")
    rows.write_text("id,n\n1,x\n2,y\n")
    told = run(capsys, "dataset", "import", "order", "orders.csv", "--revision", "1", code=2)
    assert "--choose dataset/orders/row/1/n=mine or =theirs" in told
    assert all(f"+ {value}" in told for value in ("mine", "theirs", "x", "y"))
    choices = ("--choose", "dataset/orders/row/1/n=theirs", "--choose", "dataset/orders/row/2/n=mine")
    run(capsys, "dataset", "import", "order", "orders.csv", "--revision", "1", *choices)
    shown = json.loads(run(capsys, "dataset", "show", "order", "orders", "--json"))
    assert shown["rows"] == [{"id": "1", "n": "mine"}, {"id": "2", "n": "y"}]
    run(capsys, "dataset", "import", "order", "orders.csv", "--replace")
    assert "revision 5" in run(capsys, "dataset", "show", "order", "orders")


def test_many_columns_are_told_in_short(folder: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "wide.csv").write_text(",".join(f"c{n}" for n in range(1, 201)) + "\n" + ",".join("1" * 200) + "\n")
    run(capsys, "import", "suite")
    assert "188 more columns: --all-columns" in run(capsys, "dataset", "import", "order", "wide.csv", "--preview")
    run(capsys, "dataset", "import", "order", "wide.csv")
    assert "c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12 … and 188 more" in run(capsys, "dataset", "list", "order")
    shown = run(capsys, "dataset", "show", "order", "wide")
    assert ("c12" in shown, "c13" in shown, "… and 188 more columns" in shown) == (True, False, True)
    whole = run(capsys, "dataset", "show", "order", "wide", "--all-columns")
    assert ("c200" in whole, "more column" in whole) == (True, False)
    assert len(json.loads(run(capsys, "dataset", "list", "order", "--json"))[0]["columns"]) == 200


def test_settings_come_out_of_the_trash_too(capsys) -> None:
    run(capsys, "import", "suite")
    run(capsys, "saves", "undo", "order@1.0.0:1")
    kinds = {each["kind"] for each in json.loads(run(capsys, "trash", "list", "order@1.0.0", "--json"))}
    assert kinds == {"suite", "config", "scenario", "case"}
    assert run(capsys, "trash", "restore", "order@1.0.0", "", "--kind", "suite").split() == ["added", "suite"]
