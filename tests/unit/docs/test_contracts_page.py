"""docs/contracts.md says what RULES says."""

import importlib.util
from pathlib import Path

TOOL = Path(__file__).parents[3] / "tools" / "docs.py"


def test_table_of_rules_is_current() -> None:
    spec = importlib.util.spec_from_file_location("docs_tool", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    page = tool.CONTRACTS.read_text(encoding="utf-8")
    assert tool.contracts_renewed(page) == page, "run: .venv/bin/python tools/docs.py"
