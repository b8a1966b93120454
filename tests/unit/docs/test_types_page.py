"""docs/types.md says what the type matrix says, and every limit names cases that there are."""

import importlib.util
from pathlib import Path

import pytest
from zoo_cases import limits_of, load_cases, load_limits

TOOL = Path(__file__).parents[3] / "tools" / "types_page.py"


def test_the_page_of_types_is_current() -> None:
    spec = importlib.util.spec_from_file_location("types_tool", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.page() == tool.PAGE.read_text(encoding="utf-8"), "run: .venv/bin/python tools/types_page.py"


@pytest.mark.parametrize("mode", ["typed", "generic", "wire"])
def test_limits_name_cases_that_there_are(mode: str) -> None:
    assert limits_of(mode).keys() <= {case.id for case in load_cases()}


def test_what_a_typed_call_cannot_no_java_consumer_can() -> None:
    wire = limits_of("wire")
    assert limits_of("typed").items() <= wire.items()
    assert all(limit.wire or limit.generic or limit.registry for limit in load_limits().values())


def test_ids_are_unique() -> None:
    ids = [case.id for case in load_cases()]
    assert len(ids) == len(set(ids)) > 400
