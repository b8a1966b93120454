"""New suites, scenarios, cases and shared steps over HTTP, and whole suites copied and moved."""

from typing import Any

from api_tags import seen
from flask.testing import FlaskClient

ONE = "/api/v1/suites/order@1"
STEP = {"kind": "script", "step": "a", "script": "pass"}


def post(client: FlaskClient, path: str, body: Any, status: int = 201) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    if status == 201 and "Location" in answer.headers:
        assert client.get(answer.headers["Location"]).status_code == 200
    return answer.json


def made(client: FlaskClient) -> tuple[str, str]:
    """Ids of a scenario and a case in a new suite."""
    post(client, "/api/v1/subsystems", {"subsystem": "order", "version": "1", "owner": "li"})
    scenario = post(client, f"{ONE}/scenarios", {"scenario": "Pay an order"})["id"]
    case = post(client, f"{ONE}/cases", {"scenario": scenario, "case": {"case": "pay", "steps": [STEP]}})["id"]
    return scenario, case


def test_a_suite_is_made_of_nothing(client: FlaskClient) -> None:
    scenario, case = made(client)
    settings = client.get(f"{ONE}/settings").json
    assert (settings["suite"], settings["owner"]) == ("order", "li")
    (listed,) = client.get(f"{ONE}/scenarios").json["items"]
    assert (listed["id"], listed["slug"], listed["cases"]) == (scenario, "pay-order", 1)
    assert len(client.get(f"{ONE}/cases/{case}").json["steps"][0]["id"]) == 8
    first = post(client, f"{ONE}/cases", {"scenario": scenario, "behind": "", "case": {"case": "look"}})["id"]
    assert [each["id"] for each in client.get(f"{ONE}/cases").json["items"]] == [first, case]
    post(client, "/api/v1/subsystems", {"subsystem": "order", "version": "1"}, 400)
    for field in ("subsystem", "version"):
        refused = post(client, "/api/v1/subsystems", {"subsystem": "order", "version": "2"} | {field: "a@b"}, 400)
        assert (refused["where"], refused["detail"]) == (
            f"/{field}", f"'a@b' cannot be the name of a {field} in the database",
        )  # fmt: skip


def test_what_does_not_fit_is_refused(client: FlaskClient) -> None:
    scenario, case = made(client)
    wanted = {"case": "x", "dataset": "nope"}
    assert (
        "there is no dataset nope"
        in post(client, f"{ONE}/cases", {"scenario": scenario, "case": wanted}, 422)["detail"]
    )
    post(client, f"{ONE}/cases", {"scenario": "nope", "case": {"case": "x"}}, 400)
    post(client, f"{ONE}/cases", {"scenario": case, "case": {"case": "x"}}, 400)
    post(client, f"{ONE}/cases", {"scenario": scenario, "case": {"case": " "}}, 400)
    assert (
        case in post(client, f"{ONE}/cases", {"scenario": scenario, "case": {"case": "x", "id": case}}, 422)["detail"]
    )
    assert client.get(f"{ONE}/cases").json["total"] == 1


def test_shared_steps_are_added_and_removed_when_nothing_uses_them(client: FlaskClient) -> None:
    scenario, _ = made(client)
    post(client, f"{ONE}/shared", {"name": "common", "groups": {"login": {"steps": [STEP]}}})
    post(client, f"{ONE}/shared", {"name": "common", "groups": {"login": {}}}, 400)
    post(client, f"{ONE}/shared", {"name": "a.b", "groups": {"login": {}}}, 400)
    use = {"case": "x", "steps": [{"kind": "use", "use": "common.login"}]}
    case = post(client, f"{ONE}/cases", {"scenario": scenario, "case": use})["id"]
    tag = seen(client, f"{ONE}/shared/common")
    assert client.delete(f"{ONE}/shared/common", headers=tag).status_code == 422
    post(client, f"{ONE}/remove", {"item": case}, 200)
    assert client.delete(f"{ONE}/shared/common", headers=tag).status_code == 200
    assert client.delete(f"{ONE}/shared/common", headers=tag).status_code == 404
    post(client, f"{ONE}/trash/restore", {"key": "common", "kind": "shared"}, 200)
    assert client.get(f"{ONE}/shared/common").json["login"]["steps"][0]["step"] == "a"


def test_a_suite_is_copied_and_moved(client: FlaskClient) -> None:
    _, case = made(client)
    copied = post(client, f"{ONE}/copy-suite", {"to": "shop@1"}, 200)
    assert (copied["version"], list(copied["cases"])) == ("shop@1", [case])
    moved = post(client, f"{ONE}/move-suite", {"to": "store@1"}, 200)
    assert moved["cases"] == {case: case}
    assert client.get(f"{ONE}/cases").json["total"] == 0
    post(client, f"{ONE}/copy-suite", {"to": "order@1"}, 400)
