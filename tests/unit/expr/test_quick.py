"""The short way of an assertion never says anything else than the judge."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.expr import compile_assertions
from workbench.expr.assertions import Assertion
from workbench.model import json

NUMBERS = st.one_of(
    st.integers(-3, 3),
    st.sampled_from(
        [Decimal(text) for text in ("-1.0", "0.00", "1.0", "1.00", "2.5", "1E+1", "NaN", "sNaN", "Infinity")]
    ),
)
VALUES = st.one_of(
    NUMBERS, st.booleans(), st.none(), st.text("ab1", max_size=3), st.lists(st.integers(0, 2), max_size=3),
    st.dictionaries(st.text("ab", max_size=1), st.integers(0, 1), max_size=2),
)  # fmt: skip
OPERANDS = st.one_of(
    NUMBERS.filter(lambda number: Decimal(number).is_finite()), st.text("ab1", max_size=3), st.booleans()
)
OPERATORS = st.sampled_from(["==", "!=", ">", ">=", "<", "<=", "not equals", "not >", "same"])


def agree(assertion: Assertion, scope: dict[str, object]) -> None:
    assert assertion.check(scope) == assertion._slow(scope)


@given(VALUES, OPERATORS, OPERANDS)
def test_operators_agree_with_the_judge(actual: object, operator: str, operand: object) -> None:
    agree(compile_assertions(f"response.x {operator} {json.dumps(operand)}")[0], {"response": {"x": actual}})


@given(VALUES, st.sampled_from(["size", "not size"]), st.integers(0, 3))
def test_size_agrees_with_the_judge(actual: object, operator: str, size: int) -> None:
    agree(compile_assertions(f"response.x {operator} {size}")[0], {"response": {"x": actual}})


@given(VALUES, st.text("1.0-tfab", max_size=4), st.sampled_from([None, "java.math.BigDecimal", "int", "boolean"]))
def test_a_rows_cell_agrees_with_the_judge(actual: object, cell: str, declared: str | None) -> None:
    assertion = compile_assertions('response.x == "${row.c}"', declared=lambda path: declared)[0]
    agree(assertion, {"response": {"x": actual}, "row": {"c": cell}})


@pytest.mark.parametrize("other", [0, Decimal("1.0"), Decimal("sNaN")])
def test_a_signalling_nan_equals_nothing(other: object) -> None:
    scope = {"response": {"x": Decimal("sNaN")}, "row": {"c": "0"}, "vars": {"other": other}}
    assertion = compile_assertions("response.x == ${vars.other}")[0]
    agree(assertion, scope)
    assert not assertion.check(scope).passed
    agree(compile_assertions('response.x == "${row.c}"')[0], scope)


@pytest.mark.parametrize("line", ['response.x == "a"', "response.x size 1", "response.x > 1", "response.x == 1.5"])
def test_what_is_not_there_fails(line: str) -> None:
    result = compile_assertions(line)[0].check({"response": {}})
    assert not result.passed
    assert result.actual is None


@pytest.mark.parametrize(
    ("line", "value"),
    [('response.x == "a"', "a"), ("response.x == 1.5", Decimal("1.50")), ("response.x size 2", "ab"),
     ("response.x >= 2", 2), ("response.x < 2.5", 2), ("response.x <= 2", Decimal("2.00"))],
)  # fmt: skip
def test_what_holds_costs_no_new_result(line: str, value: object) -> None:
    assertion = compile_assertions(line)[0]
    first, second = (assertion.check({"response": {"x": value}}) for _ in range(2))
    assert first.passed
    assert first is second
