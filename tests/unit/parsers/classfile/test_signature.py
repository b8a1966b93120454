"""Generic signatures: examples with their Java spelling, and the law that printing is the inverse of parsing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench_parsers.classfile.printer import class_to_signature, method_to_signature, to_signature
from workbench_parsers.classfile.signature import parse_class_signature, parse_field_signature, parse_method_signature
from workbench_parsers.classfile.types import (
    ArrayType,
    ClassSignature,
    ClassType,
    MethodSignature,
    Primitive,
    TypeParameter,
    TypeVariable,
    Wildcard,
)

from workbench.errors import ArtifactError


@pytest.mark.parametrize(
    ("signature", "java"),
    [
        ("I", "int"),
        ("[[J", "long[][]"),
        ("TT;", "T"),
        ("Ljava/lang/String;", "java.lang.String"),
        ("Ljava/util/Map$Entry;", "java.util.Map$Entry"),
        ("Ljava/util/Map<TK;[Lx/Y;>;", "java.util.Map<K, x.Y[]>"),
        ("Ljava/util/List<+[B>;", "java.util.List<? extends byte[]>"),
        ("Lx/P<*-TT;>;", "x.P<?, ? super T>"),
        ("Lcom/Foo<TT;>.Bar;", "com.Foo$Bar<T>"),
        ("Lcom/Foo<TT;>.Bar<Lx/Y;>.Baz;", "com.Foo$Bar$Baz<T, x.Y>"),
        ("LInDefaultPackage;", "InDefaultPackage"),
        ("L单/元<TT类;>;", "单.元<T类>"),
    ],
)
def test_field_types(signature: str, java: str) -> None:
    parsed = parse_field_signature(signature)
    assert str(parsed) == java
    assert to_signature(parsed) == signature


def test_a_method_with_bounds_and_throws() -> None:
    text = (
        "<T::Ljava/lang/Comparable<-TT;>;:Ljava/io/Serializable;X:Ljava/lang/Exception;>(TT;[I)Ljava/util/Set<TT;>;^TX;"
    )
    method = parse_method_signature(text)
    assert [str(parameter) for parameter in method.type_parameters] == [
        "T extends java.lang.Comparable<? super T> & java.io.Serializable",
        "X extends java.lang.Exception",
    ]
    assert [str(parameter) for parameter in method.parameters] == ["T", "int[]"]
    assert (str(method.returns), [str(thrown) for thrown in method.throws]) == ("java.util.Set<T>", ["X"])
    assert method_to_signature(method) == text


def test_a_class_with_a_parameter_without_bounds() -> None:
    # Kotlin and Groovy leave an Object bound out: `T:` at once followed by the next parameter.
    signature = parse_class_signature("<A:B:Ljava/lang/Number;>Ljava/lang/Object;Lx/I<TA;>;")
    assert [str(parameter) for parameter in signature.parameters] == ["A", "B extends java.lang.Number"]
    assert [str(interface) for interface in signature.interfaces] == ["x.I<A>"]


@pytest.mark.parametrize(
    "text",
    ["", "L", "Lx", "Lx;y", "T;", "[", "Lx<>;", "Lx<TT;", "Q", "Lx/Y<I", "[" * 300 + "I", "Lx<" * 300, "Lx<T;>;"],
)
def test_what_is_no_type(text: str) -> None:
    with pytest.raises(ArtifactError, match="signature"):
        parse_field_signature(text)


# Names as a class file may hold them: anything but the characters that the grammar itself uses.
_letters = st.characters(exclude_characters=".;[/<>:$()^*+-", exclude_categories=["Cs"])
_names = st.text(_letters, min_size=1, max_size=6)
_qualified = st.lists(_names, min_size=1, max_size=3).map(".".join)
_primitives = st.sampled_from(["byte", "char", "double", "float", "int", "long", "short", "boolean"]).map(Primitive)


def _with_arguments(types: st.SearchStrategy) -> st.SearchStrategy:
    arguments = st.lists(types | _wildcards(types), min_size=1, max_size=3).map(tuple)
    generic = st.builds(ClassType, _qualified, arguments)
    inner = st.builds(_inner, generic, _names, st.just(()) | arguments)
    return generic | inner | st.builds(ArrayType, types | _primitives)


def _wildcards(types: st.SearchStrategy) -> st.SearchStrategy:
    return st.just(Wildcard()) | st.builds(Wildcard, st.sampled_from("+-"), types)


def _inner(owner: ClassType, name: str, arguments: tuple) -> ClassType:
    return ClassType(f"{owner.name}${name}", arguments, owner)


_references = st.recursive(
    st.builds(ClassType, _qualified) | st.builds(TypeVariable, _names), _with_arguments, max_leaves=8
)
_classes = _references.filter(lambda type_: isinstance(type_, ClassType))
_types = _references | _primitives
_parameters = st.lists(
    st.builds(TypeParameter, _names, st.none() | _references, st.lists(_references, max_size=2).map(tuple)), max_size=3
).map(tuple)


@given(_types)
def test_field_signatures_print_as_they_were(type_: object) -> None:
    assert parse_field_signature(to_signature(type_)) == type_  # type: ignore[arg-type]


@given(
    st.builds(
        MethodSignature,
        _parameters,
        st.lists(_types, max_size=4).map(tuple),
        _types | st.just(Primitive("void")),
        st.lists(_references.filter(lambda type_: not isinstance(type_, ArrayType)), max_size=2).map(tuple),
    )
)
def test_method_signatures_print_as_they_were(method: MethodSignature) -> None:
    assert parse_method_signature(method_to_signature(method)) == method


@given(st.builds(ClassSignature, _parameters, _classes, st.lists(_classes, max_size=3).map(tuple)))
def test_class_signatures_print_as_they_were(signature: ClassSignature) -> None:
    assert parse_class_signature(class_to_signature(signature)) == signature


@given(st.text("LT[;<>*+-.:/^()IVab", max_size=30))
def test_any_text_parses_or_is_an_artifact_error(text: str) -> None:
    for parse, show in (
        (parse_field_signature, to_signature),
        (parse_method_signature, method_to_signature),
        (parse_class_signature, class_to_signature),
    ):
        try:
            parsed = parse(text)
        except ArtifactError:
            continue
        assert parse(show(parsed)) == parsed  # type: ignore[operator, arg-type]
