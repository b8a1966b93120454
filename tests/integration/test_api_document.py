"""The OpenAPI document and the server are one: no 5xx, and no answer that the document does not allow."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from api_asked import EXAMPLE, FILES, KNOWN, OUTSIDE, asked
from workbench_web.desk import Desk
from workbench_web.factory import create_app
from workbench_web.openapi import document
from workbench_web.routes import all_routes

from workbench.settings import Serving, Settings
from workbench.storage import Author
from workbench.usecases.import_suite import import_suite

ROUTES = [route for route in all_routes().routes if route.name not in OUTSIDE | FILES]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    root = tmp_path_factory.mktemp("document")
    with Desk(Settings(data_dir=root / "data", serve=Serving(login=False))) as desk:
        suite = import_suite(shutil.copytree(EXAMPLE, root / "suite"), desk.storage, Author("li", ""))
        assert suite.cases
        desk.storage.people.add("li", Author("setter"))
        desk.storage.people.add_group("pay", Author("setter"))
        yield create_app(desk)


@pytest.fixture(scope="module")
def keys(app: Any) -> list[str]:
    """Ids of cases, scenarios and the name of a shared file."""
    client = app.test_client()
    cases = client.get("/api/v1/suites/order/cases").json["items"]
    scenarios = client.get("/api/v1/suites/order/scenarios").json["items"]
    return [cases[0]["id"], scenarios[0]["id"], "common"]


@pytest.fixture(scope="module")
def schema(app: Any) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


@pytest.mark.parametrize("examples", [5, pytest.param(150, marks=pytest.mark.fuzz)])
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_answer_is_one_of_the_document(app: Any, schema: Any, keys: list[str], route: Any, examples: int) -> None:
    asked(schema, route, {**KNOWN, "key": keys}, examples, {})


def test_the_document_names_everything_once() -> None:
    operations = [
        operation["operationId"]
        for path in document(all_routes().routes)["paths"].values()
        for operation in path.values()
    ]
    assert len(operations) == len(set(operations)) == len(all_routes().routes)
