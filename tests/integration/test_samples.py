"""The sample world as it really is: what the registry shows, what ends when, what the packages hold."""

import ipaddress
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kazoo.client import KazooClient
from ports import held_port

from workbench.errors import SamplesError
from workbench.invokers.java import find_java
from workbench.usecases.samples import (
    Lifetime,
    SampleProcess,
    SampleWorld,
    WorldState,
    launch_registry,
    sample_artifact,
    samples_dir,
)
from workbench.usecases.samples_files import runtime_archive
from workbench.usecases.samples_process import Running, birth, is_alive, spawn, stop

TRADE = "com.example.trade.TransAiFacade"
CONTRACTS = {
    "order": "com.example.order.BizOrderAiFacade",
    "trade": TRADE,
    "notify": "com.example.notify.MessageNotifyAiFacade",
}
HOST = "::1" if socket.has_dualstack_ipv6() else "127.0.0.1"
LOOPBACK = HOST if HOST == "::1" else "2130706433"  # what Dubbo accepts: Loopback.java
StartProvider = Callable[..., SampleProcess]


class Look:
    """Reads a registry without any code of ours."""

    def __init__(self, address: str) -> None:
        self._client = KazooClient(address.removeprefix("zookeeper://"), timeout=5)
        self._client.start()

    def close(self) -> None:
        self._client.stop()
        self._client.close()

    def children(self, node: str) -> list[str]:
        return self._client.get_children(node) if self._client.exists(node) else []

    def providers(self, contract: str, root: str = "dubbo") -> list[urllib.parse.SplitResult]:
        names = self.children(f"/{root}/{contract}/providers")
        return [urllib.parse.urlsplit(urllib.parse.unquote(name)) for name in names]

    def instances(self, application: str, root: str = "services") -> list[dict[str, Any]]:
        nodes = [f"/{root}/{application}/{name}" for name in self.children(f"/{root}/{application}")]
        return [json.loads(self._client.get(node)[0]) for node in nodes]


@pytest.fixture
def look() -> Iterator[Callable[[str], Look]]:
    opened: list[Look] = []

    def open_(address: str) -> Look:
        opened.append(Look(address))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


def parameters(provider: urllib.parse.SplitResult) -> dict[str, str]:
    return dict(urllib.parse.parse_qsl(provider.query))


def eventually(holds: Callable[[], object], seconds: float = 180) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_the_world_stands_in_the_registry_at_both_levels(sample_world: WorldState, look: Callable[[str], Look]) -> None:
    seen = look(sample_world.registry)
    for name, contract in CONTRACTS.items():
        ports = [provider.port for provider in seen.providers(contract)]
        assert ports == [sample_world[name].port]
        (instance,) = seen.instances(name)
        assert f"dubbo://{instance['address']}:{instance['port']}" == sample_world[name].address


def own_addresses() -> list[str]:
    """The address this machine would use to leave itself; none where it has loopback only."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return []
        return [probe.getsockname()[0]]


def test_providers_start_with_the_classes_that_all_of_them_share(sample_world: WorldState) -> None:
    archive = runtime_archive()
    assert archive.is_file(), "`make samples` makes it"
    assert str(archive).encode() in Path(f"/proc/{sample_world['trade'].pid}/maps").read_bytes()


def test_the_world_is_reached_on_loopback_only(sample_world: WorldState) -> None:
    for process in sample_world.processes:
        host = process.address.partition("://")[2].rpartition(":")[0].strip("[]")
        assert ipaddress.ip_address(int(host) if host.isdigit() else host).is_loopback
        socket.create_connection((host, process.port), timeout=5).close()
        for own in own_addresses():
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((own, process.port), timeout=5)


def test_options_show_in_the_registration(
    zookeeper: SampleProcess, start_provider: StartProvider, look: Callable[[str], Look]
) -> None:
    with held_port(HOST) as port:
        start_provider("trade", port=port, group="blue", version="2.1", tag="gray", weight=7)
    (provider,) = look(zookeeper.address).providers(TRADE)
    shown = parameters(provider)
    assert provider.port == port
    assert {key: shown[key] for key in ("group", "version", "dubbo.tag", "weight")} == {
        "group": "blue",
        "version": "2.1",
        "dubbo.tag": "gray",
        "weight": "7",
    }


@pytest.mark.parametrize(
    ("register", "at_interface", "at_application"),
    [
        pytest.param("interface", 1, 0, marks=pytest.mark.matrix),
        pytest.param("application", 0, 1, marks=pytest.mark.matrix),
        ("both", 1, 1),
    ],
)
def test_the_level_of_registration_is_chosen(
    zookeeper: SampleProcess,
    start_provider: StartProvider,
    look: Callable[[str], Look],
    register: str,
    at_interface: int,
    at_application: int,
) -> None:
    start_provider("trade", register=register)
    seen = look(zookeeper.address)
    assert len(seen.providers(TRADE)) == at_interface
    assert len(seen.instances("trade")) == at_application


def test_a_root_path_holds_everything(
    zookeeper: SampleProcess, start_provider: StartProvider, look: Callable[[str], Look]
) -> None:
    start_provider("trade", registry=f"{zookeeper.address}/team-a")
    seen = look(zookeeper.address)
    assert len(seen.providers(TRADE, root="team-a")) == 1
    assert len(seen.instances("trade", root="team-a")) == 1
    assert seen.providers(TRADE) == []


def test_one_process_can_hold_all_services(
    zookeeper: SampleProcess, start_provider: StartProvider, look: Callable[[str], Look]
) -> None:
    process = start_provider("order", "trade", "notify")
    seen = look(zookeeper.address)
    for contract in CONTRACTS.values():
        assert [provider.port for provider in seen.providers(contract)] == [process.port]


def test_a_stopped_provider_says_good_bye_and_a_killed_one_does_not(
    zookeeper: SampleProcess, start_provider: StartProvider, look: Callable[[str], Look]
) -> None:
    polite, sudden = start_provider("trade"), start_provider("order")
    seen = look(zookeeper.address)
    stop([polite.process], patience_s=60)  # who is asked twice has no time for a farewell
    assert not polite.alive
    assert seen.providers(TRADE) == []
    killed = time.monotonic()
    sudden.stop(kill=True)
    assert not sudden.alive
    left = seen.providers(CONTRACTS["order"])
    # of a session of six seconds a third may have passed since it was heard of; who looks later may find it gone
    assert len(left) == 1 or time.monotonic() - killed > 3
    assert eventually(lambda: not seen.providers(CONTRACTS["order"]), 60)  # its session has run out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"answer_variant": "nonsense"}, r"--answer-variant of trade must be one of \[pay-twice"),
        ({"failure_rate": 2}, "--failure-rate must be from 0 to 1, not 2"),
        ({"register": "nowhere"}, "--register must be one of interface, application, both"),
        ({"port": 99999}, "--port must be from 0 to 65535"),
        ({"registry": "redis://x"}, r"--registry must look like zookeeper://HOST:PORT"),
    ],
)
def test_a_start_option_that_makes_no_sense_is_told(
    start_provider: StartProvider, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(SamplesError, match=message):
        start_provider("trade", **{"registry": "zookeeper://127.0.0.1:1", **options})


def test_a_port_that_is_taken_is_told(tmp_path: Path, zookeeper: SampleProcess, lifetime: Lifetime) -> None:
    with pytest.raises(SamplesError, match=f"port {zookeeper.port} cannot be taken"):
        launch_registry(tmp_path / "second", port=zookeeper.port, lifetime=lifetime)


def test_processes_end_with_the_one_that_wanted_them(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
    try:
        world = SampleWorld(tmp_path)
        state = world.up(services=["trade"], lifetime=Lifetime(parent=parent.pid))
        time.sleep(1.5)
        assert state.alive
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert eventually(lambda: not any(process.alive for process in state.processes))
        world.down()
    finally:
        parent.kill()
        parent.wait()


def test_a_process_ends_when_its_time_is_over(tmp_path: Path) -> None:
    jar = str(sample_artifact("workbench-registry.jar"))
    started = time.monotonic()
    process = java(tmp_path, "-jar", jar, "--data", str(tmp_path / "data"), "--max-minutes", "0.05")
    assert eventually(lambda: not is_alive(process))
    assert time.monotonic() - started > 3
    assert "FAILED" not in Path(process.log).read_text()  # nor need there be a READY: on a busy machine it takes longer


def test_the_command_starts_shows_and_clears_the_world(tmp_path: Path) -> None:
    def workbench(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from workbench.cli import main; main()", "samples", *args]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=200)

    assert workbench("status").returncode == 1
    up = workbench("up", "--json")
    assert up.returncode == 0, up.stderr
    shown = json.loads(up.stdout)
    assert [each["name"] for each in shown["processes"]] == ["registry", "order", "trade", "notify"]
    assert all(each["alive"] for each in shown["processes"])
    assert json.loads(workbench("status", "--json").stdout) == shown
    more = json.loads(workbench("up", "--with", "zoo", "--json").stdout)
    assert more["processes"][:4] == shown["processes"]
    assert more["processes"][4]["name"] == "zoo"
    assert workbench("down").stdout == "stopped registry, order, trade, notify, zoo\n"
    assert [birth(each["pid"]) for each in more["processes"]] == [None] * 5
    assert list(tmp_path.iterdir()) == []


def entries(name: str) -> set[str]:
    with zipfile.ZipFile(sample_artifact(name)) as archive:
        return set(archive.namelist())


def test_the_four_shapes_hold_what_their_kind_holds() -> None:
    assert {"com/example/order/BizOrderAiFacade.class", "com/example/common/Result.class"} <= entries(
        "order-api-1.0.0.jar"
    )
    assert {
        "BOOT-INF/lib/order-api-1.0.0.jar",
        "BOOT-INF/classes/com/example/order/boot/OrderDubboService.class",
        "org/springframework/boot/loader/launch/JarLauncher.class",
    } <= entries("order-boot-1.0.0.jar")
    assert {
        "WEB-INF/web.xml",
        "WEB-INF/classes/spring-trade.xml",
        "WEB-INF/classes/trade.properties",
        "WEB-INF/lib/trade-api-1.0.0.jar",
    } <= entries("trade-web-1.0.0.war")
    assert {
        "com/example/notify/service/NotifyDubboService.class",
        "com/example/notify/MessageNotifyAiFacade.class",
    } <= entries("notify-service-1.0.0.jar")


@pytest.mark.parametrize(
    "name", ["order-api-1.0.0", "order-api-1.1.0", "trade-api-1.0.0", "notify-api-1.0.0", "tool-util-1.0.0"]
)
def test_every_source_jar_has_the_sources_of_its_classes(name: str) -> None:
    sources = {entry.removesuffix(".java") for entry in entries(f"{name}-sources.jar") if entry.endswith(".java")}
    classes = {entry.removesuffix(".class").partition("$")[0] for entry in entries(f"{name}.jar") if ".class" in entry}
    assert classes
    assert classes == sources


@pytest.mark.parametrize(("name", "kept"), [("order", False), ("trade", True), ("notify", True)])
def test_parameter_names_are_missing_from_the_order_api_only(name: str, kept: bool) -> None:
    with zipfile.ZipFile(sample_artifact(f"{name}-api-1.0.0.jar")) as archive:
        facade = archive.read(CONTRACTS[name].replace(".", "/") + ".class")
    assert (b"MethodParameters" in facade) is kept
    assert facade[6:8] == b"\x00\x34"  # class files of Java 8, as API jars mostly are


def contract(name: str) -> dict[str, Any]:
    command = [sys.executable, "-c", "from workbench.cli import main; main()", "parse", str(sample_artifact(name))]
    shown: dict[str, Any] = json.loads(subprocess.run([*command, "--json"], capture_output=True, check=True).stdout)
    return shown


def test_the_next_release_of_the_order_api_differs_in_every_way() -> None:
    old, new = contract("order-api-1.0.0.jar"), contract("order-api-1.1.0.jar")

    def methods(of: dict[str, Any]) -> dict[str, list[str]]:
        return {method["name"]: method["erased"] for method in of["interfaces"][0]["methods"]}

    def fields(of: dict[str, Any]) -> dict[str, str]:
        return {field["name"]: field["type"] for field in of["types"]["com.example.order.BizOrder"]["fields"]}

    assert methods(new).keys() - methods(old).keys() == {"queryByRequestNo"}
    assert methods(old).keys() - methods(new).keys() == {"countOrders"}
    changed = {name for name in methods(old) if methods(new).get(name, methods(old)[name]) != methods(old)[name]}
    assert changed == {"cancelOrder"}
    assert fields(new).keys() ^ fields(old).keys() == {"discount"}
    assert (fields(old)["points"], fields(new)["points"]) == ("int", "java.math.BigDecimal")
    status = "com.example.order.OrderStatus"
    assert set(new["types"][status]["constants"]) - set(old["types"][status]["constants"]) == {"CLOSED"}


def java(tmp_path: Path, *args: str) -> Running:
    command = [str(find_java()), "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", f"-Duser.home={tmp_path}"]
    return spawn([*command, f"-DDUBBO_IP_TO_BIND={LOOPBACK}", *args], tmp_path / "java.log")


@pytest.fixture
def port() -> Iterator[int]:
    """Left to themselves, both applications take the first of 20880 … that is free, and listen seconds later."""
    with held_port(HOST) as held:
        yield held


def test_the_fat_jar_is_a_running_application(
    tmp_path: Path, zookeeper: SampleProcess, port: int, look: Callable[[str], Look]
) -> None:
    seen = look(zookeeper.address)
    options = (f"--dubbo.registry.address={zookeeper.address}", f"--dubbo.protocol.port={port}")
    process = java(tmp_path, "-jar", str(sample_artifact("order-boot-1.0.0.jar")), *options)
    try:
        assert eventually(lambda: seen.providers(CONTRACTS["order"]), 90), Path(process.log).read_text()
        (provider,) = seen.providers(CONTRACTS["order"])
        assert (provider.port, parameters(provider)["version"]) == (port, "1.0.0")
    finally:
        stop([process], kill=True)


def test_the_war_is_a_running_application(
    tmp_path: Path, zookeeper: SampleProcess, port: int, look: Callable[[str], Look]
) -> None:
    with zipfile.ZipFile(sample_artifact("trade-web-1.0.0.war")) as war:
        war.extractall(tmp_path / "war")
    with zipfile.ZipFile(sample_artifact("order-boot-1.0.0.jar")) as boot:  # has Spring and Dubbo, as a container has
        boot.extractall(tmp_path / "boot", [name for name in boot.namelist() if name.startswith("BOOT-INF/lib/")])
    inside = tmp_path / "war" / "WEB-INF"
    path = os.pathsep.join([str(inside / "classes"), str(inside / "lib" / "*"), f"{tmp_path}/boot/BOOT-INF/lib/*"])
    seen = look(zookeeper.address)
    options = (f"-Dtrade.registry={zookeeper.address}", f"-Dtrade.port={port}")
    process = java(tmp_path, *options, "-cp", path, "com.example.trade.web.LocalStart")
    try:
        assert eventually(lambda: seen.providers(TRADE), 90), Path(process.log).read_text()
        (provider,) = seen.providers(TRADE)
        shown = parameters(provider)
        assert provider.port == port
        assert (shown["group"], shown["version"], shown["payOrder.retries"]) == ("trade", "1.0.0", "0")
    finally:
        stop([process], kill=True)
        shutil.rmtree(tmp_path / "boot")


def test_the_samples_of_the_source_tree_are_complete() -> None:
    found = {path.name for path in samples_dir().iterdir()}
    assert {
        "order-provider.jar",
        "trade-provider.jar",
        "notify-provider.jar",
        "zoo-provider.jar",
        "workbench-registry.jar",
    } <= found
