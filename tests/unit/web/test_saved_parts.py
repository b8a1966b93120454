"""What is saved by itself over HTTP has to fit its suite; settings and environments are such parts too."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from suite_zip import zipped
from workbench_web.desk import Desk

from workbench.model.library import Library
from workbench.storage import Author

SUITE = {
    "suite.yaml": """\
suite: s
subsystem: order
version: '1'
dependencies: { trade: { version: '2' } }
environments:
  sit:
    registries: ['zookeeper://10.0.0.1:2181']
    connections: { orders: { url: 'sqlite:///o.db' } }
    config: { password: hunter22 }
    secrets: [password]
""",
    "scenarios/s.yaml": """\
id: ssssssss
scenario: Pay
cases:
  - id: cccccccc
    case: pay now
    steps:
      - { id: aaaaaaaa, step: a, dubbo: 'A#a()', subsystem: trade }
      - { id: bbbbbbbb, step: log in, use: common.login }
  - id: dddddddd
    case: look
    steps:
      - { id: eeeeeeee, step: q, sql: orders, statement: select 1 }
""",
    "shared/common.yaml": "login:\n  steps:\n    - { id: ffffffff, step: l, script: pass }\n",
}
ONE = "/api/v1/suites/order@1"


@pytest.fixture
def loaded(client: FlaskClient) -> FlaskClient:
    sent = client.post("/api/v1/suites", data=zipped(SUITE), content_type="application/zip")
    assert sent.status_code == 200, sent.text
    return client


def save(client: FlaskClient, part: str, change: dict[str, Any], revision: int = 1) -> Any:
    body = client.get(f"{ONE}/{part}").json | change
    return client.put(f"{ONE}/{part}", json=body, headers={"If-Match": f'"{revision}"'})


def wrong(answer: Any) -> dict[str, str]:
    """Field → what is wrong with it."""
    assert answer.status_code == 422, answer.text
    return {each.get("field", ""): each["detail"] for each in answer.json["errors"]}


def test_a_case_that_no_run_could_read_is_refused_at_its_fields(loaded: FlaskClient) -> None:
    steps: list[dict[str, Any]] = [
        {"kind": "dubbo", "dubbo": "A#a()", "subsystem": "trad", "assert": "response.a == 1\nresponse.b ="},
        {"kind": "use", "use": "common.logn", "id": "eeeeeeee"},
        {"kind": "script", "script": "$app.addContxt('a', 1)"},
    ]
    told = wrong(save(loaded, "cases/cccccccc", {"dataset": "nope", "timeout": "5 parsecs", "steps": steps}))
    assert set(told) == {"/dataset", "/timeout", "/steps/0/subsystem", "/steps/0/assert", "/steps/1/use",
                         "/steps/2/script"}  # fmt: skip
    assert told["/steps/0/assert"] == "line 2: there is no operator '='"
    assert loaded.get(f"{ONE}/cases/cccccccc").headers["ETag"] == '"1"'


def test_ids_are_given_to_new_steps_and_none_is_given_twice(loaded: FlaskClient) -> None:
    fresh = {"kind": "script", "step": "new", "script": "pass"}
    assert save(loaded, "cases/dddddddd", {"steps": [fresh]}).status_code == 200
    (step,) = loaded.get(f"{ONE}/cases/dddddddd").json["steps"]
    assert len(step["id"]) == 8
    assert save(loaded, "cases/dddddddd", {"steps": [fresh]}, 2).json["revision"] == 2, "the same id each time"
    (told,) = wrong(save(loaded, "cases/dddddddd", {"steps": [fresh | {"id": "aaaaaaaa"}]}, 2)).values()
    assert "aaaaaaaa" in told
    (told,) = wrong(save(loaded, "cases/dddddddd", {"steps": [fresh | {"id": "ffffffff"}]}, 2)).values()
    assert "ffffffff" in told


def test_shared_steps_that_others_use_stay(loaded: FlaskClient) -> None:
    path, at = f"{ONE}/shared/common", {"If-Match": '"1"'}
    (told,) = wrong(loaded.put(path, json={"other": {"steps": []}}, headers=at)).values()
    assert told == "case cccccccc (pay now): there is no shared group common.login"
    wanted = {"login": {"steps": [{"kind": "use", "use": "common.gone"}]}}
    assert "/login/steps/0/use" in wrong(loaded.put(path, json=wanted, headers=at))


def test_settings_are_saved_upon_their_revision(loaded: FlaskClient) -> None:
    held = loaded.get(f"{ONE}/settings")
    assert (held.headers["ETag"], held.json["suite"], "environments" in held.json) == ('"1"', "s", False)
    fields = {"owner": "li", "description": "what is paid", "dependencies": {"trade": {"version": "3"}, "notify": {}}}
    assert save(loaded, "settings", fields | {"subsystem": "order"}).json["revision"] == 2
    assert loaded.get(f"{ONE}/settings").json["dependencies"]["trade"] == {"version": "3"}
    assert save(loaded, "settings", {"owner": "wang"}).status_code == 412
    changes = loaded.get(f"{ONE}/settings/compare?before=1&after=2").json
    assert {each["place"][0] for each in changes} == {"owner", "description", "dependencies"}
    back = loaded.post(f"{ONE}/settings/restore", json={"revision": 1}, headers={"If-Match": '"2"'})
    assert (back.status_code, loaded.get(f"{ONE}/settings").json.get("owner")) == (200, None)


def test_settings_that_do_not_fit_are_refused(loaded: FlaskClient, desk: Desk) -> None:
    (told,) = wrong(save(loaded, "settings", {"dependencies": {}})).values()
    assert told == "case cccccccc (pay now): there is no dependency trade"
    assert set(wrong(save(loaded, "settings", {"subsystem": "other", "config": {"a": 1}}))) == {"/subsystem", "/config"}
    named = {"artifacts": ["a.jar"], "dependencies": {"trade": {"artifacts": ["b.jar"]}, "t": {"tool": ["c.jar"]}}}
    assert set(wrong(save(loaded, "settings", named))) == {
        "/artifacts", "/dependencies/trade/artifacts", "/dependencies/t/tool"}  # fmt: skip
    assert save(loaded, "settings", {"causes": [{"label": "x", "message": "("}]}).status_code == 422
    desk.storage.libraries.put("t", "1", (), Library(), Author("li"))
    library = {"dependencies": {"trade": {}, "t": {"version": "1", "tool": ["tools://t"]}}}
    assert save(loaded, "settings", library).status_code == 200


def test_environments_are_saved_and_their_secrets_sealed(loaded: FlaskClient) -> None:
    held = loaded.get(f"{ONE}/environments")
    assert "hunter22" not in held.text
    sit = held.json["environments"]["sit"]
    assert "$secret" in sit["config"]["password"]
    uat = {"registries": ["zookeeper://10.0.0.2:2181"], "hosts": {"10.1.1.1": "127.0.0.1"},
           "urls": {"trade": "dubbo://10.0.0.3:20880"}, "config": {"token": "swordfish"},
           "secrets": ["token"]}  # fmt: skip
    both = {"environments": {"sit": sit, "uat": uat}, "default_environment": "uat"}
    assert save(loaded, "environments", both).json["revision"] == 2
    now = loaded.get(f"{ONE}/environments")
    assert now.json["environments"]["uat"]["hosts"] == uat["hosts"]
    assert "swordfish" not in now.text
    assert now.json["environments"]["sit"] == sit
    told = wrong(save(loaded, "environments", {"default_environment": "prod"}, 2))
    assert told == {"/default_environment": "there is no environment prod"}
    assert "/environments/x/urls/nobody" in wrong(
        save(loaded, "environments", {"environments": {"sit": sit, "x": {"urls": {"nobody": "dubbo://h:1"}}}}, 2)
    )


def test_a_connection_that_a_step_uses_stays(loaded: FlaskClient) -> None:
    told = wrong(save(loaded, "environments", {"environments": {"sit": {}}, "default_environment": ""}))
    assert "case dddddddd (look): there is no connection orders" in told.values()


@pytest.mark.parametrize("tool", ["tools://sign", "tools://sign@7"])
def test_a_tool_library_that_is_not_kept_cannot_be_named(loaded: FlaskClient, tool: str) -> None:
    """No run of the version could begin."""
    answer = save(loaded, "settings", {"dependencies": {"trade": {"version": "2"}, "sign": {"tool": [tool]}}})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "/dependencies/sign/tool/0"
    assert "there is no tool library 'sign'" in answer.json["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("timezone", "Mars", "there is no time zone 'Mars'"),
        ("mask", ["response.data", "two words"], "is not a path"),
    ],
)
def test_what_a_run_would_refuse_of_an_environment(loaded: FlaskClient, field: str, value: object, told: str) -> None:
    """Also of one that is not the default, which a run reads only when it is asked to."""
    sit = loaded.get(f"{ONE}/environments").json["environments"]["sit"]
    answer = save(loaded, "environments", {"environments": {"sit": sit, "other": {field: value}}})
    assert answer.status_code == 422, answer.text
    assert answer.json["errors"][0]["field"].startswith(f"/environments/other/{field}")
    assert told in answer.json["errors"][0]["detail"]


def test_several_tags_are_told_to_be_one(loaded: FlaskClient) -> None:
    body = loaded.get(f"{ONE}/cases/cccccccc").json | {"owner": "li"}
    several = loaded.put(f"{ONE}/cases/cccccccc", json=body, headers={"If-Match": '"1", "2"'})
    assert several.status_code == 422
    assert "one ETag" in several.json["detail"]


@pytest.mark.parametrize("way", ["remove", "copy", "move"])
def test_a_step_whose_id_is_lost_is_not_the_whole_case(loaded: FlaskClient, way: str) -> None:
    answer = loaded.post(f"{ONE}/{way}", json={"item": "cccccccc/"})
    assert answer.status_code == 400
    assert "cccccccc/ names no step" in answer.json["detail"]
    assert loaded.get(f"{ONE}/cases").json["total"] == 2
