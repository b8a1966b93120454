"""Counts in messages."""

import pytest

from workbench.model.words import plural


@pytest.mark.parametrize(
    ("count", "noun", "told"),
    [(0, "case", "0 cases"), (1, "case", "1 case"), (2, "case", "2 cases"), (2, "registry", "2 registries"),
     (1, "registry", "1 registry"), (3, "array", "3 arrays"), (1, "failed teardown", "1 failed teardown")],
)  # fmt: skip
def test_a_count_agrees_with_its_noun(count: int, noun: str, told: str) -> None:
    assert plural(count, noun) == told
