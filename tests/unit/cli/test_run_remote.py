"""`workbench run --server`: a real server in this process, its reports here."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from suite_zip import zipped
from workbench_web.desk import Desk
from workbench_web.factory import create_app
from workbench_web.server import Server

from workbench import cli
from workbench.settings import Serving, Settings
from workbench.storage import Author

CASE = """\
  - id: {name}{name}
    case: {name}
    tags: [{name}]
    steps:
      - {{ step: a, script: '{script}' }}
"""
SUITE = {
    "suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\nconfig: {a: 1}\n",
    "scenarios/s.yaml": "scenario: s\ncases:\n"
    + CASE.format(name="good", script="pass")
    + CASE.format(name="evil", script='$app.fail("no")'),
}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    serving = Serving(port=0, threads=4)
    with Desk(Settings(data_dir=tmp_path / "server", serve=serving)) as desk:
        app = create_app(desk)
        desk.storage.people.add("ci", Author("t"), administrator=True)
        secret, _ = desk.storage.access.make_token("ci", "nightly", "edit", 600, Author("t"))
        monkeypatch.setenv("WORKBENCH_TOKEN", secret)
        answer = app.test_client().post("/api/v1/suites", data=zipped(SUITE), content_type="application/zip",
                                        headers={"Authorization": f"Bearer {secret}"})  # fmt: skip
        assert answer.status_code == 200
        with Server(app, serving) as server:
            yield server.address


def run(server: str, *options: str) -> int:
    return cli.execute(["run", "order@1", "--server", server, *options])


def test_verdict_exit_code_and_reports(server: str, tmp_path: Path, capsys) -> None:
    assert run(server, "--tag", "good", "--set", "a=5000000000.10") == 0
    assert capsys.readouterr().out == "s: PASSED, 1 case: 1 passed\n"
    assert run(server, "--report", str(tmp_path / "out"), "--format", "junit,html") == 1
    assert "s: FAILED, 2 cases: 1 passed, 1 failed" in capsys.readouterr().out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["junit.xml", "report.html"]
    assert 'tests="2"' in (tmp_path / "out" / "junit.xml").read_text()


def test_json_is_the_report(server: str, capsys) -> None:
    assert run(server, "--json", "--case", "evil") == 1
    assert json.loads(capsys.readouterr().out)["cases"]


def test_what_the_server_refuses(server: str, capsys) -> None:
    assert run(server, "--case", "godo") == 2
    assert "godo" in capsys.readouterr().err
    assert run(server, "--store") == 2


@pytest.mark.parametrize("token", ["", "wbt_nope", "tök"])
def test_a_token_that_is_none(server: str, token: str, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKBENCH_TOKEN")
    assert run(server, "--token", token) == 2
    assert "token" in capsys.readouterr().err


def test_a_server_that_is_not_there(capsys) -> None:
    assert run("http://127.0.0.1:1") == 3
    assert "does not answer" in capsys.readouterr().err
    assert run("127.0.0.1:1") == 2


def test_one_case_is_run_at_its_own_address(
    server: str, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbench.usecases.remote_run import RemoteRuns

    asked: list[str] = []
    ask = RemoteRuns._ask

    def noted(self: RemoteRuns, method: str, path: str, body: bytes | None = None) -> object:
        asked.append(f"{method} {path.partition('?')[0]}")
        return ask(self, method, path, body)

    monkeypatch.setattr(RemoteRuns, "_ask", noted)
    out = ("--report", str(tmp_path / "out"), "--format", "junit")
    assert cli.execute(["run", "goodgood", "--server", server, *out]) == 0
    assert 'tests="1"' in (tmp_path / "out" / "junit.xml").read_text()
    assert run(server, "--case", "evilevil") == 1
    assert {"POST /cases/goodgood/run", "POST /cases/evilevil/run"} <= set(asked)
    assert "POST /runs" not in asked
    assert run(server, "--case", "goodgood", "--set", "a=1") == 0  # more than its address can say
    assert asked[-1] != "POST /cases/goodgood/run"
    assert "POST /runs" in asked
    assert cli.execute(["run", "nopenope", "--server", server]) == 2
    assert "no case, scenario or shared file has the id" in capsys.readouterr().err


def test_what_contracts_say_of_the_steps_is_told(server: str, capsys) -> None:
    contract = {"interfaces": [{"name": "com.x.Pay", "methods": [{"name": "pay"}]}]}
    wrong = CASE.format(name="good", script="pass") + "      - { step: b, dubbo: 'com.x.Pay#pya' }\n"
    suite = {
        "suite.yaml": "suite: s\nsubsystem: pay\nversion: '1'\n",
        "interfaces.json": json.dumps(contract),
        "scenarios/s.yaml": "scenario: s\ncases:\n" + wrong,
    }
    headers = {"Authorization": f"Bearer {os.environ['WORKBENCH_TOKEN']}", "Content-Type": "application/zip"}
    answer = httpx.post(f"{server}/api/v1/suites", content=zipped(suite), headers=headers)
    assert answer.status_code == 200, answer.text
    assert cli.execute(["run", "pay@1", "--server", server]) == 1
    said = capsys.readouterr().err
    assert "mistake: scenarios/s.yaml:" in said
    assert ": com.x.Pay has no method pya\n  → did you mean pay?" in said


def test_a_dry_run_at_the_server(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(server, "--dry-run", "--tag", "good") == 0
    assert capsys.readouterr().out == "1 case to run\n"
    assert run(server, "--dry-run", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"cases": 2, "items": 2, "remarks": []}
    with httpx.Client(headers={"Authorization": f"Bearer {os.environ['WORKBENCH_TOKEN']}"}) as client:
        assert client.get(f"{server}/api/v1/runs").json()["total"] == 0
