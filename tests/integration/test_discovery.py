"""Registries as they really are: a ZooKeeper with real providers, and one with nodes of our own making."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from kazoo.client import KazooClient
from kazoo.security import make_digest_acl

from workbench.discovery.readers import read_registry
from workbench.errors import RegistryError
from workbench.model.json import dumps
from workbench.model.registry import RegistryView
from workbench.usecases.samples import SampleProcess, WorldState

TRADE = "com.example.trade.TransAiFacade"
INTERFACES = 600  # more than a window of reads


@pytest.fixture
def nodes(zookeeper: SampleProcess) -> Iterator[KazooClient]:
    """Writes into this test's own ZooKeeper."""
    client = KazooClient(zookeeper.address.removeprefix("zookeeper://"), timeout=10)
    client.start(timeout=30)
    yield client
    client.stop()
    client.close()


def test_the_sample_world(sample_world: WorldState) -> None:
    view = read_registry(sample_world.registry)
    assert [service.interface for service in view.services] == [
        "com.example.notify.MessageNotifyAiFacade",
        "com.example.order.BizOrderAiFacade",
        TRADE,
    ]
    assert view.warnings == ()
    trade = view.services[2]
    (provider,) = trade.providers
    assert provider.url == sample_world["trade"].address
    assert (provider.level, provider.application, provider.release[:2]) == ("both", "trade", "3.")
    assert "payOrder(com.example.trade.PayOrderRequest)" in [method.signature for method in trade.methods]
    assert view.types["com.example.trade.PayStatus"].constants == ("PAYING", "PAID", "REFUNDED")


def test_globs_narrow_the_reading(sample_world: WorldState) -> None:
    view = read_registry(sample_world.registry, interfaces=["TransAi*"])
    assert [service.interface for service in view.services] == [TRADE]
    assert view.services[0].providers[0].level == "both"


@pytest.mark.parametrize("root", [pytest.param("", marks=pytest.mark.matrix), "/team-a"])
@pytest.mark.parametrize("register", [pytest.param("interface", marks=pytest.mark.matrix), "application", "both"])
def test_levels_and_roots(
    zookeeper: SampleProcess, start_provider: Callable[..., SampleProcess], root: str, register: str
) -> None:
    address = zookeeper.address + root
    options = {"register": register, "group": "blue", "version": "2.1", "tag": "gray", "weight": 7}
    process = start_provider("trade", registry=address, **options)
    (service,) = read_registry(address).services
    (one,) = service.providers
    assert (service.interface, one.url, one.level, one.incomplete) == (TRADE, process.address, register, False)
    assert (one.group, one.version, one.tag, one.weight) == ("blue", "2.1", "gray", 7)


def test_a_missing_root_names_those_that_are_there(zookeeper: SampleProcess, nodes: KazooClient) -> None:
    with pytest.raises(RegistryError, match="it is empty"):
        read_registry(zookeeper.address)
    nodes.ensure_path("/dubbo-blue/com.x.A/providers")
    with pytest.raises(RegistryError) as error:
        read_registry(f"{zookeeper.address}/dubbo-blu")
    assert "there is /dubbo-blue" in str(error.value)


def test_credentials(zookeeper: SampleProcess, nodes: KazooClient) -> None:
    acl = [make_digest_acl("ann", "secret", all=True)]
    nodes.add_auth("digest", "ann:secret")
    for path in (
        "/dubbo",
        "/dubbo/com.x.A",
        "/dubbo/com.x.A/providers",
        f"/dubbo/com.x.A/providers/{quote('dubbo://h:1/com.x.A', safe='')}",
    ):
        nodes.create(path, acl=acl)
    for credentials in ("", "ann:wrong"):
        with pytest.raises(RegistryError) as error:
            read_registry(zookeeper.address, credentials=credentials)
        assert "WORKBENCH_ZK_AUTH" in str(error.value)
    view = read_registry(zookeeper.address, credentials="ann:secret")
    assert view.services[0].providers[0].address == "h:1"


def test_one_locked_interface_hides_no_other(zookeeper: SampleProcess, nodes: KazooClient) -> None:
    provider = quote("dubbo://10.0.0.5:1/com.x.Open?interface=com.x.Open", safe="")
    nodes.ensure_path(f"/dubbo/com.x.Open/providers/{provider}")
    nodes.ensure_path("/dubbo/com.x.Locked")
    nodes.add_auth("digest", "ann:secret")
    nodes.create("/dubbo/com.x.Locked/providers", acl=[make_digest_acl("ann", "secret", all=True)])
    view = read_registry(zookeeper.address)
    assert [service.interface for service in view.services] == ["com.x.Open"]
    assert [warning.where for warning in view.warnings] == ["/dubbo/com.x.Locked/providers"]


def _wait_until_refused(port: int, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.05)
    raise AssertionError(f"port {port} is still open")


def test_a_registry_that_has_gone(zookeeper: SampleProcess) -> None:
    zookeeper.stop(kill=True)
    _wait_until_refused(zookeeper.port)  # a killed JVM's other threads may hold the socket for a moment
    with pytest.raises(RegistryError, match="cannot be reached"):
        read_registry(zookeeper.address)


def test_a_large_registry_is_read_in_windows(zookeeper: SampleProcess, nodes: KazooClient) -> None:
    """Providers, rules, mapping and metadata of hundreds of interfaces: 2,000 of them take two seconds of CPU."""
    _write_large(nodes)
    view = read_registry(zookeeper.address, timeout_s=30)
    assert len(view.services) == INTERFACES
    assert all(len(service.providers) == 1 and len(service.methods) == 1 for service in view.services)


def _write_large(nodes: KazooClient) -> None:
    pending = []
    for number in range(INTERFACES):
        name = f"com.x.Facade{number}"
        url = quote(f"dubbo://10.0.0.5:20880/{name}?application=app&interface={name}&methods=pay", safe="")
        definition = dumps({"canonicalName": name, "methods": [{"name": "pay", "parameterTypes": ["int"]}]})
        pending.append(nodes.create_async(f"/dubbo/{name}/providers/{url}", makepath=True))
        pending.append(nodes.create_async(f"/dubbo/metadata/{name}/provider/app", definition.encode(), makepath=True))
        pending.append(nodes.create_async(f"/dubbo/mapping/{name}", b"app", makepath=True))
        if len(pending) > 300:
            for one in pending:
                one.get(timeout=60)
            pending.clear()
    for one in pending:
        one.get(timeout=60)


URLS = (
    "dubbo://10.0.0.5:20880/com.x.A?group=g&interface=com.x.A&methods=pay&version=1.0.0&weight=30",
    "tri://[::1]:50051/com.x.A?interface=com.x.A",
    "dubbo://10.0.0.6:20880/com.x.B?interface=com.x.B&tag=gray",
)
OVERRIDE = "override://0.0.0.0/com.x.B?disabled=true"
DEFINITION = {"canonicalName": "com.x.B", "methods": [{"name": "stop", "parameterTypes": []}], "types": []}


def _in_zookeeper(nodes: KazooClient, address: str, folder: Path) -> str:
    for url in (*URLS, OVERRIDE):
        kind = "configurators" if url == OVERRIDE else "providers"
        interface = url.partition("?")[0].rpartition("/")[2]
        nodes.create(f"/dubbo/{interface}/{kind}/{quote(url, safe='')}", makepath=True)
    nodes.create("/dubbo/metadata/com.x.B/provider/app", dumps(DEFINITION).encode(), makepath=True)
    return address


def _in_a_file(nodes: KazooClient, address: str, folder: Path) -> str:
    path = folder / "registry.json"
    path.write_text(dumps({"urls": [*URLS, OVERRIDE], "definitions": [DEFINITION]}))
    return str(path)


@pytest.mark.parametrize("prepare", [_in_zookeeper, _in_a_file])
def test_every_kind_of_registry_gives_the_same_view(
    zookeeper: SampleProcess,
    nodes: KazooClient,
    tmp_path: Path,
    prepare: Callable[[KazooClient, str, Path], str],
) -> None:
    view = read_registry(prepare(nodes, zookeeper.address, tmp_path))
    assert _shown(view) == [
        (
            "com.x.A",
            (),
            [("[::1]:50051", "tri", "", "", 100, False), ("10.0.0.5:20880", "dubbo", "g", "1.0.0", 30, False)],
        ),
        ("com.x.B", ("stop()",), [("10.0.0.6:20880", "dubbo", "", "", 100, True)]),
    ]
    assert [(rule.key, rule.kind, rule.text) for rule in view.rules] == [("com.x.B", "configurators", OVERRIDE)]
    assert [service.interface for service in read_registry(view.address, interfaces=["*.A"]).services] == ["com.x.A"]


def _shown(view: RegistryView) -> list[tuple[str, tuple[str, ...], list[tuple[object, ...]]]]:
    return [
        (
            service.interface,
            tuple(method.signature for method in service.methods),
            [
                (one.address, one.protocol, one.group, one.version, one.weight, one.disabled)
                for one in service.providers
            ],
        )
        for service in view.services
    ]
