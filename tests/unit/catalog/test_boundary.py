"""Datasets of edge values from a contract."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.catalog.boundary import MOST_ROWS, WHAT, boundary_rows
from workbench.expr import compile_json
from workbench.model import json
from workbench.model.contract import Contract, Field, Interface, Method, Parameter, TypeDef

STATE = TypeDef("enum", constants=("NEW", "PAID"))
LINE = TypeDef("class", super="java.lang.Object", fields=(Field("sku", "java.lang.String"), Field("qty", "int")))
ORDER = TypeDef(
    "class",
    super="java.lang.Object",
    fields=(
        Field("amount", "java.math.BigDecimal"),
        Field("state", "com.x.State"),
        Field("gift", "java.lang.Boolean"),
        Field("lines", "java.util.List<com.x.Line>"),
        Field("labels", "java.util.Map<java.lang.String,java.lang.String>"),
        Field("lines_1", "java.lang.String"),
    ),
)
TYPES = {"com.x.State": STATE, "com.x.Line": LINE, "com.x.Order": ORDER}


def method(*types: str) -> Method:
    return Method("pay", tuple(Parameter(f"arg{n}", type_) for n, type_ in enumerate(types)), types, "void")


def made(*types: str):
    one = method(*types)
    return boundary_rows(Contract((Interface("com.x.Pay", (one,)),), TYPES), "com.x.Pay", one, "pay")


def test_each_row_differs_from_the_plain_one_in_one_value() -> None:
    rows = made("com.x.Order").dataset.rows
    plain = rows[0]
    assert plain[WHAT] == "as it is"
    for row in rows[1:]:
        differing = [key for key in row if key != WHAT and json.dumps(row[key]) != json.dumps(plain[key])]
        assert len(differing) == 1, row
        assert str(row[WHAT]).startswith(differing[0])


def test_values_are_those_of_the_declared_types() -> None:
    found = made("com.x.Order")
    values = {name: [row[name] for row in found.dataset.rows] for name in found.dataset.rows[0]}
    assert {"NEW", "PAID", None} <= set(values["state"])
    assert {True, False, None} <= set(values["gift"])
    assert {0, -1, -(2**31), 2**31 - 1} <= set(values["lines_1_qty"])
    assert None not in values["lines_1_qty"]
    assert Decimal("-0.01") in values["amount"]
    assert "1E-10" in [str(value) for value in values["amount"]]
    assert any("labels" in note for note in found.notes)
    assert "lines_1" in values  # the field of that name, beside the columns of the list's element


def test_the_request_reads_every_column_and_fits_the_contract() -> None:
    found = made("com.x.Order")
    names = [column.name for column in found.dataset.columns if column.name != WHAT]
    for name in names:
        assert found.request.count(f"${{row.{name}}}") == 1
    template = compile_json(found.request, where="request", parameters=["com.x.Order"], types=TYPES)
    for row in found.dataset.rows:
        sent = json.loads(template.render({"row": row}))
        assert sent[0]["lines"][0]["qty"] == row["lines_1_qty"]


@pytest.mark.parametrize(
    ("types", "columns"),
    [(("long", "java.lang.String"), ["arg0", "arg1"]), (("int",), ["arg0"]), ((), []), (("com.x.Unknown",), [])],
)
def test_arguments_without_fields(types: tuple[str, ...], columns: list[str]) -> None:
    found = made(*types)
    assert [column.name for column in found.dataset.columns] == [WHAT, *columns]


@given(st.lists(st.sampled_from(["com.x.Order", "long", "java.lang.Integer", "java.util.Date"]), max_size=40))
def test_there_are_never_too_many_rows_and_always_the_plain_one(types: list[str]) -> None:
    found = made(*types)
    assert 1 <= len(found.dataset.rows) <= MOST_ROWS
    assert len({column.name for column in found.dataset.columns}) == len(found.dataset.columns)
    assert (len(types) > 25 and "com.x.Order" in types) or not any("left out" in note for note in found.notes)
