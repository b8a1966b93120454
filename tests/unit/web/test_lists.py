"""Every list that can grow is a page, asked for in the same words."""

from typing import Any, Literal, get_args, get_origin

import msgspec
import pytest
from flask.testing import FlaskClient
from msgspec import Struct
from suite_zip import zipped
from workbench_web.desk import Desk
from workbench_web.lists import Listing, listed
from workbench_web.problems import does_not_fit
from workbench_web.routes import all_routes
from workbench_web.routes.stored import StoredRuns

from workbench.storage import Author
from workbench.usecases.browse_suites import Page

ROUTES = all_routes().routes
PAGED = [route for route in ROUTES if get_origin(route.answer) is Page or route.answer is StoredRuns]
# what is a list and never grows by use, or is one answer in parts
WHOLE = {
    "list_keywords": "as many as are installed",
    "compare_saves": "one comparison",
    "compare_stored_runs": "one comparison",
    "show_save": "one comparison",
    "show_stored_case": "the events of one case",
}
UNSORTED = {"search": "best first", "list_results": "as they end", "show_tool_library": "as in the jar"}


def test_every_list_is_a_page() -> None:
    lists = {
        route.name
        for route in ROUTES
        if route.method == "GET" and get_origin(route.answer) in (list, tuple) and "compare" not in route.name
    }
    assert lists <= set(WHOLE), lists - set(WHOLE)


@pytest.mark.parametrize("route", PAGED, ids=lambda route: route.name)
def test_every_page_is_asked_for_in_the_same_words(route: Any) -> None:
    fields = {each.name: each for each in msgspec.structs.fields(route.query)}
    assert {"offset", "limit"} <= set(fields)
    if route.name in UNSORTED:
        return
    sort = fields["sort"]
    assert get_origin(sort.type) is Literal
    names = set(get_args(sort.type))
    assert {name.removeprefix("-") for name in names} | {f"-{name.removeprefix('-')}" for name in names} == names
    assert sort.default in names


class Query(Listing, frozen=True, kw_only=True):
    sort: Literal["-made", "made", "size", "-size"] = "-made"


class Row(Struct, frozen=True):
    name: str
    size: int


@pytest.mark.parametrize(
    ("query", "names", "total"),
    [
        (Query(), "abc", 3),
        (Query(sort="made"), "cba", 3),
        (Query(sort="size"), "bac", 3),
        (Query(sort="-size"), "cab", 3),
        (Query(q="B"), "b", 1),
        (Query(offset=1, limit=1), "b", 3),
        (Query(offset=9), "", 3),
    ],
)
def test_a_list_is_filtered_sorted_and_cut(query: Query, names: str, total: int) -> None:
    rows = [Row("a", 2), Row("b", 1), Row("c", 3)]
    page = listed(rows, query, lambda row: row.name, size=lambda row: row.size)
    assert ("".join(row.name for row in page.items), page.total) == (names, total)


def test_every_sort_of_every_list_works(client: FlaskClient, desk: Desk) -> None:
    suite = {
        "suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\n",
        "scenarios/s.yaml": "id: ssssssss\nscenario: s\ncases:\n  - id: cccccccc\n    case: c\n    steps:\n"
        "      - { id: aaaaaaaa, step: a, script: pass }\n",
    }
    assert client.post("/api/v1/suites", data=zipped(suite), content_type="application/zip").status_code == 200
    for name in ("li", "wu"):
        desk.storage.people.add(name, Author("t"))
        desk.storage.access.make_token(name, "t", "view", 600, Author("t"))
    sent = client.post("/api/v1/cases/cccccccc/run?wait=60")
    assert sent.status_code == 201, sent.text
    while not desk.storage.runs.all("order"):  # kept a moment after its end
        pass
    made = client.post("/api/v1/subsystems/order/schedules", json={"name": "nightly", "cron": "0 2 * * *"})
    assert made.status_code == 201, made.text
    values = {"address": "order@1", "subsystem": "order", "key": "cccccccc", "run": sent.json["id"],
              "stored": sent.json["id"], "library": "sign", "schedule": "nightly"}  # fmt: skip
    for route in PAGED:
        fields = {each.name: each for each in msgspec.structs.fields(route.query)}
        if "sort" not in fields or any(f"/{kind}/" in route.path for kind in ("shared", "scenarios", "datasets")):
            continue
        for sort in get_args(fields["sort"].type):
            path = route.template
            for name in route.types:
                path = path.replace(f"{{{name}}}", values[name])
            answer = client.get(path, query_string={"sort": sort})
            assert answer.status_code == 200, (path, sort, answer.text)
        assert client.get(path, query_string={"sort": "nope"}).status_code == 422


def test_filters(client: FlaskClient, desk: Desk) -> None:
    for name in ("li", "wu", "an"):
        desk.storage.people.add(name, Author("t"), administrator=name == "an")
    desk.storage.people.add_group("pay", Author("t"))
    desk.storage.people.set_role("pay", "wu", "view", Author("t"))

    def names(query: str) -> list[str]:
        return [each["name"] for each in client.get(f"/api/v1/users?{query}").json["items"]]

    assert names("sort=-name") == ["wu", "li", "an"]
    assert names("sort=created") == ["li", "wu", "an"]
    assert names("group=pay") == ["wu"]
    assert names("administrator=true") == ["an"]
    assert names("q=I") == ["li"]
    assert [each["action"] for each in client.get("/api/v1/audit?sort=at&limit=1").json["items"]] == ["user-added"]


_CLOSED = ("priority", "state", "verdict", "kind", "severity", "side", "cause", "form", "action")
CHOICES = [
    (route, each)
    for route in ROUTES
    if route.query is not None
    for each in msgspec.structs.fields(route.query)
    if "Literal['" in str(each.type) or each.name in _CLOSED
]


@pytest.mark.parametrize(("route", "field"), CHOICES, ids=lambda each: each.name)
def test_a_filter_that_is_none_of_its_values_is_refused_with_all_of_them(route: Any, field: Any) -> None:
    many = get_origin(field.type) is tuple
    refused = does_not_fit({field.name: ("P9",) if many else "P9"}, route.query, "query", strict=False)
    (fault,) = [each for each in refused.faults if each.field == field.name]
    assert fault.detail.startswith("invalid enum value 'P9': it is one of ")
    parts = get_args(field.type)[:1] if many else get_args(field.type) if get_origin(field.type) is not Literal else ()
    for value in get_args(next((each for each in parts if get_origin(each) is Literal), field.type)):
        assert str(value) in fault.detail


def test_cases_of_a_priority_that_there_is_not(client: FlaskClient) -> None:
    for name, value in (("priority", "P9"), ("state", "done"), ("sort", "size")):
        answer = client.get(f"/api/v1/suites/order/cases?{name}={value}")
        assert (answer.status_code, answer.json["where"]) == (422, name)
        assert "it is one of" in answer.json["detail"]
