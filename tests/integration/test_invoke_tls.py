"""Providers over TLS: trusted by a file, refused without one, and such that ask for the consumer's certificate."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from bridge_calls import TEXT, Caller, cause, ok
from java_provider import JavaProvider, java_provider

from workbench.model.plan import Target
from workbench.model.result import Cause

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
            .registry(new RegistryConfig("N/A")).service(service).start();
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


def _secure(folder: Path, protocol: str, asks: str = "") -> AbstractContextManager[JavaProvider]:
    sources = {ECHO: ECHO_JAVA, "com.example.Secure": SECURE % (asks, protocol)}
    return java_provider(folder, sources, "com.example.Secure")


def _target(provider: JavaProvider, protocol: str, query: str = "", **files: str) -> Target:
    folder = Path(provider.jar).parent
    return Target(
        url=provider.url.replace("dubbo:", f"{protocol}:") + query,
        artifacts=(provider.jar,),
        tls={name: str(folder / file) for name, file in files.items()},
    )


@pytest.mark.parametrize("protocol", ["dubbo", "tri"])
def test_a_trusted_provider(call: Caller, tmp_path: Path, protocol: str) -> None:
    with _secure(tmp_path, protocol) as provider:
        trusted = _target(provider, protocol, trust="server.crt")
        assert ok(call(trusted, ECHO, "hi", TEXT, '["over TLS"]')) == '"over TLS"'
        unknown = _target(provider, protocol, trust="stranger.crt")
        assert cause(call(unknown, ECHO, "hi", TEXT, '["x"]')) is Cause.NETWORK
        plain = _target(provider, protocol)
        assert cause(call(plain, ECHO, "hi", TEXT, '["x"]', timeout_ms=3_000)) in {Cause.NETWORK, Cause.TIMEOUT}


@pytest.mark.parametrize("protocol", ["dubbo", "tri"])
def test_a_provider_that_asks_for_a_certificate(call: Caller, tmp_path: Path, protocol: str) -> None:
    with _secure(tmp_path, protocol, ASKS) as provider:
        known = _target(provider, protocol, trust="server.crt", certificate="consumer.crt", key="consumer.key")
        assert ok(call(known, ECHO, "hi", TEXT, '["known"]')) == '"known"'
        nobody = _target(provider, protocol, trust="server.crt")
        assert cause(call(nobody, ECHO, "hi", TEXT, '["x"]')) is Cause.NETWORK
        wrong = _target(provider, protocol, trust="server.crt", certificate="stranger.crt", key="stranger.key")
        assert cause(call(wrong, ECHO, "hi", TEXT, '["x"]')) is Cause.NETWORK
