"""Values and patterns that no honest service sends end in errors or failures, never in a crash or a hang."""

import time
from decimal import Decimal
from typing import Any

import pytest

from workbench.errors import ErrorGroup, ExpressionError, JsonError
from workbench.expr import compile_assertions, compile_json, compile_path, compile_text


def deep(levels: int = 30_000) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


SCOPE: dict[str, Any] = {
    "ctx": {"deep": deep(), "half": "\ud800", "nan": Decimal("NaN"), "big": 10**5000, "one": 1, "text": "a" * 60 + "b"},
    "row": {"deep": deep(), "huge": "1E+999999999", "tiny": "1E-999999999"},
    "fn": {"thing": object, "half": lambda: 0.5},
}


@pytest.mark.parametrize(
    ("slot", "type_", "message"),
    [
        ("ctx.deep", "java.lang.Object", "nested too deeply"),
        ("ctx.deep", "java.util.List<java.util.List<int>>", "nested too deeply"),
        ("ctx.half", "java.lang.String", "lone surrogate"),
        ("ctx.nan", "java.math.BigDecimal", "found the number NaN"),
        ("ctx.nan", "int", "found the number NaN"),
        ("ctx.nan", "java.lang.Object", "JSON has no number NaN"),
        ("row.huge", "long", "out of range"),
        ("row.huge", "java.math.BigInteger", "out of range"),
        ("row.huge", "double", "would lose digits"),
        ("row.tiny", "float", "would lose digits"),
        ("fn.thing()", "java.lang.Object", "not a JSON value"),
    ],
)
def test_gaps(slot: str, type_: str, message: str) -> None:
    with pytest.raises(ErrorGroup) as caught:
        compile_json(f'["${{{slot}}}"]', parameters=[type_]).render(SCOPE)
    (error,) = caught.value.errors
    assert message in error.message
    assert error.where == "$[0]"


def test_long_integers_pass() -> None:
    assert len(compile_json('["${ctx.big}"]', parameters=["java.math.BigInteger"]).render(SCOPE)) == 5003
    assert len(compile_text("<${ctx.big}>").render(SCOPE)) == 5003


def test_floats_of_functions_become_exact() -> None:
    assert compile_text("${fn.half()}").value(SCOPE) == Decimal("0.5")
    assert type(compile_text("${fn.half()}").value(SCOPE)) is Decimal


def test_texts() -> None:
    with pytest.raises(JsonError, match="nested too deeply"):
        compile_text("x${ctx.deep}").render(SCOPE)
    with pytest.raises(JsonError, match="not a JSON value"):
        compile_text("x${fn.thing()}").render(SCOPE)


@pytest.mark.parametrize(
    "line",
    [
        'ctx.half == "x"',
        "ctx.nan == 1",
        "ctx.nan > 1",
        "ctx.nan close_to [1, 1]",
        "ctx.big == 1",
        "ctx.deep == 1",
        "row.deep == 1",
        "ctx.one close_to [1E+999999999, 1]",
        "ctx.one == 1E+999999999",
        "ctx.one > 1E+999999999",
        'ctx.one schema {"multipleOf": 1E-400}',
        'ctx.one schema {"$ref": "http://example.invalid/x.json"}',
        'ctx.text schema {"pattern": "(a|aa)+$"}',
        'ctx.text schema {"type": "object", "patternProperties": {"a": {"type": "null"}}}',
        "ctx..nope == 1",
        'ctx.deep each {"a": 1}',
        "ctx.deep contains 1",
    ],
)
def test_assertions_fail_and_explain(line: str) -> None:
    (assertion,) = compile_assertions(line)
    started = time.process_time()
    result = assertion.check(SCOPE)
    assert not result.passed
    assert result.message.startswith(assertion.path)
    assert time.process_time() - started < 10


def test_patterns_in_schemas_see_keys() -> None:
    line = 'ctx.o schema {"patternProperties": {"^n": {"type": "number"}}}'
    (assertion,) = compile_assertions(line)
    assert assertion.check({"ctx": {"o": {"n1": 1, "x": "y"}}}).passed
    assert "$.n1" in assertion.check({"ctx": {"o": {"n1": "1"}}}).message


def test_compiling() -> None:
    with pytest.raises(ExpressionError, match="nested too deeply"):
        compile_assertions("ctx.one == " + "[" * 2_000 + "]" * 2_000)
    assert compile_path("response" + ".a" * 5_000).find({"response": {}}) is not None
