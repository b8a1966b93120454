"""What is changed over the API: only what its ETag says, and no creating call twice."""

import threading
from typing import Any, NamedTuple

import pytest
from api_tags import ANY, seen
from flask.testing import FlaskClient
from suite_zip import zipped
from workbench_web.desk import Desk
from workbench_web.factory import create_app
from workbench_web.openapi import document
from workbench_web.routes import all_routes

from workbench.model.library import Library
from workbench.storage import Author

SUITE = {
    "suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\nenvironments: {sit: {config: {a: 1}}}\n",
    "shared/common.yaml": "fill:\n  steps: [{ id: ffffffff, step: fill, script: pass }]\n",
    "scenarios/s.yaml": "id: ssssssss\nscenario: s\ncases:\n  - id: cccccccc\n    case: c\n    steps:\n"
    "      - { id: aaaaaaaa, step: a, script: pass }\n",
}
ONE = "/suites/order@1"
ROUTES = all_routes().routes
# PUT, PATCH and DELETE without If-Match, and why
FREE = {
    "log_out": "ends what one came in with",
    "change_password": "takes the old password",
    "delete_stored_run": "a run never changes",
}
# POST that changes what is there without If-Match, and why nothing of anybody's is lost
ADDING = {
    "restore_removed_version": "a name that is taken is refused",
    "collect": "only what nothing names goes",
    **dict.fromkeys(("make_token", "add_user", "invite_user", "add_group", "make_version", "make_suite", "add_scenario",
                     "add_case", "add_shared", "add_schedule", "generate_cases", "generate_edge_rows",
                     "upload_artifact", "add_stored_run", "copy_item", "copy_case_group", "copy_whole_suite"),
                    "puts something new there"),
    **dict.fromkeys(("import_archive", "sync", "undo", "restore_version", "restore_trash", "move_item", "remove_item",
                     "move_whole_suite", "take", "refresh"),
                    "a save of the version upon what it is now, that is merged or refused, listed, and can be undone"),
    **dict.fromkeys(("start_run", "run_case", "stop_run", "invoke"), "saves nothing"),
    "settle_flags": "says of flags that they were looked at; new ones stay",
    "note_deployment": "adds a line to what hosts had; none is changed",
    "prune_stored_runs": "what is said of failures stays",
}  # fmt: skip


class Change(NamedTuple):
    """A change of something: where it is read, what is sent; and what is sent meanwhile by somebody else."""

    read: str
    method: str
    path: str
    body: Any = None
    meanwhile: tuple[str, str, Any] = ("", "", None)


def put(path: str, **body: Any) -> tuple[str, str, Any]:
    return "PUT", path, body


CONFIG = ("PATCH", f"{ONE}/config", {"changes": [{"key": "b", "value": 2}]})
CELL = ("PATCH", f"{ONE}/datasets/d/rows", {"row": 1, "column": "id", "value": "other"})
ROLE = put("/groups/pay/members/li", role="run")
LI = ("PATCH", "/users/li", {"disabled": True})
GROUP = f"{ONE}/case-groups/g"
MORE = put(GROUP, cases=["cccccccc"], owner="li")
BOUNDS = "/subsystems/order/retention"
LESS = put(BOUNDS, keep=5, days=0)
HOME = "/subsystems/order/group"
NIGHTLY = "/subsystems/order/schedules/nightly"
ROWS = f"{ONE}/datasets/d/rows"
COLUMNS = f"{ONE}/datasets/d/columns"
ORDER = "/subsystems/order/versions"
SIGN, SHELF = "/libraries/sign/versions/1", "/libraries/sign/group"
COMMON = f"{ONE}/shared/common"
CHANGES = {
    "remove_shared": Change(COMMON, "DELETE", COMMON, None, put(COMMON, fill={"description": "by somebody"})),
    "change_user": Change("/users/li", "PATCH", "/users/li", {"administrator": True}, LI),
    "remove_group": Change(
        "/groups/empty", "DELETE", "/groups/empty", None, put("/groups/empty/members/li", role="run")
    ),
    "set_role": Change("/groups/pay", "PUT", "/groups/pay/members/li", {"role": "edit"}, ROLE),
    "remove_member": Change("/groups/pay", "DELETE", "/groups/pay/members/li", None, ROLE),
    "give_subsystem": Change(HOME, "PUT", HOME, {"group": "pay"}, put(HOME, group="empty")),
    "set_case_group": Change(GROUP, "PUT", GROUP, {"cases": ["cccccccc"]}, MORE),
    "remove_case_group": Change(GROUP, "DELETE", GROUP, None, MORE),
    "change_config": Change(f"{ONE}/config", "PATCH", f"{ONE}/config", {"changes": [{"key": "a", "value": 3}]}, CONFIG),
    "change_masks": Change(f"{ONE}/config", "PUT", f"{ONE}/config/masks/sit", {"paths": ["response.a"]}, CONFIG),
    "import_config": Change(f"{ONE}/config", "POST", f"{ONE}/config/table?form=csv", b"key,*\nz,1\n", CONFIG),
    "bring_dataset": Change(ROWS, "POST", f"{ONE}/datasets/d/file?form=csv", b"id\n9\n", CELL),
    "set_cell": Change(ROWS, "PATCH", ROWS, {"row": 2, "column": "id", "value": "x"}, CELL),
    "insert_rows": Change(ROWS, "POST", ROWS, {"rows": [{"id": "n"}]}, CELL),
    "delete_rows": Change(ROWS, "DELETE", ROWS, {"rows": [2]}, CELL),
    "add_column": Change(ROWS, "POST", COLUMNS, {"name": "m", "value": "x"}, CELL),
    "change_column": Change(ROWS, "PATCH", f"{COLUMNS}/n", {"name": "k"}, CELL),
    "remove_column": Change(ROWS, "DELETE", f"{COLUMNS}/n", None, CELL),
    "remove_dataset": Change(ROWS, "DELETE", f"{ONE}/datasets/d", None, CELL),
    "remove_tool_library": Change(SIGN, "DELETE", SIGN, None, ("", "", None)),
    "give_library": Change(SHELF, "PUT", SHELF, {"group": "pay"}, put(SHELF, group="empty")),
    "rename_version": Change(ORDER, "PATCH", "/suites/order@2", {"name": "3"}, put(ORDER, versions=["2", "1"])),
    "remove_version": Change(ORDER, "DELETE", "/suites/order@2", None, put(ORDER, versions=["2", "1"])),
    "order_versions": Change(ORDER, "PUT", ORDER, {"versions": ["1", "2"]}, put(ORDER, versions=["2", "1"])),
    "change_schedule": Change(NIGHTLY, "PUT", NIGHTLY, {"cron": "5 3 * * *"}, put(NIGHTLY, cron="0 4 * * *")),
    "remove_schedule": Change(NIGHTLY, "DELETE", NIGHTLY, None, put(NIGHTLY, cron="0 4 * * *", enabled=False)),
    "set_retention": Change(BOUNDS, "PUT", BOUNDS, {"keep": 9, "days": 1}, LESS),
    "reset_retention": Change(BOUNDS, "DELETE", BOUNDS, None, LESS),
}
TOLD_APART = {"revoke_token", "add_tool_library", "restore_dataset", "conclude_result"}  # tests of their own
DOCUMENTS = {
    f"{what}_{kind}" for what in ("save", "restore") for kind in ("case", "scenario", "shared", "suite", "config")
}


@pytest.fixture
def loaded(client: FlaskClient, desk: Desk) -> FlaskClient:
    sent = client.post("/api/v1/suites", data=zipped(SUITE), content_type="application/zip")
    assert sent.status_code == 200, sent.text
    desk.storage.people.add("root", Author("t"), administrator=True)
    desk.storage.people.add("li", Author("t"))
    for group in ("pay", "empty"):
        desk.storage.people.add_group(group, Author("t"))
    desk.storage.suites.new_version("order", "1", "2", Author("t"))
    desk.storage.libraries.put("sign", "1", (), Library(), Author("t"))
    send(client, "PUT", GROUP, {"cases": ["cccccccc"]}, {})
    nightly = {"name": "nightly", "cron": "0 2 * * *", "order": {"cases": ["cccccccc"]}}
    assert send(client, "POST", "/subsystems/order/schedules", nightly, {}).status_code == 201
    made = send(client, "POST", f"{ONE}/datasets/d/file?form=csv", b"id,n\n1,2\n3,4\n", {})
    assert made.status_code == 200, made.text
    return client


def send(client: FlaskClient, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
    sent: dict[str, Any] = {"json": body} if body is not None else {}
    if isinstance(body, bytes):
        sent = {"data": body, "content_type": "application/octet-stream"}
    return client.open(f"/api/v1{path}", method=method, headers=headers, **sent)


@pytest.mark.parametrize("name", CHANGES)
def test_only_what_was_read_is_changed(loaded: FlaskClient, desk: Desk, name: str) -> None:
    change = CHANGES[name]
    headers = seen(loaded, f"/api/v1{change.read}")
    unsaid = send(loaded, change.method, change.path, change.body, {})
    assert (unsaid.status_code, unsaid.json["code"]) == (428, "PRECONDITION")
    method, path, body = change.meanwhile
    if method:
        assert send(loaded, method, path, body, headers).status_code in (200, 204)
    else:  # by another way, that takes no such tag
        desk.storage.libraries.give("sign", "pay", Author("t"))
    between = loaded.get(f"/api/v1{change.read}")
    stale = send(loaded, change.method, change.path, change.body, headers)
    assert (stale.status_code, stale.json["code"]) == (412, "STALE"), stale.text
    assert stale.json["theirs"]
    if isinstance(change.body, dict) and name != "change_config":
        assert stale.json["mine"]
    again = loaded.get(f"/api/v1{change.read}")
    assert (again.headers["ETag"], again.json) == (between.headers["ETag"], between.json)
    headers = {"If-Match": again.headers["ETag"]}
    done = send(loaded, change.method, change.path, change.body, headers)
    assert done.status_code in (200, 204), done.text
    if "ETag" in done.headers:
        assert done.headers["ETag"] == loaded.get(f"/api/v1{change.read}").headers["ETag"] != headers["If-Match"]


def test_every_change_takes_an_etag_or_says_why_not() -> None:
    changing = {route.name for route in ROUTES if route.method in ("PUT", "PATCH", "DELETE") or route.match}
    assert changing == set(CHANGES) | DOCUMENTS | set(FREE) | TOLD_APART
    assert {route.name for route in ROUTES if route.match} == changing - set(FREE)


def test_every_other_post_says_what_keeps_others_changes() -> None:
    posts = {route.name for route in ROUTES if route.repeatable and not route.match}
    assert posts == set(ADDING)


def test_a_token_is_ended_by_who_has_seen_it_or_whatever_it_is(client: FlaskClient, desk: Desk) -> None:
    desk.storage.people.add("li", Author("t"))
    secret, token = desk.storage.access.make_token("li", "t", "view", 600, Author("t"))
    headers = seen(client, f"/api/v1/tokens/{token.id}")
    desk.storage.access.token(secret)  # using it changes nothing
    path = f"/api/v1/tokens/{token.id}"
    assert client.delete(path, headers={"If-Match": '"abc"'}).status_code == 412
    assert client.delete(path).status_code == 428
    assert client.delete(path, headers=headers).status_code == 204
    assert client.delete(path, headers=ANY).status_code == 404


def test_what_is_there_already_is_not_made_anew(loaded: FlaskClient) -> None:
    """And what is gone is not changed."""
    body = {"cases": ["cccccccc"]}
    refused = send(loaded, "PUT", GROUP, body, {})
    assert (refused.status_code, "If-Match" in refused.json["hint"]) == (428, True)
    headers = seen(loaded, f"/api/v1{GROUP}")
    assert send(loaded, "DELETE", GROUP, None, headers).status_code == 200
    assert send(loaded, "PUT", GROUP, body, headers).status_code == 412
    assert send(loaded, "PUT", GROUP, body, ANY).status_code == 412
    assert send(loaded, "PUT", GROUP, body, {}).status_code == 200


def test_of_many_at_once_one_changes_it(loaded: FlaskClient, desk: Desk) -> None:
    headers, app, found = seen(loaded, "/api/v1/groups/pay"), create_app(desk), list[int]()
    users = [f"u{number}" for number in range(6)]
    for user in users:
        desk.storage.people.add(user, Author("t"))

    def work(user: str) -> None:
        path = f"/api/v1/groups/pay/members/{user}"
        found.append(app.test_client().put(path, json={"role": "view"}, headers=headers).status_code)

    threads = [threading.Thread(target=work, args=(user,)) for user in users]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(found) == [200, *[412] * 5]
    assert len(desk.storage.people.group("pay").members) == 1


def test_every_call_that_makes_something_takes_a_key() -> None:
    plain = {route.name for route in ROUTES if route.method == "POST" and not route.repeatable}
    assert plain == {
        "log_in",
        "accept_link",
        "preview_dataset",
        "parse",
        "format_files",
        "diff_contract",
        "template",
        "dry_run",
    }
    told = document(ROUTES)["paths"]
    for route in ROUTES:
        names = [each["name"] for each in told[route.template][route.method.lower()].get("parameters", ())]
        assert ("Idempotency-Key" in names) == (route.method == "POST" and route.name not in plain), route.name
        assert ("If-Match" in names) == bool(route.match), route.name


def test_a_repeated_call_makes_nothing_again(loaded: FlaskClient, desk: Desk) -> None:
    key = {"Idempotency-Key": "k1"}
    first = [loaded.post("/api/v1/users", json={"name": "wang"}, headers=key) for _ in range(2)]
    assert [each.status_code for each in first] == [201, 201]
    assert first[0].json == first[1].json
    assert first[1].headers["Idempotent-Replay"] == "true"
    kept = b"".join(path.read_bytes() for path in (desk.settings.data_dir / "answers").iterdir())
    assert first[0].json["link"].rpartition("=")[2].encode() not in kept  # who reads the disk sets no password
    assert b"wang" not in kept
    other = loaded.post("/api/v1/users", json={"name": "chen"}, headers=key)
    assert (other.status_code, other.json["code"]) == (409, "KEY_USED")
    rows = {"Idempotency-Key": "k2", **seen(loaded, f"/api/v1{ROWS}")}
    answers = [loaded.post(f"/api/v1{ROWS}", json={"rows": [{"id": "n"}]}, headers=rows) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[1].headers["ETag"] == answers[0].headers["ETag"]
    assert loaded.get(f"/api/v1{ROWS}").json["total"] == 3
    later = rows | seen(loaded, f"/api/v1{ROWS}")
    assert loaded.post(f"/api/v1{ROWS}", json={"rows": [{"id": "n"}]}, headers=later).status_code == 409
