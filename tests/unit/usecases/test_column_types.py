"""Cells of a column that gets another type: every value exact, and nothing lost without a word."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from workbench.model import json
from workbench.model.dataset import Column, ColumnType
from workbench.usecases.column_types import convert_cell, convert_rows

KINDS = st.sampled_from(["auto", "text", "number", "date", "bool"])
NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
CELLS = (
    st.text() | st.from_regex(r"[+-]?[0-9]{1,20}(\.[0-9]{0,9})?", fullmatch=True) | NUMBERS | st.booleans() | st.none()
)


@pytest.mark.parametrize(
    ("kind", "value", "made"),
    [
        ("number", "1234567890123456789", "1234567890123456789"),
        ("number", "9" * 40, "9" * 40),
        ("number", "5000000000.10", "5000000000.10"),
        ("number", "-0.50", "-0.50"),
        ("number", "0", "0"),
        ("number", "", '""'),
        ("number", None, "null"),
        ("text", 1234567890123456789, '"1234567890123456789"'),
        ("text", Decimal("1.50"), '"1.50"'),
        ("text", Decimal("1E+3"), '"1000"'),
        ("text", True, '"true"'),
        ("text", "00123", '"00123"'),
        ("bool", "TRUE", "true"),
        ("bool", False, "false"),
        ("date", "2026/1/31", '"2026-01-31"'),
        ("date", "2026年1月31日", '"2026-01-31"'),
        ("date", "2026-01-31 10:00:00.10", '"2026-01-31 10:00:00.10"'),
        ("auto", "00123", '"00123"'),
    ],
)
def test_what_is_converted(kind: ColumnType, value: Any, made: str) -> None:
    assert json.dumps(convert_cell(value, kind)) == made


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("number", "00123", "would lose how it is written"),
        ("number", "-0", "would lose"),
        ("number", "+5", "would lose"),
        ("number", " 5", "would lose"),
        ("number", "5.", "would lose"),
        ("number", "1e999999999", "would lose"),
        ("number", "１２", "would lose"),
        ("number", "12.5%", "is not a number"),
        ("number", "1,234", "is not a number"),
        ("number", "1_0", "is not a number"),
        ("number", "NaN", "is not a number"),
        ("number", True, "is not a number"),
        ("number", [1], "is not a number"),
        ("text", [1], "no single value"),
        ("bool", 1, "neither true nor false"),
        ("bool", "yes", "neither true nor false"),
        ("date", "2026-02-30", "not a date"),
        ("date", 46053, "not a date"),
    ],
)
def test_what_would_lose_something_is_a_problem(kind: ColumnType, value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        convert_cell(value, kind)


@given(CELLS)
def test_a_text_that_became_a_number_is_that_text_again(value: Any) -> None:
    try:
        number = convert_cell(value, "number")
    except ValueError:
        return
    if isinstance(value, str) and value:
        assert isinstance(number, int | Decimal)
        assert convert_cell(number, "text") == value
    else:
        assert json.dumps(number) == json.dumps(value)


@given(st.lists(st.dictionaries(st.sampled_from("ab"), CELLS)), KINDS)
def test_each_cell_is_converted_or_told_and_stays(rows: list[dict[str, Any]], kind: ColumnType) -> None:
    cells, told = convert_rows("d", Column("a"), kind, rows)
    bad = {int(each.where.split()[2]) for each in told.problems}
    assert len(cells) == len(rows)
    assert told.cells == sum("a" in row for row in rows)
    assert told.unfit == len(bad)
    for number, (row, cell) in enumerate(zip(rows, cells, strict=True), 1):
        if "a" not in row:
            assert cell is UNSET
        elif number in bad:
            assert cell is row["a"]
        else:
            assert json.dumps(cell) == json.dumps(convert_cell(row["a"], kind))
    assert told.changed == sum(
        cell is not UNSET and json.dumps(cell) != json.dumps(row["a"])
        for row, cell in zip(rows, cells, strict=True) if cell is not UNSET
    )  # fmt: skip
