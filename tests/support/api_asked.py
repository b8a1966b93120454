"""Requests that are made up by the OpenAPI document, and answers that are held to it.

Left out is what would look for other machines by an address that is made up; test_serve_tools.py has it.
"""

import re
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

EXAMPLE = Path(__file__).parents[2] / "examples" / "suites" / "pay-order"
OUTSIDE = {"services", "invoke", "template", "diff_contract", "doctor", "follow", "start_run", "dry_run", "run_case",
           "parse",           "take", "refresh", "list_hosts"}  # fmt: skip
FILES = {
    "export_archive",
    "download_report",
    "export_config",
    "export_dataset",
    "export_statistics",
    "export_stored_run",
    "download_stored_report",
    "back_up",
}  # the test client leaves what it is sent open
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
KNOWN = {"case_group": ["release"], "library": ["tool-util"],
         "address": ["order@1.0.0", "order"], "subsystem": ["order"], "number": [1], "form": ["junit"],
         "environment": ["sit"], "group": ["pay"], "user": ["li"]}  # fmt: skip


def asked(schema: Any, route: Any, known: dict[str, list[Any]], examples: int, headers: dict[str, str]) -> None:
    """Ask a route with requests that are made up, and hold the answers to the document."""
    operation = schema[route.template][route.method]

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(), data=st.data())
    def ask(case: Any, data: Any) -> None:
        for name in case.path_parameters or {}:
            if name in known and data.draw(st.integers(0, 3)):
                case.path_parameters[name] = data.draw(st.sampled_from(known[name]))
        case.cookies = {}
        for name in ("Authorization", "Workbench-CSRF"):
            case.headers.pop(name, None)
        case.headers.update(headers)
        answer = case.call()
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:  # told in words of HTTP, not of the command line
            hints = [answer.json().get("hint", ""), *(each.get("hint", "") for each in answer.json().get("errors", ()))]
            assert not [each for each in hints if re.search(r"(?<!\S)--[a-z]", each)]

    ask()


@schemathesis.serializer("application/zip", "application/java-archive", "application/octet-stream")
def as_it_is(context: Any, value: Any) -> Any:
    """Files are sent as their bytes."""
    return value if isinstance(value, bytes) else str(value).encode()
