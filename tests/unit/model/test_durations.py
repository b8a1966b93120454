"""Durations are read and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import UsageError
from workbench.model.durations import MAX_MILLIS, millis, spelled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500ms", 500),
        ("3s", 3000),
        ("1.5s", 1500),
        ("10m", 600000),
        ("4h", 14400000),
        ("2", 2000),
        ("0.25", 250),
        (" 3s ", 3000),
        ("1m30s", 90000),
        ("1h 30m", 5400000),
        ("0s", 0),
        ("1.9ms", 1),
    ],
)
def test_reading(text: str, expected: int) -> None:
    assert millis(text) == expected


@pytest.mark.parametrize(
    "text", ["", "s", "-3s", "3 weeks", "3sec", "1e3", "3s2h", "3s3s", "٣s", "9999h", "1.s", "3s!"]
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        millis(text, where="suite.yaml:3")
    assert caught.value.where == "suite.yaml:3"
    assert "500ms" in caught.value.hint


@given(st.integers(0, MAX_MILLIS))
def test_writing_and_reading_are_inverse(value: int) -> None:
    assert millis(spelled(value)) == value
