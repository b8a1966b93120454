"""Refusals say nothing of the server's folders."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from suite_zip import zipped
from workbench_web.desk import Desk
from workbench_web.discreet import Discreet

from workbench.errors import DatabaseError, ErrorGroup, StorageError
from workbench.settings import Settings


def test_no_refusal_tells_where_something_lies_on_the_server(client: FlaskClient, desk: Desk) -> None:
    """The client of all these tests looks at each; here are some that would."""
    suite = "suite: s\nsubsystem: order\nversion: '1'\nartifacts: [libs/nope.jar]\nconfig: {a: 1}\n"
    files = {"suite.yaml": suite, "scenarios/s.yaml": "scenario: s\ncases: [{case: c, steps: []}]\n"}
    sent = client.post("/api/v1/suites", data=zipped(files), content_type="application/zip")
    assert sent.status_code == 200, sent.text
    assert str(desk.settings.data_dir) not in sent.text
    ran = client.post("/api/v1/runs", json={"suite": "order"})
    assert (ran.status_code, ran.json["detail"], "hint" in ran.json) == (422, "there is no such file", False), ran.text
    jar = client.post("/api/v1/artifacts?name=a.jar", data=b"x", content_type="application/java-archive")
    read = client.post("/api/v1/parse", json={"artifacts": [jar.json["address"]]})
    assert (read.status_code, read.json["where"]) == (422, "a.jar"), read.text


def test_what_looks_like_a_path_stays() -> None:
    discreet = Discreet(Settings(data_dir=Path("/srv/data")))
    for text in ("/steps/0/name", "/srv/database", "a:/srv/data.json", "/api/v1/runs", "order/srv/data/x"):
        assert discreet.text(text) == text
    assert discreet.text("/srv/data/suites/" + "a" * 64 + "/suite.yaml:3:1") == "suite.yaml:3:1"
    assert discreet.text("in /srv/data: gone") == "in : gone"


def test_nobody_who_is_unknown_learns_where_the_database_is(client: FlaskClient, desk: Desk, monkeypatch) -> None:
    assert client.get("/api/v1/health").json["database"] == "sqlite"

    def gone() -> None:
        raise StorageError("it does not answer", where=desk.storage.database.name)

    monkeypatch.setattr(desk.storage, "check", gone)
    answer = client.get("/api/v1/health")
    assert (answer.status_code, answer.json["where"]) == (503, "the database")


@pytest.mark.parametrize("grouped", [False, True])
def test_what_a_driver_says_stands_in_the_log_only(
    client: FlaskClient, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, grouped: bool
) -> None:
    words = 'connection to server at "10.1.2.3", port 5432 failed: password authentication failed for user "nightowl"'

    def gone() -> None:
        error = DatabaseError(words, where="postgresql://nightowl:***@10.1.2.3/suites", hint="the setting database_url")
        raise ErrorGroup([error]) if grouped else error

    monkeypatch.setattr(desk.storage, "check", gone)
    answer = client.get("/api/v1/health")
    assert (answer.status_code, answer.json["code"]) == (503, "STORAGE")
    assert "the database does not answer" in answer.json["detail"]
    assert "log" in answer.json["hint"]
    assert not any(word in answer.text for word in ("10.1.2.3", "nightowl", "5432", "password"))
    assert words in caplog.text


def test_a_database_that_breaks_under_a_request_says_nothing_of_itself(
    client: FlaskClient, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with desk.storage.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE audit")
    answer = client.get("/api/v1/audit")
    assert answer.status_code == 503
    assert "audit" not in answer.json["detail"] + answer.json["hint"]
    assert "no such table: audit" in caplog.text
