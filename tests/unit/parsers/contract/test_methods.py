"""Methods of services as a caller sees them, from real class files."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from workbench_parsers.contract.hierarchy import Hierarchies
from workbench_parsers.problems import Problems

from workbench.model.contract import Contract, Interface, Method

ORDER = "com.shop.api.Order"


@pytest.fixture
def order_facade(jar: Callable[..., Path], parse: Callable[..., Contract], api: dict[str, bytes]) -> Interface:
    found = parse(jar("shop-api-1.0.0.jar", api)).interface("com.shop.api.OrderFacade")
    assert found is not None
    return found


def test_own_and_inherited_methods_with_type_variables_resolved(
    order_facade: Interface, java_text: Callable[[Method], str]
) -> None:
    line = "com.shop.api.Order$Line"
    assert [java_text(method) for method in order_facade.methods] == [
        f"{ORDER} get(java.lang.Long arg0)",
        f"{ORDER} create({ORDER} arg0, java.lang.String[] arg1) throws com.shop.base.Conflict",
        f"java.util.Map<java.lang.String, java.util.List<? extends {line}[]>>"
        f" lines(java.util.List<? super {line}> arg0, int[][] arg1)",
        "<N extends java.lang.Number & java.lang.Comparable<N>> N largest(N arg0, java.util.List<N> arg1)",
        "<X extends java.lang.Exception> void fail(java.lang.Class<X> arg0) throws X",
        "com.shop.api.Pair<com.shop.api.Order$Status, ?> pair()",
        "java.util.List rows()",
        "long count(long arg0, double arg1)",
        f"{ORDER} save({ORDER} arg0) throws com.shop.base.Conflict",
        "boolean exists(java.lang.Long id)",  # a default method has code, and its debug data has the name
        "<T extends java.lang.Comparable<T>> T greatest(T arg0, T arg1)",
        f"java.util.List<{ORDER}> find(java.lang.String arg0)",
        f"java.util.Map<java.lang.String, ? extends {ORDER}[]>"
        f" grouped(java.util.List<? super {ORDER}> arg0, {ORDER}[] arg1)",
    ]


def test_erased_types_are_those_of_the_declaring_method(order_facade: Interface) -> None:
    erased = {method.name: method.erased for method in order_facade.methods}
    assert erased["get"] == ("java.lang.Long",)  # overridden here, so the bridge get(Serializable) is not needed
    assert erased["save"] == ("com.shop.base.Entity",)
    assert erased["exists"] == ("java.io.Serializable",)
    assert erased["greatest"] == ("java.lang.Comparable", "java.lang.Comparable")
    assert erased["grouped"] == ("java.util.List", "java.lang.Object[]")
    assert erased["lines"] == ("java.util.List", "int[][]")


def test_what_is_declared_where_and_default(order_facade: Interface) -> None:
    declared = {method.name: method.declared_by for method in order_facade.methods}
    assert (declared["create"], declared["save"], declared["find"]) == (
        "",
        "com.shop.base.CrudFacade",
        "com.shop.base.Finder",
    )
    assert [method.name for method in order_facade.methods if method.default] == ["exists"]


def test_a_raw_supertype_gives_erased_methods(
    jar: Callable[..., Path], parse: Callable[..., Contract], api: dict[str, bytes], java_text: Callable[[Method], str]
) -> None:
    raw = parse(jar("shop-api.jar", api)).interface("com.shop.api.RawFacade")
    assert raw is not None
    texts = [java_text(method) for method in raw.methods]
    assert "com.shop.base.Entity get(java.io.Serializable arg0)" in texts
    assert "java.util.List<com.shop.base.Entity> find(java.lang.String arg0)" in texts


def test_a_generic_interface_that_is_named_stands_with_its_bounds(
    jar: Callable[..., Path], parse: Callable[..., Contract], api: dict[str, bytes], java_text: Callable[[Method], str]
) -> None:
    crud = parse(jar("shop-api.jar", api), interfaces=["CrudFacade"]).interfaces[0]
    assert crud.recognised_by == "named"
    assert java_text(crud.methods[0]) == "com.shop.base.Entity get(java.io.Serializable arg0)"


def test_a_missing_super_interface_is_told_and_the_rest_stays(
    jar: Callable[..., Path], parse: Callable[..., Contract], api: dict[str, bytes]
) -> None:
    without = {name: data for name, data in api.items() if not name.endswith("Finder.class")}
    contract = parse(jar("shop-api.jar", without))
    order = contract.interface("com.shop.api.OrderFacade")
    assert order is not None
    assert {"get", "save", "create"} <= {method.name for method in order.methods}
    assert "find" not in {method.name for method in order.methods}
    warning = next(warning for warning in contract.warnings if "OrderFacade" in warning.where)
    assert warning.where == "shop-api.jar!com/shop/api/OrderFacade.class"
    assert "com.shop.base.Finder, which is in none of the artifacts" in warning.message


def test_methods_of_javas_own_interfaces_are_left_out_and_told_as_that() -> None:
    path: Any = SimpleNamespace(where=lambda name: f"shop.jar!{name}")
    problems = Problems()
    hierarchies = Hierarchies(path, problems)
    service: Any = SimpleNamespace(name="com.shop.Facade")
    for name in ("java.io.Serializable", "java.lang.Comparable"):
        hierarchies._missing(service, name)
    (warning,) = problems.warnings()
    assert "extends java.lang.Comparable: methods of Java's own interfaces" in warning.message
    assert "none of the artifacts" not in warning.message
