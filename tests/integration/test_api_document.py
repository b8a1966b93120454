"""The OpenAPI document and the server are one: whatever is sent, no 5xx and no answer that the document does not allow.

Left out is what would look for other machines by an address that is made up; test_serve_tools.py has it.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from workbench_web.desk import Desk
from workbench_web.factory import create_app
from workbench_web.openapi import document
from workbench_web.routes import all_routes

from workbench.settings import Serving, Settings
from workbench.storage import Author
from workbench.usecases.import_suite import import_suite

EXAMPLE = Path(__file__).parents[2] / "examples" / "suites" / "pay-order"
OUTSIDE = {"services", "invoke", "template", "diff_contract", "doctor", "follow", "start_run", "run_case", "parse",
           "take", "refresh"}  # fmt: skip
FILES = {
    "export_archive",
    "download_report",
    "export_config",
    "export_stored_run",
}  # the test client leaves what it is sent open
ROUTES = [route for route in all_routes().routes if route.name not in OUTSIDE | FILES]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
KNOWN = {"case_group": ["release"], "library": ["tool-util"],
         "address": ["order@1.0.0", "order"], "subsystem": ["order"], "number": [1], "form": ["junit"],
         "environment": ["sit"], "group": ["pay"], "user": ["li"]}  # fmt: skip


@schemathesis.serializer("application/zip", "application/java-archive", "application/octet-stream")
def as_it_is(context: Any, value: Any) -> Any:
    """Files are sent as their bytes."""
    return value if isinstance(value, bytes) else str(value).encode()


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
    scenarios = client.get("/api/v1/suites/order/scenarios").json
    return [cases[0]["id"], scenarios[0]["id"], "common"]


@pytest.fixture(scope="module")
def schema(app: Any) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_answer_is_one_of_the_document(app: Any, schema: Any, keys: list[str], route: Any) -> None:
    operation = schema[route.template][route.method]
    known = {**KNOWN, "key": keys}

    @settings(max_examples=12, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), data=st.data())
    def ask(case: Any, data: Any) -> None:
        for name in case.path_parameters or {}:
            if name in known and data.draw(st.integers(0, 3)):
                case.path_parameters[name] = data.draw(st.sampled_from(known[name]))
        case.validate_response(case.call(), checks=CHECKS)

    ask()


def test_the_document_names_everything_once() -> None:
    operations = [
        operation["operationId"]
        for path in document(all_routes().routes)["paths"].values()
        for operation in path.values()
    ]
    assert len(operations) == len(set(operations)) == len(all_routes().routes)
