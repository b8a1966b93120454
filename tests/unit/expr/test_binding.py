"""Java's simple types and bind(): what fits, what is converted, and that binding twice changes nothing."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import ErrorGroup, WorkbenchError
from workbench.expr import bind
from workbench.expr.marks import is_mark, named, written
from workbench.expr.scalars import SCALARS
from workbench.model.contract import Field, TypeDef

TYPES = {
    "x.Node": TypeDef(
        "class",
        ("T extends java.lang.Number",),
        "java.lang.Object",
        fields=(Field("value", "T"), Field("next", "x.Node<T>")),
    ),
    "x.Loop": TypeDef("class", (), "x.Loop", fields=(Field("a", "int"),)),
}


@pytest.mark.parametrize(
    ("type_", "value", "bound"),
    [
        ("int", "7", 7),
        ("int", "7.00", 7),
        ("int", Decimal("7.00"), 7),
        ("java.lang.Long", "9223372036854775807", 2**63 - 1),
        ("java.math.BigInteger", "123456789012345678901234567890", 123456789012345678901234567890),
        ("java.math.BigDecimal", "19.90", Decimal("19.90")),
        ("java.math.BigDecimal", 5, 5),
        ("double", "0.1", Decimal("0.1")),
        ("double", "NaN", "NaN"),
        ("float", "-Infinity", "-Infinity"),
        ("float", "3.4028235E38", Decimal("3.4028235E38")),
        ("boolean", "True", True),
        ("char", "a", "a"),
        ("char", 7, "7"),
        ("java.lang.String", 12, "12"),
        ("java.lang.String", Decimal("1E+2"), "100"),
        ("java.lang.String", True, "true"),
        ("java.lang.Integer", None, None),
        ("byte[]", "AQI=", "AQI="),
        ("byte[]", [1, -1], [1, -1]),
        ("char[]", "ab", "ab"),
        ("int[][]", [["1"], []], [[1], []]),
        ("java.util.Date", "1767225600000", 1767225600000),
        ("java.util.Date", "2026-01-31", "2026-01-31"),
        ("java.util.Date", "2026-01-31T12:00:00.123+0800", "2026-01-31T12:00:00.123+0800"),
        ("java.util.Date", "2026-01-31 12:00:00.123000", "2026-01-31 12:00:00.123000"),
        ("java.sql.Date", "2026-01-31", "2026-01-31"),
        ("java.sql.Time", "12:00:00.5", "12:00:00.5"),
        ("java.sql.Timestamp", "2026-01-31 12:00:00.123456789", "2026-01-31 12:00:00.123456789"),
        ("java.time.DayOfWeek", "MONDAY", "MONDAY"),
        ("java.time.ZoneId", "UTC+08:00", "UTC+08:00"),
        ("java.util.TimeZone", "Asia/Shanghai", "Asia/Shanghai"),
        ("java.time.LocalDate", "2024-02-29", "2024-02-29"),
        ("java.time.LocalDate", "-999999999-01-01", "-999999999-01-01"),
        ("java.time.LocalDate", "+12344-02-29", "+12344-02-29"),
        ("java.time.Instant", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        (
            "java.time.ZonedDateTime",
            "2026-01-31T12:00:00+08:00[Asia/Shanghai]",
            "2026-01-31T12:00:00+08:00[Asia/Shanghai]",
        ),
        ("java.time.Duration", "PT1H30M", "PT1H30M"),
        ("java.util.Set<java.lang.Integer>", "[1, 2]", [1, 2]),
        ("java.util.Optional<java.lang.Integer>", "5", 5),
        ("java.util.Map<java.lang.Integer, java.lang.Boolean>", {"1": "true"}, {"1": True}),
        (
            "java.util.Map<x.Node, java.lang.Integer>",
            {"$entries": [[{"value": "1"}, "2"]]},
            {"$entries": [[{"value": 1}, 2]]},
        ),
        ("java.util.List<? extends java.lang.Number>", ["1.50"], [Decimal("1.50")]),
        ("x.Node<java.lang.Integer>", {"next": {"value": "3"}}, {"next": {"value": 3}}),
        ("x.Node", {"value": "3"}, {"value": 3}),
        ("T", {"a": "1"}, {"a": "1"}),
    ],
)
def test_data_becomes_what_is_declared(type_: str, value: Any, bound: Any) -> None:
    found = bind(value, type_, TYPES, data=True)
    assert found == bound
    assert type(found) is type(bound)


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("int", "2147483648"),
        ("int", "007"),
        ("int", ""),
        ("int", " 7"),
        ("int", "1,000"),
        ("byte", -129),
        ("java.math.BigInteger", "1.5"),
        ("double", "1E400"),
        ("double", "9007199254740993"),
        ("double", "0.12345678901234567890"),
        ("double", "1E-400"),
        ("float", "0.123456789012"),
        ("float", "1E39"),
        ("boolean", "yes"),
        ("boolean", 1),
        ("char", "ab"),
        ("char", "😀"),
        ("char", ""),
        ("java.lang.String", {"a": 1}),
        ("java.util.Date", "31.01.2026"),
        ("java.util.Date", "2026-01-31 25:00:00"),
        ("java.util.Date", True),
        ("java.util.Date", "2026-01-31 12:00:00.0001"),
        ("java.sql.Date", "2026-01-31 12:00:00"),
        ("java.sql.Time", "12:00:00.0001"),
        ("java.time.LocalDate", "2023-02-29"),
        ("java.time.LocalDate", "12344-02-29"),
        ("java.time.LocalDate", "+12345-02-29"),
        ("java.time.DayOfWeek", "Monday"),
        ("java.time.Month", 5),
        ("java.time.ZoneId", "Mars/Base"),
        ("java.time.ZoneOffset", "+19:00"),
        ("java.util.TimeZone", ""),
        ("java.time.LocalDateTime", "2026-01-31 12:00:00"),
        ("java.time.Duration", "1h"),
        ("java.time.Duration", "P"),
        ("java.util.UUID", "1-1-1-1-1"),
        ("java.util.List<java.lang.Integer>", "1, 2"),
        ("x.Node<java.lang.Integer>", {"value": "x"}),
    ],
)
def test_what_does_not_fit(type_: str, value: Any) -> None:
    with pytest.raises(ErrorGroup) as caught:
        bind(value, type_, TYPES, data=True)
    assert caught.value.errors[0].where.startswith("$")


def test_values_that_are_no_data_are_not_read_as_something_else() -> None:
    for type_, value in [("int", "7"), ("boolean", "true"), ("java.lang.String", 7), ("java.math.BigDecimal", "1.0")]:
        with pytest.raises(ErrorGroup):
            bind(value, type_, {})


@pytest.mark.parametrize("number", ["0.1", "1.17549435E-38", "16777216", "3.14159", "1E-45", "0", "-0.0", "123456.7"])
def test_floats_that_survive(number: str) -> None:
    assert bind(Decimal(number), "float", {}) == Decimal(number)


def test_hostile_contracts() -> None:
    assert bind({"a": 1}, "x.Loop", TYPES) == {"a": 1}
    deep: dict[str, Any] = {}
    for _ in range(1_000):
        deep = {"next": deep}
    with pytest.raises(WorkbenchError, match="nested too deeply"):
        bind(deep, "x.Node<java.lang.Integer>", TYPES)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(["12", "1.50", "true", "2026-01-31", "NaN", "PT1S", "[1]"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "next", "1"]), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(
    [
        *SCALARS,
        "java.util.List<java.lang.Long>",
        "java.util.Map<java.lang.Integer, java.math.BigDecimal>",
        "byte[]",
        "x.Node<java.lang.Integer>",
        "x.Node",
        "unknown.Type",
        "java.util.Optional<double>",
    ]
)


@given(JSON, NAMES, st.booleans())
def test_binding_is_idempotent(value: Any, type_: str, data: bool) -> None:
    try:
        once = bind(value, type_, TYPES, data=data)
    except ErrorGroup:
        return
    assert bind(once, type_, TYPES) == once
    assert bind(once, type_, TYPES, data=data) == once


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_double_survives_as_its_shortest_decimal(value: float) -> None:
    assert bind(Decimal(repr(value)), "double", {}) == Decimal(repr(value))


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_every_float_survives_as_nine_digits_or_fewer(value: float) -> None:
    import struct

    for digits in range(6, 10):
        text = f"{value:.{digits}g}"
        if struct.unpack("f", struct.pack("f", float(text)))[0] == value:
            assert bind(Decimal(text), "float", {}) == Decimal(text)
            return
    raise AssertionError(value)


ZOO = {
    "x.Animal": TypeDef("class", super="java.lang.Object", interfaces=("java.io.Serializable",), abstract=True),
    "x.Dog": TypeDef("class", super="x.Animal"),
    "x.Snail": TypeDef("class", super="x.Animal", interfaces=("java.lang.Comparable<x.Snail>",)),
    "x.Kind": TypeDef("enum", constants=("RED", "verde"), partial=True),
    "x.State": TypeDef("enum", constants=("NEW", "PAID"), partial=True),
    "x.Person": TypeDef("class", fields=(Field("name", "java.lang.String"),), partial=True),
    "x.Employee": TypeDef("class", fields=(Field("no", "int"),), partial=True),
    "x.Plain": TypeDef("class", super="java.lang.Object", fields=(Field("a", "int"),)),
    "x.Marked": TypeDef("interface"),
}


def _refusal(value: Any, type_: str) -> str:
    with pytest.raises(ErrorGroup) as caught:
        bind(value, type_, ZOO)
    return str(caught.value)


def test_every_bound_of_an_intersection_holds() -> None:
    both = "java.util.List<x.Animal & java.lang.Comparable<T>>"
    assert bind([{"$class": "x.Snail"}], both, ZOO) == [{"$class": "x.Snail"}]
    assert "x.Dog is not a java.lang.Comparable" in _refusal([{"$class": "x.Dog"}], both)
    assert "x.Person is not a x.Animal" not in _refusal([{}], both)
    assert "one of x.Snail" in _refusal([{}], both)
    assert "nothing says which class" in _refusal({"a": 1}, "x.Plain & x.Marked"), "x.Plain is no x.Marked by itself"
    assert _refusal([{"$class": "x.Dog"}], "x.Animal & java.lang.Comparable[]").startswith('$[0]["$class"]: x.Dog')


def test_what_a_registry_does_not_know_is_not_refused() -> None:
    """Names of constants where toString() is overridden, superclasses."""
    assert bind("GREEN", "x.Kind", ZOO) == "GREEN"
    assert "RED, verde" in _refusal("dark green", "x.Kind")
    assert "NEW, PAID" in _refusal("PAYED", "x.State")
    assert bind({"$class": "x.Employee", "no": 1}, "x.Person", ZOO) == {"$class": "x.Employee", "no": 1}
    assert "out of range for int" in _refusal({"$class": "x.Employee", "no": 2**31}, "x.Person")


OWN = {
    "x.Amounts": TypeDef("class", super="java.util.ArrayList<java.math.BigDecimal>", fields=(Field("title", "int"),)),
    "x.Named": TypeDef("class", ("V",), "x.By<java.lang.String, V>"),
    "x.By": TypeDef("class", ("K", "V"), "java.util.HashMap<K, V[]>"),
    "x.Nest": TypeDef("class", super="java.util.ArrayList<x.Nest>"),
    "x.Kind": TypeDef("enum", super="java.lang.Enum<x.Kind>", interfaces=("x.Marked",), constants=("A", "B")),
    "x.Marked": TypeDef("interface"),
    "x.Plain": TypeDef("class", super="java.lang.Object", fields=(Field("any", "java.lang.Object"),)),
    "x.Bag": TypeDef("class", ("E",), "java.lang.Object", interfaces=("java.io.Serializable", "x.Holds<E>")),
    "x.Holds": TypeDef("interface", ("H",), interfaces=("java.util.Collection<H>",)),
    "x.Each": TypeDef("class", (), "java.lang.Object", ("java.lang.Iterable<x.Each>",), (Field("n", "int"),)),
}


def test_a_class_that_extends_a_list_or_map_is_written_as_that() -> None:
    assert bind([Decimal("1.50"), None], "x.Amounts", OWN) == [Decimal("1.50"), None]
    assert bind({"a": [1]}, "x.Named<java.lang.Integer>", OWN) == {"a": [1]}
    assert bind([[], [[]]], "x.Nest", OWN) == [[], [[]]]
    assert bind([5], "x.Bag<java.lang.Long>", OWN) == [5]
    assert bind({"n": 5}, "x.Each", OWN) == {"n": 5}  # what is only Iterable is a bean
    for value, type_, said in (
        ({"title": 1}, "x.Amounts", "$: expected a list"),
        (["x"], "x.Amounts", "$[0]: expected java.math.BigDecimal"),
        ({"a": [2**31]}, "x.Named<java.lang.Integer>", "$.a[0]: 2147483648 is out of range"),
        ([[1]], "x.Nest", "$[0][0]: expected a list"),
        (["x"], "x.Bag<java.lang.Long>", "$[0]: expected long"),
    ):
        with pytest.raises(ErrorGroup) as caught:
            bind(value, type_, OWN)
        assert said in str(caught.value)


@pytest.mark.parametrize("type_", ["java.lang.Object", "x.Plain"])
def test_a_value_may_say_its_class(type_: str) -> None:
    def place(stated: Any) -> Any:
        return {"any": stated} if type_ == "x.Plain" else stated

    def refusal(stated: Any) -> str:
        with pytest.raises(ErrorGroup) as caught:
            bind(place(stated), type_, OWN)
        return str(caught.value)

    for stated in (
        {"$class": "java.lang.Long", "$value": 5},
        {"$class": "x.Kind", "$value": "B"},
        {"$class": "int[][]", "$value": [[1], []]},
        {"$class": "x.Amounts", "$value": [Decimal("0.10")]},
        {"$class": "y.Unknown", "$value": 5},
    ):
        assert bind(place(stated), type_, OWN) == place(stated)
    assert "out of range for long" in refusal({"$class": "java.lang.Long", "$value": 2**63})
    assert "did you mean B" in refusal({"$class": "x.Kind", "$value": "b"})
    assert "is not a Java type" in refusal({"$class": "int[", "$value": []})


def test_a_number_and_an_interface_may_say_their_class() -> None:
    stated = {"$class": "java.lang.Long", "$value": 5}
    assert bind(stated, "java.lang.Number", OWN) == stated
    assert bind(5, "java.lang.Number", OWN) == 5
    enum = {"$class": "x.Kind", "$value": "A"}
    assert bind(enum, "x.Marked", OWN) == enum
    for value, type_, said in (
        ({"$class": "java.lang.Long"}, "java.lang.Number", "found an object"),
        ({"$class": "x.Plain", "$value": {}}, "java.lang.Number", "x.Plain is not a java.lang.Number"),
        (stated, "x.Marked", "java.lang.Long is not a x.Marked"),
        (stated, "long", "found an object"),
    ):
        with pytest.raises(ErrorGroup) as caught:
            bind(value, type_, OWN)
        assert said in str(caught.value)


MONEY = {
    "x.Money": TypeDef("class", super="java.lang.Number", fields=(Field("cents", "long"),)),
    "x.Other": TypeDef("class", super="java.lang.Object"),
}


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("java.lang.Number", {"$class": "x.Money", "cents": 5}),
        ("java.lang.CharSequence", {"$class": "y.Masked", "secret": "s"}),
        ("java.math.BigDecimal", {"$class": "y.Price", "unit": "kg"}),
        ("java.util.Date", {"$class": "java.sql.Timestamp", "$value": "2026-01-01 12:00:00"}),
    ],
)
def test_classes_that_extend_a_plain_value_may_stand_for_it(type_: str, value: Any) -> None:
    assert bind(value, type_, MONEY) == value
    assert bind([value], f"java.util.List<{type_}>", MONEY) == [value]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"$class": "x.Money", "cents": "much"}, "$.cents"),
        ({"$class": "x.Other"}, "x.Other is not a java.lang.Number"),
        ({"cents": 5}, "found an object"),
    ],
)
def test_what_stands_for_a_plain_value_is_checked_once(value: Any, said: str) -> None:
    with pytest.raises(ErrorGroup) as caught:
        bind(value, "java.lang.Number", MONEY)
    assert said in str(caught.value)
    assert len(caught.value.errors) == 1


MARKED = {
    "x.Marked": TypeDef(
        "class",
        super="java.lang.Object",
        fields=tuple(Field(f"${name}", "int") for name in ("class", "ref", "entries", "value", "$class", "other")),
    )
}


@pytest.mark.parametrize("type_", ["x.Marked", "java.util.Map<java.lang.String, java.lang.Integer>"])
def test_names_like_marks_have_one_more_dollar(type_: str) -> None:
    value = {"$$class": 1, "$$ref": 2, "$$entries": 3, "$$value": 4, "$$$class": 5, "$other": 6}
    assert bind(value, type_, MARKED) == value
    for key in value:
        with pytest.raises(ErrorGroup, match=r"1\.5 would lose"):
            bind({key: Decimal("1.5")}, type_, MARKED)


@pytest.mark.parametrize("type_", ["x.Marked", "java.util.Map<java.lang.String, java.lang.Integer>"])
@pytest.mark.parametrize("mark", ["$ref", "$value"])
def test_a_mark_that_means_nothing_is_refused_with_how_a_name_is_written(type_: str, mark: str) -> None:
    with pytest.raises(ErrorGroup) as caught:
        bind({mark: 5}, type_, MARKED)
    assert f"written ${mark}" in str(caught.value)


@given(st.text("$classrefvalue", max_size=9))
def test_a_written_name_means_the_name_and_is_no_mark(name: str) -> None:
    assert named(written(name)) == name
    assert not is_mark(written(name))


@pytest.mark.parametrize(
    "name",
    ["javax.script.ScriptEngineManager", "java.lang.ProcessBuilder", "javax.naming.InitialContext", "sun.misc.Unsafe",
     "java.net.URLClassLoader", "com.sun.rowset.JdbcRowSetImpl", "java.lang.ProcessBuilder[]"],
)  # fmt: skip
def test_classes_that_are_no_plain_values_cannot_be_named(name: str) -> None:
    for value in ({"$class": name}, {"$class": name, "$value": {}}):
        with pytest.raises(ErrorGroup) as caught:
            bind(value, "java.lang.Object", OWN)
        assert f'$["$class"]: {name} is no class of the artifacts' in str(caught.value)


@pytest.mark.parametrize(
    "name", ["java.lang.Long", "java.util.TreeMap", "java.util.concurrent.TimeUnit", "java.lang.String[]",
             "java.util.List<java.lang.Long>", "java.lang.IllegalStateException", "x.Plain", "y.Unknown"],
)  # fmt: skip
def test_plain_values_collections_and_classes_of_the_api_can(name: str) -> None:
    assert bind({"$class": name}, "java.lang.Object", OWN) == {"$class": name}
