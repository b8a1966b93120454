"""Providers over TLS: trusted by a file, refused without one, and such that ask for the consumer's certificate."""

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from bridge_calls import TEXT, TRADE, Caller, cause, looked_into, ok

from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.plugin_api import Answer
from workbench.usecases.samples import (
    Lifetime,
    ProviderOptions,
    WorldState,
    launch_provider,
    launch_registry,
    sample_artifact,
)

PATIENCE_S = 180
pytestmark = pytest.mark.xdist_group("tls")  # one process starts its providers

# one of the provider's own, one for consumers, one that nobody knows, and one for what is no provider's
NAMES = ("server", "consumer", "stranger", "own")


class Secure(NamedTuple):
    """`urls`: by protocol; `registry`: where it alone is registered; `files`: the certificates, and their keys."""

    urls: Mapping[str, str]
    registry: str
    files: Path

    def place(self, protocol: str) -> str:
        """host:port"""
        return self.urls[protocol].partition("://")[2]

    def target(self, protocol: str, query: str = "", **files: str) -> Target:
        return Target(
            url=f"{self.urls[protocol]}{query}",
            artifacts=JARS,
            tls={name: str(self.files / file) for name, file in files.items()},
        )


JARS = (str(sample_artifact("trade-api-1.0.0.jar")),)


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    caller = Caller(tmp_path_factory.mktemp("bridge"))
    yield caller
    caller.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """NAME.crt and NAME.key of each, signed by itself; and a file that is empty. Elliptic curves: a key is made at
    once, and whoever was refused and tries again each second costs the provider next to nothing."""
    folder = tmp_path_factory.mktemp("certificates")
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    for name in NAMES:
        options: list[str | Path] = [
            "-subj",
            f"/CN={name}",
            "-keyout",
            folder / f"{name}.key",
            "-out",
            folder / f"{name}.crt",
        ]
        subprocess.run([*made, *options], check=True, capture_output=True)
    (folder / "empty").write_text("")
    return folder


@pytest.fixture(scope="module")
def providers(
    tmp_path_factory: pytest.TempPathFactory, files: Path, lifetime: Lifetime
) -> Iterator[Mapping[str, Secure]]:
    """Applications of one process: `trusted` serves whoever trusts it, `asking` whom it knows, `told` is registered as
    an application only."""
    folder = tmp_path_factory.mktemp("secure")
    registry = launch_registry(folder, lifetime=lifetime, timeout_s=PATIENCE_S)
    shared: dict[str, Any] = {"services": ("trade",), "tls": (str(files / "server.crt"), str(files / "server.key"))}
    both = ("dubbo", "tri")
    wanted = {
        "trusted": ProviderOptions(**shared, root="trusted", protocols=both, register="interface"),
        "asking": ProviderOptions(
            **shared, root="asking", protocols=both, register="interface", tls_trust=str(files / "consumer.crt")
        ),
        "told": ProviderOptions(**shared, root="told", register="application"),
    }
    first, *beside = wanted.values()
    provider = launch_provider(folder, registry.address, first, beside=beside, lifetime=lifetime, timeout_s=PATIENCE_S)
    rest = list(provider.addresses)
    yield {
        name: Secure(
            {protocol: rest.pop(0) for protocol in options.protocols}, f"{registry.address}/{options.root}", files
        )
        for name, options in wanted.items()
    }
    provider.stop(kill=True)
    registry.stop(kill=True)


@pytest.fixture
def secure(providers: Mapping[str, Secure]) -> Secure:
    return providers["trusted"]


def served(answer: Answer) -> None:
    """The provider itself answered: that it knows no such payment."""
    assert '"2404"' in ok(answer)


def refused(answer: Answer) -> str:
    """What the call's failure says and advises."""
    assert cause(answer) is Cause.NETWORK, answer.failure
    assert answer.failure is not None
    return f"{answer.failure.message} → {answer.failure.hint}"


@pytest.mark.parametrize("protocol", ["dubbo", "tri"])
def test_a_trusted_provider(call: Caller, secure: Secure, protocol: str) -> None:
    place = secure.place(protocol)
    to = secure.target(protocol)
    plain = refused(looked_into(lambda ms: call(to, TRADE, "query", TEXT, '["x"]', timeout_ms=ms)))
    assert f"the provider {place} wants TLS, and was called without → name its authority's" in plain
    assert "?ssl-enabled=true" in plain
    trusted = secure.target(protocol, trust="server.crt")
    served(call(trusted, TRADE, "query", TEXT, '["over TLS"]'))
    for target, hint in (
        (secure.target(protocol, trust="stranger.crt"), "`trust` under `tls` of the environment has to name"),
        (secure.target(protocol, "?ssl-enabled=true"), "name its authority's certificate as `trust`"),
    ):
        unknown = refused(call(target, TRADE, "query", TEXT, '["x"]'))
        assert f"the certificate of the provider {place} is not trusted: CN=server, signed by itself" in unknown
        assert hint in unknown


@pytest.mark.parametrize("protocol", ["dubbo", pytest.param("tri", marks=pytest.mark.matrix)])
def test_a_provider_that_asks_for_a_certificate(call: Caller, providers: Mapping[str, Secure], protocol: str) -> None:
    asking = providers["asking"]
    place = asking.place(protocol)
    known = asking.target(protocol, trust="server.crt", certificate="consumer.crt", key="consumer.key")
    served(call(known, TRADE, "query", TEXT, '["known"]'))
    nobody = refused(call(asking.target(protocol, trust="server.crt"), TRADE, "query", TEXT, '["x"]'))
    assert f"the provider {place} asks for a certificate of the caller" in nobody
    assert "name `certificate` and `key`" in nobody
    wrong = asking.target(protocol, trust="server.crt", certificate="stranger.crt", key="stranger.key")
    stranger = refused(call(wrong, TRADE, "query", TEXT, '["x"]'))
    assert f"the provider {place} refuses the caller's certificate" in stranger
    assert "signed by an authority that the provider trusts" in stranger


def test_a_provider_without_tls(call: Caller, files: Path, sample_world: WorldState) -> None:
    to = Target(url=sample_world["trade"].address, tls={"trust": str(files / "own.crt")})
    told = refused(looked_into(lambda ms: call(to, TRADE, "query", TEXT, '["x"]', timeout_ms=ms)))
    assert "does not speak TLS, and was called with it" in told
    assert "?ssl-enabled=false" in told
    plain = Target(url=f"{to.url}?ssl-enabled=false", tls=to.tls)
    served(call(plain, TRADE, "query", TEXT, '["x"]'))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, files: Path) -> str:
    """Options of a JVM that knows the providers' certificate by itself."""
    keys = tmp_path_factory.mktemp("known") / "known.p12"
    command = ["keytool", "-importcert", "-noprompt", "-alias", "a", "-storetype", "PKCS12", "-storepass", "changeit"]
    subprocess.run([*command, "-keystore", keys, "-file", files / "server.crt"], check=True, capture_output=True)
    return f"-Djavax.net.ssl.trustStore={keys} -Djavax.net.ssl.trustStorePassword=changeit"


@pytest.fixture
def trusting(tmp_path: Path, known: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    """Calls from such a JVM."""
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", known)
    caller = Caller(tmp_path / "bridge")
    yield caller
    caller.close()


@pytest.mark.parametrize(
    "order", [pytest.param("pinned asked registry", marks=pytest.mark.matrix), "registry pinned asked registry"]
)
def test_plain_connections_and_those_with_tls_are_never_the_same(trusting: Caller, secure: Secure, order: str) -> None:
    """One port, and an authority that the JVM knows: pinned it is called without TLS, unless the url asks for it; in
    the registry the provider itself says that it wants it."""
    pinned, asked = secure.target("dubbo"), secure.target("dubbo", "?ssl-enabled=true")
    by_registry = Target(registries=(secure.registry,), artifacts=JARS)
    for which in order.split():
        if which == "pinned":
            plain = refused(looked_into(lambda ms: trusting(pinned, TRADE, "query", TEXT, '["x"]', timeout_ms=ms)))
            assert "wants TLS, and was called without" in plain
        else:
            served(trusting(asked if which == "asked" else by_registry, TRADE, "query", TEXT, '["x"]'))


def test_an_application_that_only_the_jvm_trusts(trusting: Caller, providers: Mapping[str, Secure]) -> None:
    """Its metadata are asked for before anybody has said that it wants TLS: asked without, it says nothing for 40 s."""
    to = Target(registries=(providers["told"].registry,), artifacts=JARS)
    served(trusting(to, TRADE, "query", TEXT, '["x"]'))


@pytest.mark.parametrize(
    ("named", "says"),
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
def test_files_that_cannot_be_used(call: Caller, files: Path, named: dict[str, str], says: str) -> None:
    to = Target(url="dubbo://[::1]:1", tls={name: str(files / file) for name, file in named.items()})
    answer = call(to, TRADE, "query", TEXT, '["x"]')
    assert cause(answer) is Cause.CONFIG
    assert answer.failure is not None
    assert says in answer.failure.message
