"""Providers over TLS: trusted by a file, refused without one, and such that ask for the consumer's certificate."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from bridge_calls import TEXT, TRADE, Caller, cause, ok
from java_provider import JavaProvider, java_provider

from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.plugin_api import Answer
from workbench.usecases.samples import Lifetime, WorldState, launch_registry

pytestmark = pytest.mark.xdist_group("tls")  # one process starts its providers

ECHO = "com.example.Echo"
# the certificates are made by the provider, beside its jar: one of its own, one for consumers, one that nobody knows
SECURE = """
package com.example;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.net.ServerSocket;
import java.nio.file.*;
import java.util.List;
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
    static ProtocolConfig at(String name, int port) {
        ProtocolConfig protocol = new ProtocolConfig(name, port);
        protocol.setSslEnabled(true);
        return protocol;
    }
    public static void main(String[] arguments) throws Exception {
        for (String name : new String[] {"server", "consumer", "stranger"}) make(name);
        SslConfig ssl = new SslConfig();
        ssl.setServerKeyCertChainPath(folder().resolve("server.crt").toString());
        ssl.setServerPrivateKeyPath(folder().resolve("server.key").toString());
        if (Boolean.getBoolean("asks"))
            ssl.setServerTrustCertCollectionPath(folder().resolve("consumer.crt").toString());
        ApplicationConfig application = new ApplicationConfig("secure");
        application.setQosEnable(false);
        application.setEnableFileCache(false);
        application.setRegisterMode("interface");
        int triple;
        try (ServerSocket free = new ServerSocket(0)) { triple = free.getLocalPort(); }
        List<ProtocolConfig> protocols = List.of(at("dubbo", Integer.parseInt(arguments[0])), at("tri", triple));
        ServiceConfig<Echo> service = new ServiceConfig<>();
        service.setInterface(Echo.class);
        service.setRef(new Secure());
        service.setProtocols(protocols);
        DubboBootstrap.getInstance().application(application).ssl(ssl).protocols(protocols)
            .registry(new RegistryConfig(System.getProperty("registry", "N/A"))).service(service).start();
        Files.writeString(folder().resolve("tri"), String.valueOf(triple));
        System.out.println("READY");
        System.in.read();
        System.exit(0);
    }
}
"""
SOURCES = {ECHO: "package com.example; public interface Echo { String hi(String name); }", "com.example.Secure": SECURE}
# a provider that wants TLS never answers what is said without
SHORTLY_MS = 1_500


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    caller = Caller(tmp_path_factory.mktemp("bridge"))
    yield caller
    caller.close()


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory, lifetime: Lifetime) -> Iterator[str]:
    process = launch_registry(tmp_path_factory.mktemp("zk"), lifetime=lifetime, timeout_s=180)
    yield process.address
    process.stop(kill=True)


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory, registry: str) -> Iterator[JavaProvider]:
    """Serves whoever trusts it, on both protocols."""
    options = (f"-Dregistry={registry}",)
    with java_provider(tmp_path_factory.mktemp("secure"), SOURCES, "com.example.Secure", jvm=options) as provider:
        yield provider


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JavaProvider]:
    """Serves whom it knows."""
    folder = tmp_path_factory.mktemp("asking")
    with java_provider(folder, SOURCES, "com.example.Secure", jvm=("-Dasks=true",)) as provider:
        yield provider


@pytest.fixture(scope="module")
def own_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """own.crt and own.key, and a file that is empty."""
    folder = tmp_path_factory.mktemp("own")
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=own", "-days", "2"]
    files = ["-keyout", folder / "own.key", "-out", folder / "own.crt"]
    subprocess.run([*made, *files], check=True, capture_output=True)
    (folder / "empty").write_text("")
    return folder


def _place(provider: JavaProvider, protocol: str) -> str:
    """host:port"""
    host, _, port = provider.url.removeprefix("dubbo://").rpartition(":")
    return f"{host}:{port if protocol == 'dubbo' else _made(provider, 'tri').read_text()}"


def _made(provider: JavaProvider, name: str) -> Path:
    return Path(provider.jar).parent / name


def _target(provider: JavaProvider, protocol: str, query: str = "", **files: str) -> Target:
    return Target(
        url=f"{protocol}://{_place(provider, protocol)}{query}",
        artifacts=(provider.jar,),
        tls={name: str(_made(provider, file)) for name, file in files.items()},
    )


def refused(answer: Answer) -> str:
    """What the call's failure says and advises."""
    assert cause(answer) is Cause.NETWORK, answer.failure
    assert answer.failure is not None
    return f"{answer.failure.message} → {answer.failure.hint}"


@pytest.mark.parametrize("protocol", ["dubbo", "tri"])
def test_a_trusted_provider(call: Caller, secure: JavaProvider, protocol: str) -> None:
    place = _place(secure, protocol)
    plain = refused(call(_target(secure, protocol), ECHO, "hi", TEXT, '["x"]', timeout_ms=SHORTLY_MS))
    assert f"the provider {place} wants TLS, and was called without → name its authority's" in plain
    assert "?ssl-enabled=true" in plain
    trusted = _target(secure, protocol, trust="server.crt")
    assert ok(call(trusted, ECHO, "hi", TEXT, '["over TLS"]')) == '"over TLS"'
    for target, hint in (
        (_target(secure, protocol, trust="stranger.crt"), "`trust` under `tls` of the environment has to name"),
        (_target(secure, protocol, "?ssl-enabled=true"), "name its authority's certificate as `trust`"),
    ):
        unknown = refused(call(target, ECHO, "hi", TEXT, '["x"]'))
        assert f"the certificate of the provider {place} is not trusted: CN=server, signed by itself" in unknown
        assert hint in unknown


@pytest.mark.parametrize("protocol", ["dubbo", pytest.param("tri", marks=pytest.mark.matrix)])
def test_a_provider_that_asks_for_a_certificate(call: Caller, asking: JavaProvider, protocol: str) -> None:
    place = _place(asking, protocol)
    known = _target(asking, protocol, trust="server.crt", certificate="consumer.crt", key="consumer.key")
    assert ok(call(known, ECHO, "hi", TEXT, '["known"]')) == '"known"'
    nobody = refused(call(_target(asking, protocol, trust="server.crt"), ECHO, "hi", TEXT, '["x"]'))
    assert f"the provider {place} asks for a certificate of the caller" in nobody
    assert "name `certificate` and `key`" in nobody
    wrong = _target(asking, protocol, trust="server.crt", certificate="stranger.crt", key="stranger.key")
    stranger = refused(call(wrong, ECHO, "hi", TEXT, '["x"]'))
    assert f"the provider {place} refuses the caller's certificate" in stranger
    assert "signed by an authority that the provider trusts" in stranger


def test_a_provider_without_tls(call: Caller, own_files: Path, sample_world: WorldState) -> None:
    to = Target(url=sample_world["trade"].address, tls={"trust": str(own_files / "own.crt")})
    told = refused(call(to, TRADE, "query", TEXT, '["x"]', timeout_ms=SHORTLY_MS))
    assert "does not speak TLS, and was called with it" in told
    assert "?ssl-enabled=false" in told
    plain = Target(url=f"{to.url}?ssl-enabled=false", tls=to.tls)
    ok(call(plain, TRADE, "query", TEXT, '["x"]'))


def _trusted_by_the_jvm(provider: JavaProvider, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """JVMs started from now on know the provider's certificate by themselves."""
    keys, certificate = folder / "known.p12", _made(provider, "server.crt")
    command = ["keytool", "-importcert", "-noprompt", "-alias", "a", "-storetype", "PKCS12", "-storepass", "changeit"]
    subprocess.run([*command, "-keystore", keys, "-file", certificate], check=True, capture_output=True)
    options = f"-Djavax.net.ssl.trustStore={keys} -Djavax.net.ssl.trustStorePassword=changeit"
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", options)


@pytest.mark.parametrize(
    "order", [pytest.param("pinned asked registry", marks=pytest.mark.matrix), "registry pinned asked registry"]
)
def test_plain_connections_and_those_with_tls_are_never_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secure: JavaProvider, registry: str, order: str
) -> None:
    """One port, and an authority that the JVM knows: pinned it is called without TLS, unless the url asks for it; in
    the registry the provider itself says that it wants it."""
    _trusted_by_the_jvm(secure, tmp_path, monkeypatch)
    pinned, asked = _target(secure, "dubbo"), _target(secure, "dubbo", "?ssl-enabled=true")
    by_registry = Target(registries=(registry,), artifacts=pinned.artifacts)
    caller = Caller(tmp_path / "bridge")
    try:
        for which in order.split():
            if which == "pinned":
                plain = refused(caller(pinned, ECHO, "hi", TEXT, '["x"]', timeout_ms=SHORTLY_MS))
                assert "wants TLS, and was called without" in plain
            else:
                to = asked if which == "asked" else by_registry
                assert ok(caller(to, ECHO, "hi", TEXT, '["over TLS"]')) == '"over TLS"'
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
def test_files_that_cannot_be_used(call: Caller, own_files: Path, files: dict[str, str], says: str) -> None:
    to = Target(url="dubbo://[::1]:1", tls={name: str(own_files / file) for name, file in files.items()})
    answer = call(to, ECHO, "hi", TEXT, '["x"]')
    assert cause(answer) is Cause.CONFIG
    assert answer.failure is not None
    assert says in answer.failure.message
