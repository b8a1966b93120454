"""Conditions of `when` and `retry.until`."""

from typing import Any

import pytest

from workbench.errors import ExpressionError, UnknownNameError
from workbench.expr import Reference, compile_condition

SCOPE: dict[str, Any] = {
    "config": {"flag": True, "off": "False", "mode": "full", "n": "3"},
    "ctx": {"done": False, "list": [1]},
    "response": {"status": "PAID", "items": [{"qty": 1}]},
    "fn": {"yes": lambda: True},
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("${config.flag}", True),
        ("config.flag", True),
        ("${config.off}", False),
        ("${ctx.done}", False),
        ("${fn.yes()}", True),
        ("${ctx.nope:-true}", True),
        ("${config.flag} == true", True),
        ("${config.off} == false", True),
        ('config.mode == "full"', True),
        ("${config.n} > 2", True),
        ('response.status == "PAID"', True),
        ('response.state == "PAID"', False),
        ("response.state absent", True),
        ("ctx.nope absent", True),
        ("response.items[?@.qty > 1] empty", True),
        ('response.status in ["NEW", "PAID"]', True),
        ("${config.n} == ${ctx.list[0]}", False),
        ("  ${config.flag}  # really", True),
    ],
)
def test_holds(text: str, holds: bool) -> None:
    assert compile_condition(text).holds(SCOPE) is holds


@pytest.mark.parametrize("text", ["${config.mode}", "${ctx.list}", "config.n", "${config.n:-x}"])
def test_only_truth_values_are_truth_values(text: str) -> None:
    with pytest.raises(ExpressionError, match="neither true nor false"):
        compile_condition(text).holds(SCOPE)


@pytest.mark.parametrize(
    "text", ["${config.flg}", "config.flg == true", "${ctx.nope} == 1", "ctx.nope == 1", "ctx.nope"]
)
def test_names_that_should_be_there_are_errors(text: str) -> None:
    with pytest.raises(UnknownNameError):
        compile_condition(text).holds(SCOPE)


@pytest.mark.parametrize("text", ["", "a == 1\nb == 2", "response.x ==", "response.x = 1", "${config.flag", "1 == 1"])
def test_what_does_not_compile(text: str) -> None:
    with pytest.raises(ExpressionError):
        compile_condition(text, where="a.yaml:1")


def test_references() -> None:
    condition = compile_condition('${config.a:-x} == "${row.b}"')
    assert condition.references == {Reference("config", "a", True), Reference("row", "b", False)}
