"""Templates: whatever the contract says, the request fits its own declaration."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.catalog.defaults import DEFAULTS
from workbench.catalog.template import answer_type, build_template
from workbench.expr.binding import COLLECTIONS, MAPS, bind
from workbench.expr.scalars import SCALARS
from workbench.model.contract import Contract, Field, Interface, Method, Parameter, TypeDef
from workbench.model.json import Json, dumps

P = "com.x."


def _type(kind: str = "class", **fields: object) -> TypeDef:
    extra = {key.rstrip("_"): fields.pop(key) for key in list(fields) if key.endswith("_")}
    extra.setdefault("super", "" if kind == "interface" else "java.lang.Object")
    return TypeDef(kind, fields=tuple(Field(name, str(type_)) for name, type_ in fields.items()), **extra)  # type: ignore[arg-type]


TYPES = {
    f"{P}Base": _type(traceId="java.lang.String", abstract_=True, parameters_=("T",), payload="T"),
    f"{P}Req": _type(amount="java.math.BigDecimal", lines=f"java.util.List<{P}Line>", super_=f"{P}Base<{P}State>"),
    f"{P}Line": _type(qty="int", prices="java.util.Map<java.lang.String, java.math.BigDecimal[]>"),
    f"{P}State": _type("enum", constants_=("NEW", "PAID")),
    f"{P}Tree": _type(
        name="java.lang.String",
        parent=f"{P}Tree",
        children=f"java.util.List<{P}Tree>",
        by=f"java.util.Map<java.lang.String, {P}Tree[]>",
    ),
    f"{P}Shape": _type("interface"),
    f"{P}Square": _type(side="double", interfaces_=(f"{P}Shape",)),
    f"{P}Circle": _type("record", radius="float", interfaces_=(f"{P}Shape",)),
    f"{P}Sealed": _type("interface", permits_=(f"{P}Square2", f"{P}Circle2")),
    f"{P}Circle2": _type(interfaces_=(f"{P}Sealed",)),
    f"{P}Square2": _type(interfaces_=(f"{P}Sealed",)),
    f"{P}Alone": _type("interface"),
    f"{P}Box": _type(value="T", parameters_=("T extends java.lang.Number",)),
    f"{P}Key": _type(id="long"),
    f"{P}Keys": _type(title="int", super_=f"java.util.ArrayList<{P}Key>"),
    f"{P}Few": _type(parameters_=("T",), super_=f"{P}Many<java.lang.Long, T>"),
    f"{P}Many": _type(parameters_=("K", "V"), super_="java.util.LinkedHashMap<K, V[]>"),
    f"{P}Nest": _type(super_=f"java.util.ArrayList<{P}Nest>"),
    f"{P}Hidden": TypeDef(
        "class", super="java.lang.Object", fields=(Field("kept", "int"), Field("gone", "int", transient=True))
    ),
}


def _request(type_: str, name: str = "request", **method: object) -> tuple[Json, tuple[str, ...]]:
    declared = Method("m", parameters=(Parameter(name, type_),), erased=(type_.partition("<")[0],), **method)  # type: ignore[arg-type]
    template = build_template(Contract(types=TYPES), "com.x.Facade", declared)
    return template.request[0], template.notes


def test_fields_inherited_ones_and_generics() -> None:
    assert _request(f"{P}Req") == (
        {
            "amount": Decimal("1.00"),
            "lines": [{"qty": 1, "prices": {"key": [Decimal("1.00")]}}],
            "traceId": "traceId",
            "payload": "NEW",
        },
        (),
    )


def test_recursion_is_cut_where_it_repeats() -> None:
    value, notes = _request(f"{P}Tree")
    assert value == {"name": "name", "parent": None, "children": [], "by": {}}
    assert len(notes) == 3
    assert notes[0] == f"request.parent: {P}Tree contains itself, cut here"


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (f"{P}Shape", {"$class": f"{P}Circle", "radius": Decimal("1.5")}),
        (f"java.util.List<{P}Shape>", [{"$class": f"{P}Circle", "radius": Decimal("1.5")}]),
        (f"{P}Sealed", {"$class": f"{P}Square2"}),
        (f"{P}Alone", None),
        (f"{P}NotThere", None),
        (f"{P}Hidden", {"kept": 1}),
        (f"{P}Box<java.lang.Long>", {"value": 1}),
        (f"{P}Box", {"value": 1}),
        (f"java.util.Map<{P}Key, java.lang.Integer>", {"$entries": [[{"id": 1}, 1]]}),
        (f"java.util.Map<{P}State, java.lang.Boolean>", {"NEW": False}),
        ("java.util.Map<java.lang.Long, java.lang.String>", {"1": "request"}),
        ("java.util.Map", {"key": {}}),
        ("java.util.Optional<java.lang.String>", "request"),
        ("java.util.OptionalLong", 1),
        ("byte[]", "AQID"),
        ("byte[][]", ["AQID"]),
        ("char[]", "abc"),
        ("int[][]", [[1]]),
        ("java.lang.String", "request"),
        ("java.lang.Object", {}),
        ("? extends com.x.Key", {"id": 1}),
    ],
)
def test_values_by_type(type_: str, value: Json) -> None:
    assert _request(type_)[0] == value


def test_classes_that_extend_a_list_or_map_are_written_as_one() -> None:
    assert _request(f"{P}Keys")[0] == [{"id": 1}]
    assert _request(f"{P}Few<{P}State>")[0] == {"1": ["NEW"]}
    assert _request(f"{P}Nest") == ([], (f"request: {P}Nest contains itself, cut here",))


def test_an_unnamed_text_is_called_text() -> None:
    assert _request("java.lang.String", name="arg0")[0] == "text"


def test_type_variables_of_the_method() -> None:
    assert _request("java.util.List<T>", type_parameters=("T extends java.lang.Number",))[0] == [1]
    assert _request("T", type_parameters=("T",))[0] == {}
    bounded = (
        "K extends java.lang.Long",
        "T extends java.util.List<K>",
        "S extends java.lang.Comparable<S>",
        "U extends T",
    )
    assert _request("T", type_parameters=bounded) == ([1], ())
    assert _request("java.util.Map<K, U[]>", type_parameters=bounded)[0] == {"1": [[1]]}
    assert _request("java.util.List<S>", type_parameters=bounded)[0] == ["request"]
    strange = ("A extends B", "B extends A", "C extends java.util.List<? extends C>")
    assert _request("A", type_parameters=strange)[0] == {}
    assert _request("C", type_parameters=strange)[0] == [[{}]]


def test_a_depth_limit() -> None:
    types = {f"{P}L{n}": _type(next=f"{P}L{n + 1}") for n in range(30)}
    method = Method("m", parameters=(Parameter("a", f"{P}L0"),))
    template = build_template(Contract(types=types), "i", method, depth=5)
    assert dumps(template.request).count("next") == 5
    assert template.notes == ("a.next.next.next.next.next: cut at 5 levels",)


@pytest.mark.parametrize(
    ("returns", "response"),
    [
        ("void", None),
        ("java.lang.Void", None),
        ("java.util.concurrent.CompletableFuture<java.lang.Void>", None),
        ("java.util.concurrent.CompletableFuture<com.x.Key>", {"id": 1}),
        ("java.util.List<com.x.State>", ["NEW"]),
        ("boolean", False),
    ],
)
def test_response_skeletons(returns: str, response: Json) -> None:
    template = build_template(Contract(types=TYPES), "i", Method("m", returns=returns))
    assert template.response == response
    assert template.request == []


def test_raw_future_may_be_anything() -> None:
    answer = answer_type("java.util.concurrent.CompletableFuture")
    assert answer is not None
    assert answer.name == "java.lang.Object"


def test_every_scalar_that_binding_knows_has_a_default_that_fits() -> None:
    for name in SCALARS:
        value, notes = _request(name)
        assert bind(value, name, TYPES) == value, name
        assert not notes, name
    assert {"java.lang.String", *DEFAULTS} >= {
        name for name in SCALARS if name not in ("java.lang.CharSequence", "java.lang.StringBuilder")
    }


_leaf = st.sampled_from([*TYPES, *SCALARS, "java.lang.Object", "byte", "com.x.Unknown"])
_declared = st.recursive(
    _leaf,
    lambda inner: (
        st.tuples(st.sampled_from(sorted(COLLECTIONS)), inner).map(lambda pair: f"{pair[0]}<{pair[1]}>")
        | st.tuples(st.sampled_from(sorted(MAPS)), inner, inner).map(
            lambda three: f"{three[0]}<{three[1]}, {three[2]}>"
        )
        | inner.map(lambda one: f"{one}[]")
        | inner.map(lambda one: f"java.util.Optional<{one}>")
        | inner.map(lambda one: f"{P}Box<{one}>")
    ),
    max_leaves=6,
)


@given(st.lists(_declared, max_size=4), st.data())
def test_a_template_fits_its_own_declaration(fields: list[str], data: st.DataObject) -> None:
    """Types refer to each other and to themselves at random; the request always binds and always ends."""
    random = {
        f"{P}R{n}": _type(**{f"f{i}": data.draw(_declared | st.just(f"{P}R{n}")) for i in range(2)}) for n in range(2)
    }
    types = {**TYPES, **random}
    contract = Contract(types=types)
    for type_ in [*fields, *random]:
        name = type_.replace("byte<", "java.lang.Byte<")
        method = Method("m", parameters=(Parameter("p", name),))
        (value,) = build_template(contract, "i", method).request
        if value is not None:
            assert bind(value, name, types) == value


def test_types_that_all_know_each_other_give_a_request_that_can_be_read() -> None:
    names = [f"{P}Entity{index}" for index in range(14)]  # 14! ways through them
    types = {name: _type(**{f"to{index}": other for index, other in enumerate(names)}) for name in names}
    method = Method("save", (Parameter("entity", names[0]),), (names[0],), returns=names[0])
    template = build_template(Contract(types=types), "i", method)
    assert 100 < dumps(template.request).count("{") <= 1000
    assert any("cut at 3 levels" in note for note in template.notes)
    assert len(template.notes) == 42
    assert template.notes[-1].startswith("response: ")
    (value,) = template.request
    bind(value, names[0], types)


def test_what_a_registry_cannot_tell_of_an_answer_is_noted() -> None:
    """Metadata of `Result<Order>` has Result alone, whose data are an Object."""
    types = {"a.Result": TypeDef("class", fields=(Field("data", "java.lang.Object"),))}
    notes = {}
    for source in ("registry", "api-jar"):
        facade = Interface("a.F", (Method("get", returns="a.Result"),), source)  # type: ignore[arg-type]
        made = build_template(Contract((facade,), types), "a.F", facade.methods[0])
        assert made.response == {"data": {}}
        notes[source] = made.notes
    assert notes["registry"][0].startswith("response.data: any value fits (java.lang.Object); running providers")
    assert notes["api-jar"] == ("response.data: any value fits (java.lang.Object)",)
