"""Parameter names from Java source, whatever else the source holds."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench_parsers.sources.scanner import SourceMethod, scan

SOURCE = """
package com.shop;
/* interface Fake { void no(int x); } */
// void no(int y);
@Deprecated(since = "1) { (")
public interface OrderFacade<T extends Comparable<T>> extends A<B<C>>, D {
    String TEXT = "void no(int z) {"; char BRACE = '{';
    String BLOCK = \"\"\"
        void no(int "q") { \\\""" }
        \"\"\";
    Supplier<Runnable> LAMBDA = () -> () -> { call(one, two); };
    Object ANONYMOUS = new Object() { void no(int inner) { } };
    Result<Map<String, List<T>>> create(@NotNull @Size(min = 1, max = {2}) final Order order, String... tags);
    <X extends Exception & Serializable> void fail(Class<X> kind) throws X;
    int[] old(int values[], long[][] more[]);
    void none();
    default boolean check(java.util.Map.Entry<K, V> entry, int a) {
        if (valid(a)) { return again(a, 1); } return false;
    }
    @interface Mark { String value() default "x"; }
    void nullable(java.util.@Nullable List<String> names, Map<@A("(,") K, V> map);
    enum Kind {
        A(1), B { void no2(int p) {} };
        private final int code;
        Kind(int code) { this.code = code; }
        int of(int shift) { return 0; }
    }
    record Box<E>(E content, int size) { Box { check(size); } static <E> Box<E> of(E element) { return null; } }
    sealed interface Shape permits Circle { double scaled(double factor); }
    non-sealed class Circle implements Shape {
        public Circle(int r) { }
        public double scaled(double by) { return by; }
        void self(Circle this, int n) { }
    }
    void record(String record, int sealed, boolean permits);
    Class<?> TYPE = OrderFacade.class;
    void last(int end);
}
"""


def _methods(source: str) -> dict[str, list[tuple[str, tuple[str, ...], tuple[str, ...]]]]:
    return {
        type_: [(method.name, method.types, method.parameters) for method in methods]
        for type_, methods in scan(source).methods.items()
    }


def test_everything_at_once() -> None:
    found = _methods(SOURCE)
    assert found["OrderFacade"] == [
        ("create", ("Order", "String[]"), ("order", "tags")),
        ("fail", ("Class",), ("kind",)),
        ("old", ("int[]", "long[][][]"), ("values", "more")),
        ("none", (), ()),
        ("check", ("Entry", "int"), ("entry", "a")),
        ("nullable", ("List", "Map"), ("names", "map")),
        ("record", ("String", "int", "boolean"), ("record", "sealed", "permits")),
        ("last", ("int",), ("end",)),
    ]
    assert found["OrderFacade.Kind"] == [("of", ("int",), ("shift",))]
    assert found["OrderFacade.Box"] == [("of", ("E",), ("element",))]
    assert found["OrderFacade.Shape"] == [("scaled", ("double",), ("factor",))]
    assert found["OrderFacade.Circle"] == [("scaled", ("double",), ("by",)), ("self", ("int",), ("n",))]
    assert found["OrderFacade.Mark"] == [("value", (), ())]


def test_more_than_one_type_in_a_file() -> None:
    assert scan("interface A { void a(int x); } interface B { void b(int y); }").methods == {
        "A": [SourceMethod("a", ("int",), ("x",))],
        "B": [SourceMethod("b", ("int",), ("y",))],
    }


@given(st.text("interface class{}()<>@,;=.\"'/*\\ abc\n", max_size=80))
def test_no_text_is_too_odd(text: str) -> None:
    for methods in scan(text).methods.values():
        assert all(len(method.types) == len(method.parameters) for method in methods)


@pytest.mark.parametrize(
    "part", ["/*", '"', '"\\', '"""', "'", "(", "{", "@a(", "class A{", "class A{ int x = ", "<", "a "]
)
def test_hostile_text_takes_no_time(part: str) -> None:
    start = time.process_time()
    scan("class A { int a(int b);" + part * 30_000)
    assert time.process_time() - start < 3
