"""Runs that the database keeps, over HTTP; and runs of what failed, or changed."""

import io
import time
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient
from suite_zip import zipped
from workbench_web.desk import Desk

SUITE = {
    "suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\nconfig: {ok: false}\n"
    "case_groups: {late: {cases: [pay later]}}\n",
    "shared/common.yaml": "fill:\n  steps:\n    - { id: ffffffff, step: fill, script: pass }\n",
    "scenarios/s.yaml": """\
id: ssssssss
scenario: Pay
cases:
  - id: cccccccc
    case: pay now
    steps:
      - { id: aaaaaaaa, step: a, use: common.fill }
  - id: dddddddd
    case: pay later
    steps:
      - id: bbbbbbbb
        step: b
        script: |
          if not $app.getConfig("ok"): $app.fail("not yet")
""",
}


@pytest.fixture
def loaded(client: FlaskClient) -> FlaskClient:
    sent = client.post("/api/v1/suites", data=zipped(SUITE), content_type="application/zip")
    assert sent.status_code == 200, sent.text
    return client


def run(client: FlaskClient, desk: Desk, **body: Any) -> Any:
    """Start it, wait until the database has it; gives its stored info."""
    started = client.post("/api/v1/runs", json={"suite": "order@1", **body})
    assert started.status_code == 201, started.text
    id_ = started.json["id"]
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = client.get(f"/api/v1/stored/runs/{id_}")
        if answer.status_code == 200:
            return answer.json
        time.sleep(0.02)
    raise AssertionError("the run was not kept")


def test_kept_compared_concluded_and_removed(loaded: FlaskClient, desk: Desk) -> None:
    first, second = run(loaded, desk)["run"], run(loaded, desk, overrides={"ok": True})["run"]
    assert [each["run"] for each in loaded.get("/api/v1/stored/runs?subsystem=order").json["items"]] == [second, first]
    found = loaded.get(f"/api/v1/compare/runs?before={first}&after={second}").json
    assert (found[0]["item"], found[0]["what"]) == ("dddddddd", "repaired")
    path = f"/api/v1/stored/runs/{first}"
    said = {"item": "dddddddd", "kind": "known", "comment": "<b>later</b>", "link": "X-1"}
    assert loaded.post(f"{path}/conclusions", json=said).json == {"cases": 1}
    unsaid = loaded.post(f"{path}/conclusions", json=said | {"kind": "case-bug"})
    assert (unsaid.status_code, "later" in unsaid.json["theirs"]) == (428, True)
    seen = {"If-Match": loaded.get(f"{path}/conclusions/dddddddd").headers["ETag"]}
    later = said | {"comment": "<b>later</b>", "kind": "environment"}
    assert loaded.post(f"{path}/conclusions", json=later, headers=seen).status_code == 201
    stale = loaded.post(f"{path}/conclusions", json=said, headers=seen)
    assert (stale.status_code, "environment" in stale.json["theirs"], "known" in stale.json["mine"]) == (
        412,
        True,
        True,
    )
    assert loaded.get(f"{path}/conclusions/cccccccc").status_code == 404
    (case,) = loaded.get(f"{path}/cases?verdict=FAILED").json["items"]
    assert (case["conclusion"]["comment"], case["result"]["verdict"]) == ("<b>later</b>", "FAILED")
    third = run(loaded, desk)["run"]
    (again,) = loaded.get(f"/api/v1/stored/runs/{third}/cases?verdict=FAILED").json["items"]
    assert again["conclusion"]["link"] == "X-1"
    assert loaded.post(f"{path}/conclusions", json=said | {"item": "cccccccc"}).status_code == 400
    events = loaded.get(f"{path}/cases/dddddddd").json
    assert "not yet" in str(events)
    with loaded.get(f"{path}/archive") as answer, zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert any(name.endswith("events.jsonl") for name in archive.namelist())
    assert loaded.delete(path).status_code == 204
    assert loaded.get(path).status_code == 404
    pruned = loaded.post("/api/v1/subsystems/order/prune", json={"keep": 1}).json
    assert pruned == {"runs": [second]}
    actions = [each.action for each in desk.storage.audit.entries(subsystems=frozenset({"order"}))[0]]
    assert actions == ["run-deleted", "run-deleted", "concluded", "concluded", "import"]


def test_runs_of_a_group_of_cases(loaded: FlaskClient, desk: Desk) -> None:
    both, late = run(loaded, desk)["run"], run(loaded, desk, groups=["late"])["run"]
    for place, name in (("/api/v1/stored/runs", "run"), ("/api/v1/runs", "id")):
        items = loaded.get(f"{place}?group=late").json["items"]
        assert [(each[name], each["groups"]) for each in items] == [(late, ["late"])]
        assert loaded.get(f"{place}?group=lat").json["items"] == []
        assert {each[name] for each in loaded.get(place).json["items"]} == {both, late}
    found = loaded.get("/api/v1/subsystems/order/statistics?group=late").json
    assert (found["group"], [row["runs"] for row in found["days"]]) == ("late", [1])
    assert [row["key"] for row in loaded.get("/api/v1/subsystems/order/statistics").json["groups"]] == ["order/late"]


def test_what_failed_or_changed_runs_again(loaded: FlaskClient, desk: Desk) -> None:
    refused = loaded.post("/api/v1/runs", json={"suite": "order@1", "failed": True})
    assert (refused.status_code, "no run" in refused.json["detail"]) == (400, True)
    run(loaded, desk)
    assert run(loaded, desk, failed=True)["cases"] == {"failed": 1}
    assert loaded.post("/api/v1/runs", json={"suite": "order@1", "changed_since": 1}).status_code == 400
    shared = "/api/v1/suites/order@1/shared/common"
    body = loaded.get(shared).json
    body["fill"]["description"] = "other"
    assert loaded.put(shared, json=body, headers={"If-Match": '"1"'}).status_code == 200
    changed = run(loaded, desk, changed_since=1)
    cases = loaded.get(f"/api/v1/stored/runs/{changed['run']}/cases").json["items"]
    assert [each["result"]["case"] for each in cases] == ["cccccccc"]
    both = loaded.post("/api/v1/runs", json={"suite": "order@1", "changed_since": 0, "failed": True})
    assert both.status_code == 400  # the newest run had no failure


@pytest.mark.parametrize("link", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "vbscript:x"])
def test_a_link_that_would_run_where_people_click_is_none(loaded: FlaskClient, desk: Desk, link: str) -> None:
    path = f"/api/v1/stored/runs/{run(loaded, desk)['run']}/conclusions"
    said = {"item": "dddddddd", "kind": "known", "link": link}
    answer = loaded.post(path, json=said)
    assert (answer.status_code, answer.json["where"]) == (400, "link")
    for good, seen in (("https://issues/1", {}), ("JIRA-17", {"If-Match": "*"}), ("issues/17", {"If-Match": "*"})):
        assert loaded.post(path, json=said | {"link": good}, headers=seen).status_code == 201


@pytest.mark.parametrize("what", ["statistics", "hosts", "retention", "schedules"])
def test_figures_of_a_subsystem_that_there_is_not(loaded: FlaskClient, what: str) -> None:
    assert loaded.get(f"/api/v1/subsystems/order/{what}").status_code == 200
    answer = loaded.get(f"/api/v1/subsystems/ordr/{what}")
    assert answer.status_code == 404, answer.text
    assert "order" in answer.json["hint"]
