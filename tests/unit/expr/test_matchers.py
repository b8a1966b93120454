"""Every matcher: its documentation's example holds, its counterexample does not; edges of each."""

from decimal import Decimal
from typing import Any

import pytest

from workbench.errors import ExpressionError
from workbench.expr import MATCHERS, check_matcher, compile_assertions
from workbench.expr.matchers import OPERATORS, SAMPLE


@pytest.mark.parametrize("name", MATCHERS)
def test_examples(name: str) -> None:
    matcher = MATCHERS[name]
    assert len(matcher.doc) > 10
    (good,) = compile_assertions(matcher.example)
    (bad,) = compile_assertions(matcher.counterexample)
    assert OPERATORS[good.operator].name == name
    assert good.check(SAMPLE).passed
    result = bad.check(SAMPLE)
    assert not result.passed
    assert result.message.startswith(f"{bad.path}: ")


@pytest.mark.parametrize("name", [name for name, matcher in MATCHERS.items() if name != "not_equals"])
def test_negation_is_the_opposite_where_the_question_makes_sense(name: str) -> None:
    matcher = MATCHERS[name]
    for line, holds in [(matcher.example, False), (matcher.counterexample, True)]:
        (assertion,) = compile_assertions(line)
        operator, space, operand = line.removeprefix(assertion.path).strip().partition(" ")
        (inverse,) = compile_assertions(f"{assertion.path} not {operator}{space}{operand}")
        assert inverse.check(SAMPLE).passed is holds


def passes(operator: str, actual: Any, *expected: Any, **options: Any) -> bool:
    return check_matcher(operator, actual, *expected, **options).passed


@pytest.mark.parametrize(
    ("operator", "actual", "expected", "result"),
    [
        ("==", Decimal("1.0"), Decimal("1.00"), True),
        ("==", 1, Decimal("1.0"), True),
        ("==", 9007199254740993, 9007199254740992, False),
        ("==", Decimal("9007199254740993"), 9007199254740993, True),
        ("==", True, 1, False),
        ("==", 0, False, False),
        ("==", "5", 5, False),
        ("==", None, False, False),
        ("==", [1, {"a": Decimal("2.0")}], [Decimal("1"), {"a": 2}], True),
        ("==", [True], [1], False),
        ("==", {"a": 1}, {"a": 1, "b": None}, False),
        ("!=", "5", 5, True),
        ("same", 1, Decimal("1"), False),
        ("same", {"a": Decimal("1.0")}, {"a": Decimal("1.00")}, False),
        ("same", {"a": [Decimal("1.0")]}, {"a": [Decimal("1.0")]}, True),
        ("same", True, True, True),
        (">", Decimal("1E+100"), 10**99, True),
        (">", 2**63, 2**63 - 1, True),
        (">", "2026-02-01", "2026-01-31", True),
        (">", "10", 9, False),
        ("<", True, 2, False),
        (">=", None, None, False),
        ("contains", "abc", "", True),
        ("contains", [1, Decimal("2.0")], 2, True),
        ("contains", ["5"], 5, False),
        ("contains", {"a": 1}, "a", True),
        ("contains", 5, 5, False),
        ("not_contains", 5, 6, False),
        ("matches", "a\nb", "a.b", False),
        ("matches", 5, "5", False),
        ("in", Decimal("1.0"), [1], True),
        ("in", "1", [1], False),
        ("between", 3, [3, 3], True),
        ("between", "b", ["a", "c"], True),
        ("between", "b", [1, 2], False),
        ("close_to", Decimal("0.3"), [Decimal("0.1") + Decimal("0.2"), 0], True),
        ("close_to", 10**40, [10**40 + 1, 1], True),
        ("close_to", 10**40, [10**40 + 2, 1], False),
        ("close_to", "1", [1, 1], False),
        ("size", "abc", 3, True),
        ("size", {"a": 1}, 1, True),
        ("size", {"a": 1}, {">=": 1, "<": 2}, True),
        ("size", None, 0, False),
        ("size", 5, 0, False),
        ("not_size", 5, 0, False),
        ("empty", None, True, False),
        ("empty", "", True, True),
        ("empty", {}, False, False),
        ("not_empty", [], True, False),
        ("type", 1, "integer", True),
        ("type", Decimal("1.0"), "integer", False),
        ("type", True, "number", False),
        ("type", None, "null", True),
        ("each", [], {"a": 1}, True),
        ("each", [{"a": 1}, {}], {"a": 1}, False),
        ("each", [1, 2], {">": 0}, True),
        ("each", [1, 2], "@ > 1", False),
        ("each", [{"a": {"b": 1}}], {"a.b": 1}, True),
        ("each", [{"a b": 1}], {'["a b"]': {"type": "number"}}, True),
        ("each", [{}], {"a": {"absent": True}}, True),
        ("each", [{"a": None}], {"a": {"exists": True}}, True),
        ("each", {"a": 1}, {"a": 1}, False),
        ("any", [], {"a": 1}, False),
        ("any", [{"a": 1}, {"a": 2}], "@.a == 2", True),
        ("any", "abc", {"a": 1}, False),
        ("unordered_equals", [1, 2, 2], [2, 1, 1], False),
        ("unordered_equals", {"a": [1, [3, 4]]}, {"a": [[4, 3], 1]}, True),
        ("subset", {"a": [{"x": 1, "y": 2}, {"x": 1}]}, {"a": [{"x": 1}, {"y": 2}]}, True),
        ("subset", {"a": [{"x": 1}]}, {"a": [{"x": 1}, {"x": 1}]}, False),
        ("subset", [1], {"a": 1}, False),
        ("json_equals", '{"a": [1.0]}', {"a": [1]}, True),
        ("json_equals", {"a": 1}, '{"a": 1}', True),
        ("json_equals", {"a": 1}, {"expected": {"a": 1}, "more": 1}, False),
        ("schema", Decimal("1.5"), {"type": "number", "multipleOf": Decimal("0.5")}, True),
        ("schema", Decimal("1.0"), {"type": "integer"}, True),
        ("schema", Decimal("1E+400"), {"type": "integer"}, True),
        ("schema", True, {"type": "number"}, False),
        ("schema", 9007199254740993, {"maximum": 9007199254740992}, False),
    ],
)
def test_edges(operator: str, actual: Any, expected: Any, result: bool) -> None:
    assert passes(operator, actual, expected) is result


def test_ignoring_and_options() -> None:
    assert passes("equals", {"a": 1, "id": 2}, {"a": 1, "id": 3}, ignoring=["$.id"])
    assert not passes("equals", {"a": 2, "id": 2}, {"a": 1, "id": 3}, ignoring=["$.id"])
    assert passes("equals", [1, 2], [2, 1], unordered=True)
    assert passes("close_to", Decimal("1.5"), 2, delta=Decimal("0.5"))
    assert passes("is_null", None)
    assert passes("not null", 5)
    assert passes("not_null", 5)
    assert not passes("not null", None)
    result = check_matcher("equals", 1, 2, path="total", text="the total")
    assert (result.text, result.message) == ("the total", "total: expected equals 2, found 1")


@pytest.mark.parametrize(
    ("operator", "expected", "message"),
    [
        ("eqals", 1, "no matcher 'eqals'"),
        ("matches", 5, "wants a text"),
        ("matches", "(", "not a regular expression"),
        ("in", "abc", "wants a list"),
        ("between", [1], "wants a list of two"),
        ("close_to", [1, "x"], "wants two numbers"),
        ("size", "3", "wants a whole number"),
        ("size", -1.5 and Decimal("1.5"), "wants a whole number"),
        ("empty", 1, "wants nothing, true or false"),
        ("type", "int", "no type 'int'"),
        ("each", 5, "wants an object or an assertion"),
        ("each", "nonsense", "an operator is missing"),
        ("schema", {"type": "nope"}, "not a JSON Schema"),
        ("schema", [], "wants a JSON Schema"),
        ("json_equals", {"expected": 1, "ignoring": "$.id"}, "wants a list of paths"),
        ("json_equals", {"expected": 1, "ignoring": ["$.[["]}, "not a path to ignore"),
    ],
)
def test_wrong_operands_are_found_when_compiled(operator: str, expected: Any, message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        check_matcher(operator, [1], expected)


def test_a_pattern_cannot_hang() -> None:
    result = check_matcher("matches", "a" * 60 + "b", "(a|aa)+")
    assert not result.passed
    assert "takes too long" in result.message


def test_deep_values_end_in_a_failure() -> None:
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    other: list[Any] = [1]
    for _ in range(5_000):
        other = [other]
    for operator in ("==", "unordered_equals", "subset", "same", "json_equals"):
        result = check_matcher(operator, deep, other)
        assert not result.passed
        assert "nested too deeply" in result.message
