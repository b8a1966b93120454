"""Providers on this machine only, called as testers write them: 127.0.0.1, localhost; pinned, mapped, registered."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from bridge_calls import TEXT, Caller, cause, looked_into, ok
from java_provider import JavaProvider, java_provider
from kazoo.client import KazooClient
from scripted_provider import returns, scripted_provider

from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.usecases.samples import SampleProcess

pytestmark = pytest.mark.xdist_group("invoke-loopback")  # one process starts what they share

ECHO = "com.example.Echo"
ECHO_JAVA = "package com.example; public interface Echo { String hi(String name); }"
LOCAL = """
package com.example;
import org.apache.dubbo.config.*;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
public class Local implements Echo {
    public String hi(String name) { return name; }
    public static void main(String[] arguments) throws Exception {
        ApplicationConfig application = new ApplicationConfig("local");
        application.setQosEnable(false);
        application.setEnableFileCache(false);
        ServiceConfig<Echo> service = new ServiceConfig<>();
        service.setInterface(Echo.class);
        service.setRef(new Local());
        int port = Integer.parseInt(arguments[0]);
        DubboBootstrap.getInstance().application(application).registry(new RegistryConfig("N/A"))
            .protocol(new ProtocolConfig("%s", port)).service(service).start();
        System.out.println("READY");
        System.in.read();
        System.exit(0);
    }
}
"""
FOUR, SIX = "::ffff:127.0.0.1", "::1"


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    caller = Caller(tmp_path_factory.mktemp("bridge"))
    yield caller
    caller.close()


@pytest.fixture(scope="module", params=["dubbo", "tri"])
def protocol(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory, protocol: str) -> Iterator[JavaProvider]:
    """Listens at 127.0.0.1 and nowhere else."""
    yield from _local(tmp_path_factory.mktemp("four"), protocol, FOUR)


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory, protocol: str) -> Iterator[JavaProvider]:
    yield from _local(tmp_path_factory.mktemp("six"), protocol, SIX)


def _local(folder: Path, protocol: str, host: str) -> Iterator[JavaProvider]:
    sources = {ECHO: ECHO_JAVA, "com.example.Local": LOCAL % protocol}
    with java_provider(folder, sources, "com.example.Local", host=host) as provider:
        yield provider


def _port(provider: JavaProvider) -> str:
    return provider.url.rpartition(":")[2]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LocalHost", f"[{FOUR}]"])
def test_a_pinned_provider(call: Caller, protocol: str, four: JavaProvider, host: str) -> None:
    to = Target(url=f"{protocol}://{host}:{_port(four)}", artifacts=(four.jar,))
    answer = call(to, ECHO, "hi", TEXT, '["here"]')
    assert ok(answer) == '"here"'
    assert answer.provider == f"127.0.0.1:{_port(four)}"


@pytest.mark.parametrize("host", ["localhost", "[::1]"])
def test_a_pinned_provider_that_speaks_ipv6_only(call: Caller, protocol: str, six: JavaProvider, host: str) -> None:
    to = Target(url=f"{protocol}://{host}:{_port(six)}", artifacts=(six.jar,))
    answer = call(to, ECHO, "hi", TEXT, '["here"]')
    assert ok(answer) == '"here"'
    assert answer.provider == f"[::1]:{_port(six)}"


def test_without_a_protocol(call: Caller, protocol: str, four: JavaProvider) -> None:
    to = Target(url=f"localhost:{_port(four)}", artifacts=(four.jar,))
    assert ok(call(to, ECHO, "hi", TEXT, '["here"]', protocol=protocol)) == '"here"'


def test_the_wrong_protocol_is_told_as_it_was_written(call: Caller, protocol: str, six: JavaProvider) -> None:
    wrong = "tri" if protocol == "dubbo" else "dubbo"
    to = Target(url=f"{wrong}://localhost:{_port(six)}", artifacts=(six.jar,))
    answer = looked_into(lambda ms: call(to, ECHO, "hi", TEXT, '["here"]', timeout_ms=ms))
    assert cause(answer) is Cause.NETWORK
    assert answer.failure is not None
    assert f"localhost:{_port(six)} speaks {protocol}" in answer.failure.message


def test_nobody_is_there(call: Caller, protocol: str) -> None:
    for host in ("127.0.0.1", "localhost"):
        answer = call(Target(url=f"{protocol}://{host}:1"), ECHO, "hi", TEXT, '["x"]')
        assert cause(answer) is Cause.NETWORK
        assert answer.failure is not None
        assert "127.0.0.1:1: Connection refused" in answer.failure.message


@pytest.mark.parametrize("registered", ["127.0.0.1", "198.51.100.7"])
def test_a_registered_provider(call: Caller, zookeeper: SampleProcess, registered: str) -> None:
    """By an address that only the provider's machine knows, and by one that the host map leads here."""
    with scripted_provider(lambda body: returns("here"), host="127.0.0.1") as provider:
        url = f"dubbo://{registered}:{provider.port}/{ECHO}?interface={ECHO}&methods=hi&side=provider&release=2.7.23"
        client = KazooClient(zookeeper.address.removeprefix("zookeeper://"), timeout=10)
        client.start(timeout=30)
        client.create(f"/dubbo/{ECHO}/providers/{quote(url, safe='')}", makepath=True)
        to = Target(registries=(zookeeper.address,), hosts={"198.51.100.7": "localhost"})
        answer = call(to, ECHO, "hi", TEXT, '["x"]')
        client.stop()
        client.close()
    assert ok(answer) == '"here"'
    assert answer.provider == f"127.0.0.1:{provider.port}"
