"""Every sentence of ours that can stand on a report is known on the Chinese page.

The sentences are taken from the source: texts and hints of errors, failures and mismatches that a step can end with.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import workbench.reporting

ROOT = Path(workbench.reporting.__file__).parents[2]
ASSETS = ROOT / "workbench" / "reporting" / "assets"
ROOMS = ("expr", "engine", "scripts", "invokers", "plugins", "model/targets.py", "planning/requests.py")
TOLD_BY = frozenset({
    "AssertionFailed", "BindingError", "BridgeError", "CallFailed", "ConfigMissingError", "DataMissingError",
    "ExpressionError", "Failure", "JsonError", "KeywordError", "MethodError", "Mismatch", "ScriptError",
    "Unfit", "UnknownNameError", "at_line",
})  # fmt: skip


def literal(node: ast.expr) -> Iterator[str]:
    """The texts that an expression can be, holes as 9."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "9" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from literal(node.body)
        yield from literal(node.orelse)


def sentences() -> Iterator[tuple[str, str]]:
    """(place, sentence)"""
    for room in (*(ROOT / "workbench" / name for name in ROOMS), ROOT / "keywords"):
        for path in sorted(room.rglob("*.py")) or [room]:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TOLD_BY:
                    told = [*node.args[:3], *(each.value for each in node.keywords if each.arg in ("hint", "message"))]
                    for text in (text for each in told for text in literal(each)):
                        if len(re.findall("[A-Za-z]{2,}", text)) > 1:
                            yield f"{path.name}:{node.lineno}", text


def known() -> list[re.Pattern[str]]:
    """All that the page's scripts know in English, as patterns of the whole text."""
    found = []
    for path in ASSETS.glob("*.js"):
        text = path.read_text("utf-8")
        english = re.findall(r'^  "([^"]+)": "', text, re.M)
        found += [re.sub(r"\\\{\d\\\}", "(.+?)", re.escape(each)) for each in english]
        found += [each.replace("[^]", "[\\s\\S]") for each in re.findall(r"^  \[/\^(.*)\$/,", text, re.M)]
    return [re.compile(each, re.S) for each in found]


def test_every_sentence_that_can_stand_on_a_report_has_a_chinese_one() -> None:
    patterns = known()
    missing = [f"{place}: {text}" for place, text in sentences() if not any(each.fullmatch(text) for each in patterns)]
    assert missing == []
