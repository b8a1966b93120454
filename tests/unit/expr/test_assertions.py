"""Assertions as lines, blocks and mappings; data texts; messages; errors with their place."""

from decimal import Decimal
from typing import Any

import pytest

from workbench.errors import ErrorGroup, ExpressionError, UnknownNameError
from workbench.expr import Reference, compile_assertions
from workbench.model.result import AssertionResult, Difference
from workbench.model.suite import Assertions

SCOPE: dict[str, Any] = {
    "response": {
        "code": "0000",
        "amount": Decimal("19.90"),
        "count": 3,
        "paid": True,
        "note": None,
        "text": "19.90",
        "items": [{"sku": "a", "qty": 2}, {"sku": "b", "qty": 5}],
    },
    "elapsed": 12,
    "attachments": {"x-trace": "t-1"},
    "request": [{"buyer": "b"}],
    "row": {"amount": "19.90", "count": "3", "paid": "TRUE", "code": "0000", "bad": "x", "number": 3, "sku": "b"}
    | {"items": [{"sku": "a", "qty": "2"}, {"sku": "b", "qty": 5}]},
    "config": {"limit": "100", "on": True},
    "ctx": {"amount": Decimal("19.9"), "text": "3"},
    "fn": {"twice": lambda value: value * 2},
}


def check(spec: Assertions, scope: dict[str, Any] = SCOPE, **options: Any) -> list[AssertionResult]:
    return [assertion.check(scope) for assertion in compile_assertions(spec, **options)]


def one(spec: Assertions, scope: dict[str, Any] = SCOPE, **options: Any) -> AssertionResult:
    (result,) = check(spec, scope, **options)
    return result


def test_a_block() -> None:
    block = """
# what matters
response.code == "0000"
   response.count>=3      # blanks do not matter

response.items == [
  {"sku": "a", "qty": 2},
  {"sku": "b", "qty": 5.0}
]
response.items[?@.qty > 3].sku == ["b"]
response.items[*].qty contains 5
response.note is_null
response.nothing absent # a comment
response.code not contains "1"
response.code not_contains "1"
response.code == ${row.code}
elapsed < 3000
attachments["x-trace"] starts_with "t-"
request[0].buyer == "b"
ctx.amount == 19.90
exception absent
response.items[?@.sku == row.sku].qty == [5]
response.items any "@.sku == ${row.sku}"
response.items any {"sku": "${row.sku}", "qty": {">": 4}}
${config.limit} > 99
${fn.twice(response.count)} == 6
""".replace(",   \n", ",\n")
    results = check(block)
    assert [result.message for result in results if not result.passed] == []
    assert len(results) == 20
    assert results[2].text == 'response.items == [ {"sku": "a", "qty": 2}, {"sku": "b", "qty": 5.0} ]'


def test_lists_and_mappings() -> None:
    spec: Assertions = (
        'response.code == "0000"',
        {"response.count": {">": 2, "<=": 3, "not_in": [1, 2]}, "response.code": "0000"},
        {"response.items[0]": {"sku": "a", "qty": 2}},
        {"response.items[1].sku": {"==": "${row.sku}"}},
        {"response.note": None},
    )
    results = check(spec)
    assert len(results) == 8
    assert all(result.passed for result in results)
    assert results[1].text == "response.count > 2"
    assert not one(({"response.items[0]": {"sku": "a"}},)).passed


@pytest.mark.parametrize(
    ("line", "passed"),
    [
        ('response.amount == "${row.amount}"', True),
        ('response.amount == "19.90"', False),
        ('response.text == "${row.amount}"', True),
        ('response.text == "${ctx.amount}"', False),
        ('response.count == "${row.count}"', True),
        ('response.count == "${ctx.text}"', False),
        ('response.count == "${row.nope:-3}"', True),
        ('response.count == "${row.bad}"', False),
        ('response.paid == "${row.paid}"', True),
        ('response.items == "${row.items}"', True),
        ('response.items[0] == {"sku": "a", "qty": "${row.items[0].qty}"}', True),
        ('response.count in ["${row.count}", 9]', True),
        ('response.count between ["${row.count}", "${config.limit}"]', True),
        ('response.amount close_to ["${row.amount}", 0]', True),
        ('response.amount same "${row.amount}"', True),
        ('response.amount same "${ctx.amount}"', False),
        ('response.items size "${row.number}"', False),
        ('response.items size "${row.items[0].qty}"', True),
        ('response.count == "n${row.count}"', False),
        ('response.items unordered_equals [{"sku": "b", "qty": 5}, {"sku": "a", "qty": "${row.items[0].qty}"}]', True),
        ('response.items unordered_equals [{"sku": "b", "qty": 5}, {"sku": "a", "qty": "${row.count}"}]', False),
        ("response.items size >= 2", True),
        ("response.items size > 2", False),
        ('response.items size == "${row.items[0].qty}"', True),
        ("row.amount == 19.9", True),
        ("row.amount > 19", True),
        ("${row.paid} == true", True),
        ('row.amount == "19.90"', True),
    ],
)
def test_texts_from_data_read_as_the_other_side(line: str, passed: bool) -> None:
    assert one(line).passed is passed


def test_the_contract_decides_how_data_is_read() -> None:
    types = {
        "response.amount": "java.math.BigDecimal",
        "response.text": "java.math.BigDecimal",
        "response.count": "java.lang.String",
        "response.items[0].qty": "int",
        "response.code": "com.x.Unknown",
    }
    assert one('response.amount == "${row.amount}"', declared=types.get).passed
    text = one('response.text == "${row.amount}"', declared=types.get)
    assert (text.passed, text.type_only, text.expected) == (False, True, "19.90")
    count = one('response.count == "${row.count}"', declared=types.get)
    assert (count.passed, count.type_only, count.expected) == (False, True, '"3"')
    assert one('response.items[0] == {"sku": "a", "qty": "${row.items[0].qty}"}', declared=types.get).passed
    assert one('response.count in ["${row.count}"]', declared=types.get).passed is False
    assert one('response.code == "${row.code}"', declared=types.get).passed
    scope = {"response": {"count": "3"}, "row": {"number": 3}}
    assert one('response.count == "${row.number}"', scope, declared=types.get).passed
    assert one('response.count != "${row.number}"', scope, declared=types.get).passed is False
    assert one('response.count == "${row.number}"', scope).type_only
    assert one('response.amount == "${row.bad}"', declared=types.get).passed is False


def test_a_failure_says_path_expected_and_actual() -> None:
    result = one("response.count == 4")
    assert (result.path, result.operator, result.expected, result.actual) == ("response.count", "==", "4", "3")
    assert result.message == "response.count: expected == 4, found 3"
    assert not result.type_only


def test_a_failure_in_type_only_says_so() -> None:
    result = one('response.count == "3"')
    assert result.type_only
    assert "only the type differs" in result.message
    assert one("response.code == 0").type_only is False


def test_objects_show_differences_and_not_two_dumps() -> None:
    result = one('response.items == [{"sku": "a", "qty": 3}, {"sku": "b"}]')
    assert result.differences == (Difference("$[0].qty", "3", "2"), Difference("$[1].qty", None, "5"))
    assert result.message == "response.items: $[0].qty expected 3, found 2; $[1].qty is not expected (5)"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("response.cod == 1", "response has no 'cod', did you mean code?"),
        ("response.items[7].sku == 1", "response.items is a list of 2"),
        ("response.note.x == 1", "response.note is null"),
        ('exception.class == "X"', "no exception was thrown"),
        ("response.cod != 1", "nothing"),
        ("response.items[?@.qty > 9].sku exists", "expected exists"),
    ],
)
def test_absent_paths_fail_and_say_what_is_missing(line: str, message: str) -> None:
    result = one(line)
    assert not result.passed
    assert result.actual is None
    assert message in result.message


def test_an_exception_instead_of_an_answer() -> None:
    scope = {"exception": {"class": "x.Paid", "fields": {"n": 1}, "causes": []}}
    assert one('exception.class == "x.Paid"', scope).passed
    assert one("exception.fields.n == 1", scope).passed
    assert one("exception exists", scope).passed
    assert "x.Paid was thrown" in one("response.code == 1", scope).message
    assert one("exception absent", scope | {"exception": None}).passed
    assert not one("exception exists", scope | {"exception": None}).passed


@pytest.mark.parametrize(
    ("line", "expects"),
    [
        ('exception.class == "X"', True),
        ("exception exists", True),
        ("exception absent", False),
        ("exception not exists", False),
        ("exception exists false", False),
        ("exception not absent", True),
        ("response.code == 1", False),
    ],
)
def test_which_assertions_expect_an_exception(line: str, expects: bool) -> None:
    (assertion,) = compile_assertions(line)
    assert assertion.on_exception is expects


def test_passing_costs_no_new_object() -> None:
    (assertion,) = compile_assertions('response.code == "0000"')
    assert assertion.check(SCOPE) is assertion.check(SCOPE)


def test_a_literal_decides_at_once_and_never_by_truth() -> None:
    scope = {"response": {"a": 1, "b": True, "c": Decimal("1.0")}}
    assert not one("response.b == 1", scope).passed
    assert not one("response.a == true", scope).passed
    assert one("response.c == 1", scope).passed


def test_calls_on_the_left_happen_once() -> None:
    calls: list[int] = []
    scope = {"fn": {"next": lambda: calls.append(1) or len(calls)}}
    assert not one("${fn.next()} == 7", scope).passed
    assert calls == [1]


def test_unknown_names_are_errors_and_no_failures() -> None:
    with pytest.raises(UnknownNameError, match="amount"):
        one('response.count == "${row.amuont}"')
    with pytest.raises(UnknownNameError):
        one("${ctx.nope} == 1")


def test_references() -> None:
    (assertion,) = compile_assertions('response.items any "@.sku == ${row.sku}"')
    assert assertion.references == {Reference("response", "items", False), Reference("row", "sku", False)}
    (assertion,) = compile_assertions('response.items contains "${ctx.x:-1}"')
    assert Reference("ctx", "x", True) in assertion.references


@pytest.mark.parametrize(
    ("spec", "message", "hint"),
    [
        ("response.count = 3", "no operator '=' (column 16)", "write =="),
        ("response.count eqals 3", "no operator 'eqals' (column 16)", "equals"),
        ("response.count", "an operator is missing (column 15)", "PATH OPERATOR JSON"),
        ("response.count ==", "== wants a value, and the line ends (column 18)", "JSON"),
        ("response.count == # 3", "wants a value, and the line ends", "JSON"),
        ("response.code == PAID", "PAID is not JSON (column 18)", '"PAID"'),
        ("response.code == '0000'", "'0000' is not JSON", '"0000"'),
        ("response.code == NaN", "NaN is not JSON (column 18)", ""),
        ("response.count == 3 4", "unexpected '4' behind the value (column 21)", "one assertion a line"),
        ("response.count == 012", "unexpected '12'", ""),
        ("response.items == [1,", "begins at column 19 is cut off", "assert: |"),
        ('response.items == {"a": 1', "is cut off", "assert: |"),
        ('response.items == [1,\nresponse.code == "x"', "begins at line 1, column 19 is cut off", "assert: |"),
        ("response.items == [1 2]", "begins at column 19 is wrong", ""),
        ('response.code == "abc', "is cut off: unterminated string", "assert: |"),
        ('response.x == {"a": 1, "a": 2}', "a key stands twice", ""),
        ("== 3", "a path is expected", ""),
        ("response.[ == 3", "not closed (column 1)", ""),
        ("response.] == 3", "is not a path", ""),
        ('response.code == "${ctx.}"', "is not a path", ""),
        ("response.count matches 5", "wants a text in response.count matches 5", 'matches "…"'),
        ("${ctx.x == 3", "not closed", ""),
        (({'response.code == "x"': 1},), "holds the operator ==", "assert: |"),
        (({"response.count": {}, "a b": 1},), "is not a path", ""),
        ((5,), "a line or a mapping", ""),
        (({1: 2},), "a line or a mapping", ""),
    ],
)
def test_what_does_not_compile(spec: Assertions, message: str, hint: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_assertions(spec, where="a.yaml:5 assert")
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.where == "a.yaml:5 assert"


def test_all_wrong_lines_at_once() -> None:
    with pytest.raises(ErrorGroup) as caught:
        compile_assertions("response.a eqals 1\nresponse.b == 1\nresponse.c = 2\nresponse.d == PAID\nresponse.e ==")
    places = [error.message.split("(")[-1] for error in caught.value.errors]
    assert places == ["line 1, column 12)", "line 3, column 12)", "line 4, column 15)", "line 5, column 14)"]
    with pytest.raises(ErrorGroup) as caught:
        compile_assertions(("response.a eqals 1", 'x == "', {"response.b": {"matches": "("}}))
    assert len(caught.value.errors) == 3


def test_windows_line_ends() -> None:
    results = check('response.code == "0000"\r\n\r\n# note\r\nresponse.note is_null\r\nresponse.count == 3 # x\r\n')
    assert [result.passed for result in results] == [True, True, True]


def test_nothing() -> None:
    assert compile_assertions(None) == ()
    assert compile_assertions("\n# only a comment\n") == ()
    assert compile_assertions(()) == ()
