"""Saves, comparisons, sync, trash, copies and moves over HTTP."""

import hashlib
from typing import Any

import pytest
from api_tags import seen
from flask.testing import FlaskClient
from suite_zip import zipped
from workbench_web.desk import Desk

from workbench.model import json

SUITE = {
    "suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\n"
    "environments: {sit: {}}\nconfig: {amount: 5000000000.10}\n",
    "scenarios/s.yaml": """\
id: ssssssss
scenario: Pay
cases:
  - id: cccccccc
    case: pay now
    steps:
      - { id: aaaaaaaa, step: a, script: pass }
  - id: dddddddd
    case: pay later
    steps:
      - { id: bbbbbbbb, step: b, script: pass }
""",
    "scenarios/t.yaml": "id: tttttttt\nscenario: Refund\n",
}
ONE = "/api/v1/suites/order@1"


@pytest.fixture
def loaded(client: FlaskClient) -> FlaskClient:
    sent = client.post("/api/v1/suites", data=zipped(SUITE), content_type="application/zip")
    assert sent.status_code == 200, sent.text
    return client


def change(client: FlaskClient, key: str, revision: int, address: str = "order@1", **fields: Any) -> None:
    path = f"/api/v1/suites/{address}/cases/{key}"
    answer = client.put(path, json=client.get(path).json | fields, headers={"If-Match": f'"{revision}"'})
    assert answer.status_code == 200, answer.text


def post(client: FlaskClient, path: str, body: Any, status: int = 200) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json


def test_saves_are_listed_shown_undone_and_restored(loaded: FlaskClient) -> None:
    change(loaded, "cccccccc", 1, owner="li")
    change(loaded, "dddddddd", 1, owner="wang")
    page = loaded.get(f"{ONE}/saves?limit=2").json
    assert ([each["number"] for each in page["items"]], page["total"]) == ([3, 2], 3)
    (shown,) = loaded.get(f"{ONE}/saves/2").json
    assert (shown["key"], shown["differences"][0]["after"]) == ("cccccccc", "li")
    preview = post(loaded, f"{ONE}/saves/2/undo", {"preview": True})
    assert [each["key"] for each in preview["changes"]] == ["cccccccc"]
    assert loaded.get(f"{ONE}/cases/cccccccc").json["owner"] == "li"
    assert post(loaded, f"{ONE}/saves/2/undo?message=why", {})["save"] == 4
    assert "owner" not in loaded.get(f"{ONE}/cases/cccccccc").json
    assert loaded.get(f"{ONE}/cases/dddddddd").json["owner"] == "wang"
    assert loaded.get(f"{ONE}/saves").json["items"][0]["message"] == "why"
    post(loaded, f"{ONE}/saves/1/restore", {})
    assert "owner" not in loaded.get(f"{ONE}/cases/dddddddd").json
    assert [each["key"] for each in loaded.get("/api/v1/compare?before=order@1:3&after=order@1").json] == [
        "cccccccc", "dddddddd"]  # fmt: skip
    assert loaded.get(f"{ONE}/saves/99").status_code == 400
    assert loaded.get("/api/v1/compare?before=order@1&after=nope@1").status_code == 404


def test_an_undo_that_conflicts_is_chosen(loaded: FlaskClient) -> None:
    change(loaded, "cccccccc", 1, owner="li")
    change(loaded, "cccccccc", 2, owner="wang")
    refused = loaded.post(f"{ONE}/saves/2/undo", json={})
    assert refused.status_code == 409
    (path,) = refused.json["conflicts"]
    assert path in refused.json["errors"][0]["hint"]
    assert refused.json["hint"].startswith(f'`choose` {{"{path}": "before"}} or "now" for this value, `take` "before"')
    post(loaded, f"{ONE}/saves/2/undo", {"choose": {path: "before"}})
    assert "owner" not in loaded.get(f"{ONE}/cases/cccccccc").json
    assert loaded.post(f"{ONE}/saves/2/undo", json={"choose": {"x": "y"}}).status_code == 422


def test_a_version_is_brought_into_another(loaded: FlaskClient) -> None:
    post(loaded, "/api/v1/subsystems/order/versions", {"name": "2"}, 201)
    change(loaded, "cccccccc", 1, owner="li")
    change(loaded, "dddddddd", 1, owner="li")
    two = "/api/v1/suites/order@2"
    preview = post(loaded, f"{two}/sync", {"source": "1", "preview": True})
    assert {each["key"]: each["status"] for each in preview["synced"]["items"]} == {
        "cccccccc": "fast-forward", "dddddddd": "fast-forward"}  # fmt: skip
    only = [{"kind": "case", "key": "cccccccc"}]
    assert post(loaded, f"{two}/sync", {"source": "1", "only": only})["synced"]["save"] == 1
    change(loaded, "dddddddd", 1, "order@2", owner="wang")
    assert loaded.post(f"{two}/sync", json={"source": "1"}).status_code == 409
    post(loaded, f"{two}/sync", {"source": "1", "take": "target"})
    assert loaded.get(f"{two}/cases/dddddddd").json["owner"] == "wang"
    assert loaded.post(f"{two}/sync", json={"source": "2"}).status_code == 400
    assert loaded.post(f"{two}/sync", json={"source": "9"}).status_code == 404


def test_copied_moved_removed_and_brought_back(loaded: FlaskClient) -> None:
    copied = post(loaded, f"{ONE}/copy", {"item": "cccccccc", "to": {"into": "tttttttt"}})
    assert copied["id"] != "cccccccc"
    post(loaded, f"{ONE}/move", {"item": "dddddddd", "to": {"behind": ""}})
    rows = loaded.get(f"{ONE}/cases").json["items"]
    assert [(each["scenario"], each["id"]) for each in rows] == [
        ("ssssssss", "dddddddd"), ("ssssssss", "cccccccc"), ("tttttttt", copied["id"])]  # fmt: skip
    step = post(loaded, f"{ONE}/copy", {"item": "cccccccc/aaaaaaaa", "to": {"into": "dddddddd"}})
    assert [each["id"] for each in loaded.get(f"{ONE}/cases/dddddddd").json["steps"]] == ["bbbbbbbb", step["id"]]
    post(loaded, f"{ONE}/remove", {"item": "ssssssss"})
    trash = loaded.get(f"{ONE}/trash").json
    assert {each["key"] for each in trash["items"]} == {"ssssssss", "cccccccc", "dddddddd"}
    post(loaded, f"{ONE}/trash/restore", {"key": "ssssssss"})
    assert loaded.get(f"{ONE}/trash").json["total"] == 0
    assert loaded.get(f"{ONE}/cases").json["total"] == 3
    assert loaded.post(f"{ONE}/trash/restore", json={"key": "ssssssss"}).status_code == 400
    assert loaded.post(f"{ONE}/copy", json={"item": "nope"}).status_code == 400


def test_configuration(loaded: FlaskClient, desk: Desk) -> None:
    shown = loaded.get(f"{ONE}/config")
    assert shown.headers["ETag"] == '"1"'
    (item,) = json.loads(shown.data)["items"]
    assert (item["key"], item["cells"]["*"]["value"]) == ("amount", json.loads("5000000000.10"))
    changes = [{"key": "amount", "environment": "sit", "value": 7}, {"key": "key", "value": "geheim", "secret": True}]
    first = {"If-Match": '"1"'}
    done = loaded.patch(f"{ONE}/config", json={"changes": changes}, headers=first)
    assert (done.status_code, done.headers["ETag"]) == (200, '"2"')
    assert "geheim" not in loaded.get(f"{ONE}/config").text
    stale = loaded.patch(f"{ONE}/config", json={"changes": changes}, headers=first)
    assert (stale.status_code, "geheim" in stale.text) == (412, False)
    assert "5000000000.10" in stale.json["base"]
    masks = loaded.put(f"{ONE}/config/masks/sit", json={"paths": ["response.phone"]}, headers={"If-Match": '"2"'})
    assert masks.status_code == 200
    assert loaded.get(f"{ONE}/config").json["masks"] == {"sit": ["response.phone"]}
    with loaded.get(f"{ONE}/config/table?form=csv") as table:
        text = table.data.decode("utf-8-sig")
    assert "5000000000.10" in text
    assert "geheim" not in text
    sent = loaded.post(f"{ONE}/config/table?form=csv", data=text.replace("5000000000.10", "8").encode(),
                       content_type="application/octet-stream", headers=seen(loaded, f"{ONE}/config"))  # fmt: skip
    assert sent.status_code == 200, sent.text
    assert loaded.get(f"{ONE}/config").json["items"][0]["cells"]["*"]["value"] == 8
    gone = loaded.patch(f"{ONE}/config", json={"changes": [{"key": "amount"}]}, headers={"If-Match": '"4"'})
    assert gone.status_code == 200, gone.text
    again = loaded.patch(f"{ONE}/config", json={"changes": [{"key": "amount"}]}, headers={"If-Match": '"5"'})
    assert (again.status_code, again.json["hint"]) == (404, "it has one in sit")
    log = str(desk.storage.audit.entries()[0]) + str(loaded.get(f"{ONE}/saves/2").json)
    assert "geheim" not in log


def test_artifacts_of_a_version(loaded: FlaskClient) -> None:
    assert loaded.get(f"{ONE}/artifacts").json["items"] == []
    assert loaded.get(f"{ONE}/artifact-changes").json["total"] == 0
    assert loaded.get(f"{ONE}/flags?settled=true").json["total"] == 0
    assert post(loaded, f"{ONE}/flags/settle", {}) == {"flags": 0}
    unknown = post(loaded, f"{ONE}/flags/settle", {"cases": ["nope"]}, 404)
    assert unknown["detail"] == "the case 'nope' has no flag"
    assert loaded.post(f"{ONE}/artifacts", json={"artifacts": ["/etc/passwd"]}).status_code == 400


def test_coordinates_tell_the_hash_of_what_was_fetched_last(client: FlaskClient, desk: Desk) -> None:
    names = ("com.x:pay:1.0", "com.x:pay:2.0", "com.x:all:pom:1.0")
    listed = f"artifacts: [{', '.join(names)}]\n"
    suite = {**SUITE, "suite.yaml": SUITE["suite.yaml"] + listed}
    sent = client.post("/api/v1/suites", data=zipped(suite), content_type="application/zip")
    assert sent.status_code == 200, sent.text
    for place, file in (("pay/1.0", "pay-1.0.jar"), ("all/1.0/pom-", "part.jar")):
        folder = desk.settings.data_dir / "maven" / "com.x" / place
        (folder / "needs").mkdir(parents=True)
        (folder / file).write_bytes(b"PK")
        (folder / "needs.ok").touch()
    fetched = {"file": "pay-1.0.jar", "size": 2, "sha256": hashlib.sha256(b"PK").hexdigest()}
    told = client.get(f"{ONE}/artifacts").json["items"]
    assert told == [
        {"dependency": "", "name": names[0], **fetched},
        *({"dependency": "", "name": name} for name in names[1:]),
    ]
