"""Dubbo's own exceptions as a provider's answer: its filter threw them, or its method, which called another service."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ages import AGES, OPENED
from bridge_calls import TEXT, Caller, cause, ok
from java_provider import JavaProvider, java_provider
from msgspec.structs import replace

from workbench.model.plan import Target
from workbench.model.result import Cause, RemoteException
from workbench.plugin_api import Answer

pytestmark = pytest.mark.xdist_group("invoke-sent")  # one process starts what they share

SHOP = "com.example.Shop"
SHOP_JAVA = """
package com.example;
import java.util.concurrent.CompletableFuture;
public interface Shop {
    String buy(String kind);
    CompletableFuture<String> buyLater(String kind);
    int bought();
}
"""
DESK = """
package com.example;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.dubbo.config.*;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import org.apache.dubbo.rpc.*;
import org.apache.dubbo.rpc.model.ApplicationModel;
public class Desk implements Shop {
    private final AtomicInteger bought = new AtomicInteger();
    public int bought() {
        return bought.getAndSet(0);
    }
    public String buy(String kind) {
        bought.incrementAndGet();
        switch (kind) {
            case "late": throw new RpcException(2, "Invoke remote method timeout. method: reserve");
            case "nobody": throw new RpcException(4, "No provider available for service com.example.Stock");
            case "full": throw new RpcException(1, "Server side(192.0.2.9,20880) thread pool is exhausted");
            default: return kind;
        }
    }
    public CompletableFuture<String> buyLater(String kind) {
        return CompletableFuture.supplyAsync(() -> buy(kind));
    }
    public static class Gate implements Filter {
        public Result invoke(Invoker<?> invoker, Invocation invocation) {
            String gate = String.valueOf(invocation.getAttachment("gate"));
            switch (gate) {
                case "limit": throw new RpcException(RpcException.LIMIT_EXCEEDED_EXCEPTION, "too many");
                case "closed": throw new IllegalStateException("closed\\ntoday");
                case "caused": throw new IllegalStateException("closed\\nCaused by: a.Rumour: of\\nrain",
                    new IllegalArgumentException("snow"));
                case "traced":
                    throw new IllegalStateException("closed\\nCaused by: a.Rumour: of\\n\\tat a.Town.square(A.java:1)");
                case "silent": throw new IllegalStateException();
                default: return invoker.invoke(invocation);
            }
        }
    }
    public static void main(String[] arguments) throws Exception {
        ApplicationModel.defaultModel().getDefaultModule().getExtensionLoader(Filter.class)
            .addExtension("gate", Gate.class);
        ApplicationConfig application = new ApplicationConfig("desk");
        application.setQosEnable(false);
        application.setEnableFileCache(false);
        application.setSerializeCheckStatus(System.getProperty("check"));
        ProtocolConfig protocol = new ProtocolConfig(System.getProperty("protocol"), Integer.parseInt(arguments[0]));
        protocol.setSerialization("hessian2");
        ServiceConfig<Shop> service = new ServiceConfig<>();
        service.setInterface(Shop.class);
        service.setRef(new Desk());
        service.setFilter("gate");
        DubboBootstrap.getInstance().application(application).registry(new RegistryConfig("N/A")).protocol(protocol)
            .service(service).start();
        System.out.println("READY");
        System.in.read();
        System.exit(0);
    }
}
"""


@pytest.fixture(scope="module", params=["3.3-dubbo", "3.3-tri", "3.2-tri"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JavaProvider]:
    with _shop(tmp_path_factory.mktemp("shop"), *request.param.split("-"), "DISABLE") as desk:
        yield desk


@contextmanager
def _shop(folder: Path, release: str, protocol: str, check: str) -> Iterator[JavaProvider]:
    libraries = "" if release == "3.3" else os.fspath(AGES / f"dubbo-{release}" / "target" / "lib" / "*")
    sources = {SHOP: SHOP_JAVA, "com.example.Desk": DESK}
    jvm = (f"-Dprotocol={protocol}", f"-Dcheck={check}", *OPENED)
    with java_provider(folder, sources, "com.example.Desk", dubbo=libraries, jvm=jvm) as desk:
        yield replace(desk, url=desk.url.replace("dubbo:", f"{protocol}:"))


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    caller = Caller(tmp_path_factory.mktemp("bridge"))
    yield caller
    caller.close()


@pytest.fixture(params=["typed", "generic"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _buy(
    caller: Caller, shop: JavaProvider, mode: str, kind: str, method: str = "buy", gate: str = ""
) -> tuple[Answer, RemoteException]:
    target = Target(url=shop.url, artifacts=(shop.jar,) if mode == "typed" else ())
    attachments = {"gate": gate} if gate else {}
    answer = caller(target, SHOP, method, TEXT, f'["{kind}"]', attachments=attachments)
    assert cause(answer) is Cause.PROVIDER_EXCEPTION, answer
    assert answer.exception is not None
    assert answer.provider == shop.url.partition("://")[2]
    assert not any("refused the call" in warning for warning in answer.warnings)  # it was sent once
    return answer, answer.exception


@pytest.mark.parametrize(("kind", "code"), [("late", 2), ("nobody", 4), ("full", 1)])
@pytest.mark.parametrize("method", ["buy", "buyLater"])
def test_a_call_of_the_provider_s_own_that_failed(
    caller: Caller, shop: JavaProvider, mode: str, method: str, kind: str, code: int
) -> None:
    """It is no timeout, no missing provider and no busy one of this call."""
    answer, exception = _buy(caller, shop, mode, kind, method)
    assert exception.class_name == "org.apache.dubbo.rpc.RpcException"
    assert answer.failure is not None
    assert "a call of its own to another service" in answer.failure.hint
    if mode == "typed":
        assert exception.code == str(code)


@pytest.mark.parametrize("check", ["STRICT", "DISABLE"])
def test_such_a_call_is_made_once(caller: Caller, tmp_path: Path, check: str) -> None:
    """What an answer says of another provider's threads is no reason to send again, also where it cannot be sent."""
    with _shop(tmp_path, "3.3", "dubbo", check) as shop:
        target = Target(url=shop.url, artifacts=(shop.jar,))
        answer = caller(target, SHOP, "buy", TEXT, '["full"]', timeout_ms=2_000)
        assert cause(answer) is (Cause.SERIALIZATION if check == "STRICT" else Cause.PROVIDER_EXCEPTION)
        assert answer.warnings == ()
        assert ok(caller(target, SHOP, "bought", (), "[]")) == "1"


@pytest.mark.parametrize(
    ("gate", "class_name", "message"),
    [
        ("limit", "org.apache.dubbo.rpc.RpcException", "too many"),
        ("closed", "java.lang.IllegalStateException", "closed\ntoday"),
        ("silent", "java.lang.IllegalStateException", None),
        ("caused", "java.lang.IllegalStateException", "closed\nCaused by: a.Rumour: of\nrain"),
        ("traced", "java.lang.IllegalStateException", "closed\nCaused by: a.Rumour: of\n\tat a.Town.square(A.java:1)"),
    ],
)
def test_what_a_filter_threw(
    caller: Caller, shop: JavaProvider, mode: str, gate: str, class_name: str, message: str | None
) -> None:
    answer, exception = _buy(caller, shop, mode, "book", gate=gate)
    assert (exception.class_name, exception.message) == (class_name, message)
    assert answer.failure is not None
    assert answer.failure.message.startswith(class_name)
    assert "a.Rumour" not in [cause.class_name for cause in exception.causes]
