"""Services with a path of their own, over both protocols: with slashes in it, before it, and with none."""

from collections.abc import Iterator

import pytest
from bridge_calls import TEXT, Caller, cause, ok
from java_provider import JavaProvider, java_provider
from msgspec.structs import replace

from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.usecases.samples import Lifetime, launch_registry

pytestmark = pytest.mark.xdist_group("invoke-paths")  # one process starts what they share

ECHO = "com.example.Echo"
ECHO_JAVA = "package com.example; public interface Echo { String hi(String name); }"
DESK = """
package com.example;
import org.apache.dubbo.config.*;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
public class Desk implements Echo {
    public String hi(String name) { return name; }
    static ServiceConfig<Echo> service(String group, String path) {
        ServiceConfig<Echo> service = new ServiceConfig<>();
        service.setId("echo-" + group);
        service.setInterface(Echo.class);
        service.setRef(new Desk());
        service.setGroup(group);
        service.setPath(path);
        return service;
    }
    public static void main(String[] arguments) throws Exception {
        ApplicationConfig application = new ApplicationConfig("desk");
        application.setQosEnable(false);
        application.setEnableFileCache(false);
        int port = Integer.parseInt(arguments[0]);
        DubboBootstrap.getInstance().application(application).registry(new RegistryConfig("REGISTRY"))
            .protocol(new ProtocolConfig("PROTOCOL", port)).service(service("within", "desk/echo"))
            .service(service("before", "/desk/hall")).service(service("none", "plain")).start();
        System.out.println("READY");
        System.in.read();
        System.exit(0);
    }
}
"""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory, lifetime: Lifetime) -> Iterator[str]:
    process = launch_registry(tmp_path_factory.mktemp("zk"), lifetime=lifetime, timeout_s=180)
    yield process.address
    process.stop(kill=True)


@pytest.fixture(scope="module", params=["dubbo", "tri"])
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, registry: str
) -> Iterator[JavaProvider]:
    main = DESK.replace("REGISTRY", f"{registry}?group={request.param}").replace("PROTOCOL", request.param)
    sources = {ECHO: ECHO_JAVA, "com.example.Desk": main}
    with java_provider(tmp_path_factory.mktemp("desk"), sources, "com.example.Desk") as provider:
        yield replace(provider, url=provider.url.replace("dubbo:", f"{request.param}:"))


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    caller = Caller(tmp_path_factory.mktemp("bridge"))
    yield caller
    caller.close()


@pytest.fixture(params=["typed", "generic"])
def artifacts(request: pytest.FixtureRequest, desk: JavaProvider) -> tuple[str, ...]:
    return (desk.jar,) if request.param == "typed" else ()


@pytest.mark.parametrize(
    ("group", "path"), [("within", "desk/echo"), ("before", "desk/hall"), ("before", "/desk/hall")]
)
def test_a_path_with_slashes(
    call: Caller, desk: JavaProvider, registry: str, artifacts: tuple[str, ...], group: str, path: str
) -> None:
    protocol = desk.url.partition(":")[0]
    by_url = Target(url=f"{desk.url}/{path}", artifacts=artifacts)
    by_registry = Target(registries=(f"{registry}/{protocol}",), artifacts=artifacts)
    for target in (by_url, by_registry):
        assert ok(call(target, ECHO, "hi", TEXT, '["here"]', group=group)) == '"here"'


def test_a_path_without_a_slash(call: Caller, desk: JavaProvider, registry: str, artifacts: tuple[str, ...]) -> None:
    """Over tri Dubbo's provider does not answer there, to no consumer."""
    protocol = desk.url.partition(":")[0]
    by_registry = Target(registries=(f"{registry}/{protocol}",), artifacts=artifacts)
    answer = call(by_registry, ECHO, "hi", TEXT, '["here"]', group="none")
    if protocol == "dubbo":
        assert ok(answer) == '"here"'
        return
    assert cause(answer) is Cause.VERSION_MISMATCH
    assert answer.failure is not None
    assert "none without a slash in it: url: tri://HOST:PORT reaches those" in answer.failure.hint
    by_url = Target(url=desk.url, artifacts=artifacts)
    assert ok(call(by_url, ECHO, "hi", TEXT, '["here"]', group="none")) == '"here"'
