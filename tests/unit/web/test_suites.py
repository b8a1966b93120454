"""Suites over HTTP: brought in, listed, opened, saved, compared, restored, taken out again."""

import io
import stat
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
from api_tags import ANY
from flask.testing import FlaskClient
from suite_zip import zipped
from workbench_web.desk import Desk

from workbench.model import json

SUITE = "suite: s\nsubsystem: a/b\nversion: 1.0.0\n"
SCENARIO = """\
id: ssssssss
scenario: Pay an order
tags: [slow]
cases:
  - id: cccccccc
    case: pay <b>now</b>
    priority: P0
    tags: [smoke]
    owner: li
    steps:
      - id: aaaaaaaa
        step: pay it
        http: GET http://localhost/pay
        request: '{"amount": 5000000000.10, "id": 1234567890123456789}'
  - id: dddddddd
    case: pay later
    steps:
      - id: bbbbbbbb
        step: wait
        script: |
          pass
"""
ADDRESS = "a%2Fb@1.0.0"
CASE = f"/api/v1/suites/{ADDRESS}/cases/cccccccc"


def send(client: FlaskClient, files: dict[str, str], query: str = "", **headers: str) -> Any:
    return client.post(
        f"/api/v1/suites?{query}", data=zipped(files), content_type="application/zip", headers=headers or None
    )


@pytest.fixture
def loaded(client: FlaskClient) -> FlaskClient:
    answer = send(client, {"s/suite.yaml": SUITE, "s/scenarios/pay.yaml": SCENARIO}, **{"Workbench-Author": "wang"})
    assert answer.status_code == 200, answer.text
    assert (answer.json["subsystem"], answer.json["cases"]) == ("a/b", 2)
    return client


def save(client: FlaskClient, body: Any, revision: int, query: str = "") -> Any:
    headers = {"If-Match": f'"{revision}"', "Workbench-Author": "li"}
    return client.put(f"{CASE}?{query}", data=json.dumps(body), content_type="application/json", headers=headers)


def test_subsystems_and_versions(loaded: FlaskClient) -> None:
    page = loaded.get("/api/v1/subsystems?q=A").json
    row = {"subsystem": "a/b", "versions": 1, "newest": "1.0.0", "scenarios": 1, "cases": 2}
    assert page == {"items": [row], "total": 1, "offset": 0, "limit": 100}
    made = loaded.post("/api/v1/subsystems/a%2Fb/versions", json={"name": "1.1.0"})
    assert (made.status_code, made.json["cases"]) == (201, 2)
    names = [each["version"] for each in loaded.get("/api/v1/subsystems/a%2Fb/versions").json["items"]]
    assert names == ["1.0.0", "1.1.0"]
    assert loaded.get("/api/v1/suites/a%2Fb").json["version"] == "1.1.0"
    assert loaded.post("/api/v1/subsystems/a%2Fb/versions", json={"name": "0.9", "behind": "nope"}).status_code == 404
    assert (
        loaded.post("/api/v1/subsystems/a%2Fb/versions", json={"name": "1.0.1", "behind": "1.0.0"}).status_code == 201
    )
    names = [each["version"] for each in loaded.get("/api/v1/subsystems/a%2Fb/versions").json["items"]]
    assert names == ["1.0.0", "1.0.1", "1.1.0"]
    path = "/api/v1/subsystems/a%2Fb/versions"
    assert loaded.put(path, json={"versions": ["1.1.0", "1.0.0"]}, headers=ANY).status_code == 400
    ordered = loaded.put(path, json={"versions": ["1.1.0", "1.0.0", "1.0.1"]}, headers=ANY).json
    assert [each["version"] for each in ordered] == ["1.1.0", "1.0.0", "1.0.1"]
    assert loaded.get("/api/v1/suites/a%2Fb@9").status_code == 404
    assert loaded.get("/api/v1/subsystems/c/versions").status_code == 404


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["cccccccc", "dddddddd"]),
        ("q=LATER", ["dddddddd"]),
        ("q=localhost/pay", ["cccccccc"]),
        ("tag=smoke", ["cccccccc"]),
        ("tag=!smoke", ["dddddddd"]),
        ("tag=slow", ["cccccccc", "dddddddd"]),
        ("priority=P0&priority=P2&owner=li", ["cccccccc"]),
        ("scenario=pay&disabled=false&sort=-name", ["cccccccc", "dddddddd"][::1]),
        ("sort=name", ["dddddddd", "cccccccc"][::-1]),
        ("sort=-position", ["dddddddd", "cccccccc"]),
        ("offset=1&limit=1", ["dddddddd"]),
        ("scenario=other", []),
    ],
)
def test_cases_are_filtered_sorted_and_paged(loaded: FlaskClient, query: str, ids: list[str]) -> None:
    page = loaded.get(f"/api/v1/suites/{ADDRESS}/cases?{query}").json
    assert [each["id"] for each in page["items"]] == (ids if "sort=-name" not in query else ids[::-1])


def test_a_row_tells_what_a_list_shows(loaded: FlaskClient) -> None:
    row = loaded.get(f"/api/v1/suites/{ADDRESS}/cases?limit=1").json["items"][0]
    assert row.pop("saved_us") > 0
    assert row == {
        "id": "cccccccc", "name": "pay <b>now</b>", "scenario": "ssssssss", "scenario_name": "Pay an order",
        "slug": "pay", "position": 0, "priority": "P0", "tags": ["smoke"], "owner": "li", "requirements": [],
        "dataset": "", "disabled": False, "state": "ready", "steps": 1, "revision": 1, "author": "wang",
    }  # fmt: skip


def test_search_looks_into_requests(loaded: FlaskClient) -> None:
    page = loaded.get('/api/v1/search?q="amount": 5000000000.10').json
    assert [(each["subsystem"], each["id"]) for each in page["items"]] == [("a/b", "cccccccc")]
    assert loaded.get("/api/v1/search?q=100%25").json["total"] == 0
    assert loaded.get("/api/v1/search").status_code == 422


def test_open_and_save(loaded: FlaskClient) -> None:
    opened = loaded.get(CASE)
    assert opened.headers["ETag"] == '"1"'
    case = json.loads(opened.data)
    assert "5000000000.10" in case["steps"][0]["request"]
    saved = save(loaded, case | {"case": "pay today"}, 1, "message=why")
    assert (saved.status_code, saved.headers["ETag"], saved.json["revision"]) == (200, '"2"', 2)
    first = loaded.get(f"{CASE}/revisions").json["items"][0]
    assert (first["number"], first["author"], first["message"], first["versions"]) == (2, "li", "why", ["1.0.0"])


def test_a_stale_save_gets_both_texts_and_may_merge(loaded: FlaskClient) -> None:
    case = json.loads(loaded.get(CASE).data)
    assert save(loaded, case | {"owner": "wu"}, 1).status_code == 200
    mine = case | {"priority": "P1"}
    stale = save(loaded, mine, 1)
    assert (stale.status_code, stale.json["code"]) == (412, "STALE")
    assert [json.loads(stale.json[name]).get("owner") for name in ("base", "mine", "theirs")] == ["li", "li", "wu"]
    merged = save(loaded, mine, 1, "merge=true")
    assert (merged.status_code, merged.json["merged"]) == (200, True)
    now = json.loads(loaded.get(CASE).data)
    assert (now["owner"], now["priority"]) == ("wu", "P1")
    clash = save(loaded, case | {"owner": "me"}, 1, "merge=true")
    assert (clash.status_code, len(clash.json["conflicts"])) == (412, 1)
    assert save(loaded, case | {"owner": "me"}, 1, "take=mine").status_code == 200
    assert json.loads(loaded.get(CASE).data)["owner"] == "me"


def test_compare_and_restore(loaded: FlaskClient) -> None:
    case = json.loads(loaded.get(CASE).data)
    save(loaded, case | {"owner": "wu"}, 1)
    (difference,) = loaded.get(f"{CASE}/compare?before=1&after=2").json
    assert difference == {"place": ["owner"], "before": "li", "after": "wu"}
    restore = {"json": {"revision": 1}, "headers": {"If-Match": '"2"'}}
    done = loaded.post(f"{CASE}/restore", **restore)
    assert (done.status_code, done.json["revision"]) == (200, 3)
    assert loaded.post(f"{CASE}/restore", **restore).status_code == 412
    assert json.loads(loaded.get(f"{CASE}/revisions/2").data)["owner"] == "wu"
    assert loaded.get(f"{CASE}/revisions/9").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "other123"}, "/id"),
        ({"priority": "P9"}, "/priority"),
        ({"steps": [{"kind": "http"}]}, "/steps/0/http"),
        ({"colour": 1}, "/colour"),
    ],
)
def test_a_case_that_does_not_fit(loaded: FlaskClient, change: dict[str, Any], field: str) -> None:
    answer = save(loaded, json.loads(loaded.get(CASE).data) | change, 1)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)


def test_a_scenario_is_saved_without_its_cases(loaded: FlaskClient) -> None:
    path = f"/api/v1/suites/{ADDRESS}/scenarios/ssssssss"
    scenario = loaded.get(path).json
    assert "cases" not in scenario
    headers = {"If-Match": '"1"'}
    with_cases = scenario | {"cases": [{"case": "x"}]}
    assert loaded.put(path, json=with_cases, headers=headers).status_code == 422
    assert loaded.put(path, json=scenario | {"scenario": "Pay"}, headers=headers).status_code == 200
    (row,) = loaded.get(f"/api/v1/suites/{ADDRESS}/scenarios").json["items"]
    assert (row["name"], row["slug"], row["cases"], row["revision"]) == ("Pay", "pay", 2, 2)


def test_out_and_in_again(loaded: FlaskClient, tmp_path: Path) -> None:
    with loaded.get(f"/api/v1/suites/{ADDRESS}/archive") as answer:
        archive = answer.data
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert {"suite.yaml", "scenarios/pay.yaml"} <= set(opened.namelist())
        assert "5000000000.10" in opened.read("scenarios/pay.yaml").decode()
    again = loaded.post("/api/v1/suites", data=archive, content_type="application/zip")
    assert (again.status_code, again.json["changes"]) == (200, [])


def test_an_idempotency_key_imports_once(client: FlaskClient, desk: Desk) -> None:
    files = {"suite.yaml": SUITE, "scenarios/pay.yaml": SCENARIO}
    first, second = (send(client, files, **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert first.data == second.data
    assert (first.headers.get("Idempotent-Replay"), second.headers["Idempotent-Replay"]) == (None, "true")
    assert send(client, files, "dry_run=true", **{"Idempotency-Key": "k1"}).status_code == 409
    other = {**files, "scenarios/pay.yaml": SCENARIO.replace("pay later", "pay never")}
    assert len(zipped(other)) == len(zipped(files))
    assert send(client, other, **{"Idempotency-Key": "k1"}).status_code == 409
    assert (
        send(client, other, **{"Idempotency-Key": "k2"}).status_code == 400
    )  # it does not tell which save it was made of
    assert len(desk.storage.history.revisions(desk.storage.history.find("cccccccc")[0])) == 1


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"no zip", 422),
        (b"", 422),
        (zipped({"a.txt": "x"}), 422),
        (zipped({"../suite.yaml": SUITE}), 422),
        (zipped({"suite.yaml": "suite: s\nsubsystem: b\ncolour: red\n"}), 422),
        (zipped({"suite.yaml": SUITE, "x.txt": "0" * 300}), 413),
    ],
)
def test_archives_that_are_refused(client: FlaskClient, desk: Desk, data: bytes, status: int) -> None:
    from msgspec.structs import replace

    desk.settings = replace(desk.settings, parse_limits=replace(desk.settings.parse_limits, max_entry_bytes=200))
    answer = client.post("/api/v1/suites", data=data, content_type="application/zip")
    assert (answer.status_code, answer.json["status"]) == (status, status)
    assert not list((desk.settings.data_dir / "tmp").glob(".*"))


def test_an_upload_beyond_the_bound(client: FlaskClient, desk: Desk) -> None:
    from msgspec.structs import replace

    desk.settings = replace(desk.settings, serve=replace(desk.settings.serve, upload_mb=0))
    answer = client.post("/api/v1/suites", data=zipped({"a": "b"}), content_type="application/zip")
    assert (answer.status_code, answer.json["code"]) == (413, "TOO_LARGE")
    assert client.post("/api/v1/suites", data=b"x", content_type="text/plain").status_code == 415


def entry(name: str, mode: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


def archive(*entries: tuple[zipfile.ZipInfo, str], form: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", form) as target, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of two entries of one name
        for info, text in ((entry("suite.yaml"), SUITE), *entries):
            info.compress_type = form
            target.writestr(info, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("hostile", "said"),
    [
        ([entry("/etc/x")], "leads out"),
        ([entry("a/../../x")], "leads out"),
        ([entry("..\\x")], "leads out"),
        ([entry("..")], "leads out"),
        ([entry("x" * 256)], "longer than 255 bytes"),
        ([entry(f"d/{'订' * 86}/x")], "longer than 255 bytes"),
        ([entry("d/" * 600 + "x")], "too large"),
        ([entry("scenarios/a.yaml", stat.S_IFLNK | 0o777)], "a link or a device"),
        ([entry("datasets/a.csv", stat.S_IFIFO)], "a link or a device"),
        ([entry("a"), entry("a")], "two files"),
        ([entry("suite.yaml")], "two files"),
        ([entry("a"), entry("a/b")], "two files"),
        ([entry("b/suite.yaml")], ""),  # not looked at: the one at the top is the suite's
    ],
)
def test_archives_that_would_do_harm(
    client: FlaskClient, desk: Desk, hostile: list[zipfile.ZipInfo], said: str
) -> None:
    body = archive(*((info, "/etc/passwd") for info in hostile))
    answer = client.post("/api/v1/suites", data=body, content_type="application/zip")
    assert answer.status_code in ((413, 422) if said else (200,))
    assert said in answer.json.get("detail", "")
    assert "/etc/passwd" not in answer.text
    assert str(desk.settings.data_dir) not in answer.text
    assert list((desk.settings.data_dir / "tmp").iterdir()) == []


@pytest.mark.parametrize("form", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damaged_archives_are_refused_whatever_is_wrong(client: FlaskClient, desk: Desk, form: int) -> None:
    whole = archive((entry("datasets/a.csv"), "a,b\n" + "1,2\n" * 2000), form=form)
    for at in range(0, len(whole), max(1, len(whole) // 80)):
        for body in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]):
            answer = client.post("/api/v1/suites?replace=true", data=body, content_type="application/zip")
            assert answer.status_code in (200, 413, 415, 422), answer.text
    assert list((desk.settings.data_dir / "tmp").iterdir()) == []


@pytest.mark.parametrize("text", ['{"name": "1", "name": "2"}', '{"name": "2", "x": {"y": 1, "y": 2}}'])
def test_a_key_that_stands_twice_in_a_body_is_refused(loaded: FlaskClient, text: str) -> None:
    path = "/api/v1/subsystems/a%2Fb/versions"
    answer = loaded.post(path, data=text, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert [each["version"] for each in loaded.get(path).json["items"]] == ["1.0.0"]


def test_two_good_changes_that_are_wrong_together_are_refused(loaded: FlaskClient) -> None:
    case = loaded.get(CASE).json
    quarantine = {"owner": "li", "until": "2099-01-01"}
    theirs, mine = case | {"state": "draft"}, case | {"state": "quarantined", "quarantine": quarantine}
    assert save(loaded, theirs, 1).status_code == 200
    wrong = save(loaded, mine, 1, "take=theirs")  # a draft with a quarantine
    assert wrong.status_code == 422, wrong.text
    assert "not quarantined" in wrong.json["detail"]
    assert "both together are not" in wrong.text
    assert loaded.get(CASE).json == theirs
    assert save(loaded, mine, 1, "take=mine").status_code == 200


def test_what_both_add_at_once_has_to_fit_together(loaded: FlaskClient, desk: Desk) -> None:
    """Steps of one id, in places that do not touch each other: neither is there yet when the other is looked at."""
    case = loaded.get(CASE).json
    added = {"kind": "script", "id": "eeeeeeee", "step": "new", "script": "pass\n"}
    theirs, mine = case | {"setup": [added]}, case | {"teardown": [added | {"script": "x = 1"}]}
    save_now, late = desk.storage.history.save, []

    def saved_in_between(*args: Any, **options: Any) -> int:
        if not late:
            late.append(1)
            assert save(loaded, theirs, 1).status_code == 200
        return save_now(*args, **options)

    desk.storage.history.save = saved_in_between  # type: ignore[method-assign]
    wrong = save(loaded, mine, 1, "merge=true")
    assert (wrong.status_code, "eeeeeeee" in wrong.text) == (422, True), wrong.text
    assert loaded.get(CASE).json == theirs
    good = save(loaded, case | {"teardown": [added | {"id": "ffffffff"}]}, 1, "merge=true")
    assert (good.status_code, good.json["merged"]) == (200, True)


def test_versions_are_renamed_removed_and_brought_back(loaded: FlaskClient) -> None:
    made = loaded.post("/api/v1/subsystems/a%2Fb/versions", json={"name": "1.1.0"})
    assert made.status_code == 201
    renamed = loaded.patch("/api/v1/suites/a%2Fb@1.1.0", json={"name": "1/1"}, headers=ANY)
    assert (renamed.status_code, renamed.json["version"], renamed.json["cases"]) == (200, "1/1", 2)
    gone = loaded.delete("/api/v1/suites/a%2Fb@1%2F1", headers=ANY)
    assert (gone.status_code, gone.json["address"]) == (200, "a/b@1/1")
    assert loaded.get("/api/v1/suites/a%2Fb@1%2F1").status_code == 404
    assert [each["version"] for each in loaded.get("/api/v1/subsystems/a%2Fb/trash").json["items"]] == ["1/1"]
    back = loaded.post("/api/v1/subsystems/a%2Fb/trash/restore", json={"version": "1/1", "name": "2"})
    assert (back.status_code, back.json["version"]) == (200, "2")
    assert loaded.get("/api/v1/subsystems/a%2Fb/trash").json["total"] == 0
