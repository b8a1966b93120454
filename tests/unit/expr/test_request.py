"""Requests against a contract: literals checked once, gaps converted, all errors at once with their paths."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import BindingError, ErrorGroup, ExpressionError, JsonError, UnknownNameError
from workbench.expr import Reference, compile_json
from workbench.model import json
from workbench.model.contract import Field, TypeDef

TYPES = {
    "x.Base": TypeDef(
        "class", ("T",), "java.lang.Object", fields=(Field("id", "long"), Field("payload", "T"), Field("n", "short"))
    ),
    "x.Order": TypeDef(
        "class",
        (),
        "x.Base<x.Item>",
        fields=(
            Field("buyer", "java.lang.String"),
            Field("amount", "java.math.BigDecimal"),
            Field("status", "x.Status"),
            Field("items", "java.util.List<x.Item>"),
            Field("labels", "java.util.Map<java.lang.String, java.util.List<java.lang.String>>"),
            Field("counts", "java.util.Map<java.lang.Long, java.lang.Integer>"),
            Field("paid", "boolean"),
            Field("when", "java.util.Date"),
            Field("at", "java.time.LocalDateTime"),
            Field("any", "java.lang.Object"),
            Field("shape", "x.Shape"),
            Field("self", "x.Order"),
            Field("raw", "byte[]"),
            Field("cached", "int", transient=True),
        ),
    ),
    "x.Item": TypeDef("class", (), "java.lang.Object", fields=(Field("sku", "java.lang.String"), Field("qty", "int"))),
    "x.Gift": TypeDef("class", (), "x.Item", fields=(Field("card", "java.lang.String"),)),
    "x.Status": TypeDef("enum", constants=("NEW", "PAID")),
    "x.Shape": TypeDef("interface"),
    "x.Circle": TypeDef("class", (), "java.lang.Object", ("x.Shape",), (Field("radius", "double"),)),
    "x.Open": TypeDef("class", (), "third.party.Thing", fields=(Field("own", "int"),)),
}
SCOPE: dict[str, Any] = {
    "ctx": {
        "five": 5,
        "id": 9007199254740993,
        "text": "t",
        "nothing": None,
        "five_exact": Decimal("5.00"),
        "items": [{"sku": "a", "qty": 1}],
        "bad_items": [{"sku": 1, "qty": "1"}],
        "order": {"buyer": "b"},
        "arguments": [{"buyer": "b"}],
    },
    "row": {
        "id": "00123",
        "amount": "19.90",
        "n": "7",
        "t": "TRUE",
        "status": "PAYD",
        "num": 12,
        "items": '[{"qty": 3}]',
    },
    "config": {},
    "fn": {},
}


def render(text: str, *, scope: dict[str, Any] = SCOPE, **options: Any) -> str:
    options = {"parameters": ["x.Order"], "types": TYPES} | options
    return compile_json(text, **options).render(scope)


def errors(text: str, **options: Any) -> dict[str, str]:
    with pytest.raises(ErrorGroup) as caught:
        render(text, **options)
    return {str(error.params["path"]): str(error) for error in caught.value.errors}


def test_a_whole_request() -> None:
    text = """[{
        "buyer": "${row.id}", "amount": "${row.amount}", "id": "${ctx.id}", "n": "${row.n}", "paid": "${row.t}",
        "items": [{"sku": "s-${row.n}", "qty": 2}, {"$class": "x.Gift", "card": "c"}],
        "payload": {"qty": 1}, "labels": {"a": ["x"], "${row.id}": ["${row.num}"]}, "counts": {"7": 1},
        "when": "2026-01-31 12:00:00", "at": "2026-01-31T12:00:00", "any": [1.50, {"q": "${row.amount}"}],
        "shape": {"$class": "y.Other", "whatever": 1}, "self": {"id": 1}, "raw": "AQID", "status": "PAID"
    }]"""
    assert json.loads(render(text)) == [
        {
            "buyer": "00123",
            "amount": Decimal("19.90"),
            "id": 9007199254740993,
            "n": 7,
            "paid": True,
            "items": [{"sku": "s-7", "qty": 2}, {"$class": "x.Gift", "card": "c"}],
            "payload": {"qty": 1},
            "labels": {"a": ["x"], "00123": ["12"]},
            "counts": {"7": 1},
            "when": "2026-01-31 12:00:00",
            "at": "2026-01-31T12:00:00",
            "any": [Decimal("1.50"), {"q": "19.90"}],
            "shape": {"$class": "y.Other", "whatever": 1},
            "self": {"id": 1},
            "raw": "AQID",
            "status": "PAID",
        }
    ]
    assert '"amount":19.90' in render(text)


@pytest.mark.parametrize(
    ("request_", "path", "message"),
    [
        ('{"buyer": 5}', "$[0].buyer", 'write "5"'),
        ('{"amount": "19.90"}', "$[0].amount", "write 19.90 without quotes"),
        ('{"amuont": 1}', "$[0].amuont", "did you mean amount"),
        ('{"n": 32768}', "$[0].n", "-32768 to 32767"),
        ('{"n": 1.5}', "$[0].n", "would lose its fraction"),
        ('{"n": 5.0}', "$[0].n", "write 5"),
        ('{"n": 5e0}', "$[0].n", "is written with an exponent"),
        ('{"n": 1e3}', "$[0].n", "1E+3 is written with an exponent, and short is declared"),
        ('{"n": 1E+999999999}', "$[0].n", "out of range"),
        ('{"id": null}', "$[0].id", "null does not fit the primitive type long"),
        ('{"id": true}', "$[0].id", "expected long, found true"),
        ('{"paid": "true"}', "$[0].paid", "without quotes"),
        ('{"paid": 1}', "$[0].paid", "expected true or false"),
        ('{"status": "PAYD"}', "$[0].status", "did you mean PAID"),
        ('{"status": 1}', "$[0].status", "NEW, PAID"),
        ('{"items": {}}', "$[0].items", "write [ … ]"),
        ('{"items": [{"qty": 1}, {"qyt": 2}]}', "$[0].items[1].qyt", "did you mean qty"),
        ('{"payload": {"qty": "1"}}', "$[0].payload.qty", "expected int"),
        ('{"labels": {"a b": [1]}}', '$[0].labels["a b"][0]', 'write "1"'),
        ('{"labels": []}', "$[0].labels", "write { … }"),
        ('{"counts": {"x": 1}}', "$[0].counts.x (key)", "is not a number"),
        ('{"counts": {"1": 1, "1e0": 2}}', '$[0].counts["1e0"] (key)', 'the same key as "1"'),
        ('{"counts": {"1": "${ctx.five}", "1.0": 2}}', '$[0].counts["1.0"] (key)', 'the same key as "1"'),
        ('{"counts": {"$entries": [[1, 2], [1]]}}', '$[0].counts["$entries"][1]', "[key, value]"),
        ('{"when": "2026-02-30 12:00:00"}', "$[0].when", "expected a date"),
        ('{"at": "2026-01-31 12:00:00"}', "$[0].at", 'as "2026-01-31T12:00:00"'),
        ('{"cached": 1}', "$[0].cached", "transient"),
        ('{"self": {"self": {"id": "x"}}}', "$[0].self.self.id", "expected long"),
        ('{"items": [{"$class": "x.Circle"}]}', '$[0].items[0]["$class"]', "x.Circle is not a x.Item"),
        ('{"shape": {"$class": "x.Circle", "radius": "1"}}', "$[0].shape.radius", "expected double"),
        ('{"shape": {"$class": "x.Item"}}', '$[0].shape["$class"]', "x.Item is not a x.Shape"),
        ('{"shape": {"radius": 1}}', "$[0].shape", 'add "$class": one of x.Circle'),
        ('{"shape": {"$class": 1}}', '$[0].shape["$class"]', "name of a class"),
        ('{"raw": "?"}', "$[0].raw", "base64"),
        ('{"raw": [300]}', "$[0].raw[0]", "-128 to 127"),
        ("[]", "$[0]", "expected an object (x.Order)"),
        ('"x"', "$[0]", "expected an object (x.Order)"),
    ],
)
def test_literals_are_checked_and_never_converted(request_: str, path: str, message: str) -> None:
    found = errors(f"[{request_}]")
    assert list(found) == [path]
    assert message in found[path]


@pytest.mark.parametrize(
    ("request_", "path", "message"),
    [
        ('{"buyer": "${ctx.five}"}', "$[0].buyer", "${fn.text(ctx.five)}"),
        ('{"amount": "${row.id}"}', "$[0].amount", '"00123" is not a number'),
        ('{"amount": "${ctx.text}"}', "$[0].amount", "expected java.math.BigDecimal"),
        ('{"n": "${row.amount}"}', "$[0].n", "19.90 would lose its fraction"),
        ('{"id": "${ctx.nothing}"}', "$[0].id", "null does not fit"),
        ('{"id": "${ctx.idd}"}', "$[0].id", "did you mean id"),
        ('{"status": "${row.status}"}', "$[0].status", "did you mean PAID"),
        ('{"items": "${ctx.five}"}', "$[0].items", "expected a list"),
        ('{"items": [{"qty": "${row.t}"}]}', "$[0].items[0].qty", "is not a number"),
        ('{"n": "1${row.n}0000"}', "$[0].n", "out of range for short"),
    ],
)
def test_gaps_must_fit(request_: str, path: str, message: str) -> None:
    found = errors(f"[{request_}]")
    assert list(found) == [path]
    assert message in found[path]


def test_gaps_are_converted_by_where_they_come_from() -> None:
    assert render('[{"n": "${ctx.five_exact}"}]') == '[{"n":5}]'
    assert render('[{"amount": "${ctx.five_exact}"}]') == '[{"amount":5.00}]'
    assert render('[{"buyer": "${row.num}"}]') == '[{"buyer":"12"}]'
    assert render('[{"n": "${ctx.nope:-12}"}]') == '[{"n":12}]'
    assert render('[{"n": "${ctx.five:-12}"}]') == '[{"n":5}]'
    assert render('[{"items": "${row.items}"}]') == '[{"items":[{"qty":3}]}]'
    assert render('[{"items": "${ctx.items}"}]') == '[{"items":[{"sku":"a","qty":1}]}]'
    assert render('["${ctx.order}"]') == '[{"buyer":"b"}]'
    assert render('"${ctx.arguments}"') == '[{"buyer":"b"}]'
    assert render('[{"n": "1${row.n}"}]') == '[{"n":17}]'
    assert render('[{"buyer": "$${x}"}]') == '[{"buyer":"${x}"}]'
    assert render('[{"buyer": "${fn.text(ctx.five)}"}]') == '[{"buyer":"5"}]'


def test_all_errors_at_once() -> None:
    literal = errors('[{"buyer": 5, "amuont": 1, "items": [{"qty": "1"}, {"sku": 2}]}]')
    assert list(literal) == ["$[0].buyer", "$[0].amuont", "$[0].items[0].qty", "$[0].items[1].sku"]
    gaps = errors('[{"buyer": "${ctx.five}", "id": "${ctx.nope}", "items": "${ctx.bad_items}"}]')
    assert list(gaps) == ["$[0].buyer", "$[0].id", "$[0].items[0].sku", "$[0].items[0].qty"]


def test_kinds_and_places_of_errors() -> None:
    with pytest.raises(ErrorGroup) as caught:
        render('[{"buyer": "${ctx.five}", "id": "${ctx.nope}"}]', where="a.yaml:12")
    assert [type(error) for error in caught.value.errors] == [BindingError, UnknownNameError]
    assert [error.where for error in caught.value.errors] == ["a.yaml:12 $[0].buyer", "a.yaml:12 $[0].id"]


def test_arity() -> None:
    assert "1 argument declared (x.Order), 2 given" in errors("[1, 2]")["$"]
    assert "expected a list of 1 argument" in errors("{}")["$"]
    assert "0 given" in errors('"${ctx.five}"')["$"]
    assert render('["${row.n}", "a"]', parameters=["int", "java.lang.String"]) == '[7,"a"]'


def test_unknown_and_open_types_take_anything() -> None:
    assert render('[{"own": 1, "more": "x"}]', parameters=["x.Open"]) == '[{"own":1,"more":"x"}]'
    assert "$[0].own" in errors('[{"own": "1"}]', parameters=["x.Open"])
    assert render('[{"a": 1}]', parameters=["not.in.Contract"]) == '[{"a":1}]'
    assert render('[{"a": "${ctx.five}"}]', parameters=["T"]) == '[{"a":5}]'
    assert render('[{"$ref": "$[0]"}]') == '[{"$ref":"$[0]"}]'
    assert render('[{"class": "x.Order", "id": 1}]') == '[{"class":"x.Order","id":1}]'
    assert render('[{"$class": "other.Sub", "x": 1}]', parameters=["x.Open"]) == '[{"$class":"other.Sub","x":1}]'


def test_unchecked() -> None:
    wrong = '[{"buyer": 5, "nope": "${row.amount}"}]'
    assert render(wrong, checked=False) == '[{"buyer":5,"nope":"19.90"}]'
    assert render(wrong, parameters=None) == '[{"buyer":5,"nope":"19.90"}]'
    with pytest.raises(ErrorGroup, match="0 arguments declared, 1 given"):
        render("[5]", parameters=())
    with pytest.raises(ErrorGroup) as caught:
        compile_json('[{"a": "${ctx.half}"}]', where="step 1").render({"ctx": {"half": "\ud800"}})
    assert [error.where for error in caught.value.errors] == ["step 1 $[0].a"]


def test_texts_that_are_no_request() -> None:
    with pytest.raises(JsonError, match=r"a.yaml:1:5"):
        compile_json("[1, ", where="a.yaml")
    with pytest.raises(JsonError, match="stands twice"):
        compile_json('[{"a": 1, "a": 2}]')
    assert "is not a path" in errors('[{"any": "${ctx.}", "buyer": "x"}]')["$[0].any"]
    assert "cannot be an expression" in errors('[{"${ctx.text}": 1}]')['$[0]["${ctx.text}"]']


def test_deep_requests_and_values_end_in_errors() -> None:
    with pytest.raises((JsonError, ExpressionError), match="nested too deeply"):
        compile_json("[" * 1_000 + '"${ctx.x}"' + "]" * 1_000)
    deep: dict[str, Any] = {}
    for _ in range(1_000):
        deep = {"self": deep}
    with pytest.raises(ErrorGroup, match="nested too deeply"):
        render('["${ctx.deep}"]', scope={"ctx": {"deep": deep}})


def test_references() -> None:
    template = compile_json('[{"a": "${ctx.x}", "${row.k}": ["${config.c:-1}"]}]')
    assert template.references == {
        Reference("ctx", "x", False),
        Reference("row", "k", False),
        Reference("config", "c", True),
    }


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="$")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abé\"'", max_size=3), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_rendering_without_gaps_is_the_identity(value: Any) -> None:
    text = json.dumps(value)
    template = compile_json(text)
    assert template.constant
    assert template.render({}) == text


@given(VALUES)
def test_a_gap_carries_any_value_unchanged(value: Any) -> None:
    assert compile_json('["${ctx.v}"]').render({"ctx": {"v": value}}) == f"[{json.dumps(value)}]"


def test_rendering_twice_is_independent() -> None:
    template = compile_json('[{"buyer": "${row.id}"}]', parameters=["x.Order"], types=TYPES)
    assert template.render({"row": {"id": "a"}}) == '[{"buyer":"a"}]'
    assert template.render({"row": {"id": "b"}}) == '[{"buyer":"b"}]'


@pytest.mark.parametrize(
    ("written", "type_", "sent"),
    [("-0.0", "double", "-0.0"), ("-0.0", "java.math.BigDecimal", "-0.0"), ("-0", "double", "0"), ("-0", "long", "0")],
)
def test_minus_zero_keeps_its_sign_only_with_a_fraction(written: str, type_: str, sent: str) -> None:
    assert render(f"[{written}]", parameters=[type_]) == f"[{sent}]"


@pytest.mark.parametrize("padding", [0, 5_000])
def test_a_request_of_two_places_tells_each_its_own(padding: int) -> None:
    text = f'[{{"buyer": "${{row.id}}"}}]{" " * padding}'
    first, second = (compile_json(text, where=where, parameters=["x.Order"], types=TYPES) for where in ("a", "b"))
    for template, where in ((first, "a"), (second, "b"), (first, "a")):
        with pytest.raises(ErrorGroup) as caught:
            template.render({"row": {}})
        assert [error.where for error in caught.value.errors] == [f"{where} $[0].buyer"]


def test_what_was_compiled_is_not_compiled_again_where_types_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counted(text: str, *, where: str = "") -> Any:
        parsed.append(text)
        return loads_unique(text, where=where)

    loads_unique = json.loads_unique
    monkeypatch.setattr("workbench.expr.request.json.loads_unique", counted)
    text = '[{"buyer": "of this test alone"}]'
    for where in ("planning", "engine"):
        assert compile_json(text, where=where, parameters=["x.Order"], types=TYPES).render({}) == text.replace(
            " ", "", 1
        )
    assert len(parsed) == 1
    compile_json(text, parameters=["x.Order"], types=dict(TYPES))
    compile_json(text, checked=False, parameters=["x.Order"], types=TYPES)
    assert len(parsed) == 3


def test_a_wrong_request_is_told_at_each_of_its_places() -> None:
    for where in ("planning", "engine"):
        with pytest.raises(ErrorGroup) as caught:
            compile_json('[{"nobody": 1}]', where=where, parameters=["x.Order"], types=TYPES)
        assert [error.where for error in caught.value.errors] == [f"{where} $[0].nobody"]
