"""The codec keeps every digit and says where a text stops being JSON."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import JsonError
from workbench.model import json

NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abé\n\"'\\", max_size=3), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_goes_out_comes_back(value: Any) -> None:
    again = json.loads(json.dumps(value))
    assert again == value
    assert json.dumps(again) == json.dumps(value)


@pytest.mark.parametrize(
    "text",
    [
        "9007199254740993",
        "9223372036854775808",
        "-9223372036854775809",
        "123456789012345678901234567890",
        "5000000000.10",
        "0.0",
        "-0.0",
        "1.50",
        "1E+400",
        "0.1000000000000000000000000000000001",
    ],
)
def test_numbers_keep_their_digits_and_scale(text: str) -> None:
    assert json.dumps(json.loads(text)) == text


@pytest.mark.parametrize("digits", [4_299, 4_301, 20_000])
def test_integers_beyond_the_guard_of_cpython(digits: int) -> None:
    text = '{"a":[-' + "7" * digits + ',"x"],"b":1.10}'
    value = json.loads(text)
    assert isinstance(value["a"][0], int)
    assert value["a"][0] % 10 == 3
    assert json.dumps(value) == text
    assert json.dumps(json.loads(text.encode())) == text


def test_a_number_too_long_to_be_one() -> None:
    with pytest.raises(JsonError, match="300000 digits"):
        json.loads("9" * 300_000)


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        ('{"a": 1,}', "1:9", "trailing comma"),
        ('{\n  "a": 1\n  "b": 2}', "3:3", "expected ',' or '}'"),
        ('["é", x]', "1:7", "unexpected 'x'"),
        ("[1, 2", "1:6", "ends too early"),
        ("", "1:1", "it is empty"),
        ("[1]\n2", "2:1", "trailing characters"),
        ("01", "1:2", "invalid number"),
        ("{'a': 1}", "1:2", "double quotes"),
        ("[NaN]", "1:2", "as text"),
        ('"a\nb"', "1:3", "unexpected"),
        (r'["a\ud800"]', "1:4", "half of a character"),
        (r'["\ude00"]', "1:3", "half of a character"),
        (r'["\ud83d\ude00", "\ud800"]', "1:19", "half of a character"),
    ],
)
def test_errors_say_where_and_why(text: str, where: str, reason: str) -> None:
    with pytest.raises(JsonError) as caught:
        json.loads(text, where="a.json")
    assert caught.value.where == f"a.json:{where}"
    assert reason in str(caught.value)


def test_a_broken_text_behind_a_long_number_is_found_too() -> None:
    with pytest.raises(JsonError, match="not JSON"):
        json.loads("[" + "9" * 5000 + ", x]")
    with pytest.raises(JsonError, match="half of a character"):
        json.loads("[" + "9" * 5000 + r', "\ud800"]')


def test_not_utf8() -> None:
    with pytest.raises(JsonError, match="not UTF-8: byte 0xff at offset 1"):
        json.loads(b'"\xff"')


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_an_error_and_no_crash(opening: str) -> None:
    with pytest.raises(JsonError, match="nested too deeply"):
        json.loads(opening * 100_000)
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(JsonError, match="nested too deeply"):
        json.dumps(deep)


@pytest.mark.parametrize("value", [Decimal("NaN"), {"a": [Decimal("-Infinity")]}])
def test_not_a_number_never_leaves(value: Any) -> None:
    with pytest.raises(JsonError, match="JSON has no number"):
        json.dumps(value)


def test_texts_that_only_look_like_it_do() -> None:
    assert json.dumps(["NaN", "Infinity"]) == '["NaN","Infinity"]'


def test_a_lone_surrogate_never_leaves() -> None:
    with pytest.raises(JsonError, match=r"U\+D800"):
        json.dumps({"a": "\ud800"})


def test_keys_twice() -> None:
    assert json.loads('{"a": 1, "a": 2}') == {"a": 2}
    with pytest.raises(JsonError, match='"a" stands twice'):
        json.loads_unique('[{"b": 1, "a": 1, "a": 2}]')
    assert json.loads_unique('{"a": 1.10}') == {"a": Decimal("1.10")}


def test_pretty() -> None:
    assert json.pretty({"a": [Decimal("1.10")]}) == '{\n  "a": [\n    1.10\n  ]\n}'


@given(st.decimals())
def test_a_scalar_is_written_as_everything_else(value: Decimal) -> None:
    if value.is_finite():
        assert json.dump_scalar(value) == json.dumps(value)
    else:
        with pytest.raises(JsonError):
            json.dump_scalar(value)


def test_minus_zero_keeps_its_sign_where_it_has_one() -> None:
    """An integer has no negative zero; a number with a fraction or exponent has, and Java's double too."""
    assert json.dumps(json.loads("[-0, -0.0, -0.00, -0e1]")) == "[0,-0.0,-0.00,-0E+1]"
    assert json.loads("-0") == 0
