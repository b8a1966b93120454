"""Services in Spring XML: wars, both namespaces, placeholders, imports, and XML that means harm."""

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.model.contract import Contract, Interface

ORDER, STOCK, PRICE = (f"com.shop.api.{name}" for name in ("OrderFacade", "StockService", "PriceService"))
BEANS = '<beans xmlns="http://www.springframework.org/schema/beans" xmlns:d="%s"\n>%s</beans>'
APACHE, ALIBABA = "http://dubbo.apache.org/schema/dubbo", "http://code.alibabatech.com/schema/dubbo"

Read = Callable[..., Contract]


def xml(body: str, namespace: str = APACHE) -> bytes:
    return (BEANS % (namespace, body)).encode()


@pytest.fixture
def war(
    jar: Callable[..., Path], parse: Callable[..., Contract], zipped: Callable[..., bytes], api: dict[str, bytes]
) -> Read:
    """`war({entry: bytes})` → the contract of a war with these files and the API jar in WEB-INF/lib."""
    library = {"WEB-INF/lib/shop-api-1.0.0.jar": zipped(api)}
    return lambda entries: parse(jar("shop.war", library, entries))


def one(contract: Contract, name: str = ORDER) -> Interface:
    (found,) = (interface for interface in contract.interfaces if interface.name == name)
    return found


@pytest.mark.parametrize("namespace", [APACHE, ALIBABA])
def test_a_service_with_its_bean(war: Read, namespace: str) -> None:
    body = f'<d:service interface="{ORDER}" ref="orders" group="g" version="1.0"/><bean id="orders" class="x.Impl"/>'
    contract = war({"WEB-INF/classes/spring/dubbo.xml": xml(body, namespace)})
    found = one(contract)
    assert (found.recognised_by, found.group, found.version) == ("spring-xml", "g", "1.0")
    assert found.implementation == "x.Impl"
    assert found.origin == "shop.war!WEB-INF/lib/shop-api-1.0.0.jar"
    assert len(found.methods) == 13
    assert [interface.name for interface in contract.interfaces] == [ORDER]


def test_placeholders_from_the_properties_that_the_xml_names(war: Read) -> None:
    body = (
        '<bean class="Configurer"><property name="locations" value="classpath:conf/rpc.properties"/></bean>'
        '<d:service interface="${stock.interface}" version="${stock.version:0.1}" group="${stock.group}-${absent:x}"/>'
    )
    properties = f"stock.interface = {STOCK}\nstock.group=\\u4e0a\\\n   \\u6d77"
    contract = war(
        {"WEB-INF/dubbo.xml": xml(body), "WEB-INF/classes/conf/rpc.properties": properties.encode("iso-8859-1")}
    )
    found = one(contract, STOCK)
    assert (found.version, found.group) == ("0.1", "上海-x")


def test_placeholders_from_application_properties(war: Read) -> None:
    body = f'<d:service interface="{STOCK}" version="${{v}}"/>'
    contract = war({"WEB-INF/classes/a.xml": xml(body), "WEB-INF/classes/application.properties": b"v: 7 \n"})
    assert one(contract, STOCK).version == "7"


def test_placeholders_from_application_yml_come_after_those_of_properties(war: Read) -> None:
    body = f'<d:service interface="{STOCK}" version="${{shop.stock.version}}" group="${{shop.group}}"/>'
    files = {
        "WEB-INF/classes/a.xml": xml(body),
        "WEB-INF/classes/application.yml": b"shop:\n  group: yaml\n  stock:\n    version: '2.0' # now\n",
        "WEB-INF/classes/application.properties": b"shop.group=properties\n",
    }
    found = one(war(files), STOCK)
    assert (found.version, found.group) == ("2.0", "properties")


def test_placeholders_that_name_each_other_end(war: Read) -> None:
    body = f'<d:service interface="{STOCK}" version="${{a}}"/>'
    contract = war(
        {"WEB-INF/classes/a.xml": xml(body), "WEB-INF/classes/application.properties": b"a=${b}${b}\nb=${a}${a}"}
    )
    assert one(contract, STOCK).version == "${a}"
    assert any("'${a}'" in warning.message for warning in contract.warnings)


def test_imports_of_files_that_are_not_called_xml(war: Read) -> None:
    main = xml('<import resource="more/services.conf"/><d:application name="x"/>')
    more = xml(f'<import resource="classpath:prices.conf"/><d:service interface="{STOCK}"/>')
    prices = xml(f'<d:service interface="{PRICE}"/>')
    contract = war(
        {
            "WEB-INF/classes/main.xml": main,
            "WEB-INF/classes/more/services.conf": more,
            "WEB-INF/classes/prices.conf": prices,
        }
    )
    assert {interface.name for interface in contract.interfaces} == {STOCK, PRICE}


def test_imports_in_a_circle_end(war: Read) -> None:
    files = {
        f"WEB-INF/classes/{name}.xml": xml(f'<import resource="{other}.xml"/><d:service interface="{STOCK}"/>')
        for name, other in (("a", "b"), ("b", "a"))
    }
    assert [interface.name for interface in war(files).interfaces] == [STOCK]


def test_defaults_of_the_provider(war: Read) -> None:
    body = (
        f'<d:provider version="3"/><d:provider id="named" group="n"/>'
        f'<d:provider group="around"><d:service interface="{ORDER}"/></d:provider>'
        f'<d:service interface="{STOCK}"/><d:service interface="{PRICE}" provider="named" version="4"/>'
    )
    contract = war({"WEB-INF/classes/a.xml": xml(body)})
    assert (one(contract, STOCK).version, one(contract, STOCK).group) == ("3", "")
    assert one(contract, ORDER).group == "around"
    assert (one(contract, PRICE).group, one(contract, PRICE).version) == ("n", "4")


def test_a_service_with_the_bean_inside(war: Read) -> None:
    body = f'<d:service interface="{STOCK}"><bean class="x.Inner"/></d:service>'
    assert one(war({"WEB-INF/classes/a.xml": xml(body)}), STOCK).implementation == "x.Inner"


def test_the_same_interface_in_two_groups_is_listed_twice(war: Read) -> None:
    body = "".join(f'<d:service interface="{STOCK}" group="{group}"/>' for group in ("b", "a", "b"))
    contract = war({"WEB-INF/classes/a.xml": xml(body)})
    assert [(interface.name, interface.group) for interface in contract.interfaces] == [(STOCK, "a"), (STOCK, "b")]


@pytest.mark.parametrize("encoding", ["GBK", "UTF-16"])
def test_other_encodings(war: Read, encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>' + xml(f'<d:service interface="{STOCK}" group="库存"/>').decode()
    )
    assert one(war({"WEB-INF/classes/a.xml": text.encode(encoding)}), STOCK).group == "库存"


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE b [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;]>',
    ],
)
def test_entities_are_refused_and_the_other_files_read(war: Read, doctype: str) -> None:
    good = xml(f'<d:service interface="{STOCK}"/>')
    bad = doctype.encode() + xml(f'<d:service interface="{ORDER}"/>')
    contract = war({"WEB-INF/classes/bad.xml": bad, "WEB-INF/classes/good.xml": good})
    assert [interface.name for interface in contract.interfaces] == [STOCK]
    (warning,) = contract.warnings
    assert warning.where == "shop.war!WEB-INF/classes/bad.xml"
    assert "entity" in warning.message


def test_a_doctype_without_entities_is_fine(war: Read) -> None:
    doctype = b'<!DOCTYPE beans PUBLIC "-//SPRING//DTD BEAN//EN" "http://www.springframework.org/dtd/spring-beans.dtd">'
    assert one(war({"WEB-INF/classes/a.xml": doctype + xml(f'<d:service interface="{STOCK}"/>')}), STOCK)


def test_xml_that_is_not_well_formed_is_told_with_its_line(war: Read) -> None:
    contract = war({"WEB-INF/classes/a.xml": xml("\n <d:service interface='x'></d:servise>")})
    (warning,) = contract.warnings
    assert warning.where == "shop.war!WEB-INF/classes/a.xml:3:29"
    assert "mismatched tag" in warning.message
