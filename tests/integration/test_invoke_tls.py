"""Providers over TLS: trusted by a file, refused without one, and such that ask for the consumer's certificate."""

import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from bridge_calls import TEXT, TRADE, Caller, cause, ok
from java_provider import JavaProvider, java_provider

from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.plugin_api import Answer
from workbench.usecases.samples import SampleProcess, WorldState

ECHO = "com.example.Echo"
ECHO_JAVA = "package com.example; public interface Echo { String hi(String name); }"
# the certificates are made by the provider, beside its jar: one of its own, one for consumers, one that nobody knows
SECURE = """
package com.example;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.nio.file.*;
import org.apache.dubbo.config.*;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
public class Secure implements Echo {
    public String hi(String name) { return name; }
    static Path folder() throws Exception {
        return Path.of(Secure.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getParent();
    }
    static void make(String name) throws Exception {
        SelfSignedCertificate made = new SelfSignedCertificate(name);
        Files.copy(made.certificate().toPath(), folder().resolve(name + ".crt"));
        Files.copy(made.privateKey().toPath(), folder().resolve(name + ".key"));
        made.delete();
    }
    public static void main(String[] arguments) throws Exception {
        for (String name : new String[] {"server", "consumer", "stranger"}) make(name);
        SslConfig ssl = new SslConfig();
        ssl.setServerKeyCertChainPath(folder().resolve("server.crt").toString());
        ssl.setServerPrivateKeyPath(folder().resolve("server.key").toString());
        %s
        ApplicationConfig application = new ApplicationConfig("secure");
        application.setQosEnable(false);
        application.setEnableFileCache(false);
        ServiceConfig<Echo> service = new ServiceConfig<>();
        service.setInterface(Echo.class);
        service.setRef(new Secure());
        ProtocolConfig protocol = new ProtocolConfig("%s", Integer.parseInt(arguments[0]));
        protocol.setSslEnabled(true);
        service.setProtocol(protocol);
        DubboBootstrap.getInstance().application(application).ssl(ssl).protocol(protocol)
            .registry(new RegistryConfig("%s")).service(service).start();
        System.out.println("READY");
        System.in.read();
        System.exit(0);
    }
}
"""
ASKS = 'ssl.setServerTrustCertCollectionPath(folder().resolve("consumer.crt").toString());'


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    caller = Caller(tmp_path_factory.mktemp("bridge"))
    yield caller
    caller.close()


def _secure(folder: Path, protocol: str, asks: str = "", registry: str = "N/A") -> AbstractContextManager[JavaProvider]:
    sources = {ECHO: ECHO_JAVA, "com.example.Secure": SECURE % (asks, protocol, registry)}
    return java_provider(folder, sources, "com.example.Secure")


def _target(provider: JavaProvider, protocol: str, query: str = "", **files: str) -> Target:
    folder = Path(provider.jar).parent
    return Target(
        url=provider.url.replace("dubbo:", f"{protocol}:") + query,
        artifacts=(provider.jar,),
        tls={name: str(folder / file) for name, file in files.items()},
    )


def refused(answer: Answer) -> str:
    """What the call's failure says and advises."""
    assert cause(answer) is Cause.NETWORK, answer.failure
    assert answer.failure is not None
    return f"{answer.failure.message} → {answer.failure.hint}"


@pytest.mark.parametrize("protocol", ["dubbo", "tri"])
def test_a_trusted_provider(call: Caller, tmp_path: Path, protocol: str) -> None:
    with _secure(tmp_path, protocol) as provider:
        place = provider.url.removeprefix("dubbo://")
        plain = refused(call(_target(provider, protocol), ECHO, "hi", TEXT, '["x"]', timeout_ms=5_000))
        assert f"the provider {place} wants TLS, and was called without → name its authority's" in plain
        assert "?ssl-enabled=true" in plain
        trusted = _target(provider, protocol, trust="server.crt")
        assert ok(call(trusted, ECHO, "hi", TEXT, '["over TLS"]')) == '"over TLS"'
        for target, hint in (
            (_target(provider, protocol, trust="stranger.crt"), "`trust` under `tls` of the environment has to name"),
            (_target(provider, protocol, "?ssl-enabled=true"), "name its authority's certificate as `trust`"),
        ):
            unknown = refused(call(target, ECHO, "hi", TEXT, '["x"]'))
            assert f"the certificate of the provider {place} is not trusted: CN=server, signed by itself" in unknown
            assert hint in unknown


@pytest.mark.parametrize("protocol", ["dubbo", "tri"])
def test_a_provider_that_asks_for_a_certificate(call: Caller, tmp_path: Path, protocol: str) -> None:
    with _secure(tmp_path, protocol, ASKS) as provider:
        place = provider.url.removeprefix("dubbo://")
        known = _target(provider, protocol, trust="server.crt", certificate="consumer.crt", key="consumer.key")
        assert ok(call(known, ECHO, "hi", TEXT, '["known"]')) == '"known"'
        nobody = refused(call(_target(provider, protocol, trust="server.crt"), ECHO, "hi", TEXT, '["x"]'))
        assert f"the provider {place} asks for a certificate of the caller" in nobody
        assert "name `certificate` and `key`" in nobody
        wrong = _target(provider, protocol, trust="server.crt", certificate="stranger.crt", key="stranger.key")
        stranger = refused(call(wrong, ECHO, "hi", TEXT, '["x"]'))
        assert f"the provider {place} refuses the caller's certificate" in stranger
        assert "signed by an authority that the provider trusts" in stranger


def test_a_provider_without_tls(call: Caller, tmp_path: Path, sample_world: WorldState) -> None:
    make_certificates(tmp_path)
    to = Target(url=sample_world["trade"].address, tls={"trust": str(tmp_path / "own.crt")})
    told = refused(call(to, TRADE, "query", TEXT, '["x"]', timeout_ms=5_000))
    assert "does not speak TLS, and was called with it" in told
    assert "?ssl-enabled=false" in told
    plain = Target(url=f"{to.url}?ssl-enabled=false", tls=to.tls)
    ok(call(plain, TRADE, "query", TEXT, '["x"]'))


def _trusted_by_the_jvm(provider: JavaProvider, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """JVMs started from now on know the provider's certificate by themselves."""
    keys, certificate = folder / "known.p12", Path(provider.jar).parent / "server.crt"
    command = ["keytool", "-importcert", "-noprompt", "-alias", "a", "-storetype", "PKCS12", "-storepass", "changeit"]
    subprocess.run([*command, "-keystore", keys, "-file", certificate], check=True, capture_output=True)
    options = f"-Djavax.net.ssl.trustStore={keys} -Djavax.net.ssl.trustStorePassword=changeit"
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", options)


def test_an_authority_that_the_jvm_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the url says TLS, also after the provider has been called without."""
    with _secure(tmp_path, "dubbo") as provider:
        _trusted_by_the_jvm(provider, tmp_path, monkeypatch)
        caller = Caller(tmp_path / "bridge")
        try:
            refused(caller(_target(provider, "dubbo"), ECHO, "hi", TEXT, '["x"]', timeout_ms=5_000))
            known = _target(provider, "dubbo", "?ssl-enabled=true")
            assert ok(caller(known, ECHO, "hi", TEXT, '["known"]')) == '"known"'
        finally:
            caller.close()


@pytest.mark.parametrize(
    "order", [("pinned", "registry"), pytest.param(("registry", "pinned", "registry"), marks=pytest.mark.matrix)]
)
def test_plain_connections_and_those_with_tls_are_never_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zookeeper: SampleProcess, order: tuple[str, ...]
) -> None:
    """The registry tells that the provider wants TLS; a pinned address is called without, to the same port."""
    with _secure(tmp_path, "dubbo", registry=zookeeper.address) as provider:
        _trusted_by_the_jvm(provider, tmp_path, monkeypatch)
        pinned = _target(provider, "dubbo")
        by_registry = Target(registries=(zookeeper.address,), artifacts=pinned.artifacts)
        caller = Caller(tmp_path / "bridge")
        try:
            for which in order:
                if which == "registry":
                    assert ok(caller(by_registry, ECHO, "hi", TEXT, '["over TLS"]')) == '"over TLS"'
                else:
                    assert "wants TLS, and was called without" in refused(
                        caller(pinned, ECHO, "hi", TEXT, '["x"]', timeout_ms=5_000)
                    )
        finally:
            caller.close()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"trust": "nowhere.crt"}, "nowhere.crt (trust) cannot be read"),
        ({"trust": "own.key"}, "own.key (trust) holds no certificate"),
        ({"trust": "empty"}, "empty (trust) holds no certificate"),
        ({"certificate": "own.crt"}, "`certificate` under `tls` stands alone"),
        ({"key": "own.key"}, "`key` under `tls` stands alone"),
        ({"certificate": "own.crt", "key": "own.crt"}, "own.crt cannot be used"),
        ({"certificate": "own.key", "key": "own.key"}, "own.key cannot be used"),
    ],
)
def test_files_that_cannot_be_used(call: Caller, tmp_path: Path, files: dict[str, str], says: str) -> None:
    make_certificates(tmp_path)
    to = Target(url="dubbo://[::1]:1", tls={name: str(tmp_path / file) for name, file in files.items()})
    answer = call(to, ECHO, "hi", TEXT, '["x"]')
    assert cause(answer) is Cause.CONFIG
    assert answer.failure is not None
    assert says in answer.failure.message


def make_certificates(folder: Path) -> None:
    """own.crt and own.key, and a file that is empty."""
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=own", "-days", "2"]
    files = ["-keyout", folder / "own.key", "-out", folder / "own.crt"]
    subprocess.run([*made, *files], check=True, capture_output=True)
    (folder / "empty").write_text("")
