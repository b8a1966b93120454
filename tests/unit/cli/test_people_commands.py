"""`workbench users`, `groups`, `tokens` and `audit` on a database."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from workbench import cli
from workbench.storage import Storage

ASKED = "correct horse 7\n" * 2


def run(tmp_path: Path, *args: str, answers: str = "") -> Any:
    return CliRunner().invoke(cli.group, ["--data-dir", str(tmp_path), *args], input=answers)


def told(tmp_path: Path, *args: str) -> Any:
    result = run(tmp_path, *args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    assert run(tmp_path, "users", "add", "root", "--administrator", "--password", answers=ASKED).exit_code == 0
    link = run(tmp_path, "users", "add", "wang").stdout
    assert "/setup?code=" in link
    assert run(tmp_path, "groups", "add", "pay").exit_code == 0
    return tmp_path


def test_users_and_their_roles(people: Path) -> None:
    assert run(people, "groups", "role", "pay", "wang", "edit").exit_code == 0
    found = {each["name"]: each for each in told(people, "users", "list")}
    assert (found["root"]["administrator"], found["root"]["ready"]) == (True, True)
    assert (found["wang"]["roles"], found["wang"]["ready"]) == ({"pay": "edit"}, False)
    assert "edit in pay" in run(people, "users", "list").stdout
    assert run(people, "users", "change", "wang", "--disable").exit_code == 0
    assert {each["name"]: each["disabled"] for each in told(people, "users", "list")}["wang"] is True
    assert run(people, "groups", "role", "pay", "wang", "none").exit_code == 0
    assert told(people, "groups", "list") == [{"name": "pay", "members": {}, "subsystems": [], "libraries": []}]


@pytest.mark.parametrize(
    "args",
    [
        ("users", "add", "wang"),
        ("users", "add", " x"),
        ("users", "link", "wnag"),
        ("users", "change", "root", "--disable"),
        ("users", "change", "root", "--no-administrator"),
        ("groups", "add", "pay"),
        ("groups", "role", "pya", "wang", "edit"),
        ("groups", "give", "nope", "pay"),
        ("groups", "remove", "pya"),
        ("tokens", "add", "nobody", "ci"),
        ("tokens", "revoke", "nope"),
        ("audit", "show", "nope"),
    ],
)
def test_what_is_refused_changes_nothing(people: Path, args: tuple[str, ...]) -> None:
    before = told(people, "audit", "list")["total"]
    assert run(people, *args).exit_code != 0
    assert told(people, "audit", "list")["total"] == before


def test_a_subsystem_is_given(people: Path) -> None:
    from storage_contract import LI, snapshot

    with Storage(f"sqlite:///{people}/workbench.db", people / "files") as storage:
        storage.suites.put(snapshot(), LI)
    assert run(people, "groups", "give", "order", "pay").exit_code == 0
    assert told(people, "groups", "list")[0]["subsystems"] == ["order"]
    assert run(people, "groups", "remove", "pay").exit_code != 0
    entries = told(people, "audit", "list", "order")["entries"]
    assert [each["action"] for each in entries] == ["subsystem-given", "import"]
    shown = told(people, "audit", "show", entries[1]["id"])
    assert {"case", "scenario", "suite"} >= {each["kind"] for each in shown["changes"]} - {
        "config",
        "contract",
        "shared",
        "dataset",
    }
    assert "added" in run(people, "audit", "show", entries[1]["id"]).stdout
    assert run(people, "groups", "give", "order").exit_code == 0
    assert run(people, "groups", "remove", "pay").exit_code == 0


def test_a_token_is_printed_once(people: Path) -> None:
    secret = run(people, "tokens", "add", "root", "ci", "--scope", "view").stdout.strip()
    assert secret.startswith("wbt_")
    (token,) = told(people, "tokens", "list", "--user", "root")
    assert (token["name"], token["scope"], token["used_us"]) == ("ci", "view", 0)
    for listing in (("tokens", "list"), ("audit", "list"), ("users", "list")):
        assert secret not in run(people, *listing).stdout
    assert run(people, "tokens", "revoke", token["id"]).exit_code == 0
    assert told(people, "tokens", "list") == []


def test_the_log_tells_who_and_holds_no_secret(people: Path) -> None:
    log = told(people, "audit", "list")
    assert {each["via"] for each in log["entries"]} == {"command line"}
    assert [each["action"] for each in log["entries"]] == ["group-added", "invited", "user-added", "user-added"]
    assert "argon2" not in json.dumps(log)
    assert told(people, "audit", "list", "--action", "invited")["total"] == 1


def test_an_action_that_the_log_never_has_is_refused_with_all_of_them(people: Path) -> None:
    result = run(people, "audit", "list", "--action", "user-made")
    assert result.exit_code == 2
    assert "user-added" in result.output
    assert "version-made" in result.output
