"""Services marked by annotations, in a plain jar and in a Spring Boot jar."""

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.model.contract import Contract, Interface


def _named(contract: Contract, name: str) -> list[Interface]:
    return [interface for interface in contract.interfaces if interface.name == f"com.shop.api.{name}"]


@pytest.fixture
def boot(
    jar: Callable[..., Path],
    parse: Callable[..., Contract],
    zipped: Callable[..., bytes],
    shop: dict[str, bytes],
    api: dict[str, bytes],
) -> Contract:
    own = {f"BOOT-INF/classes/{name}": data for name, data in shop.items() if name not in api}
    settings = {"BOOT-INF/classes/application.properties": b"order.version=1.${minor}\nminor = 2.0\n"}
    library = {"BOOT-INF/lib/shop-api-1.0.0.jar": zipped(api)}
    loader = {"org/springframework/boot/loader/JarLauncher.class": b"never read"}
    return parse(jar("shop-boot.jar", loader, own, settings, library, stored=True))


def test_a_marked_class_in_a_boot_jar_with_its_interface_in_a_library(boot: Contract) -> None:
    (order,) = _named(boot, "OrderFacade")
    assert order.recognised_by == "annotation"
    assert order.origin == "shop-boot.jar!BOOT-INF/lib/shop-api-1.0.0.jar"
    assert (order.group, order.version) == ("shop", "1.2.0")
    assert order.implementation == "com.shop.impl.OrderFacadeImpl"


def test_alibabas_annotation_and_an_interface_inherited_from_the_superclass(boot: Contract) -> None:
    (stock,) = _named(boot, "StockService")
    assert (stock.recognised_by, stock.version, stock.group) == ("annotation", "2.0.0", "")
    assert stock.implementation == "com.shop.impl.StockServiceImpl"


def test_bean_methods(boot: Contract) -> None:
    (price,) = _named(boot, "PriceService")
    assert (price.group, price.implementation) == ("beans", "")
    (audited,) = _named(boot, "Audited")
    assert (audited.version, audited.implementation) == ("1", "com.shop.impl.OrderFacadeImpl")


def test_nothing_but_the_marked_services_is_listed(boot: Contract) -> None:
    names = [interface.name.rpartition(".")[2] for interface in boot.interfaces]
    assert names == ["Audited", "OrderFacade", "PriceService", "StockService"]
    assert boot.warnings == ()


def test_names_of_parameters_come_from_the_implementation(boot: Contract) -> None:
    (order,) = _named(boot, "OrderFacade")
    names = {method.name: [parameter.name for parameter in method.parameters] for method in order.methods}
    assert names["get"] == ["orderId"]
    assert names["save"] == ["changed"]  # implements save(T) as save(Order)
    assert names["count"] == ["lower", "upper"]  # a long takes two slots
    assert names["greatest"] == ["left", "right"]
    (stock,) = _named(boot, "StockService")
    assert [parameter.name for parameter in stock.methods[0].parameters] == ["article", "house"]  # of the superclass


def test_an_implementation_without_its_api_jar_is_told(
    jar: Callable[..., Path], parse: Callable[..., Contract], shop: dict[str, bytes], api: dict[str, bytes]
) -> None:
    impl = {name: data for name, data in shop.items() if name not in api}
    contract = parse(jar("shop-impl.jar", impl))
    (order,) = _named(contract, "OrderFacade")
    assert (order.methods, order.origin) == ((), "shop-impl.jar")
    assert any("OrderFacade is in none of the artifacts" in warning.message for warning in contract.warnings)


def test_an_implementation_and_its_api_jar_given_together(
    jar: Callable[..., Path], parse: Callable[..., Contract], shop: dict[str, bytes], api: dict[str, bytes]
) -> None:
    impl = {name: data for name, data in shop.items() if name not in api}
    contract = parse(jar("shop-impl.jar", impl), jar("shop-api.jar", api))
    (order,) = _named(contract, "OrderFacade")
    assert (order.recognised_by, order.origin, len(order.methods)) == ("annotation", "shop-api.jar", 13)
    (raw,) = _named(contract, "RawFacade")
    assert raw.recognised_by == "api-jar"


def test_a_placeholder_that_no_file_fills_stays_and_is_told(
    jar: Callable[..., Path], parse: Callable[..., Contract], shop: dict[str, bytes]
) -> None:
    contract = parse(jar("shop.jar", shop, {"application.yml": b"order:\n  other: 1\n"}))
    (order,) = _named(contract, "OrderFacade")
    assert order.version == "${order.version}"
    (warning,) = contract.warnings
    assert warning.where == "shop.jar!com/shop/impl/OrderFacadeImpl.class"
    assert "'${order.version}' is set in no .properties file and no application.yml" in warning.message


def test_defaults_for_all_services_come_from_dubbo_provider(
    jar: Callable[..., Path], parse: Callable[..., Contract], shop: dict[str, bytes]
) -> None:
    settings = {"application.properties": b"dubbo.provider.version=9\ndubbo.provider.group=all\norder.version=1"}
    contract = parse(jar("shop.jar", shop, settings))
    (stock,) = _named(contract, "StockService")
    assert (stock.group, stock.version) == ("all", "2.0.0")
    (price,) = _named(contract, "PriceService")
    assert (price.group, price.version) == ("beans", "9")
