"""Datasets, statistics and deployments over HTTP."""

import csv
import io
import json

import pytest
from api_tags import ANY, seen
from flask.testing import FlaskClient
from suite_zip import zipped

SUITE = {
    "suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\n",
    "scenarios/s.yaml": "id: ssssssss\nscenario: Pay\n",
}
ONE = "/api/v1/suites/order@1"
OCTETS = "application/octet-stream"


@pytest.fixture
def loaded(client: FlaskClient) -> FlaskClient:
    sent = client.post("/api/v1/suites", data=zipped(SUITE), content_type="application/zip")
    assert sent.status_code == 200, sent.text
    return client


def test_a_dataset_comes_in_is_edited_and_goes_out(loaded: FlaskClient) -> None:
    text = "id,n:number\n00123,5000000000.10\n00124,2\n"
    seen = loaded.post("/api/v1/preview/dataset?form=csv", data=text, content_type=OCTETS)
    assert (seen.status_code, seen.json["total"]) == (200, 2)
    path = f"{ONE}/datasets/orders"
    sent = loaded.post(f"{path}/file?form=csv", data=text, content_type=OCTETS)
    assert (sent.status_code, sent.json["rows"]) == (200, 2), sent.text
    assert '"n":5000000000.10' in loaded.get(f"{path}/rows?limit=1").text
    assert (
        loaded.patch(f"{path}/rows", json={"row": 2, "column": "id", "value": "00125"}, headers=ANY).status_code == 200
    )
    assert loaded.post(f"{path}/rows", json={"rows": [{"id": "new"}], "before": 1}, headers=ANY).status_code == 200
    assert loaded.delete(f"{path}/rows", json={"rows": [2]}, headers=ANY).status_code == 200
    with loaded.get(f"{path}/file?form=csv") as answer:
        assert list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))) == [
            ["id", "n:number"], ["new", ""], ["00125", "2"]]  # fmt: skip
    (listed,) = loaded.get(f"{ONE}/datasets").json["items"]
    assert (listed["name"], listed["rows"]) == ("orders", 2)
    assert loaded.patch(f"{path}/rows", json={"row": 9, "column": "id"}, headers=ANY).status_code == 404
    broken = loaded.post(f"{path}/file?form=xlsx", data=b"PK\x03\x04", content_type=OCTETS, headers=ANY)
    assert (broken.status_code, broken.json["code"]) == (422, "DATASET")


def test_revisions_of_a_dataset_are_compared_by_cells_and_restored(loaded: FlaskClient) -> None:
    path = f"{ONE}/datasets/orders"
    loaded.post(f"{path}/file?form=csv", data="id,n\n00123,1\n00124,2\n", content_type=OCTETS)
    loaded.patch(f"{path}/rows", json={"row": 2, "column": "id", "value": "00125"}, headers=ANY)
    assert [each["number"] for each in loaded.get(f"{path}/revisions").json["items"]] == [2, 1]
    cell = {"place": ["row", "2", "id"], "before": "00124", "after": "00125"}
    assert loaded.get(f"{path}/compare?before=1&after=2").json == [cell]
    (shown,) = loaded.get(f"{ONE}/saves/3").json
    assert (shown["kind"], shown["differences"]) == ("dataset", [cell])
    at = seen(loaded, f"{path}/rows")
    assert at == {"If-Match": '"2"'}
    assert loaded.post(f"{path}/restore", json={"revision": 1}, headers=at).json["revision"] == 3
    assert "00124" in loaded.get(f"{path}/rows").text
    assert loaded.post(f"{path}/restore", json={"revision": 2}, headers=at).status_code == 412
    assert loaded.get(f"{ONE}/datasets/nope/revisions").status_code == 404


def test_two_people_edit_one_dataset(loaded: FlaskClient) -> None:
    path = f"{ONE}/datasets/orders"
    loaded.post(f"{path}/file?form=csv", data="id,n\n00123,1\n00124,2\n00125,3\n", content_type=OCTETS)
    seen_by_both = {"If-Match": '"1"'}
    cell = {"row": 2, "column": "n", "value": "20"}
    assert loaded.patch(f"{path}/rows", json=cell, headers=seen_by_both).status_code == 200
    other = {"row": 2, "column": "id", "value": "new"}
    assert loaded.patch(f"{path}/rows", json=other, headers=seen_by_both).status_code == 412
    done = loaded.patch(f"{path}/rows?merge=true", json=other, headers=seen_by_both)
    assert (done.status_code, done.json["merged"], done.headers["ETag"]) == (200, True, '"3"')
    clash = loaded.patch(f"{path}/rows?merge=true", json=cell | {"value": "21"}, headers=seen_by_both)
    assert clash.status_code == 412
    assert clash.json["conflicts"] == ["dataset/orders/row/2/n"]
    assert [json.loads(clash.json[side]) for side in ("base", "mine", "theirs")] == [
        {"row/2/n": "2"}, {"row/2/n": "21"}, {"row/2/n": "20"}]  # fmt: skip
    assert loaded.get(f"{path}/rows").json["rows"][1] == {"id": "new", "n": "20"}
    taken = loaded.patch(f"{path}/rows?take=mine", json=cell | {"value": "21"}, headers=seen_by_both)
    assert taken.status_code == 200, taken.text
    assert loaded.get(f"{path}/rows").json["rows"][1] == {"id": "new", "n": "21"}
    gone = loaded.delete(f"{path}/rows?merge=true", json={"rows": [1]}, headers=seen_by_both)
    assert gone.status_code == 200, gone.text
    more = loaded.post(f"{path}/rows?merge=true", json={"rows": [{"id": "last"}]}, headers=seen_by_both)
    assert more.status_code == 200, more.text
    wanted = [{"id": "new", "n": "21"}, {"id": "00125", "n": "3"}, {"id": "last"}]
    assert loaded.get(f"{path}/rows").json["rows"] == wanted
    renamed = loaded.patch(f"{path}/columns/n?merge=true", json={"name": "k"}, headers=seen(loaded, f"{path}/rows"))
    assert renamed.status_code == 200, renamed.text


def test_two_people_replace_one_dataset_by_files(loaded: FlaskClient) -> None:
    path = f"{ONE}/datasets/orders/file?form=csv"
    assert loaded.post(path, data="id,n\n1,a\n2,b\n", content_type=OCTETS).status_code == 200
    with loaded.get(path) as answer:
        at = {"If-Match": answer.headers["ETag"]}
    assert at == {"If-Match": '"1"'}
    assert loaded.post(path, data="id,n\n1,a\n2,theirs\n", content_type=OCTETS, headers=at).status_code == 200
    mine = {"data": "id,n\n1,mine\n2,b\n", "content_type": OCTETS, "headers": at}
    assert loaded.post(path, data=mine["data"], content_type=OCTETS).status_code == 428
    late = loaded.post(path, **mine)
    assert (late.status_code, late.json["code"]) == (412, "STALE")
    assert [json.loads(late.json[side]) for side in ("mine", "theirs")] == [
        {"row/1/n": "mine", "row/2/n": "b"}, {"row/1/n": "a", "row/2/n": "theirs"}]  # fmt: skip
    done = loaded.post(f"{path}&merge=true", **mine)
    assert (done.status_code, done.json["merged"], done.headers["ETag"]) == (200, True, '"3"')
    assert loaded.get(f"{ONE}/datasets/orders/rows").json["rows"] == [
        {"id": "1", "n": "mine"},
        {"id": "2", "n": "theirs"},
    ]
    clash = loaded.post(f"{path}&merge=true", **mine | {"data": "id,n\n1,other\n2,b\n"})
    assert (clash.status_code, clash.json["conflicts"]) == (412, ["dataset/orders/row/1/n"])
    assert loaded.post(f"{path}&take=theirs", **mine | {"data": "id,n\n1,other\n2,b\n"}).json["changes"] == []


def test_statistics_and_deployments(loaded: FlaskClient) -> None:
    found = loaded.get("/api/v1/subsystems/order/statistics?days=7").json
    assert (found["subsystem"], found["days"], found["day"]["subsystems"]) == ("order", [], 0)
    assert loaded.get("/api/v1/statistics/day?day=2026-03-31").json["day"] == "2026-03-31"
    assert loaded.get("/api/v1/statistics/day?day=2026-02-31").status_code == 400
    with loaded.get("/api/v1/subsystems/order/statistics/workbook") as answer:
        assert answer.data.startswith(b"PK")
    made = loaded.post(f"{ONE}/deployments", json={"host": "10.0.0.1:20880", "environment": "sit"})
    assert (made.status_code, made.json["version"]) == (201, "1")
    assert [each["host"] for each in loaded.get("/api/v1/subsystems/order/hosts").json["items"]] == ["10.0.0.1:20880"]
