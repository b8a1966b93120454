"""Paths: plain ones equal the library's, queries are exact, errors name the place."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import ExpressionError
from workbench.expr import MISSING, Reference, compile_path
from workbench.model import json

SCOPE: dict[str, Any] = {
    "response": {
        "id": 9007199254740993,
        "items": [
            {"sku": "a", "qty": 5, "ok": True, "price": Decimal("1.10")},
            {"sku": "b", "qty": 2, "ok": 1, "price": Decimal("3.0000000000000000001")},
            {"sku": "c", "qty": Decimal("5.00"), "ids": [9007199254740992, 9007199254740993]},
        ],
        "content-type": "json",
        "a b": {"c.d": None},
    },
    "row": {"sku": "b"},
    "steps": {"create order": {"response": {"id": 7}}},
    "elapsed": 12,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("response.id", 9007199254740993),
        ("$.id", 9007199254740993),
        ("elapsed", 12),
        ("response.items[0].sku", "a"),
        ("response.items[-1].sku", "c"),
        ("response['a b'][\"c.d\"]", None),
        ("response.content-type", "json"),
        ('steps["create order"].response.id', 7),
        ("response.items[9].sku", MISSING),
        ("response.id.x", MISSING),
        ("response.id[0]", MISSING),
        ("response.items.sku", MISSING),
        ("response.content-type[0]", MISSING),
        ("nothing.at.all", MISSING),
        ("nothing", MISSING),
    ],
)
def test_plain(text: str, expected: Any) -> None:
    path = compile_path(text)
    assert path.plain
    assert path.find(SCOPE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("response.items[*].sku", ["a", "b", "c"]),
        ("response.items[?@.qty == 5].sku", ["a", "c"]),
        ("response.items[?@.qty == 5.0].sku", ["a", "c"]),
        ("response.items[?@.price > 3].sku", ["b"]),
        ("response.items[?@.price > 3.0000000000000000001].sku", []),
        ("response.items[?@.price >= 3.0000000000000000001].sku", ["b"]),
        ("response[?@ == 9007199254740993]", [9007199254740993]),
        ("response[?@ == 9007199254740992]", []),
        ("response.items[2].ids[?@ == 9007199254740993]", [9007199254740993]),
        ("response.items[2].ids[?@ == 9.007199254740993E15]", [9007199254740993]),
        ("response.items[?@.ok == true].sku", ["a"]),
        ("response.items[?@.ok == 1].sku", ["b"]),
        ("response.items[?@.ok != true].sku", ["b", "c"]),
        ("response.items[?@.sku == row.sku].qty", [2]),
        ("response.items[?@.sku == $.items[1].sku].qty", [2]),
        ("response.items[?@.sku == 'row.sku'].qty", []),
        ("response.items[?@.nope == @.neither].sku", ["a", "b", "c"]),
        ("response.items[?@.nope].sku", []),
        ("response.items[?@.qty < 5 && !(@.sku == 'a')].sku", ["b"]),
        ("response.items[?match(@.sku, '[ab]')].sku", ["a", "b"]),
        ("response.items[?length(@.ids) == 2].sku", ["c"]),
        ("response.items[0:2].sku", ["a", "b"]),
        ("response..sku", ["a", "b", "c"]),
        ("response.items[0,2].sku", ["a", "c"]),
        ("nothing[*]", []),
    ],
)
def test_queries(text: str, expected: Any) -> None:
    path = compile_path(text)
    assert not path.plain
    assert not path.singular
    assert path.find(SCOPE) == expected


def test_references() -> None:
    assert compile_path("ctx.paymentId").references == {Reference("ctx", "paymentId", False)}
    assert compile_path('steps["create order"].response.id').references == {Reference("steps", "create order", False)}
    query = compile_path("response.items[?@.sku == row.sku && @.a == 'ctx.b'].qty")
    assert query.references == {Reference("response", "items", False), Reference("row", "sku", False)}


NAMES = st.sampled_from(["a", "b", "items", "名", "a b", "it's", 'q"', "0", "x-y", "\\"])
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "abc", Decimal("1.0")]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=25,
)


def _spelled(step: str | int, double: bool) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    quoted = json.dumps(step)
    if double:
        return f"[{quoted}]"
    return "['" + quoted[1:-1].replace('\\"', '"').replace("'", "\\'") + "']"


@given(DATA, st.lists(st.tuples(NAMES | st.integers(-3, 3), st.booleans()), max_size=5))
def test_plain_paths_equal_the_library(data: Any, steps: list[tuple[str | int, bool]]) -> None:
    from workbench.expr.exactpath import ENVIRONMENT

    text = "".join(_spelled(step, double) for step, double in steps)
    path = compile_path("response" + text)
    found = ENVIRONMENT.findall("$" + text, data)
    assert path.plain
    assert path.find({"response": data}) == (found[0] if found else MISSING)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1x",
        "response.",
        "response[",
        "response.a b",
        "response[?@.x >]",
        "response.a[01]",
        "response[?@.a = 1]",
        "response[?@.x == 1.]",
        "response[?@.x == 01]",
        "response.a['x]",
        "response.items[?lenght(@.a) == 1]",
    ],
)
def test_what_is_no_path(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_path(text, where="a.yaml:3")
    assert caught.value.where == "a.yaml:3"
    assert repr(text) in caught.value.message
    assert caught.value.hint


def test_a_pattern_in_a_filter_cannot_hang() -> None:
    path = compile_path("response[?search(@, '(a|aa)+$')]")
    with pytest.raises(ExpressionError, match="takes too long"):
        path.find({"response": ["a" * 60 + "b"]})


def test_deep_queries_and_data_end_in_errors() -> None:
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    with pytest.raises(ExpressionError):
        compile_path("response..x").find({"response": deep})
    with pytest.raises(ExpressionError):
        compile_path("response[?" + "(" * 5_000 + "@.a" + ")" * 5_000 + "]")
