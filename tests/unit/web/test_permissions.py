"""Each route × everybody: who may ask and who is refused, out of what the routes state.

A route of which it is not plain what it is about (it looks closer by itself) has to stand in CLOSER, and is asked for
real; all others are asked with a query that none takes, so that 422 tells: this one may, and nothing is done.
"""

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from api_tags import ANY
from flask.testing import FlaskClient
from msgspec.structs import replace
from suite_zip import zipped
from workbench_web.api import Route
from workbench_web.desk import Desk
from workbench_web.factory import create_app
from workbench_web.routes import all_routes

from workbench.model.library import Library
from workbench.model.rights import RIGHTS, covers
from workbench.settings import Rights, Serving, Settings
from workbench.storage import Author

SETTER = Author("setter")
SUITE = {
    "suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\n",
    "scenarios/s.yaml": "id: ssssssss\nscenario: s\ncases:\n  - id: cccccccc\n    case: c\n    steps:\n"
    "      - { id: aaaaaaaa, step: a, script: pass }\n",
}
# user → what they are in the group of the subsystem, and whether they are another group's editor
PEOPLE: dict[str, Any] = {
    "anonymous": None, "viewer": "view", "stranger": None, "runner": "run", "editor": "edit", "chief": "administer",
    "root": None,
}  # fmt: skip
ROUTES = all_routes().routes
VALUES = {"address": "order@1", "subsystem": "order", "key": "cccccccc", "number": "1", "group": "pay", "user": "spare",
          "token": "nope", "form": "junit", "item": "x", "case_group": "x", "library": "x", "version": "1",
          "keyword": "log", "environment": "sit", "column": "x", "schedule": "nightly",
          "run": "", "stored": ""}  # fmt: skip


class Closer(NamedTuple):
    """A request of a route that finds out by itself what it is about, here always `order` and its group."""

    json: Any = None
    data: bytes | None = None
    query: str = ""


CLOSER = {
    "add_tool_library": Closer(json={"name": "x", "version": "1", "jars": ["samples://nope.jar"]}),
    "give_library": Closer(json={"group": "pay"}),
    "add_stored_run": Closer(),  # with the archive of a run, as soon as there is one
    "import_archive": Closer(data=zipped(SUITE)),
    "make_suite": Closer(json={"subsystem": "order", "version": "1"}),
    "copy_whole_suite": Closer(json={"to": "order@1"}),
    "set_role": Closer(json={"role": "view"}),
    "remove_member": Closer(),
    "give_subsystem": Closer(json={"group": "pay"}),
    "list_audit": Closer(query="subsystem=order"),
    "start_run": Closer(json={"suite": "order", "cases": ["nope"]}),
    "dry_run": Closer(json={"suite": "order", "cases": ["nope"]}),
    "run_case": Closer(query="version=nope"),
    "compare_saves": Closer(query="before=order@1:0&after=order@1"),
    "copy_item": Closer(json={"item": "nope"}),
    "move_item": Closer(json={"item": "nope"}),
    "copy_case_group": Closer(json={"to": "order"}),
    "compare_stored_runs": Closer(query="before={stored}&after={stored}"),
}
# of=None: the right on any subsystem is enough, and lists leave out what one may not see
ANYWHERE = {
    "list_subsystems", "search", "list_runs", "follow", "upload_artifact", "parse", "diff_contract", "services",
    "template", "format_files", "invoke", "list_keywords", "show_keyword", "doctor", "show_audit", "list_stored_runs",
    "preview_dataset", "show_day", "list_all_schedules",
    "list_libraries", "show_tool_library", "list_uses", "show_library_home", "show_library_version",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with Desk(Settings(data_dir=tmp_path_factory.mktemp("permissions"), serve=Serving(login=True))) as desk:
        people = desk.storage.people
        for name in (*PEOPLE, "spare"):
            people.add(name, SETTER, administrator=name == "root")
        for group in ("pay", "other"):
            people.add_group(group, SETTER)
        for name, role in PEOPLE.items():
            if role:
                people.set_role("pay", name, role, SETTER)
        people.set_role("other", "stranger", "administer", SETTER)
        desk.storage.libraries.put("x", "1", (), Library(), Author("setter", home="pay"))
        yield desk


@pytest.fixture(scope="module")
def client(desk: Desk) -> FlaskClient:
    return create_app(desk).test_client()


@pytest.fixture(scope="module")
def tokens(desk: Desk, client: FlaskClient) -> dict[str, str]:
    """User → their token; and the subsystem with a run."""
    made = {name: desk.storage.access.make_token(name, "t", "administer", 3600, SETTER)[0] for name in PEOPLE}
    root = {"Authorization": f"Bearer {made['root']}"}
    sent = client.post("/api/v1/suites", data=zipped(SUITE), content_type="application/zip", headers=root,
                       query_string={"group": "pay"})  # fmt: skip
    assert sent.status_code == 200, sent.text
    started = client.post("/api/v1/cases/cccccccc/run?wait=60", headers=root)
    assert started.status_code == 201, started.text
    run = started.json["id"]
    VALUES["run"] = VALUES["stored"] = run
    while not desk.storage.runs.all("order"):  # kept a moment after its end
        time.sleep(0.01)
    with client.get(f"/api/v1/stored/runs/{run}/archive", headers=root) as archive:
        CLOSER["add_stored_run"] = Closer(data=archive.data)
    return made


def root_of(tokens: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['root']}"}


def may(route: Route, name: str) -> bool:
    """What the route states, of who has that name."""
    if route.right == "anyone":
        return True
    if name == "anonymous":
        return False
    if route.right == "user" or name == "root":
        return True
    if route.right == "site":
        return False
    if name == "stranger":
        return covers("administer" if route.name in ANYWHERE else "view", route.right)
    return covers(PEOPLE[name], route.right)


def ask(client: FlaskClient, route: Route, headers: dict[str, str]) -> Any:
    path = route.template
    for name in route.types:
        path = path.replace(f"{{{name}}}", VALUES[name])
    closer = CLOSER.get(route.name)
    if closer is None:
        return client.open(path, method=route.method, headers=headers, query_string="nope=1")
    headers = headers | (ANY if route.match else {})
    return client.open(
        path, method=route.method, headers=headers, query_string=closer.query.format(**VALUES), json=closer.json,
        data=closer.data,
        content_type="application/zip" if closer.data else "application/json" if closer.json else None,
    )  # fmt: skip


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_the_matrix(client: FlaskClient, desk: Desk, tokens: dict[str, str], route: Route, name: str) -> None:
    before = desk.storage.audit.entries(limit=1)[1]
    headers = {} if name == "anonymous" else {"Authorization": f"Bearer {tokens[name]}"}
    answer = ask(client, route, headers)
    if may(route, name):
        assert answer.status_code not in (401, 403), answer.text
        assert route.name in CLOSER or answer.status_code == 422
    else:
        assert answer.status_code == (401 if name == "anonymous" else 403), answer.text
        assert desk.storage.audit.entries(limit=1)[1] == before


def test_every_route_states_what_it_is_about() -> None:
    """Or stands in a list above, with how it is asked."""
    of_none = {each.name for each in ROUTES if each.right in RIGHTS and each.of is None}
    assert of_none <= ANYWHERE | set(CLOSER)
    late = {each.name for each in ROUTES if each.of is not None and each.of.late}
    assert late <= set(CLOSER)
    assert ANYWHERE | set(CLOSER) <= {each.name for each in ROUTES}


def test_a_token_may_no_more_than_its_scope(client: FlaskClient, desk: Desk, tokens: dict[str, str]) -> None:
    for scope in RIGHTS:
        secret, _ = desk.storage.access.make_token("root", scope, scope, 3600, SETTER)
        for route in ROUTES:
            if route.name in CLOSER or route.right not in RIGHTS:
                continue
            status = ask(client, route, {"Authorization": f"Bearer {secret}"}).status_code
            assert status == (422 if covers(scope, route.right) else 403), (scope, route.name)


@pytest.mark.parametrize("bad", ["", "Bearer nope", "Bearer", "Basic cm9vdDp4", "Bearer wbt_" + "a" * 43])
def test_a_token_that_is_none(client: FlaskClient, tokens: dict[str, str], bad: str) -> None:
    answer = client.get("/api/v1/subsystems", headers={"Authorization": bad})
    assert (answer.status_code, answer.json["code"]) == (401, "LOGIN")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_outsiders_see_nothing_where_the_settings_say_so(
    client: FlaskClient, desk: Desk, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = replace(desk.settings, rights=Rights(outsiders="none"))
    monkeypatch.setattr(desk, "settings", closed)
    counts = {}
    for name in ("viewer", "stranger"):
        headers = {"Authorization": f"Bearer {tokens[name]}"}
        counts[name] = [client.get(f"/api/v1/{path}", headers=headers).json["total"]
                        for path in ("subsystems", "search?q=c", "runs")]  # fmt: skip
        status = client.get("/api/v1/suites/order@1", headers=headers).status_code
        assert status == (200 if name == "viewer" else 403)
        shown = client.get("/api/v1/groups/pay", headers=headers)
        listed = client.get("/api/v1/groups", headers=headers).json["items"]
        named = [shown.json["subsystems"], *(each["subsystems"] for each in listed if each["name"] == "pay")]
        assert [("order" in each) for each in named] == [name == "viewer"] * 2
        tags = {shown.headers["ETag"], client.get("/api/v1/groups/pay", headers=root_of(tokens)).headers["ETag"]}
        assert len(tags) == 1
    assert counts["stranger"] == [0, 0, 0]
    assert 0 not in counts["viewer"]


def test_anonymous_may_look_where_the_settings_say_so(
    client: FlaskClient, desk: Desk, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "settings", replace(desk.settings, rights=Rights(anonymous="view")))
    assert client.get("/api/v1/subsystems").json["total"] == 1
    assert client.post("/api/v1/runs", json={"suite": "order"}).status_code == 401


def test_a_new_subsystem_belongs_to_its_makers_group(client: FlaskClient, desk: Desk, tokens: dict[str, str]) -> None:
    def bring(name: str, subsystem: str, **query: str) -> int:
        files = SUITE | {"suite.yaml": f"suite: s\nsubsystem: {subsystem}\nversion: '1'\n"}
        headers = {"Authorization": f"Bearer {tokens[name]}"}
        sent = client.post("/api/v1/suites", data=zipped(files), content_type="application/zip", headers=headers,
                           query_string=query)  # fmt: skip
        return sent.status_code

    assert bring("editor", "new") == 200
    assert desk.storage.people.homes()["new"] == "pay"
    assert bring("stranger", "new") == 403  # theirs is another group's
    assert bring("editor", "foreign", group="other") == 403
    assert bring("editor", "nowhere", group="nope") == 404
    assert bring("root", "loose") == 200
    assert "loose" not in desk.storage.people.homes()
    assert bring("editor", "loose") == 403
    assert {"foreign", "nowhere"}.isdisjoint(each.subsystem for each in desk.storage.suites.versions())


def test_the_store_itself_refuses_whom_a_route_let_pass(desk: Desk, tokens: dict[str, str]) -> None:
    from workbench.errors import DeniedError

    stranger = Author("stranger", groups=frozenset({"other"}))
    (found,) = desk.storage.history.find("cccccccc", "order")
    with pytest.raises(DeniedError, match="may not change order"):
        desk.storage.history.save(found, "1", '{"id":"cccccccc","case":"mine"}', 1, stranger)
    with pytest.raises(DeniedError):
        desk.storage.suites.new_version("order", "1", "2", stranger)
