"""Groups of cases and tool libraries over the API."""

import io
import zipfile

from api_tags import ANY, seen
from flask.testing import FlaskClient
from suite_zip import zipped
from workbench_web.desk import Desk

SUITE = {
    "suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\n",
    "scenarios/s.yaml": "id: ssssssss\nscenario: s\ncases:\n"
    + "".join(
        f"  - id: {key * 8}\n    case: {key}\n    steps:\n      - {{ id: {key * 7}1, step: x, script: pass }}\n"
        for key in "abc"
    ),
}
GROUPS = "/api/v1/suites/order@1/case-groups"


def start(client: FlaskClient) -> None:
    sent = client.post("/api/v1/suites", data=zipped(SUITE), content_type="application/zip")
    assert sent.status_code == 200, sent.text


def test_a_group_is_defined_run_copied_and_removed(client: FlaskClient, desk: Desk) -> None:
    start(client)
    made = client.put(f"{GROUPS}/release?message=why", json={"cases": ["c", "aaaaaaaa"], "owner": "li"})
    assert made.status_code == 200, made.text
    assert [each["id"] for each in made.json["members"]] == ["cccccccc", "aaaaaaaa"]
    assert [each["name"] for each in client.get(GROUPS).json["items"]] == ["release"]

    started = client.post("/api/v1/runs", json={"suite": "order", "groups": ["release"]})
    assert started.status_code == 201, started.text
    run = started.json["id"]
    desk.runner.wait(run, 60)
    results = client.get(f"/api/v1/runs/{run}/results").json["items"]
    assert {each["case"] for each in results} == {"cccccccc", "aaaaaaaa"}

    copied = client.post(f"{GROUPS}/release/copy", json={"to": "order@1", "name": "again"})
    assert copied.status_code == 200, copied.text
    assert len(copied.json["cases"]) == 2
    assert client.delete(f"{GROUPS}/release", headers=seen(client, f"{GROUPS}/release")).status_code == 200
    assert [each["name"] for each in client.get(GROUPS).json["items"]] == ["again"]


def test_what_is_no_group_is_told(client: FlaskClient) -> None:
    start(client)
    assert client.put(f"{GROUPS}/a", json={"cases": ["nope"]}).status_code == 422
    assert client.put(f"{GROUPS}/a", json={}).status_code == 400
    assert client.put(f"{GROUPS}/a", json={"case": ["c"]}).status_code == 422
    assert client.delete(f"{GROUPS}/a", headers=ANY).status_code == 404
    unknown = client.post("/api/v1/runs", json={"suite": "order", "groups": ["a"]})
    assert unknown.status_code == 422
    assert "no group of cases 'a'" in unknown.json["detail"]


def test_tool_libraries(client: FlaskClient) -> None:
    assert client.get("/api/v1/libraries").json["items"] == []
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as jar:
        jar.writestr("a.txt", "a")
    kept = client.post(
        "/api/v1/artifacts?name=a.jar", data=empty.getvalue(), content_type="application/java-archive"
    ).json["address"]
    refused = client.post("/api/v1/libraries", json={"name": "sign", "version": "1", "jars": [kept]})
    assert refused.status_code == 422
    assert "nothing in it can be called" in refused.json["detail"]
    stranger = client.post("/api/v1/libraries", json={"name": "sign", "version": "1", "jars": ["/etc/passwd"]})
    assert stranger.status_code == 400
    assert client.get("/api/v1/libraries/sign").status_code == 404
    assert client.get("/api/v1/libraries/sign/uses").json["total"] == 0
    assert client.delete("/api/v1/libraries/sign/versions/1", headers=ANY).status_code == 404
