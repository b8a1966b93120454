"""Runs over HTTP, of suites whose steps are scripts."""

import shutil
import threading
import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from suite_zip import zipped
from workbench_web.desk import Desk
from workbench_web.stream import KEPT, Hub, Seen

from workbench.errors import NotFoundError
from workbench.model import json
from workbench.usecases.browse_runs import find, read_whole

SUITE = {
    "suite.yaml": "suite: s\nsubsystem: order\nversion: 1.0.0\nconfig: {pause: 0, amount: 5000000000.10}\n",
    "scenarios/s.yaml": """\
id: ssssssss
scenario: s
cases:
  - id: cccccccc
    case: passes
    tags: [good]
    steps:
      - id: aaaaaaaa
        step: rests
        script: |
          $app.sleep($app.getConfig("pause"))
          $app.addContext("amount", $app.getConfig("amount"))
  - id: dddddddd
    case: fails
    steps:
      - id: bbbbbbbb
        step: breaks
        script: |
          $app.fail("not today")
""",
}


@pytest.fixture
def loaded(client: FlaskClient) -> FlaskClient:
    sent = client.post("/api/v1/suites", data=zipped(SUITE), content_type="application/zip")
    assert sent.status_code == 200, sent.text
    return client


def start(client: FlaskClient, desk: Desk, **body: Any) -> str:
    answer = client.post("/api/v1/runs", json={"suite": "order", **body})
    assert answer.status_code == 201, answer.text
    run: str = answer.json["id"]
    assert answer.headers["Location"] == f"/api/v1/runs/{run}"
    return run


def ended(client: FlaskClient, desk: Desk, run: str) -> Any:
    assert desk.runner.wait(run, 60)
    return client.get(f"/api/v1/runs/{run}").json


def test_a_run_and_its_results(loaded: FlaskClient, desk: Desk) -> None:
    run = start(loaded, desk)
    info = ended(loaded, desk, run)
    assert (info["state"], info["verdict"], info["items"]) == ("finished", "FAILED", 2)
    assert info["cases"] == {"passed": 1, "failed": 1}
    page = loaded.get(f"/api/v1/runs/{run}/results?verdict=FAILED&q=TODAY").json
    assert [(each["case"], each["failure"]["cause"]) for each in page["items"]] == [("dddddddd", "ASSERTION")]
    good = loaded.get(f"/api/v1/runs/{run}/results?q=pass").json["items"][0]["item"]
    one = loaded.get(f"/api/v1/runs/{run}/results/{good}").json
    assert json.loads(one["case"]["context"])["amount"] == json.loads("5000000000.10")
    assert [step["id"] for step in one["steps"]] == ["aaaaaaaa"]
    assert loaded.get(f"/api/v1/runs/{run}/results/nope").status_code == 404


def test_what_is_selected_runs(loaded: FlaskClient, desk: Desk) -> None:
    info = ended(loaded, desk, start(loaded, desk, tags=["good"], overrides={"amount": 1}))
    assert (info["verdict"], info["cases"]) == ("PASSED", {"passed": 1})
    listed = loaded.get("/api/v1/runs?subsystem=order&verdict=PASSED&state=finished").json
    assert [each["id"] for each in listed["items"]] == [info["id"]]
    assert loaded.get("/api/v1/runs?subsystem=other").json["total"] == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"suite": "nope"}, 404),
        ({"suite": "order", "cases": ["nope"]}, 422),
        ({"suite": "order", "environment": "nope"}, 422),
        ({"suite": "order", "url": "nope"}, 400),
        ({"suite": "order", "overrides": {"nope": 1}}, 422),
        ({"suite": "order", "concurrency": 0}, 422),
    ],
)
def test_what_cannot_run_is_refused_before_anything_runs(loaded: FlaskClient, body: Any, status: int) -> None:
    answer = loaded.post("/api/v1/runs", json=body)
    assert answer.status_code == status, answer.text
    assert loaded.get("/api/v1/runs").json["total"] == 0


def test_a_run_is_kept_in_the_database(loaded: FlaskClient, desk: Desk) -> None:
    run = start(loaded, desk)
    ended(loaded, desk, run)
    assert (desk.storage.runs.get(run).verdict, len(desk.storage.runs.cases(run))) == ("FAILED", 2)


def test_a_key_starts_one_run(loaded: FlaskClient, desk: Desk) -> None:
    headers = {"Idempotency-Key": "nightly-7"}
    answers = [loaded.post("/api/v1/runs", json={"suite": "order"}, headers=headers) for _ in range(2)]
    assert answers[0].json["id"] == answers[1].json["id"]
    ended(loaded, desk, answers[0].json["id"])
    assert loaded.get("/api/v1/runs").json["total"] == 1


def test_one_case_for_ci(loaded: FlaskClient) -> None:
    answer = loaded.post("/api/v1/cases/cccccccc/run?wait=60")
    assert (answer.status_code, answer.json["state"], answer.json["verdict"]) == (201, "finished", "PASSED")
    report = loaded.get(f"/api/v1/runs/{answer.json['id']}/report/junit")
    assert report.mimetype == "application/xml"
    assert b'tests="1"' in report.data
    report.close()
    assert loaded.get(f"/api/v1/runs/{answer.json['id']}/report/pdf").status_code == 400
    assert loaded.post("/api/v1/cases/nope/run").status_code == 404


def test_a_run_is_stopped(loaded: FlaskClient, desk: Desk) -> None:
    run = start(loaded, desk, overrides={"pause": 600}, concurrency=1)
    while not loaded.get("/api/v1/runs?state=running").json["total"]:
        time.sleep(0.01)
    assert loaded.post(f"/api/v1/runs/{run}/stop").status_code == 200
    assert ended(loaded, desk, run)["verdict"] == "STOPPED"
    assert loaded.post(f"/api/v1/runs/{run}/stop").json["state"] == "finished"


def test_a_run_without_an_end_is_lost(loaded: FlaskClient, desk: Desk) -> None:
    run = start(loaded, desk)
    ended(loaded, desk, run)
    events = desk.settings.runs_dir / run / "events.jsonl"
    events.write_bytes(b"".join(events.read_bytes().splitlines(keepends=True)[:-1]))
    assert loaded.get(f"/api/v1/runs/{run}").json["state"] == "lost"


@pytest.mark.parametrize("run", ["nope", "..", "..%2F..", "%2Fetc"])
def test_an_unknown_run(client: FlaskClient, run: str) -> None:
    assert client.get(f"/api/v1/runs/{run}").status_code == 404


def test_a_run_that_goes_while_it_is_read(loaded: FlaskClient, desk: Desk) -> None:
    """Each run that ends makes room."""
    run = start(loaded, desk)
    ended(loaded, desk, run)
    found = find(desk.settings.runs_dir, run)
    shutil.rmtree(found.path)
    with pytest.raises(NotFoundError, match="there is no run"):
        read_whole(found, desk.runner.state)


def frames(raw: bytes) -> list[dict[str, str]]:
    parts = [part for part in raw.decode().split("\n\n") if part]
    return [dict(line.split(": ", 1) for line in part.splitlines() if not line.startswith(":")) for part in parts]


def taken(hub: Hub, last_id: str = "", *runs: str, until: str = "run-finished") -> list[dict[str, str]]:
    stream = hub.open(last_id, runs)
    assert stream is not None
    found: list[dict[str, str]] = []
    for chunk in stream:
        found += frames(chunk)
        if until in [each.get("event") for each in found]:
            break
    stream.close()
    return found


def test_events_are_followed_and_gone_on_with(loaded: FlaskClient, desk: Desk) -> None:
    found: list[dict[str, str]] = []
    hello = threading.Event()

    def follow() -> None:
        stream = desk.hub.open("", ())
        assert stream is not None
        for chunk in stream:
            found.extend(frames(chunk))
            hello.set()
            if "run-finished" in [each.get("event") for each in found]:
                break
        stream.close()

    follower = threading.Thread(target=follow)
    follower.start()
    assert hello.wait(60)
    run = start(loaded, desk)
    follower.join(60)
    names = [each["event"] for each in found if "event" in each]
    assert names[0] == "hello"
    assert names[1] == "run-started"
    assert names.count("case-finished") == 2
    assert all(json.loads(each["data"])["run"] == run for each in found if each.get("event") not in ("hello", None))
    again = taken(desk.hub, next(each["id"] for each in found if each.get("event") == "run-started"))
    ids = [each["id"] for each in found if "id" in each]
    assert [each["id"] for each in again if "id" in each] == ids[2:]
    assert "hello" not in [each.get("event") for each in again]


def test_only_events_of_what_one_may_see(desk: Desk) -> None:
    from workbench.model.events import RunStarted

    for run, subsystem in (("r1", "order"), ("r2", "trade")):
        desk.hub.know(run, subsystem)
        desk.hub.publish(run, RunStarted(at_us=1, run=run, suite="s"))
    stream = desk.hub.open(
        desk.hub._id(0).decode().removeprefix("id: ").strip(), (), lambda: Seen(frozenset({"trade"}))
    )
    assert stream is not None
    next(stream)  # how long to wait before coming again
    (found,) = frames(next(stream))
    assert json.loads(found["data"])["run"] == "r2"
    stream.close()


def test_what_one_may_see_is_what_one_may_see_now(monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.model.events import RunStarted

    monkeypatch.setattr("workbench_web.stream.WATCH_S", 0.0)
    hub, seen = Hub(1), list[Seen | None]([Seen(frozenset({"trade"}))])
    for subsystem in ("order", "trade"):
        hub.know(subsystem, subsystem)
    stream = hub.open("", (), lambda: seen[0])
    assert stream is not None
    next(stream)
    for name in ("trade", "order"):
        seen[0] = Seen(frozenset({name}))
        for run in ("order", "trade"):
            hub.publish(run, RunStarted(at_us=1, run=run, suite="s"))
        (found,) = frames(next(stream))
        assert json.loads(found["data"])["run"] == name
    seen[0] = None
    hub.publish("order", RunStarted(at_us=1, run="order", suite="s"))
    assert [each["event"] for each in frames(b"".join(stream))] == ["over"]


def test_who_comes_too_late_is_told(desk: Desk) -> None:
    from workbench.model.events import RunStarted

    hub = desk.hub
    for _ in range(KEPT + 6_000):
        hub.publish("r", RunStarted(at_us=1, run="r", suite="s"))
    last = hub._id(3).decode().removeprefix("id: ").strip()
    assert taken(hub, last, until="reset")[-1]["event"] == "reset"
    assert taken(hub, "other-3", until="reset")[-1]["event"] == "reset"
    assert taken(hub, "rubbish", until="reset")[-1]["event"] == "reset"


def test_only_so_many_streams(client: FlaskClient) -> None:
    hub = Hub(1)
    first = hub.open("", ())
    assert first is not None
    assert hub.open("", ()) is None
    first.close()  # nobody has read from it
    assert hub.open("", ()) is not None


def test_the_stream_of_a_closed_server_ends(desk: Desk) -> None:
    stream = desk.hub.open("", ())
    assert stream is not None
    desk.hub.close()
    assert len(list(stream)) == 1


PAY = {"interfaces": [{"name": "com.x.Pay", "methods": [{"name": "pay"}]}]}
WRONG = (
    SUITE["scenarios/s.yaml"]
    + """\
  - id: eeeeeeee
    case: misspells
    steps:
      - { id: eeeeeee1, step: b, dubbo: 'com.x.Pay#pya' }
      - { id: eeeeeee2, step: c, dubbo: 'com.x.Pay#pay', request: '[1]' }
"""
)


def test_a_dry_run_tells_all_mistakes_with_their_places_and_keeps_nothing(client: FlaskClient, desk: Desk) -> None:
    files = SUITE | {"scenarios/s.yaml": WRONG, "interfaces.json": json.dumps(PAY)}
    assert client.post("/api/v1/suites", data=zipped(files), content_type="application/zip").status_code == 200
    answer = client.post("/api/v1/runs/plan", json={"suite": "order"})
    assert (answer.status_code, answer.json["cases"], answer.json["items"]) == (200, 3, 3), answer.text
    told = [(each["where"].partition(":")[0], each["message"], each["mistake"]) for each in answer.json["remarks"]]
    assert told[0] == ("scenarios/s.yaml", "com.x.Pay has no method pya", True)
    assert len(told) == 2
    assert str(desk.settings.data_dir) not in answer.text
    assert client.get("/api/v1/runs").json["total"] == 0
    some = client.post("/api/v1/runs/plan", json={"suite": "order", "cases": ["passes"]}).json
    assert some == {"cases": 1, "items": 1, "remarks": []}
    fetching = client.post("/api/v1/runs/plan", json={"suite": "order", "refresh": True})
    assert (fetching.status_code, fetching.json["where"]) == (400, "/refresh")
    unknown = client.post("/api/v1/runs/plan", json={"suite": "order", "cases": ["nope"]})
    assert unknown.status_code == 422, unknown.text
