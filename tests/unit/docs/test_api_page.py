"""docs/api.md lists the routes that there are."""

import importlib.util
from pathlib import Path

TOOL = Path(__file__).parents[3] / "tools" / "docs.py"


def test_table_of_routes_is_current() -> None:
    spec = importlib.util.spec_from_file_location("docs_tool", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    page = tool.API.read_text(encoding="utf-8")
    assert tool.api_renewed(page) == page, "run: .venv/bin/python tools/docs.py"
