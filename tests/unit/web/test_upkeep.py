"""What the command line does, over HTTP: backups, retention, formatting, columns of datasets, runs of others."""

import io
import os
import time
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from api_tags import ANY, seen
from collect_contract import age
from flask.testing import FlaskClient
from msgspec.structs import replace
from suite_zip import zipped
from workbench_web.desk import Desk

from workbench.model.dataset import Column
from workbench.storage import Storage
from workbench.storage.tables_rows import row_chunks

SUITE = {
    "suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\n",
    "scenarios/s.yaml": "id: ssssssss\nscenario: Pay\ncases:\n  - id: cccccccc\n    case: c\n    steps:\n"
    "      - { id: aaaaaaaa, step: a, script: pass }\n",
}
ONE = "/api/v1/suites/order@1"


@pytest.fixture
def loaded(client: FlaskClient) -> FlaskClient:
    sent = client.post("/api/v1/suites", data=zipped(SUITE), content_type="application/zip")
    assert sent.status_code == 200, sent.text
    return client


def test_a_backup_is_what_db_restore_takes(loaded: FlaskClient, desk: Desk, tmp_path: Path) -> None:
    state = loaded.get("/api/v1/database").json
    assert state["revision"] == state["needed"] == desk.storage.revisions()[1]
    with loaded.get("/api/v1/database/backup") as answer, zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        archive.extractall(tmp_path / "backup")
    other = Storage(f"sqlite:///{tmp_path}/other.db", tmp_path / "files")
    other.restore(tmp_path / "backup")
    with other:
        assert [each.version for each in other.suites.versions("order")] == ["1"]
    assert [each.action for each in desk.storage.audit.entries(limit=1)[0]] == ["backed-up"]
    assert not list(desk.room_root.iterdir())


def test_retention(loaded: FlaskClient) -> None:
    path = "/api/v1/subsystems/order/retention"
    assert loaded.get(path).json["own"] is False
    set_ = loaded.put(path, json={"keep": 3, "days": 0}, headers=seen(loaded, path))
    assert set_.json == loaded.get(path).json == {"keep": 3, "days": 0, "own": True}
    assert loaded.delete(path, headers={"If-Match": set_.headers["ETag"]}).json["own"] is False
    assert loaded.get("/api/v1/subsystems/nope/retention").status_code == 404
    assert loaded.put("/api/v1/subsystems/nope/retention", json={"keep": 3, "days": 0}, headers=ANY).status_code == 404


@pytest.mark.parametrize(("days", "left"), [(7, 0), (0, 1)])
def test_a_server_collects_what_nobody_needs_and_keeps_all_history(
    loaded: FlaskClient, desk: Desk, days: int, left: int
) -> None:
    """Two revisions of a dataset, of which one is history, and rows of an edit that was refused."""
    desk.settings = replace(desk.settings, retention=replace(desk.settings.retention, unneeded_days=days))
    path = f"{ONE}/datasets/rows"
    for text, match in (("id\n1\n", {}), ("id\n2\n", ANY)):
        octets = "application/octet-stream"
        assert loaded.post(f"{path}/file?form=csv", data=text, content_type=octets, headers=match).status_code == 200
    lost = desk.storage.rows.put((Column("id"),), [{"id": "lost"}])
    desk.keep_up()
    assert list(desk.storage.rows.read(lost)) == [{"id": "lost"}]  # put just now
    age(desk.storage)
    desk.keep_up()
    with desk.storage.database.reading() as connection:
        held = connection.scalar(sa.select(sa.func.count()).where(row_chunks.c.hash.in_(lost.chunks)))
    assert held == left
    for number, id_ in ((1, "1"), (2, "2")):
        assert loaded.post(f"{path}/restore", json={"revision": number}, headers=seen(loaded, f"{path}/rows")).json
        assert loaded.get(f"{path}/rows").json["rows"] == [{"id": id_}]
    noted = [each.actor for each in desk.storage.audit.entries(action="collected")[0]]
    assert noted == ["retention"] * (1 - left)


def test_what_a_killed_server_left_of_requests_goes_after_a_day(loaded: FlaskClient, desk: Desk) -> None:
    old, new = desk.room_root / ".upload-old", desk.room_root / ".upload-new"
    for each in (old, new):
        each.mkdir(parents=True)
        (each / "suite.zip").write_bytes(b"half")
    long_ago = time.time() - 25 * 3600
    os.utime(old, (long_ago, long_ago))
    desk.keep_up()
    assert [each.name for each in desk.room_root.iterdir()] == [new.name]


def test_formatting(client: FlaskClient) -> None:
    text = "scenario: s\ncases:\n- {case: c, steps: [{step: a, script: 'pass'}]}\n"
    files = {"scenarios/s.yaml": text}
    done = client.post("/api/v1/fmt", json={"files": files})
    assert done.status_code == 200, done.text
    (name,) = done.json["files"]
    canonical = done.json["files"][name]
    assert (name, "id:" in canonical, "script: |" in canonical) == ("scenarios/s.yaml", True, True)
    assert client.post("/api/v1/fmt", json={"files": {name: canonical}}).json == {"files": {}}
    for path in ("../s.yaml", "scenarios/../../s.yaml", "/etc/x.yaml", "scenarios/a/b.yaml", "s.txt"):
        assert client.post("/api/v1/fmt", json={"files": {path: text}}).status_code == 400, path
    broken = client.post("/api/v1/fmt", json={"files": {"scenarios/s.yaml": "scenario: [\n"}})
    assert broken.status_code == 422
    assert "s.yaml:" in broken.json["where"]
    assert "/.fmt-" not in broken.text
    script = text.replace("pass", "x = (")
    assert client.post("/api/v1/fmt", json={"files": {"scenarios/s.yaml": script}}).status_code == 200
    checked = client.post("/api/v1/fmt", json={"files": {"scenarios/s.yaml": script}, "check": True})
    assert checked.status_code == 422, checked.text


def test_columns_of_a_dataset(loaded: FlaskClient) -> None:
    path = f"{ONE}/datasets/d"
    sent = loaded.post(f"{path}/file?form=csv", data="id\n1\n2\n", content_type="application/octet-stream")
    tag = {"If-Match": sent.headers["ETag"]}
    added = loaded.post(f"{path}/columns", json={"name": "n", "type": "number", "value": 1}, headers=tag)
    assert added.status_code == 200, added.text
    assert loaded.patch(f"{path}/columns/n", json={"name": "a/b"}, headers=ANY).status_code == 200
    rows = loaded.get(f"{path}/rows").json
    assert [(each["name"], each.get("type", "auto")) for each in rows["columns"]] == [("id", "auto"), ("a/b", "number")]
    assert rows["rows"][0] == {"id": "1", "a/b": 1}
    assert loaded.delete(f"{path}/columns/a%2Fb", headers=ANY).status_code == 200
    assert loaded.delete(f"{path}/columns/nope", headers=ANY).status_code == 404
    assert loaded.delete(path, headers=ANY).json["rows"] == 0
    assert loaded.get(f"{path}/rows").status_code == 404


def test_a_column_is_converted(loaded: FlaskClient) -> None:
    path, data = f"{ONE}/datasets/d", "n\n007\n1234567890123456789\n"
    assert loaded.post(f"{path}/file?form=csv", data=data, content_type="application/octet-stream").status_code == 200
    seen = loaded.get(f"{path}/columns/n/conversion?type=number")
    assert (seen.status_code, seen.json["unfit"], seen.json["changed"]) == (200, 1, 1)
    assert "007" in seen.json["problems"][0]["message"]
    refused = loaded.patch(f"{path}/columns/n", json={"type": "number"}, headers=ANY)
    assert (refused.status_code, "007" in refused.text) == (422, True)


def test_a_run_of_another_machine_is_kept_and_reported(loaded: FlaskClient, desk: Desk) -> None:
    run = loaded.post("/api/v1/cases/cccccccc/run?wait=60").json["id"]
    assert desk.runner.wait(run, 60)
    path = f"/api/v1/stored/runs/{run}"
    while loaded.get(path).status_code != 200:  # kept a moment after its end
        pass
    with loaded.get(f"{path}/archive") as answer:
        archive = answer.data
    with loaded.get(f"{path}/report/junit") as report:
        assert b'tests="1"' in report.data
    assert loaded.get(f"{path}/report/nope").status_code == 400
    there = loaded.post("/api/v1/stored/runs", data=archive, content_type="application/zip")
    assert (there.status_code, "already there" in there.json["detail"]) == (400, True)
    assert loaded.delete(path).status_code == 204
    kept = loaded.post("/api/v1/stored/runs", data=archive, content_type="application/zip")
    assert (kept.status_code, kept.json["run"], kept.json["verdict"]) == (201, run, "PASSED")
    other = loaded.post("/api/v1/stored/runs", data=zipped(SUITE), content_type="application/zip")
    assert other.status_code == 422


def test_hosts(loaded: FlaskClient) -> None:
    body = {"host": "10.0.0.1:20880", "environment": "sit", "sha256": "a" * 64}
    assert loaded.post(f"{ONE}/deployments", json=body).json["sha256"] == "a" * 64
    path = "/api/v1/subsystems/order/hosts"
    assert loaded.get(f"{path}?environment=uat").json["items"] == []
    assert loaded.get(f"{path}?registry=/etc/passwd").status_code == 400


def test_what_nobody_needs_is_collected(loaded: FlaskClient, desk: Desk) -> None:
    sent = loaded.post("/api/v1/artifacts?name=a.jar", data=b"abc", content_type="application/octet-stream")
    assert sent.status_code == 201, sent.text
    os.utime(desk.storage.files.path(sent.json["sha256"]), (1, 1))
    told = loaded.post("/api/v1/database/collect", json={"dry_run": True})
    assert (told.status_code, told.json["files"], told.json["bytes"]) == (200, 1, 3)
    assert desk.storage.files.has(sent.json["sha256"])
    assert loaded.post("/api/v1/database/collect", json={"days": 0}).status_code == 422
    assert loaded.post("/api/v1/database/collect", json={}).json["files"] == 1
    assert not desk.storage.files.has(sent.json["sha256"])
