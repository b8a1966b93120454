"""Type names go into trees and come back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import UsageError
from workbench.model.javatype import JavaType, parse_type, parse_variable

NAMES = st.sampled_from(["int", "T", "java.lang.String", "com.example.Order$Item", "java.util.Map", "订单.类"])
TYPES = st.recursive(
    st.builds(JavaType, NAMES),
    lambda inner: st.builds(
        JavaType,
        NAMES,
        st.lists(inner, max_size=3).map(tuple),
        st.integers(0, 2),
        st.just(""),
    ),
    max_leaves=12,
)


def test_tree() -> None:
    tree = parse_type("java.util.Map<java.lang.String, com.x.A$B[]>")
    assert tree == JavaType("java.util.Map", (JavaType("java.lang.String"), JavaType("com.x.A$B", (), 1)))
    assert tree.arguments[1].element == JavaType("com.x.A$B")
    assert parse_type("byte[][]").erased == "byte[][]"
    assert parse_type("java.util.List<T>[]").erased == "java.util.List[]"


def test_wildcards_keep_their_bound() -> None:
    unbound, upper, lower = parse_type("X<?, ? extends java.util.List<T>, ? super A[]>").arguments
    assert (unbound.name, unbound.wildcard) == ("java.lang.Object", "?")
    assert (upper.name, upper.wildcard, upper.arguments) == ("java.util.List", "extends", (JavaType("T"),))
    assert (lower.name, lower.wildcard, lower.dimensions) == ("A", "super", 1)


def test_varargs_and_inner_of_generic() -> None:
    assert parse_type("java.lang.String...").dimensions == 1
    assert parse_type("a.Outer<A>$Inner<B>") == parse_type("a.Outer<A>.Inner<B>")
    assert parse_type("a.Outer<A>.Inner<B>") == JavaType("a.Outer$Inner", (JavaType("B"),))


@given(TYPES)
def test_writing_and_reading_are_inverse(tree: JavaType) -> None:
    assert parse_type(str(tree)) == tree


def test_substitute() -> None:
    variables = {"T": parse_type("com.x.Order[]"), "K": parse_type("java.lang.Long")}
    assert str(parse_type("java.util.Map<K, java.util.List<T>[]>").substitute(variables)) == (
        "java.util.Map<java.lang.Long, java.util.List<com.x.Order[]>[]>"
    )
    assert str(parse_type("T[]").substitute(variables)) == "com.x.Order[][]"


def test_further_bounds() -> None:
    tree = parse_type("java.util.List<a.A & b.B<T> & c.C>")
    assert tree.arguments[0].also == (JavaType("b.B", (JavaType("T"),)), JavaType("c.C"))
    assert str(tree) == "java.util.List<a.A & b.B<T> & c.C>"
    bound = parse_variable("T extends a.A & b.B<T>").bound
    assert (
        str(parse_type("java.util.Map<T, T[]>").substitute({"T": bound}))
        == "java.util.Map<a.A & b.B<T>, a.A & b.B<T>[]>"
    )
    assert parse_type("a.A & b.B[][]").element == parse_type("a.A & b.B[]")


def test_variables() -> None:
    variable = parse_variable("T extends java.lang.Number & java.lang.Comparable<T>")
    assert variable.name == "T"
    assert [str(bound) for bound in variable.bounds] == ["java.lang.Number", "java.lang.Comparable<T>"]
    assert str(parse_variable("K").bounds[0]) == "java.lang.Object"


@pytest.mark.parametrize(
    ("text", "column"),
    [("", 1), ("java.util.List<", 16), ("List<A", 7), ("List<A>>", 8), ("A B", 3), ("1x", 1), ("A<,>", 3), ("a.b;", 4)],
)
def test_wrong_names_say_where(text: str, column: int) -> None:
    with pytest.raises(UsageError, match=rf"column {column}\)"):
        parse_type(text)


def test_deep_names_end_in_an_error_not_in_the_stack() -> None:
    with pytest.raises(UsageError):
        parse_type("A<" * 100_000 + "A" + ">" * 100_000)
