"""Types of a contract, from real class files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.model.contract import Contract, Field, TypeDef

ORDER = "com.shop.api.Order"


@pytest.fixture
def types(jar: Callable[..., Path], parse: Callable[..., Contract], api: dict[str, bytes]) -> dict[str, TypeDef]:
    return dict(parse(jar("shop-api-1.0.0.jar", api)).types)


def test_every_type_that_is_reachable_and_in_the_artifacts(types: dict[str, TypeDef]) -> None:
    assert list(types) == [
        ORDER,
        f"{ORDER}$Line",
        f"{ORDER}$Line$Note",
        f"{ORDER}$Status",
        "com.shop.api.Pair",
        "com.shop.api.Pair$Half",
        "com.shop.base.Conflict",
        "com.shop.base.Entity",
    ]


def test_fields_of_a_class_with_generics_arrays_and_itself(types: dict[str, TypeDef]) -> None:
    order = types[ORDER]
    assert order == TypeDef(
        kind="class",
        super="com.shop.base.Entity<java.lang.Long>",
        fields=(
            Field("amount", "java.math.BigDecimal"),
            Field("status", f"{ORDER}$Status"),
            Field("lines", f"java.util.List<{ORDER}$Line>"),
            Field("labels", "java.util.Map<java.lang.String, java.util.List<java.lang.String>>"),
            Field("parent", ORDER),
            Field("attachments", "byte[][]"),
            Field("half", "com.shop.api.Pair$Half<java.lang.String, java.lang.Long>"),
        ),
        origin="shop-api-1.0.0.jar",
    )


def test_a_generic_abstract_base_keeps_flags_and_leaves_static_fields_out(types: dict[str, TypeDef]) -> None:
    entity = types["com.shop.base.Entity"]
    assert entity.abstract
    assert entity.parameters == ("ID extends java.io.Serializable",)
    assert entity.interfaces == ("java.io.Serializable",)
    assert entity.fields == (
        Field("id", "ID"),
        Field("cache", "java.lang.Object", transient=True),
        Field("revision", "int", final=True),
    )


def test_an_enum_has_its_constants_in_order_and_its_fields(types: dict[str, TypeDef]) -> None:
    status = types[f"{ORDER}$Status"]
    assert (status.kind, status.constants) == ("enum", ("NEW", "PAID"))
    assert status.fields == (Field("code", "java.lang.String", final=True),)
    assert not status.abstract


def test_an_inner_class_of_a_generic_one_takes_its_type_parameters(types: dict[str, TypeDef]) -> None:
    half = types["com.shop.api.Pair$Half"]
    assert half.parameters == ("A", "B extends java.lang.Comparable<B>")
    assert half.fields == (Field("content", "A"),)  # this$0 is synthetic


def test_records_sealed_types_and_nested_ones(
    jar: Callable[..., Path], parse: Callable[..., Contract], modern: dict[str, bytes]
) -> None:
    contract = parse(jar("ledger-api.jar", modern))
    types, ledger = contract.types, "com.modern.LedgerService"
    money = types[f"{ledger}$Money"]
    assert (money.kind, money.super) == ("record", "java.lang.Record")
    assert money.interfaces == (f"java.lang.Comparable<{ledger}$Money>",)
    assert [field.name for field in money.fields] == ["amount", "currency"]
    assert types[f"{ledger}$Currency"].constants == ("EUR", "CNY")
    assert types[f"{ledger}$Box"].parameters == ("T extends java.lang.Comparable<T>",)
    assert types[f"{ledger}$Box"].fields[1].type == f"java.util.List<{ledger}$Box<T>>"
    account = types["com.modern.Account"]
    assert (account.kind, account.permits) == (
        "interface",
        ("com.modern.Account$Private", "com.modern.Account$Company"),
    )
    assert types["com.modern.Account$Company"].fields == (Field("名称", "java.lang.String"),)
    assert [method.name for method in contract.interfaces[0].methods] == ["post", "total"]
    assert contract.warnings == ()


def test_the_same_contract_from_class_files_of_every_release(
    jar: Callable[..., Path],
    parse: Callable[..., Contract],
    compile_java: Callable[..., dict[str, bytes]],
    api: dict[str, bytes],
    release: int,
) -> None:
    compiled = compile_java("shop", "stubs", release=release)
    older = {name: data for name, data in compiled.items() if name in api}
    assert {data[6:8] for data in older.values()} == {(release + 44).to_bytes(2, "big")}
    contract = parse(jar("shop-api.jar", older))
    assert contract == parse(jar("shop-api.jar", api))
    assert contract.warnings == ()


def test_names_from_method_parameters(
    jar: Callable[..., Path], parse: Callable[..., Contract], compile_java: Callable[..., dict[str, bytes]]
) -> None:
    compiled = compile_java("shop", "stubs", options=["-parameters", "-g:none"])
    contract = parse(jar("shop-api.jar", compiled), interfaces=["com.shop.api.StockService"])
    assert [parameter.name for parameter in contract.interfaces[0].methods[0].parameters] == ["sku", "warehouse"]


def test_classes_that_may_stand_where_an_abstract_type_is_declared(
    jar: Callable[..., Path], parse: Callable[..., Contract], compile_java: Callable[..., dict[str, bytes]]
) -> None:
    """At any depth, with the types that they need; what only shares a base class with a parameter is left out."""
    contract = parse(jar("delivery-api.jar", compile_java("open")), interfaces=["com.open.DeliveryFacade"])
    short = [name.removeprefix("com.open.DeliveryFacade$") for name in contract.types]
    assert short == ["Box", "Document", "GiftBox", "Label", "Parcel", "Ribbon", "Slip", "Standard"]
    assert contract.types["com.open.DeliveryFacade$GiftBox"].super == "com.open.DeliveryFacade$Box"
