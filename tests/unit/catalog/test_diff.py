"""Comparing contracts: each kind of change by its rule, and what must not be told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.catalog.diff import RULES, compare
from workbench.model.contract import Contract, Field, Interface, Method, Parameter, TypeDef
from workbench.model.contract_diff import Change

SERIAL = ("java.io.Serializable",)
OBJECT = "java.lang.Object"


def cls(*fields: str, super_: str = OBJECT, interfaces: tuple[str, ...] = SERIAL, **options: object) -> TypeDef:
    """`cls("long id", "a.B next")`"""
    declared = tuple(Field(name, type_) for type_, _, name in (text.rpartition(" ") for text in fields))
    return TypeDef("class", super=super_, fields=declared, interfaces=interfaces, **options)  # type: ignore[arg-type]


def method(name: str, *types: str, returns: str = "void", **options: object) -> Method:
    parameters = tuple(Parameter(f"arg{index}", type_) for index, type_ in enumerate(types))
    erased = tuple(type_.partition("<")[0] for type_ in types)
    return Method(name, parameters, erased, returns, **options)  # type: ignore[arg-type]


def contract(*methods: Method, name: str = "a.F", **types: TypeDef) -> Contract:
    """Types by their simple names, in the package a."""
    return Contract((Interface(name, methods, "api-jar"),), {f"a.{key}": value for key, value in types.items()})


def told(old: Contract, new: Contract) -> list[tuple[str, str]]:
    return [(change.rule, change.place) for change in compare(old, new).changes]


def one(old: Contract, new: Contract) -> Change:
    changes = compare(old, new).changes
    assert len(changes) == 1, changes
    return changes[0]


TAKES, GIVES = method("put", "a.T"), method("get", returns="a.T")
BOTH = (TAKES, GIVES)

TYPES = {
    "request field": ((TAKES,), cls("int a"), cls("int a", "java.lang.String b"), "request-field-added a.T.b"),
    "request primitive": ((TAKES,), cls("int a"), cls("int a", "int b"), "request-primitive-added a.T.b"),
    "request field gone": ((TAKES,), cls("int a", "int b"), cls("int a"), "request-field-removed a.T.b"),
    "answer field": ((GIVES,), cls("int a"), cls("int a", "int b"), "response-field-added a.T.b"),
    "answer field gone": ((GIVES,), cls("int a", "int b"), cls("int a"), "response-field-removed a.T.b"),
    "both ways: the graver": (BOTH, cls("int a", "int b"), cls("int a"), "response-field-removed a.T.b"),
    "now transient": (
        (GIVES,),
        cls("int a"),
        TypeDef("class", super=OBJECT, interfaces=SERIAL, fields=(Field("a", "int", transient=True),)),
        "response-field-removed a.T.a",
    ),
    "answer narrowed": ((GIVES,), cls("int a"), cls("long a"), "type-narrowed a.T.a"),
    "answer widened": ((GIVES,), cls("long a"), cls("int a"), "type-widened a.T.a"),
    "request widened": ((TAKES,), cls("int a"), cls("long a"), "type-widened a.T.a"),
    "request narrowed": ((TAKES,), cls("long a"), cls("int a"), "type-narrowed a.T.a"),
    "request unboxed": ((TAKES,), cls("java.lang.Integer a"), cls("int a"), "type-unboxed a.T.a"),
    "request unboxed and wider": ((TAKES,), cls("java.lang.Integer a"), cls("long a"), "type-unboxed a.T.a"),
    "text": ((TAKES,), cls("long a"), cls("java.lang.String a"), "type-to-text a.T.a"),
    "from text": ((TAKES,), cls("java.lang.String a"), cls("long a"), "type-changed a.T.a"),
    "bytes are no list": ((TAKES,), cls("byte[] a"), cls("java.util.List<java.lang.Byte> a"), "type-changed a.T.a"),
    "list to set": (
        (GIVES,),
        cls("java.util.List<a.T> a"),
        cls("java.util.Set<a.T> a"),
        "collection-changed a.T.a",
    ),
    "no longer serializable": ((GIVES,), cls(), cls(interfaces=()), "not-serializable a.T"),
    "superclass lost": ((GIVES,), cls(super_="b.Base"), cls(), "supertype-lost a.T"),
    "superclass new": ((GIVES,), cls(), cls(super_="b.Base"), "supertype-added a.T"),
    "abstract request": ((TAKES,), cls(), cls(abstract=True), "became-abstract a.T"),
    "abstract answer": ((GIVES,), cls(), cls(abstract=True), "abstract-changed a.T"),
    "record": ((GIVES,), cls("int a"), TypeDef("record", fields=(Field("a", "int"),)), "record-changed a.T"),
    "kind": ((GIVES,), cls("int a"), TypeDef("enum", constants=("A",)), "kind-changed a.T"),
    "constant sent": (
        (GIVES,),
        TypeDef("enum", constants=("A",)),
        TypeDef("enum", constants=("A", "B")),
        "response-constant-added a.T.B",
    ),
    "constant taken": (
        (TAKES,),
        TypeDef("enum", constants=("A",)),
        TypeDef("enum", constants=("A", "B")),
        "request-constant-added a.T.B",
    ),
    "constant refused": (
        (TAKES,),
        TypeDef("enum", constants=("A", "B")),
        TypeDef("enum", constants=("A",)),
        "request-constant-removed a.T.B",
    ),
    "order of constants": (
        (TAKES,),
        TypeDef("enum", constants=("A", "B")),
        TypeDef("enum", constants=("B", "A")),
        "constants-reordered a.T",
    ),
}


@pytest.mark.parametrize("name", TYPES)
def test_a_type_changes(name: str) -> None:
    methods, old, new, expected = TYPES[name]
    change = one(contract(*methods, T=old), contract(*methods, T=new))
    assert f"{change.rule} {change.place}" == expected
    assert change.severity == RULES[change.rule].severity
    assert change.methods == tuple(sorted(f"a.F#{one.signature}" for one in methods))


SHAPE, CIRCLE = TypeDef("interface"), cls("int radius", interfaces=("a.Shape", *SERIAL))


def test_a_new_class_that_an_answer_may_hold() -> None:
    """The consumer has the interface, and not the class that stands behind it."""
    gives, takes = method("get", returns="java.util.List<a.Shape>"), method("put", "a.Shape")
    for methods, rule in (
        ((gives,), "response-subclass-added"),
        ((takes,), "type-added"),
        ((gives, takes), "response-subclass-added"),
    ):
        change = one(contract(*methods, Shape=SHAPE), contract(*methods, Shape=SHAPE, Circle=CIRCLE))
        assert (change.rule, change.place) == (rule, "a.Circle")
        assert change.severity == ("risky" if rule != "type-added" else "compatible")


def test_a_new_class_behind_a_field_of_an_answer_or_as_an_exception() -> None:
    gives = method("get", returns="a.Box")
    box = cls("a.Shape shape")
    change = one(contract(gives, Shape=SHAPE, Box=box), contract(gives, Shape=SHAPE, Box=box, Circle=CIRCLE))
    assert change.rule == "response-subclass-added"
    throws = method("pay", throws=("a.Failed",))
    failed, late = cls(super_="java.lang.Exception"), cls(super_="a.Failed")
    change = one(contract(throws, Failed=failed), contract(throws, Failed=failed, Late=late))
    assert change.rule == "response-subclass-added"


def test_a_new_class_that_only_shares_a_base_is_none() -> None:
    gives = method("get", returns="a.Old")
    base, old, new = TypeDef("class", super=OBJECT, abstract=True), cls(super_="a.Base"), cls(super_="a.Base")
    change = one(contract(gives, Base=base, Old=old), contract(gives, Base=base, Old=old, New=new))
    assert change.rule == "type-added"


METHODS = {
    "new": ((), (method("x"),), ["method-added a.F#x()"]),
    "gone": ((method("x"),), (), ["method-removed a.F#x()"]),
    "overload": ((method("x"),), (method("x"), method("x", "int")), ["overload-added a.F#x(int)"]),
    "parameters": ((method("x", "int"),), (method("x", "long"),), ["parameters-changed a.F#x(int)"]),
    "arguments": (
        (method("x", "java.util.List<a.T>"),),
        (method("x", "java.util.List<a.U>"),),
        ["argument-changed a.F#x(java.util.List) arg0"],
    ),
    "answer gone": ((method("x", returns="int"),), (method("x"),), ["answer-removed a.F#x()"]),
    "answer": ((method("x", returns="int"),), (method("x", returns="long"),), ["type-narrowed a.F#x()"]),
    "more brackets": ((method("x", returns="long[]"),), (method("x", returns="long[][]"),), ["type-changed a.F#x()"]),
    "narrower answer": (
        (method("x", returns="java.lang.Number"),),
        (method("x", returns="java.lang.Integer"),),
        ["type-generalized a.F#x()"],
    ),
    "map to a hash map": (
        (method("x", returns="java.util.Map<java.lang.String, a.T>"),),
        (method("x", returns="java.util.HashMap<java.lang.String, a.T>"),),
        ["type-generalized a.F#x()"],
    ),
    "anything to iterate to a list": (
        (method("x", returns="java.lang.Iterable<a.T>"),),
        (method("x", returns="java.util.List<a.T>"),),
        ["type-generalized a.F#x()"],
    ),
    "array list to any list": (
        (method("x", returns="java.util.ArrayList<a.T>"),),
        (method("x", returns="java.util.List<a.T>"),),
        ["collection-changed a.F#x()"],
    ),
    "anything to a text": (
        (method("x", returns=OBJECT),),
        (method("x", returns="java.lang.String"),),
        ["type-generalized a.F#x()"],
    ),
    "anything to a number": (
        (method("x", returns=OBJECT),),
        (method("x", returns="long"),),
        ["type-generalized a.F#x()"],
    ),
    "anything to a class": (
        (method("x", returns=OBJECT),),
        (method("x", returns="a.T"),),
        ["supertype-expected a.F#x()"],
    ),
    "other elements": (
        (method("x", returns="java.lang.Long[]"),),
        (method("x", returns="java.lang.String[]"),),
        ["type-changed a.F#x()"],
    ),
    "future": (
        (method("x", returns="java.lang.String"),),
        (method("x", returns="java.util.concurrent.CompletableFuture<java.lang.String>"),),
        ["async-changed a.F#x()"],
    ),
    "exceptions": (
        (method("x", throws=("a.E",)),),
        (method("x", throws=("a.G",)),),
        ["exception-added a.F#x()", "exception-removed a.F#x()"],
    ),
    "wildcards do not travel": (
        (method("x", "java.util.List<? extends a.T>"),),
        (method("x", "java.util.List<a.T>"),),
        [],
    ),
    "names of type variables": (
        (method("x", returns="T", type_parameters=("T",)),),
        (method("x", returns="R", type_parameters=("R",)),),
        [],
    ),
}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_changes(name: str) -> None:
    old, new, expected = METHODS[name]
    assert [" ".join(each) for each in told(contract(*old), contract(*new))] == expected


def test_an_interface_and_its_version() -> None:
    plain, other = contract(name="a.F"), contract(name="a.G")
    assert told(plain, other) == [("interface-removed", "a.F"), ("interface-added", "a.G")]
    old, new = (Contract((Interface("a.F", version=text, recognised_by="annotation"),)) for text in ("1", "2"))
    assert told(old, new) == [("service-renamed", "a.F")]
    assert told(plain, new) == []  # an API jar says nothing of versions


def test_an_inherited_field_is_told_once_where_it_is_declared() -> None:
    sub = cls("int c", super_="a.Base")
    old = contract(*BOTH, T=sub, Base=cls("int a", "int b"))
    assert told(old, contract(*BOTH, T=sub, Base=cls("int a"))) == [("response-field-removed", "a.Base.b")]
    moved = contract(*BOTH, T=cls("int c", "int b", super_="a.Base"), Base=cls("int a"))
    assert ("field-moved", "a.T.b") in told(old, moved)
    assert "a.T.b" not in [place for rule, place in told(old, moved) if rule.endswith("removed")]


def test_another_superclass_takes_its_fields_along() -> None:
    old = contract(GIVES, T=cls(super_="a.Base"), Base=cls("int a"))
    new = contract(GIVES, T=cls(), Base=cls("int a"))
    assert told(old, new) == [("response-field-removed", "a.T.a"), ("supertype-lost", "a.T")]


PAGE = cls("T first", "java.util.List<T> all", parameters=("T",))


@pytest.mark.parametrize("base", ["a.Page<{}>", "java.util.ArrayList<{}>", "a.Page<java.util.List<{}>>"])
def test_other_type_arguments_of_a_superclass_are_told_where_they_are_given(base: str) -> None:
    number, text = (base.format(name) for name in ("java.lang.Integer", "java.lang.String"))
    old, new = (contract(GIVES, T=cls(super_=each), Page=PAGE) for each in (number, text))
    change = one(old, new)
    assert (change.rule, change.place, change.old, change.new) == ("argument-changed", "a.T", number, text)
    assert change.methods == ("a.F#get()",)


def test_a_superclass_with_a_type_parameter_of_another_name_is_the_same() -> None:
    old, new = (contract(GIVES, T=cls(super_=f"a.Page<{v}>", parameters=(v,)), Page=PAGE) for v in ("A", "B"))
    assert told(old, new) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("java.lang.Exception", "java.lang.RuntimeException"),
        ("java.lang.RuntimeException", "java.lang.IllegalStateException"),
    ],
)
def test_an_exception_that_became_a_narrower_one_is_caught_where_it_was(before: str, after: str) -> None:
    thrower = method("get", throws=("a.T",))
    old, new = (contract(thrower, T=cls(super_=name, interfaces=())) for name in (before, after))
    change = one(old, new)
    assert (change.rule, change.new) == ("supertype-added", after)
    assert [rule for rule, _ in told(new, old)] == ["supertype-lost"]


def test_what_is_externalizable_is_serializable() -> None:
    old, new = (contract(GIVES, T=cls("int a", interfaces=(name,))) for name in (*SERIAL, "java.io.Externalizable"))
    assert told(old, new) == [("supertype-added", "a.T")]


def test_a_hidden_field() -> None:
    old = contract(GIVES, T=cls(super_="a.Base"), Base=cls("int a"))
    new = contract(GIVES, T=cls("int a", super_="a.Base"), Base=cls("int a"))
    assert ("field-shadows", "a.T.a") in told(old, new)


def test_a_type_travels_as_its_superclass_but_not_as_its_sibling() -> None:
    """A subclass can stand where Base is declared; what takes its sibling never carries it."""
    methods = (method("base", "a.Base"), method("sibling", "a.S"), method("holder", "a.H"))
    old = contract(
        *methods, Base=cls(), T=cls("int a", super_="a.Base"), S=cls(super_="a.Base"), H=cls("java.util.List<a.T> ts")
    )
    new = replace(old, types={**old.types, "a.T": cls(super_="a.Base")})
    assert one(old, new).methods == ("a.F#base(a.Base)", "a.F#holder(a.H)")


def test_one_field_gone_and_one_like_it_new_may_be_a_rename() -> None:
    old, new = (contract(GIVES, T=cls(f"int {name}")) for name in ("amount", "total"))
    assert [change.hint for change in compare(old, new).changes] == ["renamed to total?", ""]


def test_metadata_of_a_registry_is_compared_as_far_as_it_goes() -> None:
    jar = contract(
        method("get", returns="a.Result<a.T>", throws=("a.E",)),
        T=cls("int own", "int gone", super_="a.Base"),
        Base=cls("long id"),
        Result=cls("T data", parameters=("T",)),
    )
    flat = TypeDef("class", fields=(Field("own", "java.lang.String"), Field("id", "long")))
    registry = Contract((Interface("a.F", (method("get", returns="a.Result"),), "registry"),), {"a.T": flat})
    assert told(jar, registry) == [("response-field-removed", "a.T.gone"), ("type-changed", "a.T.own")]


@given(st.sampled_from(sorted(TYPES)), st.sampled_from(sorted(TYPES)))
def test_nothing_differs_from_itself_and_everything_is_found_both_ways(first: str, second: str) -> None:
    methods, old, new, _ = TYPES[first]
    mine = contract(*methods, T=old, U=TYPES[second][1])
    assert compare(mine, mine).changes == ()
    other = contract(*methods, T=new, U=TYPES[second][1])
    forth, back = ({change.place for change in compare(*pair).changes} for pair in ((mine, other), (other, mine)))
    assert forth == back
