"""What others wrote opens no file of the server."""

import sqlite3
from pathlib import Path

from flask.testing import FlaskClient
from suite_zip import zipped
from workbench_web.desk import Desk

SUITE = """suite: s
subsystem: order
version: '1'
environments:
  test: {{ connections: {{ other: {{ url: "sqlite:///{path}", writable: true }} }} }}
"""
SCENARIO = """scenario: s
cases:
  - id: cccccccc
    case: c
    steps:
      - { id: aaaaaaaa, step: a, sql: other, statement: delete from users }
"""


def test_a_suite_cannot_reach_the_databases_of_the_machine(client: FlaskClient, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("create table users (id int)")
        other.execute("insert into users values (1)")
    other.close()
    files = {"suite.yaml": SUITE.format(path=path), "scenarios/s.yaml": SCENARIO}
    assert client.post("/api/v1/suites", data=zipped(files), content_type="application/zip").status_code == 200
    run = client.post("/api/v1/cases/cccccccc/run?wait=60").json["id"]
    (result,) = client.get(f"/api/v1/runs/{run}/results").json["items"]
    assert result["failure"]["cause"] == "CONFIG"
    assert "outside of the suite" in result["failure"]["message"]
    left = sqlite3.connect(path)
    assert left.execute("select count(*) from users").fetchone() == (1,)
    left.close()
