"""Payloads laid out for reading, with the places marked where an assertion failed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model import json
from workbench.model.result import AssertionResult, Difference
from workbench.reporting import marks
from workbench.reporting.marks import parse, payload, places

numbers = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab.[]\"'é 0", max_size=4), inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_layout_changes_no_digit(value: object) -> None:
    text = json.dumps(value)
    shown = payload(text)
    assert shown is not None
    assert json.dumps(json.loads(shown.text)) == text
    assert shown.text == json.pretty(value) or not value or "[]" in shown.text or "{}" in shown.text


@pytest.mark.parametrize(
    ("path", "root", "place"),
    [
        ("response.data.items[2].sku", "response", ("data", "items", 2, "sku")),
        ("response['a.b'][\"c d\"].e", "response", ("a.b", "c d", "e")),
        ("response", "response", ()),
        ("request[0].amount", "request", (0, "amount")),
        ("request[0].amount", "response", None),
        ("response.items[?@.qty > 3].sku", "response", None),
        ("response.items[*]", "response", None),
        ("responses.x", "response", None),
    ],
)
def test_plain_paths_are_places(path: str, root: str, place: object) -> None:
    assert parse(path, root) == place


def failed(path: str, *differences: Difference, expected: str = '"PAID"') -> AssertionResult:
    return AssertionResult(f"{path} == x", False, path, "==", expected, None, "", differences)


def test_differences_may_be_told_from_the_root_or_from_the_path() -> None:
    told = (
        Difference("response.a.b", "1", "2"),
        Difference("$.c", "3", None),
        Difference(".d[0]", "4", "5"),
        Difference("e", "6", "7"),
    )
    assert places((failed("response.a", *told),), "response") == {
        ("a", "b"): "1", ("a", "c"): "3", ("a", "d", 0): "4", ("a", "e"): "6",
    }  # fmt: skip


def test_passed_assertions_mark_nothing() -> None:
    assert places((AssertionResult("response.a == 1", True, "response.a", "==", "1", "1"),), "response") == {}


def test_what_is_absent_marks_the_nearest_part_that_is_there() -> None:
    shown = payload('{"data":{"id":9007199254740993}}', {("data", "status", "code"): '"PAID"', ("data", "id"): "1"})
    assert shown is not None
    assert shown.text.split("\n") == ["{", '  "data": {', '    "id": 9007199254740993', "  }", "}"]
    assert shown.marks == ((1, 'status.code: "PAID"'), (2, "1"))


def test_keys_that_look_like_closing_lines_are_no_places() -> None:
    shown = payload('{"a":{"":1,"b":2}}', {("a", ""): "9"})
    assert shown is not None
    assert shown.marks == ((2, "9"),)


def test_a_long_payload_keeps_its_head_and_what_is_around_a_mark() -> None:
    value = {f"key{at}": "x" * 100 for at in range(5000)}
    shown = payload(json.dumps(value), {("key4000",): '"y"'})
    assert shown is not None
    lines = shown.text.split("\n")
    ((line, expected),) = shown.marks
    assert lines[line].startswith('  "key4000"')
    assert expected == '"y"'
    assert lines[line - 5] == "…" == lines[-1]
    assert len(shown.text) < marks.MAX_TEXT + 2000
    assert shown.left_out > 400_000


def test_what_is_no_json_or_too_large_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert payload(None) is None
    assert payload("not json") == marks.Payload("not json")
    monkeypatch.setattr(marks, "MAX_PARSED", 100)
    monkeypatch.setattr(marks, "MAX_TEXT", 20)
    assert payload(f'{{"a":   "{"x" * 200}"}}') == marks.Payload('{"a":   "xxxxxxxxxxx', left_out=191)
