"""Texts with `${…}`: types, literals, defaults, calls, near names."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import ErrorGroup, ExpressionError, KeywordError, UnknownNameError
from workbench.expr import Reference, compile_text, compile_value


def _refuse() -> None:
    raise KeywordError("not today")


SCOPE: dict[str, Any] = {
    "ctx": {"x": 5, "d": Decimal("1E+3"), "paymentId": "p1", "a.b": "dot", "none": None, "yes": True, "o": {"k": [1]}},
    "row": {"x": "a", "n": "12"},
    "config": {"flag": "true"},
    "fn": {"md5": lambda text: f"<{text}>", "uuid": lambda: "u-1", "make": lambda: {"a": [1, 2]}, "no": _refuse},
    "steps": {"create order": {"response": {"data": {"id": 9}}}},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("", ""),
        ("${ctx.x}", 5),
        ("${ ctx.x }", 5),
        ("n=${ctx.x}!", "n=5!"),
        ("${ctx.x}${ctx.x}", "55"),
        ("<${ctx.d}|${ctx.none}|${ctx.yes}|${ctx.o}>", '<1000|null|true|{"k":[1]}>'),
        ("$${ctx.x}", "${ctx.x}"),
        ("$${${ctx.x}}", "${5}"),
        ("costs 5$", "costs 5$"),
        ('$app.getContext("paymentId")', "p1"),
        ("$app.getContext('a.b')", "dot"),
        ('pay $app.getContext("x") $app.getRow("x") $app.getConfig("flag")', "pay 5 a true"),
        ('${$app.getContext("x")}', 5),
        ("${ctx.o.k[0]}", 1),
        ('${ctx["a.b"]}', "dot"),
        ('${steps["create order"].response.data.id}', 9),
        ("${ctx.nope:-some text}", "some text"),
        ("${ctx.nope:-}", ""),
        ("${ctx.x:-7}", 5),
        ("${ctx.none:-7}", None),
        ("${ctx.nope:-${row.x}}", "a"),
        ("${ctx.nope:-${ctx.x}}", 5),
        ("${ctx.nope:-{}}", "{}"),
        ("${ctx.nope:-${ctx.neither:-deep}}", "deep"),
        ("${fn.uuid()}", "u-1"),
        ("${fn.md5(row.x)}", "<a>"),
        ('${fn.md5("${row.x}-${ctx.x}")}', "<a-5>"),
        ("${fn.md5('it}')}", "<it}>"),
        ("${fn.md5( fn.md5( row.x ) )}", "<<a>>"),
        ("${fn.make().a[1]}", 2),
        ("${fn.text(ctx.x)}", "5"),
        ("${fn.number(row.n)}", 12),
        ("${fn.md5(1.50)}", "<1.50>"),
        ("${fn.md5([1, null])}", "<[1, None]>"),
    ],
)
def test_values(text: str, value: Any) -> None:
    template = compile_text(text)
    found = template.value(SCOPE)
    assert found == value
    assert type(found) is type(value)
    assert template.constant == ("${" not in text.replace("$${", "") and "$app" not in text)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("${ctx.paymentid}", "ctx has no 'paymentid'", "paymentId"),
        ("${cxt.x}", "there is no 'cxt' here", "ctx"),
        ("${row.x.y}", "row.x is a text", ""),
        ("${ctx.none.y}", "ctx.none is null", ""),
        ("${ctx.o.k[3]}", "ctx.o.k is a list of 1", ""),
        ("${ctx.o.kk}", "ctx.o has no 'kk'", "k"),
        ("${fn.mdd5(1)}", "no function fn.mdd5", "md5"),
        ("${fn.md5(nope.x)}", "there is no 'nope' here", ""),
        ("$app.getContext('payment')", "no 'payment'", "paymentId"),
    ],
)
def test_unknown_names(text: str, message: str, hint: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        compile_text(text).value(SCOPE)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_function_that_fails() -> None:
    with pytest.raises(ExpressionError, match=r"fn\.md5\('1', '2'\)"):
        compile_text("${fn.md5(1, 2)}").value(SCOPE)
    with pytest.raises(KeywordError, match="not today"):
        compile_text("${fn.no()}").value(SCOPE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${", "empty (column 3"),
        ("ab${ }", "empty (column 6"),
        ("${ctx.x", "not closed (column 8"),
        ("${ctx.x:-abc", "not closed"),
        ("${fn.uuid}", "wants brackets"),
        ("${fn.md5(", "not closed"),
        ("${fn.md5(1", "expected , or )"),
        ("${fn.md5('a)}", "quote is not closed"),
        ("${fn.md5([1)}", "neither JSON nor a path"),
        ("${steps.create order.response}", "is not a path"),
        ("${fn.uuid():-x}", "needs no default"),
        ("${ctx.}", "is not a path"),
    ],
)
def test_what_does_not_compile(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_text(text, where="a.yaml:7")
    assert message in caught.value.message
    assert caught.value.where == "a.yaml:7"


@pytest.mark.parametrize("text", ["${" + "fn.md5(" * 1000, "${ctx.x:-" * 1000 + "}" * 1000])
def test_deep_nesting_ends_in_an_error(text: str) -> None:
    with pytest.raises(ExpressionError, match="nested too deeply"):
        compile_text(text)


def test_references() -> None:
    template = compile_text('${ctx.a} ${row.b:-${config.c}} ${fn.md5(env.d)} $app.getContext("e")')
    assert template.references == {
        Reference("ctx", "a", False),
        Reference("row", "b", True),
        Reference("config", "c", False),
        Reference("fn", "md5", False),
        Reference("env", "d", False),
        Reference("ctx", "e", False),
    }


@given(st.text("${}a.") | st.text())
def test_any_text_can_be_written_literally(text: str) -> None:
    assert compile_text(text.replace("${", "$${")).render({}) == text


@given(st.text(st.characters(exclude_characters="$")))
def test_text_without_signs_is_itself(text: str) -> None:
    template = compile_text(text)
    assert template.constant
    assert template.render({}) == text


def test_huge_exponents_do_not_fill_the_memory() -> None:
    text = compile_text("v=${ctx.big}").render({"ctx": {"big": Decimal("1E+999999")}})
    assert text == "v=1E+999999"


def test_values_in_structures() -> None:
    template = compile_value({"a": ["${ctx.x}", "$${", {"${row.x}": "${row.n}"}], "b": 1.5 and Decimal("1.50")})
    assert template.render(SCOPE) == {"a": [5, "${", {"a": "12"}], "b": Decimal("1.50")}
    assert not template.constant
    assert compile_value({"a": ["$${x}"]}).render({}) == {"a": ["${x}"]}
    assert type(compile_value("${row.x}").render(SCOPE)) is str


def test_all_errors_of_a_structure_at_once() -> None:
    with pytest.raises(ErrorGroup) as caught:
        compile_value(["${", {"a": "${ctx.}"}])
    assert len(caught.value.errors) == 2
