"""API jars: services by the look of their names; and interfaces that the user names."""

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.model.contract import Contract


def _names(contract: Contract) -> list[str]:
    return [interface.name.rpartition(".")[2] for interface in contract.interfaces]


@pytest.fixture
def api_jar(jar: Callable[..., Path], api: dict[str, bytes]) -> Path:
    return jar("shop-api-1.0.0-SNAPSHOT.jar", api)


def test_interfaces_whose_names_say_service(api_jar: Path, parse: Callable[..., Contract]) -> None:
    contract = parse(api_jar)
    # Not among them: Audited (its name), MarkerService (no methods), CrudFacade (generic: a base).
    assert _names(contract) == ["OrderFacade", "PriceService", "RawFacade", "StockService"]
    assert {interface.recognised_by for interface in contract.interfaces} == {"api-jar"}
    assert {interface.origin for interface in contract.interfaces} == {"shop-api-1.0.0-SNAPSHOT.jar"}


@pytest.mark.parametrize(("name", "found"), [("audit-api-2.1.jar", ["Audited"]), ("audit-2.1.jar", [])])
def test_all_interfaces_of_a_jar_that_only_its_name_makes_an_api(
    name: str, found: list[str], jar: Callable[..., Path], parse: Callable[..., Contract], api: dict[str, bytes]
) -> None:
    only = {entry: data for entry, data in api.items() if entry.endswith(("Audited.class", "MarkerService.class"))}
    assert _names(parse(jar(name, only))) == found


def test_globs_narrow_and_name(api_jar: Path, parse: Callable[..., Contract]) -> None:
    contract = parse(api_jar, interfaces=["com.shop.api.Order*", "Audited"])
    assert [(interface.name, interface.recognised_by) for interface in contract.interfaces] == [
        ("com.shop.api.Audited", "named"),
        ("com.shop.api.OrderFacade", "api-jar"),
    ]


def test_a_glob_that_matches_nothing_is_told(api_jar: Path, parse: Callable[..., Contract]) -> None:
    contract = parse(api_jar, interfaces=["com.shop.api.OrderFacad"])
    assert contract.interfaces == ()
    (warning,) = contract.warnings
    assert "no interface matches 'com.shop.api.OrderFacad'; did you mean com.shop.api.OrderFacade" in warning.message


def test_an_unmarked_boot_jar_lists_its_api_libraries_only(
    jar: Callable[..., Path], parse: Callable[..., Contract], zipped: Callable[..., bytes], api: dict[str, bytes]
) -> None:
    own = {f"BOOT-INF/classes/{name}": data for name, data in api.items() if "Stock" in name}
    libraries = {
        "BOOT-INF/lib/shop-api-1.0.jar": zipped({name: data for name, data in api.items() if "Stock" not in name}),
        "BOOT-INF/lib/shop-core-1.0.jar": zipped({name: data for name, data in api.items() if "Price" in name}),
    }
    contract = parse(jar("app.jar", own, libraries, stored=True))
    assert _names(contract) == ["OrderFacade", "PriceService", "RawFacade"]
    assert {interface.origin for interface in contract.interfaces} == {"app.jar!BOOT-INF/lib/shop-api-1.0.jar"}
