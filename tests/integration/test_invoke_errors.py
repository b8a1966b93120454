"""Errors that a method throws, exceptions that a serialization cannot make, and methods that look like streams."""

from collections.abc import Iterator

import pytest
from ages import OPENED
from bridge_calls import TEXT, Caller, cause, ok
from java_provider import JavaProvider, java_provider
from msgspec.structs import replace

from workbench.model.plan import Target
from workbench.model.result import Cause, RemoteException

pytestmark = pytest.mark.xdist_group("invoke-errors")  # one process starts what they share

WELL = "com.example.Well"
SOURCES = {
    WELL: """
package com.example;
import org.apache.dubbo.common.stream.StreamObserver;
public interface Well {
    String draw(String kind) throws DryException;
    void flow(String kind, StreamObserver<String> out);
    void late(String kind, int depth, StreamObserver<String> out);
    String threeways(String kind, StreamObserver<String> out, int depth);
}
""",
    "com.example.DryException": """
package com.example;
import java.util.List;
public class DryException extends Exception {
    public final String code;
    public DryException(String code, List<String> depths) {
        super(code + depths.size());
        this.code = code;
    }
}
""",
    "com.example.CollapseError": """
package com.example;
public class CollapseError extends Error {
    public String code = "E1";
    public CollapseError(String message) {
        super(message);
    }
}
""",
    "com.example.Spring": """
package com.example;
import java.util.List;
import org.apache.dubbo.common.stream.StreamObserver;
import org.apache.dubbo.config.*;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
public class Spring implements Well {
    public void flow(String kind, StreamObserver<String> out) {
        out.onNext(kind);
        out.onCompleted();
    }
    public void late(String kind, int depth, StreamObserver<String> out) { }
    public String threeways(String kind, StreamObserver<String> out, int depth) {
        return kind;
    }
    int deeper(int depth) {
        return deeper(depth + 1) + 1;
    }
    public String draw(String kind) throws DryException {
        switch (kind) {
            case "own": throw new CollapseError("the well is no more");
            case "deep": return "" + deeper(0);
            case "loading": throw new ExceptionInInitializerError(new IllegalStateException("no bucket"));
            case "dry": throw new DryException("D1", List.of("deep"));
            default: return kind;
        }
    }
    public static void main(String[] arguments) throws Exception {
        ApplicationConfig application = new ApplicationConfig("spring");
        application.setQosEnable(false);
        application.setEnableFileCache(false);
        application.setSerializeCheckStatus("DISABLE");
        ProtocolConfig protocol = new ProtocolConfig("dubbo", Integer.parseInt(arguments[0]));
        protocol.setExtProtocol("tri"); // answers at the same port
        protocol.setPreferSerialization("hessian2,fastjson2");
        ServiceConfig<Well> service = new ServiceConfig<>();
        service.setInterface(Well.class);
        service.setRef(new Spring());
        DubboBootstrap.getInstance().application(application).registry(new RegistryConfig("N/A")).protocol(protocol)
            .service(service).start();
        System.out.println("READY");
        System.in.read();
        System.exit(0);
    }
}
""",
}


@pytest.fixture(scope="module")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JavaProvider]:
    with java_provider(tmp_path_factory.mktemp("spring"), SOURCES, "com.example.Spring", jvm=OPENED) as provider:
        yield provider


@pytest.fixture(params=["dubbo", "tri"])
def well(request: pytest.FixtureRequest, spring: JavaProvider) -> JavaProvider:
    return replace(spring, url=spring.url.replace("dubbo:", f"{request.param}:"))


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    caller = Caller(tmp_path_factory.mktemp("bridge"))
    yield caller
    caller.close()


@pytest.fixture(params=["hessian2", "fastjson2"])
def serialization(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _thrown(call: Caller, well: JavaProvider, serialization: str, kind: str) -> RemoteException:
    target = Target(url=well.url, artifacts=(well.jar,))
    answer = call(target, WELL, "draw", TEXT, f'["{kind}"]', serialization=serialization)
    assert cause(answer) is Cause.PROVIDER_EXCEPTION, answer
    assert answer.exception is not None
    return answer.exception


def test_an_error_of_the_provider_s_own(call: Caller, well: JavaProvider, serialization: str) -> None:
    """Over tri Dubbo asks for an Exception, and reads an empty one (hessian2) or none (fastjson2)."""
    told = _thrown(call, well, serialization, "own")
    assert (told.class_name, told.message) == ("com.example.CollapseError", "the well is no more")
    assert (told.code, told.fields) == ('"E1"', '{"code":"E1"}')
    assert "com.example.Spring.draw" in told.stack


def test_errors_of_the_jdk(call: Caller, well: JavaProvider, serialization: str) -> None:
    assert _thrown(call, well, serialization, "deep").class_name == "java.lang.StackOverflowError"
    loading = _thrown(call, well, serialization, "loading")
    assert loading.class_name == "java.lang.ExceptionInInitializerError"
    assert [(each.class_name, each.message) for each in loading.causes] == [
        ("java.lang.IllegalStateException", "no bucket")
    ]


def test_an_exception_that_fastjson2_cannot_make(call: Caller, well: JavaProvider) -> None:
    assert _thrown(call, well, "hessian2", "dry").code == '"D1"'
    target = Target(url=well.url, artifacts=(well.jar,))
    answer = call(target, WELL, "draw", TEXT, '["dry"]', serialization="fastjson2")
    assert cause(answer) is Cause.SERIALIZATION
    assert answer.failure is not None
    assert "com.example.DryException, which fastjson2 cannot make" in answer.failure.message
    assert "serialization: hessian2" in answer.failure.hint


@pytest.mark.parametrize("method", ["threeways", "late"])
def test_a_method_that_dubbo_takes_for_no_stream(call: Caller, well: JavaProvider, method: str) -> None:
    answer = call(Target(url=well.url, artifacts=(well.jar,)), WELL, method, None, '["a", 1]')
    assert cause(answer) is Cause.CONFIG, answer
    assert answer.failure is not None
    assert f"Dubbo takes {method} for no stream" in answer.failure.message
    assert "m(REQUEST, StreamObserver)" in answer.failure.hint


def test_a_stream_over_dubbo(call: Caller, spring: JavaProvider) -> None:
    answer = call(Target(url=spring.url, artifacts=(spring.jar,)), WELL, "flow", None, '["a"]')
    assert cause(answer) is Cause.CONFIG, answer
    assert answer.failure is not None
    assert "streams go over tri only" in answer.failure.hint
    target = Target(url=spring.url.replace("dubbo:", "tri:"), artifacts=(spring.jar,))
    assert ok(call(target, WELL, "flow", None, '["a"]')) == '["a"]'
