"""Providers that keep their metadata to themselves are asked for it: no jar, and nothing of theirs in the registry."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ages import FACADE, begin
from kazoo.client import KazooClient

from workbench import cli
from workbench.model.registry import RegistryView
from workbench.usecases.list_services import list_services
from workbench.usecases.samples import Lifetime, ProviderOptions, SampleProcess, launch_provider

Start = Callable[..., SampleProcess]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def start(tmp_path: Path, zookeeper: SampleProcess, lifetime: Lifetime) -> Iterator[Start]:
    started: list[SampleProcess] = []

    def begin_one(release: str, **options: str) -> SampleProcess:
        launch = begin(tmp_path, zookeeper.address, release, lifetime, register="application", **options)
        started.append(launch.finish(time.monotonic() + 180))
        return started[-1]

    yield begin_one
    for process in started:
        process.stop(kill=True)


@pytest.fixture
def nodes(zookeeper: SampleProcess) -> Iterator[KazooClient]:
    client = KazooClient(zookeeper.address.removeprefix("zookeeper://"))
    client.start(timeout=60)
    yield client
    client.stop()
    client.close()


APPLICATION = "ages-2-7-23"
REPORTED = (
    f"{FACADE}/provider/{APPLICATION}",
    f"{FACADE}/elsewhere/provider/{APPLICATION}",
    f"org.apache.dubbo.metadata.MetadataService/1.0.0/{APPLICATION}/provider/{APPLICATION}",
)


def _forget_metadata(nodes: KazooClient) -> None:
    """Remove what 2.7 insists on writing into the registry. It does so on other threads, so it may be ready before."""
    end = time.monotonic() + 180
    while not (all(nodes.exists(f"/dubbo/metadata/{name}") for name in REPORTED) and _revisions(nodes)):
        assert time.monotonic() < end, "its metadata does not appear in the registry"
        time.sleep(0.05)
    nodes.delete("/dubbo/metadata", recursive=True)


def _revisions(nodes: KazooClient) -> list[str]:
    place = f"/dubbo/metadata/{APPLICATION}"
    return nodes.get_children(place) if nodes.exists(place) else []


def _run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = cli.execute(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_release_2_7_tells_its_types(
    start: Start, nodes: KazooClient, zookeeper: SampleProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    provider = start("2.7")
    _forget_metadata(nodes)
    registry = ["--registry", zookeeper.address]
    shown = json.loads(_run(["contract", "show", *registry, "--interface", FACADE, "--json"], capsys)[1])
    (facade,) = shown["interfaces"]
    assert facade["origin"].startswith("metadata service of dubbo://[::1]:")
    assert shown["types"]["com.example.ages.Parcel"]["origin"] == facade["origin"]
    assert ("java.math.BigDecimal", "java.math.BigDecimal") in [tuple(one["erased"]) for one in facade["methods"]]
    code, out, err = _run(["invoke", f"{FACADE}#echo", *registry, "--data", '{"whole": 2147483648}'], capsys)
    assert (code, out) == (2, "")
    assert "2147483648" in err  # checked against what the provider told
    direct = ["--url", provider.address, "--data", '{"big": 9007199254740995}']
    code, out, err = _run(["invoke", f"{FACADE}#echo", *direct], capsys)
    assert code == 0, err
    assert json.loads(out)["big"] == 9007199254740995
    view = _read(zookeeper, "-o", "ask_providers=false")
    assert view.services[0].methods == ()


@pytest.mark.matrix
def test_all_commands_know_what_release_2_7_tells(
    start: Start, nodes: KazooClient, zookeeper: SampleProcess, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Those that the test before leaves out: a JVM each."""
    provider = start("2.7")
    _forget_metadata(nodes)
    registry = ["--registry", zookeeper.address]
    assert "told by the metadata service of dubbo://[::1]:" in _run(["services", *registry], capsys)[1]
    code, template, err = _run(["template", f"{FACADE}#echo", *registry], capsys)
    assert (code, json.loads(template or "[{}]")[0].get("big")) == (0, 1), err
    code, out, err = _run(["invoke", f"{FACADE}#echo", *registry, "--data", '{"big": 9007199254740995}'], capsys)
    assert (code, f"--url {provider.address}" in err) == (3, True), err  # 3.x does not read 2.7's first mapping
    code, out, err = _run(["generate", *registry, "--interface", FACADE, "--out", str(tmp_path / "suite")], capsys)
    assert (code, "9 cases" in out) == (0, True), out


def _read(zookeeper: SampleProcess, *options: str) -> RegistryView:
    from workbench.settings import load_settings

    overrides = dict(option.split("=") for option in options if "=" in option)
    return list_services(load_settings(overrides), zookeeper.address, ask=_nobody)


def _nobody(questions: object) -> list[object]:
    raise AssertionError("asked all the same")


@pytest.mark.parametrize("protocol", [pytest.param("dubbo", marks=pytest.mark.matrix), "tri"])
def test_release_3_tells_its_services_and_takes_its_one_method_of_a_name(
    protocol: str, start: Start, zookeeper: SampleProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has no definitions to give: names of methods, group and version are all."""
    provider = start("3.3", metadata="none", protocol=protocol)
    registry = ["--registry", zookeeper.address]
    found = json.loads(_run(["services", *registry, "--interface", FACADE, "--json"], capsys)[1])
    (service,) = found["services"]
    told, elsewhere = sorted(service["providers"], key=lambda one: one.get("group", ""))
    assert elsewhere["group"] == "elsewhere"  # no mapping and no definition told it
    assert (told["address"], told["protocol"]) == (provider.address.partition("://")[2], protocol)
    assert {"add", "echo", "sleep"} <= set(told["methods"])
    code, _, err = _run(["invoke", f"{FACADE}#echo", *registry, "--data", "{}"], capsys)
    assert code == 3
    assert f"no mapping at {zookeeper.address} leads" in err
    assert f"--url {provider.address}" in err
    direct = ["--url", provider.address, "--data"]
    code, out, err = _run(["invoke", f"{FACADE}#echo", *direct, '{"big": 9007199254740995}'], capsys)
    assert (code, json.loads(out)["big"]) == (0, 9007199254740995)
    assert "nothing here tells the parameter types" in err


def test_an_application_that_speaks_dubbo_and_tri_tells_group_and_version(
    tmp_path: Path, zookeeper: SampleProcess, lifetime: Lifetime, capsys: pytest.CaptureFixture[str]
) -> None:
    """At the port that its instance names it has the second form of the service alone."""
    options = ProviderOptions(
        services=("calls",), group="both", version="1.2.0", protocols=("dubbo", "tri"), register="application"
    )
    root = f"{zookeeper.address}/two-protocols"
    provider = launch_provider(tmp_path, root, options, lifetime=lifetime, timeout_s=180)
    try:
        code, out, err = _run(["services", "--registry", root, "--json"], capsys)
    finally:
        provider.stop(kill=True)
    assert code == 0, err
    found = [one for service in json.loads(out)["services"] for one in service["providers"]]
    assert {one["protocol"]: (one["group"], one["version"]) for one in found} == dict.fromkeys(
        ("dubbo", "tri"), ("both", "1.2.0")
    )
    assert "does not answer" not in out


@pytest.mark.matrix
@pytest.mark.parametrize("protocol", ["dubbo", "tri"])
def test_what_names_of_methods_cannot_tell_is_said(
    protocol: str, start: Start, zookeeper: SampleProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a provider that tells no more than these."""
    provider = start("3.3", metadata="none", protocol=protocol)
    registry = ["--registry", zookeeper.address]
    code, _, err = _run(["template", f"{FACADE}#echo", *registry], capsys)
    assert (code, "tells the names of its methods only" in err) == (2, True), err
    direct = ["--url", provider.address, "--data"]
    code, _, err = _run(["invoke", f"{FACADE}#add", *direct, "[1, 2]"], capsys)
    assert (code, "NO_METHOD: the provider has several methods" in err) == (3, True), err
    code, _, err = _run(["invoke", f"{FACADE}#sleep", *direct, "[1, 2]"], capsys)
    assert (code, "takes another number of arguments" in err) == (2, True), err
