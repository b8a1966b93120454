"""ClassFile on real classes, and on damaged ones."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbench_parsers.classfile import ClassFile

from workbench.errors import ArtifactError


def touch(found: ClassFile) -> list[object]:
    """Decode everything that a contract may ask for."""
    seen: list[object] = [found.name, found.super_name, found.interfaces, found.signature, found.annotations]
    seen += [found.inner_classes, found.nesting, found.permitted_subclasses, found.record_components]
    seen += [found.is_interface, found.is_annotation, found.is_enum, found.is_record, found.is_module]
    for field in found.fields:
        seen += [field.name, field.field_type, field.erased_type, field.annotations, field.is_synthetic]
    for method in found.methods:
        seen += [method.signature, method.erased, method.exceptions, method.parameter_names, method.local_names]
        seen += [method.annotations, method.is_synthetic, method.is_abstract]
    return seen


@pytest.fixture(scope="session")
def samples(shop: dict[str, bytes], modern: dict[str, bytes]) -> list[bytes]:
    return [*shop.values(), *modern.values()]


def test_a_class_with_annotation_values(shop: dict[str, bytes]) -> None:
    found = ClassFile(shop["com/shop/impl/OrderFacadeImpl.class"])
    (annotation,) = found.annotations
    assert annotation.type == "org.apache.dubbo.config.annotation.DubboService"
    assert dict(annotation.values) == {
        "group": "shop",
        "version": "${order.version}",
        "timeout": 3000,
        "parameters": ("a", "b"),
    }
    assert found.interfaces == ("java.io.Serializable", "com.shop.api.OrderFacade", "com.shop.api.Audited")


def test_bridges_are_synthetic(shop: dict[str, bytes]) -> None:
    found = ClassFile(shop["com/shop/impl/OrderFacadeImpl.class"])
    gets = [(method.descriptor, method.is_synthetic) for method in found.methods if method.name == "get"]
    assert sorted(gets) == [
        ("(Ljava/io/Serializable;)Lcom/shop/base/Entity;", True),
        ("(Ljava/lang/Long;)Lcom/shop/api/Order;", False),
    ]


def test_a_record(modern: dict[str, bytes]) -> None:
    found = ClassFile(modern["com/modern/LedgerService$Money.class"])
    assert found.is_record
    assert found.record_components == ("amount", "currency")
    nesting = found.nesting
    assert nesting is not None
    assert (nesting.outer, nesting.simple_name) == ("com.modern.LedgerService", "Money")


def test_the_body_of_an_enum_constant_is_no_enum(shop: dict[str, bytes]) -> None:
    assert ClassFile(shop["com/shop/api/Order$Status.class"]).is_enum
    assert not ClassFile(shop["com/shop/api/Order$Status$1.class"]).is_enum


def test_every_class_can_be_read_in_full(samples: list[bytes]) -> None:
    assert len(samples) > 25
    for data in samples:
        assert touch(ClassFile(data))


def test_every_truncation_is_an_artifact_error(samples: list[bytes]) -> None:
    for data in samples[:3]:
        for length in range(len(data)):
            with pytest.raises(ArtifactError, match="malformed class file"):
                touch(ClassFile(data[:length]))


@settings(max_examples=400)
@given(st.data())
def test_changed_bytes_never_raise_anything_else(samples: list[bytes], data: st.DataObject) -> None:
    original = data.draw(st.sampled_from(samples))
    changed = bytearray(original)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(8, len(changed) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ArtifactError):
        touch(ClassFile(bytes(changed)))


@given(st.binary(max_size=300))
def test_random_bytes_are_an_artifact_error(data: bytes) -> None:
    with pytest.raises(ArtifactError):
        touch(ClassFile(b"\xca\xfe\xba\xbe\x00\x00\x00\x34" + data))


@pytest.mark.parametrize("data", [b"", b"\xca\xfe\xba\xbe", b"PK\x03\x04" * 10])
def test_what_is_no_class_file(data: bytes) -> None:
    with pytest.raises(ArtifactError, match="malformed class file"):
        ClassFile(data)


def test_modified_utf8(compile_java: Callable[..., dict[str, bytes]]) -> None:
    data = compile_java("text")["Text.class"]
    (annotation,) = ClassFile(data).annotations
    assert annotation.text("value") == "a\0b 😀 中"
    assert annotation.text("lone") == "\ufffd"  # a lone surrogate fits into no JSON
