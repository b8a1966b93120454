"""What the routes have in common: values in and out, refusals as problem documents."""

import json as stdlib
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from msgspec import Struct
from workbench_web import factory
from workbench_web.api import Api, Reply
from workbench_web.desk import Desk
from workbench_web.misfits import MOST
from workbench_web.problems import problem_of
from workbench_web.wording import for_api

from workbench.errors import ConflictError, ErrorGroup, NotFoundError, RegistryError, SuiteError
from workbench.model import json
from workbench.model.json import Json
from workbench.storage.merge import choosing

NUMBERS = '{"value":{"amount":5000000000.10,"id":1234567890123456789,"long":123456789012345678901234567890,"e":1E+2}}'


class Echo(Struct, forbid_unknown_fields=True):
    value: Json
    steps: tuple["Part", ...] = ()


class Part(Struct):
    name: str


class Query(Struct, forbid_unknown_fields=True):
    limit: int = 10
    tag: tuple[str, ...] = ()


@pytest.fixture
def client(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    api = Api()

    @api.route("POST", "/echo", tag="t", right="view")
    def echo(body: Echo) -> Echo:
        return body

    @api.route("GET", "/names/<name:name>", tag="t", right="view")
    def name(name: str, query: Query) -> Reply[dict[str, Json]]:
        return Reply({"name": name, "limit": query.limit, "tag": query.tag}, tag="7")

    @api.route("PUT", "/names/<name:name>", tag="t", right="view")
    def put(name: str, revision: int) -> int:
        return revision

    @api.route("GET", "/broken", tag="t", right="view")
    def broken() -> int:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(factory, "all_routes", lambda: api)
    return factory.create_app(desk).test_client()


def test_numbers_survive(client: FlaskClient) -> None:
    answer = client.post("/api/v1/echo", data=NUMBERS, content_type="application/json")
    assert answer.text == NUMBERS[:-1] + ',"steps":[]}'


def test_a_number_beyond_what_python_reads(client: FlaskClient) -> None:
    long = "9" * 5000
    answer = client.post("/api/v1/echo", data=f'{{"value":{long}}}', content_type="application/json")
    assert answer.status_code == 200
    assert long in answer.text


@pytest.mark.parametrize("name", ["a/b", "100%", "a%2Fb", "订单 ✓", "a?b#c", "<script>", "..", "a%25b"])
def test_names_may_hold_anything(client: FlaskClient, name: str) -> None:
    from urllib.parse import quote

    quoted = quote(name, safe="").replace("..", "%2E%2E")
    answer = client.get(f"/api/v1/names/{quoted}?limit=3&tag=x&tag=y")
    assert json.loads(answer.data) == {"name": name, "limit": 3, "tag": ["x", "y"]}
    assert answer.headers["ETag"] == '"7"'


@pytest.mark.parametrize(
    ("data", "status", "where", "field"),
    [
        ('{"value": 1,\n "steps": [}', 400, "body:2:12", ""),
        ('{"value": 1, "steps": [{"name": 5}]}', 422, "/steps/0/name", "/steps/0/name"),
        ('{"value": 1, "steps": [{}]}', 422, "/steps/0/name", "/steps/0/name"),
        ("{}", 422, "/value", "/value"),
        ('{"value": 1, "colour": 2}', 422, "/colour", "/colour"),
        (b"\xff", 400, "body", ""),
    ],
)
def test_a_body_that_does_not_fit(client: FlaskClient, data: str, status: int, where: str, field: str) -> None:
    answer = client.post("/api/v1/echo", data=data, content_type="application/json")
    problem = stdlib.loads(answer.data)
    assert (answer.status_code, problem["status"], problem["where"]) == (status, status, where)
    assert answer.content_type == "application/problem+json"
    assert [(each["place"], each["field"]) for each in problem.get("errors", [])] == [("body", field)] * bool(field)


def test_all_that_does_not_fit_is_told(client: FlaskClient) -> None:
    data = '{"steps": [{"name": 5}, {"name": "x"}, {}, 7], "a/b": 1}'
    answer = client.post("/api/v1/echo", data=data, content_type="application/json")
    assert answer.status_code == 422
    faults = {each["field"]: each["detail"] for each in answer.json["errors"]}
    assert set(faults) == {"/steps/0/name", "/steps/2/name", "/steps/3", "/a~1b", "/value"}
    assert faults["/steps/0/name"] == "expected `str`, got `int`"
    assert answer.json["detail"].endswith("and 4 more")
    many = stdlib.dumps({"value": 1, "steps": [{}] * 1000})
    assert len(client.post("/api/v1/echo", data=many, content_type="application/json").json["errors"]) == MOST


def test_hints_are_in_words_of_the_api() -> None:
    assert for_api("look at both (`workbench history c1`) and save again") == (
        "look at both (GET /suites/ADDRESS/cases/ID/revisions) and save again")  # fmt: skip
    assert for_api(choosing("case/a; b=1", "before", "now")) == (
        '`choose` {"case/a; b=1": "before"} or "now" for this value, `take` "before" or "now" for all')  # fmt: skip
    assert for_api(choosing("a/b", "mine", "theirs")) == "put both together, upon what is there now, and send that"
    assert for_api("`workbench fmt` writes them; --with-references brings it along") == (
        "`with_references` brings it along")  # fmt: skip
    assert for_api("start it with `workbench samples up`") == "start it with `workbench samples up`"
    assert for_api("did you mean a--b?") == "did you mean a--b?"


def test_a_body_of_another_type(client: FlaskClient) -> None:
    answer = client.post("/api/v1/echo", data=b"x", content_type="text/plain")
    assert (answer.status_code, answer.json["code"]) == (415, "MEDIA_TYPE")
    packed = {"content_type": "application/json", "headers": {"Content-Encoding": "gzip"}}
    answer = client.post("/api/v1/echo", data=b"{}", **packed)
    assert (answer.status_code, answer.json["code"]) == (415, "MEDIA_TYPE")
    assert "packed: gzip" in answer.json["detail"]


@pytest.mark.parametrize(("query", "field"), [("limit=x", "limit"), ("limit=1&limit=2", "limit"), ("nope=1", "nope")])
def test_a_query_that_does_not_fit(client: FlaskClient, query: str, field: str) -> None:
    answer = client.get(f"/api/v1/names/a?{query}")
    assert answer.status_code == 422
    assert (answer.json["errors"][0]["place"], answer.json["errors"][0]["field"]) == ("query", field)


@pytest.mark.parametrize(("sent", "status"), [(None, 428), ('"3"', 200), ("3", 422), ('W/"3"', 200), ('"3-gzip"', 200),
                                              ('"0"', 422), ('w/"3"', 422), ('"3", "4"', 422)])  # fmt: skip
def test_if_match(client: FlaskClient, sent: str | None, status: int) -> None:
    answer = client.put("/api/v1/names/a", headers={"If-Match": sent} if sent else {})
    assert answer.status_code == status
    assert status != 200 or answer.json == 3


def test_what_nobody_serves(client: FlaskClient) -> None:
    missing, refused = client.get("/api/v1/nope"), client.post("/api/v1/names/a")
    assert (missing.status_code, missing.json["code"]) == (404, "NOT_FOUND")
    assert (refused.status_code, refused.json["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert "PUT" in refused.headers["Allow"]


def test_a_defect_is_told_and_logged(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.get("/api/v1/broken")
    assert (answer.status_code, answer.json["code"]) == (500, "DEFECT")
    assert "ZeroDivisionError" in caplog.text


def test_other_sites_are_refused(client: FlaskClient) -> None:
    foreign = {"Origin": "http://evil.example"}
    assert client.post("/api/v1/echo", data=NUMBERS, headers=foreign).status_code == 403
    assert client.get("/api/v1/names/a", headers={"Host": "evil.example"}).status_code == 400
    own = {"Origin": "http://localhost"}
    assert client.post("/api/v1/echo", data=NUMBERS, content_type="application/json", headers=own).status_code == 200


def test_statuses_of_errors() -> None:
    assert problem_of(NotFoundError("x")).status == 404
    assert problem_of(RegistryError("x")).status == 424
    group = problem_of(ErrorGroup([SuiteError("a", where="s.yaml:1:2", hint="do"), SuiteError("b")]))
    assert (group.status, [each.where for each in group.errors]) == (422, ["s.yaml:1:2", ""])
    conflict = problem_of(ConflictError("c", where="w", hint="h", base="1", mine="2", theirs="3", places=["p"]), 412)
    assert (conflict.status, conflict.base, conflict.mine, conflict.theirs) == (412, "1", "2", "3")
    assert conflict.conflicts == ("p",)


def test_decimals_are_numbers_in_flask_too(desk: Desk) -> None:
    app = factory.create_app(desk)
    assert app.json.dumps({"a": Decimal("1.10")}) == '{"a":1.10}'
    assert app.json.loads("1.10") == Decimal("1.10")


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH"])
@pytest.mark.parametrize("name", ["%EF%BF%BD", "%00", "%FF"])
def test_what_cannot_be_a_name_is_not_there(desk: Desk, name: str, method: str) -> None:
    answer = (
        factory.create_app(desk).test_client().open(f"/api/v1/tokens/{name}", method=method, headers={"If-Match": "*"})
    )
    assert (answer.status_code, answer.json["code"]) == (404, "NOT_FOUND")
