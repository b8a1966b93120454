"""Coming in: passwords, sessions, one-time links, tokens, and what keeps others out."""

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_tags import ANY
from flask.testing import FlaskClient
from msgspec.structs import replace
from workbench_web.attempts import WINDOW_S, Attempts
from workbench_web.desk import Desk
from workbench_web.entrance import is_known
from workbench_web.factory import create_app
from workbench_web.problems import Refused

from workbench.errors import LoginError, UsageError
from workbench.settings import Serving, Settings
from workbench.storage import Author
from workbench.usecases import enter
from workbench.usecases.passwords import fits, hash_password

PASSWORD = "correct horse 7"
ROOT = Author("root")


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def desk(tmp_path: Path, hashed: str) -> Iterator[Desk]:
    with Desk(Settings(data_dir=tmp_path / "data", serve=Serving(login=True))) as desk:
        desk.storage.people.add("root", ROOT, administrator=True, password=hashed)
        yield desk


def log_in(client: FlaskClient, password: str = PASSWORD, name: str = "root", **options: Any) -> Any:
    return client.post("/api/v1/session", json={"name": name, "password": password}, **options)


def test_a_session(client: FlaskClient, desk: Desk) -> None:
    assert client.get("/api/v1/session").json["name"] == ""
    assert client.get("/api/v1/subsystems").status_code == 401
    answer = log_in(client)
    cookie = answer.headers["Set-Cookie"]
    assert answer.status_code == 201
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Max-Age" not in cookie
    me = client.get("/api/v1/session").json
    assert (me["name"], me["administrator"], me["csrf"]) == ("root", True, answer.json["csrf"])
    assert client.get("/api/v1/subsystems").status_code == 200
    secret = re.findall("workbench=([^;]+)", cookie)[0]
    with desk.storage.database.reading() as connection:
        dump = str(
            [connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in ("sessions", "audit", "users")]
        )
    assert secret not in dump
    assert PASSWORD not in dump
    headers = {"Workbench-CSRF": me["csrf"]}
    assert client.delete("/api/v1/session", headers=headers).status_code == 204
    client.set_cookie("workbench", secret)
    assert client.get("/api/v1/subsystems").status_code == 401


@pytest.mark.parametrize("given", [None, "", "x", "é"])
def test_a_page_has_to_show_that_it_is_ours(client: FlaskClient, given: str | None) -> None:
    csrf = log_in(client).json["csrf"]
    refused = client.post(
        "/api/v1/groups", json={"name": "pay"}, headers={} if given is None else {"Workbench-CSRF": given}
    )
    assert (refused.status_code, refused.json["code"]) == (403, "CSRF")
    made = client.post("/api/v1/groups", json={"name": "pay"}, headers={"Workbench-CSRF": csrf})
    assert made.status_code == 201


def test_a_session_ends_when_it_is_not_used(client: FlaskClient, desk: Desk) -> None:
    secret = desk.storage.access.open_session("root", 0, ROOT)
    client.set_cookie("workbench", secret)
    assert client.get("/api/v1/subsystems").status_code == 401


def test_a_session_that_is_used_goes_on(desk: Desk) -> None:
    secret = desk.storage.access.open_session("root", 100, ROOT)
    first = desk.storage.access.session(secret, 100)
    longer = desk.storage.access.session(secret, 1000)
    assert first is not None
    assert longer is not None
    assert longer.expires_us - first.expires_us > 800_000_000
    again = desk.storage.access.session(secret, 1000)
    assert again is not None
    assert again.expires_us == longer.expires_us


def test_wrong_passwords_have_to_wait(client: FlaskClient, desk: Desk) -> None:
    statuses = [log_in(client, "wrong horse 8").status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert int(log_in(client).headers["Retry-After"]) > 0
    assert log_in(client, environ_overrides={"REMOTE_ADDR": "10.0.0.9"}).status_code == 201  # who knows it comes in
    actions = [each.action for each in desk.storage.audit.entries(action="login-refused")[0]]
    assert len(actions) == 5


def test_nobody_is_told_which_names_there_are(client: FlaskClient) -> None:
    known, unknown = log_in(client, "wrong horse 8"), log_in(client, "wrong horse 8", "nobody")
    assert known.data == unknown.data


def test_many_guesses_at_once_are_no_more_guesses() -> None:
    attempts, told = Attempts(), list[str]()

    def guess(number: int) -> None:
        try:
            with attempts.attempt(("li", "LI", " Li")[number % 3], "a"):
                time.sleep(0.01)  # as a password takes
                raise LoginError("no")
        except (LoginError, Refused) as error:
            told.append(type(error).__name__)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (told.count("LoginError"), told.count("Refused")) == (5, 15)


def test_bounds_of_attempts() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for number in range(50):
        attempts.check(f"n{number}", "a")
        attempts.failed(f"n{number}", "a")
    with pytest.raises(Refused) as caught:
        attempts.check("n99", "a")
    assert int(caught.value.headers["Retry-After"]) <= WINDOW_S + 1
    attempts.check("n1", "b")
    now[0] = WINDOW_S + 1
    attempts.check("n99", "a")
    for _ in range(5):
        attempts.failed("x", "c")
    attempts.succeeded("x", "c")
    attempts.check("x", "c")


def test_a_user_is_invited_changes_the_password_and_is_shut_out(client: FlaskClient, desk: Desk) -> None:
    headers = {"Workbench-CSRF": log_in(client).json["csrf"]}
    made = client.post("/api/v1/users", json={"name": "李"}, headers=headers).json
    code = made["link"].rpartition("=")[2]
    assert made["link"].startswith("http://127.0.0.1:8080/setup?code=")
    other = create_app(desk).test_client()
    assert log_in(other, "", "李").status_code == 422
    for password, status in (("short", 400), ("aaaaaaaaaaaa", 400), (PASSWORD, 204), (PASSWORD, 401)):
        body = {"code": code, "password": password}
        assert other.post("/api/v1/session/accept", json=body).status_code == status
    csrf = log_in(other, name="李").json["csrf"]
    assert other.post("/api/v1/groups", json={"name": "g"}, headers={"Workbench-CSRF": csrf}).status_code == 403
    change = {"old": "wrong horse 8", "new": "another horse 9"}
    for old, status in (("wrong horse 8", 401), (PASSWORD, 204)):
        answer = other.put("/api/v1/session/password", json=change | {"old": old}, headers={"Workbench-CSRF": csrf})
        assert answer.status_code == status
    assert other.get("/api/v1/subsystems").status_code == 401  # all sessions have ended
    assert log_in(other, "another horse 9", "李").status_code == 201
    secret, _ = desk.storage.access.make_token("李", "t", "view", 60, ROOT)
    disabled = client.patch("/api/v1/users/%E6%9D%8E", json={"disabled": True}, headers=headers | ANY)
    assert disabled.json["disabled"] is True
    assert other.get("/api/v1/subsystems").status_code == 401
    assert other.get("/api/v1/subsystems", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    assert log_in(other, "another horse 9", "李").status_code == 401


def test_an_administrator_stays(client: FlaskClient) -> None:
    headers = {"Workbench-CSRF": log_in(client).json["csrf"]}
    for change in ({"disabled": True}, {"administrator": False}):
        answer = client.patch("/api/v1/users/root", json=change, headers=headers | ANY)
        assert (answer.status_code, "no administrator" in answer.json["detail"]) == (400, True)


def test_a_token_is_told_once_and_ends(client: FlaskClient, desk: Desk) -> None:
    headers = {"Workbench-CSRF": log_in(client).json["csrf"]}
    made = client.post("/api/v1/tokens", json={"name": "ci", "scope": "view", "days": 1}, headers=headers).json
    bearer = {"Authorization": f"Bearer {made['secret']}"}
    program = create_app(desk).test_client()
    assert program.get("/api/v1/session", headers=bearer).json["scope"] == "view"
    assert program.post("/api/v1/tokens", json={"name": "more"}, headers=bearer).status_code == 403
    (listed,) = client.get("/api/v1/tokens").json["items"]
    assert listed["id"] == made["token"]["id"]
    assert listed["used_us"] > 0
    assert made["secret"] not in str(listed)
    assert client.delete(f"/api/v1/tokens/{listed['id']}", headers=headers | ANY).status_code == 204
    assert program.get("/api/v1/session", headers=bearer).status_code == 401
    secret, _ = desk.storage.access.make_token("root", "old", "view", -1, ROOT)
    assert program.get("/api/v1/session", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_who_has_lost_a_token_of_another_learns_nothing(client: FlaskClient, desk: Desk) -> None:
    desk.storage.people.add("wang", ROOT)
    _, token = desk.storage.access.make_token("root", "t", "view", 60, ROOT)
    secret, _ = desk.storage.access.make_token("wang", "w", "edit", 60, ROOT)
    bearer = {"Authorization": f"Bearer {secret}"}
    assert client.delete(f"/api/v1/tokens/{token.id}", headers=bearer | ANY).status_code == 404
    assert [each["name"] for each in client.get("/api/v1/tokens", headers=bearer).json["items"]] == ["w"]


def test_the_page_behind_a_link(tmp_path: Path) -> None:
    with Desk(Settings(data_dir=tmp_path / "new", serve=Serving(login=True))) as desk:
        client = create_app(desk).test_client()
        code = enter.first_start(desk.storage, {})
        page = client.get(f"/setup?code={code}")
        assert (page.status_code, code in page.text) == (200, True)
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert client.get("/setup?code=nope").status_code == 401
        form = {"code": code, "name": "<b>", "password": "short"}
        assert client.post("/setup", data=form).status_code == 400
        foreign = {"Origin": "http://evil.example"}
        assert client.post("/setup", data=form | {"password": PASSWORD}, headers=foreign).status_code == 403
        done = client.post("/setup", data=form | {"password": PASSWORD})
        assert (done.status_code, "&lt;b&gt;" in done.text) == (200, True)
        assert client.post("/setup", data=form | {"password": PASSWORD}).status_code == 401
        assert log_in(client, name="<b>").json["administrator"] is True
        assert enter.first_start(desk.storage, {}) == ""


def test_a_link_for_the_first_is_void_when_there_is_one(desk: Desk, client: FlaskClient) -> None:
    code = desk.storage.access.invite(None, 60, ROOT)
    body = {"code": code, "name": "second", "password": PASSWORD}
    assert client.post("/api/v1/session/accept", json=body).status_code == 401


def test_the_first_administrator_of_the_environment(tmp_path: Path) -> None:
    with Desk(Settings(data_dir=tmp_path / "new")) as desk:
        with pytest.raises(UsageError, match="WORKBENCH_ADMIN_PASSWORD"):
            enter.first_start(desk.storage, {"WORKBENCH_ADMIN": "li"})
        given = {"WORKBENCH_ADMIN": "li", "WORKBENCH_ADMIN_PASSWORD": PASSWORD}
        assert enter.first_start(desk.storage, given) == ""
        assert [(each.name, each.administrator) for each in desk.storage.people.users()] == [("li", True)]
        assert log_in(create_app(desk).test_client(), name="li").status_code == 201


def test_behind_https(desk: Desk) -> None:
    desk.settings = replace(desk.settings, serve=replace(desk.settings.serve, url="https://bench.example"))
    client = create_app(desk).test_client()
    answer = log_in(client, base_url="https://bench.example")
    assert answer.headers["Set-Cookie"].startswith("__Host-workbench=")
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert client.get("/api/v1/health", headers={"Host": "evil.example"}).status_code == 400
    assert desk.link("x") == "https://bench.example/setup?code=x"


def test_headers_of_every_answer(client: FlaskClient) -> None:
    for path in ("health", "nope"):
        headers = client.get(f"/api/v1/{path}").headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in headers


def test_passwords(hashed: str) -> None:
    assert hashed.startswith("$argon2id$")
    assert fits(PASSWORD, hashed)
    assert not fits(PASSWORD + "x", hashed)
    assert not fits("a password that nobody has", "")
    assert not fits(PASSWORD, "rubbish")


def test_who_is_known_by_their_headers(client: FlaskClient, desk: Desk) -> None:
    """Asked before a large body is read."""
    cookie = log_in(client).headers["Set-Cookie"].partition(";")[0]
    csrf = {"Workbench-CSRF": client.get("/api/v1/session").json["csrf"]}
    made = client.post("/api/v1/tokens", json={"name": "ci", "scope": "view", "days": 1}, headers=csrf)
    assert made.status_code == 201, made.text
    token = made.json["secret"]
    assert is_known(desk, f"Bearer {token}", "")
    assert is_known(desk, "", f"a=b; {cookie}")
    for headers in (("Bearer wbt_made-up", ""), (f"Basic {token}", ""), ("", "workbench=made-up"), ("", ""),
                    ("Bearer wbt_made-up", cookie)):  # fmt: skip
        assert not is_known(desk, *headers)


def test_users_without_an_administrator_leave_the_link_of_the_first_start_good(tmp_path: Path) -> None:
    """Who made users on the command line first would else have nobody who can let others in."""
    with Desk(Settings(data_dir=tmp_path / "data", serve=Serving(login=True))) as desk:
        desk.storage.people.add("wang", ROOT)
        code = enter.first_start(desk.storage, {})
        with pytest.raises(UsageError, match="there is a user 'wang' already"):
            enter.accept(code, "wang", PASSWORD, desk.storage)
        assert enter.accept(code, "li", PASSWORD, desk.storage).administrator
        assert enter.first_start(desk.storage, {}) == ""


def test_a_link_for_the_first_administrator_that_is_none_says_where_another_comes_from(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", serve=Serving(login=True))
    with Desk(settings) as desk, pytest.raises(LoginError) as refused:
        enter.accept("made-up", "li", PASSWORD, desk.storage)
    assert "each start of the server" in refused.value.hint
