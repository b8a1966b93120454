"""Suites, scenarios, cases and settings made and saved without a folder."""

import json
from pathlib import Path

import pytest

from workbench import cli


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("USER", "li")


def run(capsys: pytest.CaptureFixture[str], *args: str, code: int = 0) -> str:
    assert cli.execute(list(args)) == code
    out, err = capsys.readouterr()
    return err if code else out


def added(capsys: pytest.CaptureFixture[str], body: object, *args: str) -> str:
    Path("item.json").write_text(json.dumps(body))
    return str(json.loads(run(capsys, "case", "add", "order@1", "--file", "item.json", "--json", *args))["id"])


def test_a_suite_is_made_filled_run_and_copied(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "suite", "new", "order@1", "--owner", "wang").startswith("order@1 is made")
    scenario = added(capsys, {"scenario": "Pay"})
    step = {"kind": "script", "step": "a", "script": "$app.assertEquals(1, 1)"}
    added(capsys, {"login": {"steps": [step]}}, "--shared", "common")
    added(capsys, {"case": "pay", "steps": [step, {"kind": "use", "use": "common.login"}]}, "--into", scenario)
    assert "1 passed" in run(capsys, "run", "order@1")
    assert "there is no shared group common.login" in run(
        capsys, "case", "remove", "order@1", "common", "--shared", code=2
    )
    wrong = {"case": "x", "steps": [{"kind": "script", "script": "$app.addContxt('a', 1)"}]}
    Path("item.json").write_text(json.dumps(wrong))
    said = run(capsys, "case", "add", "order@1", "--into", scenario, "--file", "item.json", code=2)
    assert "/steps/0/script" in said
    assert "did you mean addContext" in said
    assert run(capsys, "suite", "copy", "order@1", "shop@1") == "1 case copied to shop@1\n"
    assert run(capsys, "suite", "move", "order@1", "store@1") == "1 case moved to store@1\n"
    assert "1 passed" in run(capsys, "run", "store@1")
    assert "the suite has no case" in run(capsys, "run", "order@1", code=2)


def test_settings_and_environments_are_shown_saved_and_compared(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "suite", "new", "order@1")
    config = json.loads(run(capsys, "case", "show", "order", "--kind", "config"))
    environments = {"sit": {"registries": ["zookeeper://a:1"], "config": {"token": "swordfish"}, "secrets": ["token"]}}
    Path("c.json").write_text(json.dumps(config | {"environments": environments}))
    run(capsys, "case", "save", "order", "--kind", "config", "--base", "1", "--file", "c.json")
    assert "swordfish" not in run(capsys, "case", "show", "order", "--kind", "config")
    assert "zookeeper://a:1" in run(capsys, "history", "order", "--kind", "config", "--compare", "1", "2")
    run(capsys, "history", "order", "--kind", "config", "--restore", "1")
    settings = json.loads(run(capsys, "case", "show", "order", "--kind", "suite"))
    Path("s.json").write_text(json.dumps(settings | {"description": "orders"}))
    run(capsys, "case", "save", "order", "--kind", "suite", "--base", "1", "--file", "s.json")
    assert json.loads(run(capsys, "case", "show", "order", "--kind", "suite"))["description"] == "orders"
