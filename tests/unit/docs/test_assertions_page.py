"""docs/assertions.md says what MATCHERS says."""

import importlib.util
from pathlib import Path

TOOL = Path(__file__).parents[3] / "tools" / "docs.py"


def test_table_of_operators_is_current():
    spec = importlib.util.spec_from_file_location("docs_tool", TOOL)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    page = tool.PAGE.read_text(encoding="utf-8")
    assert tool.renewed(page) == page, "run: .venv/bin/python tools/docs.py"
