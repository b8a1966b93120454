"""Artifacts that lack a class: the call goes the generic way, and names the class and the jar that would hold it."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bridge_calls import PAY, TRADE, Caller, cause, ok
from java_provider import java_provider

from workbench.model.json import loads
from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.usecases.import_artifact import import_artifact
from workbench.usecases.samples import WorldState, sample_artifact

pytestmark = pytest.mark.xdist_group("invoke-missing")  # one process starts what they share

POM = """<project><groupId>com.example.trade</groupId><dependencies>
<dependency><groupId>com.example.common</groupId><artifactId>common-api</artifactId><version>2.1</version></dependency>
<dependency><groupId>com.example.common</groupId><artifactId>fakes</artifactId><scope>test</scope></dependency>
<dependency><groupId>org.other</groupId><artifactId>other</artifactId></dependency></dependencies></project>"""


def _without(folder: Path, left_out: str, pom: str = POM) -> str:
    """The trade API without one class."""
    with (
        zipfile.ZipFile(sample_artifact("trade-api-1.0.0.jar")) as whole,
        zipfile.ZipFile(folder / "t.jar", "w") as jar,
    ):
        for name in whole.namelist():
            if name != left_out and not name.startswith("META-INF/maven"):
                jar.writestr(name, whole.read(name))
        if pom:
            jar.writestr("META-INF/maven/com.example.trade/trade-api/pom.xml", pom)
    return str(folder / "t.jar")


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    caller = Caller(tmp_path_factory.mktemp("bridge"))
    yield caller
    caller.close()


@pytest.mark.parametrize(
    ("left_out", "pom", "said"),
    [
        ("com.example.common.Result", POM, "com.example.common:common-api:2.1, which the pom in t.jar names"),
        ("com.example.common.BaseRequest", POM, "com.example.common:common-api:2.1, which the pom in t.jar names"),
        ("com.example.trade.PayOrderRequest", "", "add the jar that holds it"),
    ],
)
def test_a_class_that_is_missing(
    left_out: str, pom: str, said: str, sample_world: WorldState, caller: Caller, tmp_path: Path
) -> None:
    jar = _without(tmp_path, f"{left_out.replace('.', '/')}.class", pom)
    target = Target(registries=(sample_world.registry,), artifacts=(jar,))
    answer = caller(target, TRADE, "payOrder", PAY, '[{"paymentId": "none"}]')
    assert answer.mode == "generic", answer
    assert any(f"class {left_out} is not in the artifacts" in one and said in one for one in answer.warnings), answer
    typed = caller(target, TRADE, "payOrder", PAY, '[{"paymentId": "none"}]', mode="typed")
    assert cause(typed) is Cause.CONFIG
    assert typed.failure is not None
    assert said in typed.failure.hint


def test_a_class_that_does_not_link(sample_world: WorldState, caller: Caller, tmp_path: Path) -> None:
    path = _without(tmp_path, "com/example/common/Result.class")
    with zipfile.ZipFile(path, "a") as jar:
        jar.writestr("com/example/common/Result.class", b"\xca\xfe\xba\xbe\x00\x00\x00\x3d")
    target = Target(registries=(sample_world.registry,), artifacts=(path,))
    answer = caller(target, TRADE, "payOrder", PAY, '[{"paymentId": "none"}]')
    assert answer.mode == "generic"
    assert any("the artifacts do not link: " in one for one in answer.warnings), answer.warnings


def test_classes_for_a_newer_java(sample_world: WorldState, caller: Caller, tmp_path: Path) -> None:
    name = f"{TRADE.replace('.', '/')}.class"
    path = _without(tmp_path, name)
    with zipfile.ZipFile(sample_artifact("trade-api-1.0.0.jar")) as whole, zipfile.ZipFile(path, "a") as jar:
        jar.writestr(name, whole.read(name)[:6] + (44 + 99).to_bytes(2) + whole.read(name)[8:])
    target = Target(registries=(sample_world.registry,), artifacts=(path,))
    answer = caller(target, TRADE, "payOrder", PAY, '[{"paymentId": "none"}]')
    assert answer.mode == "generic"
    (warning,) = [one for one in answer.warnings if "called generically" in one]
    assert "the artifacts are made for Java 99, and the bridge runs on Java " in warning
    assert "JAVA_HOME" in warning


DESK = """
package com.example;
import org.apache.dubbo.common.stream.StreamObserver;
import org.apache.dubbo.config.*;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
public class Desk implements Keys {
    public Key same(Key key) { return key; }
    public void copies(Key key, StreamObserver<Key> out) { out.onCompleted(); }
    public static void main(String[] arguments) throws Exception {
        ApplicationConfig application = new ApplicationConfig("desk");
        application.setQosEnable(false);
        application.setEnableFileCache(false);
        ServiceConfig<Keys> service = new ServiceConfig<>();
        service.setInterface(Keys.class);
        service.setRef(new Desk());
        DubboBootstrap.getInstance().application(application).registry(new RegistryConfig("N/A"))
            .protocol(new ProtocolConfig("dubbo", Integer.parseInt(arguments[0]))).service(service).start();
        System.out.println("READY");
        System.in.read();
        System.exit(0);
    }
}
"""
KEYS = "com.example.Keys"
KEYS_JAVA = """
package com.example;
import org.apache.dubbo.common.stream.StreamObserver;
public interface Keys {
    Key same(Key key);
    void copies(Key key, StreamObserver<Key> out);
}
"""
KEY_JAVA = "public class Key implements java.io.Serializable { public java.util.UUID id; public Object more; }"


def test_classes_for_a_newer_java_are_called_as_the_contract_says(caller: Caller, tmp_path: Path) -> None:
    """It can be read whatever Java it is for: a UUID is sent as a UUID, which a provider takes from no text."""
    sources = {KEYS: KEYS_JAVA, "com.example.Key": f"package com.example; {KEY_JAVA}", "com.example.Desk": DESK}
    with java_provider(tmp_path, sources, "com.example.Desk") as desk:
        jar = tmp_path / "newer.jar"
        with zipfile.ZipFile(desk.jar) as whole, zipfile.ZipFile(jar, "w") as newer:
            for name in (each for each in whole.namelist() if each.endswith(("Keys.class", "Key.class"))):
                newer.writestr(name, whole.read(name)[:6] + (44 + 99).to_bytes(2) + whole.read(name)[8:])
        target = Target(url=desk.url, artifacts=(str(jar),), contract=import_artifact([jar], interfaces=[KEYS]))
        key = '{"id": "0b9d1c3e-6c0f-4d7e-9a6b-3f1f4f5a2c11"}'
        # one that names a class which the contract does not lead to from its signature is another line
        for request in (f"[{key}]", f"[{key}]", f'[{key[:-1]}, "more": {{"$class": "com.example.Key"}}}}]'):
            answer = caller(target, KEYS, "same", ("com.example.Key",), request)
            assert loads(ok(answer))["id"] == "0b9d1c3e-6c0f-4d7e-9a6b-3f1f4f5a2c11"
            assert answer.mode == "generic"
            assert len([one for one in answer.warnings if "made for Java 99" in one]) == 1
        observer = "org.apache.dubbo.common.stream.StreamObserver"
        stream = caller(target, KEYS, "copies", ("com.example.Key", observer), f"[{key}]")
        assert cause(stream) is Cause.CONFIG
        assert stream.failure is not None
        assert "made for Java 99" in stream.failure.hint
