"""The sample subsystems in the four shapes that testers upload: API jar, Spring Boot jar, war, annotated jar."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from workbench_parsers.archives.archive import Archive

from workbench.model.contract import Contract, Interface
from workbench.usecases.import_artifact import import_artifact
from workbench.usecases.samples import samples_dir

ORDER, TRADE, NOTIFY = (
    "com.example.order.BizOrderAiFacade",
    "com.example.trade.TransAiFacade",
    "com.example.notify.MessageNotifyAiFacade",
)


def _contract(*names: str, sources: Sequence[str] = ()) -> Contract:
    folder = samples_dir()
    return import_artifact([folder / name for name in names], sources=[folder / name for name in sources])


def _only(contract: Contract) -> Interface:
    (found,) = contract.interfaces
    assert contract.warnings == ()
    return found


def test_the_api_jar() -> None:
    contract = _contract("trade-api-1.0.0.jar", sources=["trade-api-1.0.0-sources.jar"])
    trade = _only(contract)
    assert (trade.name, trade.recognised_by, trade.origin) == (TRADE, "api-jar", "trade-api-1.0.0.jar")
    assert [method.signature for method in trade.methods] == [
        "payOrder(com.example.trade.PayOrderRequest)",
        "refund(com.example.trade.RefundRequest)",
        "query(java.lang.String)",
        "query(long)",
        "query(com.example.trade.PayQuery)",
    ]
    assert trade.methods[0].throws == ("com.example.trade.AlreadyPaidException",)
    assert trade.methods[0].returns == "com.example.common.Result<com.example.trade.Payment>"
    assert [method.parameters[0].name for method in trade.methods] == [
        "request",
        "request",
        "paymentId",
        "transactionId",
        "query",
    ]
    assert contract.types["com.example.common.Result"].parameters == ("T",)


def test_the_war_with_spring_xml() -> None:
    trade = _only(_contract("trade-web-1.0.0.war"))
    assert (trade.name, trade.recognised_by) == (TRADE, "spring-xml")
    assert trade.origin == "trade-web-1.0.0.war!WEB-INF/lib/trade-api-1.0.0.jar"
    assert (trade.group, trade.version) == ("trade", "1.0.0")
    assert trade.implementation == "com.example.trade.provider.InMemoryTrade"


def test_the_spring_boot_jar_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more than 20,000 entries, those of its libraries included, few are unpacked."""
    unpacked: list[str] = []

    def counted(archive: Archive, name: str) -> bytes:
        unpacked.append(name)
        return read(archive, name)

    read = Archive.read
    monkeypatch.setattr(Archive, "read", counted)
    contract = _contract("order-boot-1.0.0.jar")
    assert 0 < len(unpacked) < 2000
    order = _only(contract)
    assert (order.name, order.recognised_by, order.version) == (ORDER, "annotation", "1.0.0")
    assert order.origin == "order-boot-1.0.0.jar!BOOT-INF/lib/order-api-1.0.0.jar"
    request = contract.types["com.example.order.BizOrderRequest"]
    fields = {field.name: field.type for field in request.fields}
    assert fields["amount"] == "java.math.BigDecimal"
    assert fields["labels"] == "java.util.Map<java.lang.String, java.util.List<java.lang.String>>"


def test_the_annotated_jar() -> None:
    notify = _only(_contract("notify-service-1.0.0.jar"))
    assert (notify.name, notify.recognised_by) == (NOTIFY, "annotation")
    assert (notify.group, notify.version) == ("notify", "1.0.0")


def _names(interface: Interface) -> dict[str, list[tuple[str, str]]]:
    return {
        method.signature: [(parameter.name, parameter.type) for parameter in method.parameters]
        for method in interface.methods
    }


def test_two_releases_differ_and_the_shapes_of_one_do_not() -> None:
    first, second = (_only(_contract(f"order-api-{version}.jar")) for version in ("1.0.0", "1.1.0"))
    assert {method.signature for method in first.methods} != {method.signature for method in second.methods}
    named = _only(_contract("order-api-1.0.0.jar", sources=["order-api-1.0.0-sources.jar"]))
    boot = _only(_contract("order-boot-1.0.0.jar"))
    assert _names(first) != _names(named)  # compiled without -parameters, so the names need the sources …
    assert _names(boot) == _names(named)  # … or the implementation


@pytest.mark.parametrize("name", ["trade-provider.jar", "tool-util-1.0.0.jar"])
def test_jars_without_services(name: str) -> None:
    contract = _contract(name)
    assert contract.interfaces == ()
    assert contract.warnings == ()


def test_a_tools_interface_of_another_kind_is_no_service_unless_named() -> None:
    path: Path = samples_dir() / "order-api-1.0.0.jar"
    contract = import_artifact([path], interfaces=["com.example.order.*"])
    assert [interface.name for interface in contract.interfaces] == [ORDER]
