"""Registries that want credentials, and several registries of which one is down."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from bridge_calls import TEXT, TRADE, Caller, cause, ok
from kazoo.client import KazooClient
from kazoo.security import make_digest_acl

from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.plugin_api import DubboCall
from workbench.usecases.samples import SampleProcess, WorldState, sample_artifact

DOWN = "zookeeper://127.0.0.1:1"


@pytest.fixture(params=["typed", pytest.param("generic", marks=pytest.mark.matrix)])
def api(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return () if request.param == "generic" else (str(sample_artifact("trade-api-1.0.0.jar")),)


@pytest.fixture
def call(tmp_path: Path) -> Iterator[Caller]:
    caller = Caller(tmp_path / "bridge")
    yield caller
    caller.close()


def lock(address: str, *paths: str) -> None:
    """Only ann reads and writes what is there, and what hangs below."""
    client = KazooClient(address.removeprefix("zookeeper://"), timeout=10)
    client.start(timeout=30)
    try:
        client.add_auth("digest", "ann:secret")
        for path in paths:
            _lock_tree(client, path)
    finally:
        client.stop()
        client.close()


def _lock_tree(client: KazooClient, path: str) -> None:
    for child in client.get_children(path):
        _lock_tree(client, f"{path.rstrip('/')}/{child}")
    client.set_acls(path, [make_digest_acl("ann", "secret", all=True)])


def test_a_registry_that_wants_credentials(
    call: Caller, zookeeper: SampleProcess, start_provider: object, api: tuple[str, ...]
) -> None:
    start_provider("trade")  # type: ignore[operator]
    lock(zookeeper.address, "/dubbo", "/services")
    host = zookeeper.address.removeprefix("zookeeper://")
    for address in (zookeeper.address, f"zookeeper://ann:wrong@{host}"):
        answer = call(Target(registries=(address,), artifacts=api), TRADE, "query", TEXT, '["x"]')
        assert cause(answer) is Cause.AUTH, answer.failure
        assert answer.failure is not None
        assert "WORKBENCH_ZK_AUTH" in answer.failure.hint
        assert "wrong" not in answer.failure.message
    known = Target(registries=(f"zookeeper://ann:secret@{host}",), artifacts=api)
    ok(call(known, TRADE, "query", TEXT, '["x"]'))


def test_credentials_of_the_environment(
    tmp_path: Path, zookeeper: SampleProcess, start_provider: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_provider("trade")  # type: ignore[operator]
    lock(zookeeper.address, "/dubbo", "/services")
    monkeypatch.setitem(os.environ, "WORKBENCH_ZK_AUTH", "ann:secret")
    caller = Caller(tmp_path / "other-bridge")
    try:
        ok(caller(Target(registries=(zookeeper.address,)), TRADE, "query", TEXT, '["x"]'))
    finally:
        caller.close()


@pytest.mark.parametrize("order", [0, 1])
def test_one_of_two_registries_is_down(
    call: Caller, sample_world: WorldState, api: tuple[str, ...], order: int
) -> None:
    registries = (DOWN, sample_world.registry) if order == 0 else (sample_world.registry, DOWN)
    answer = call(Target(registries=registries, artifacts=api), TRADE, "query", TEXT, '["x"]')
    ok(answer)
    (warning,) = answer.warnings
    assert DOWN in warning


def test_one_of_two_registries_is_frozen(call: Caller, sample_world: WorldState, api: tuple[str, ...]) -> None:
    """It takes connections, as a stopped process does, and says nothing: Dubbo would wait a minute for it."""
    with socket.socket() as frozen:
        frozen.bind(("127.0.0.1", 0))
        frozen.listen(50)
        silent = f"zookeeper://127.0.0.1:{frozen.getsockname()[1]}"
        to = Target(registries=(silent, sample_world.registry), artifacts=api)
        answer = call(to, TRADE, "query", TEXT, '["x"]')
        alone = call(Target(registries=(silent,), artifacts=api), TRADE, "query", TEXT, '["x"]')
    ok(answer)
    (warning,) = answer.warnings
    assert f"{silent} cannot be reached" in warning
    assert "says nothing" in warning
    assert cause(alone) is Cause.NETWORK
    assert alone.failure is not None
    assert "says nothing" in alone.failure.message


def test_all_of_two_registries_are_down(call: Caller, api: tuple[str, ...]) -> None:
    both = Target(registries=(DOWN, "zookeeper://127.0.0.1:2"), artifacts=api)
    answer = call(both, TRADE, "query", TEXT, '["x"]')
    assert cause(answer) is Cause.NETWORK
    assert answer.failure is not None
    assert DOWN in answer.failure.message


def test_providers_of_both_registries_are_found(
    call: Caller, sample_world: WorldState, zookeeper: SampleProcess, start_provider: object, api: tuple[str, ...]
) -> None:
    """The group is offered in the second only, the rest in the first only."""
    start_provider("trade", group="blue")  # type: ignore[operator]
    both = Target(registries=(sample_world.registry, zookeeper.address), artifacts=api)

    async def ask() -> None:
        for group in ("", "blue"):
            ok(await call.invoker.invoke(DubboCall(TRADE, "query", TEXT, '["x"]', both, 20_000, group)))

    call.runner.run(ask())


def offer(address: str, *providers: str) -> None:
    """Registered, at interface level; nobody listens there."""
    client = KazooClient(address.removeprefix("zookeeper://"), timeout=10)
    client.start(timeout=30)
    try:
        for each in providers:
            client.create(f"/dubbo/{TRADE}/providers/{quote(each, safe='')}", makepath=True)
    finally:
        client.stop()
        client.close()


def test_every_version_that_is_offered_is_named_once(call: Caller, zookeeper: SampleProcess) -> None:
    """Many instances of one version do not hide the other one."""
    many = [f"dubbo://127.0.0.1:{port}/{TRADE}?interface={TRADE}&methods=query&version=1.0" for port in range(2, 22)]
    offer(zookeeper.address, *many, f"dubbo://127.0.0.1:1/{TRADE}?interface={TRADE}&methods=query&version=2.0")
    answer = call(Target(registries=(zookeeper.address,)), TRADE, "query", TEXT, '["x"]', version="9")
    assert cause(answer) is Cause.VERSION_MISMATCH, answer.failure
    assert answer.failure is not None
    message = answer.failure.message
    assert message.count("version 1.0 (127.0.0.1:") == 1
    assert "version 2.0 (127.0.0.1:1)" in message
    assert message.count("127.0.0.1") <= 5, message
    assert "…" in message, "not all addresses are told"


def test_all_kinds_of_offers_are_too_many(call: Caller, zookeeper: SampleProcess) -> None:
    """Those of the group that was asked for are told first."""
    head = f"dubbo://127.0.0.1:1/{TRADE}?interface={TRADE}&methods=query"
    offer(zookeeper.address, *(f"{head}&group=a{each}&version=1.0" for each in range(30)), f"{head}&version=7.0")
    answer = call(Target(registries=(zookeeper.address,)), TRADE, "query", TEXT, '["x"]', version="99")
    assert cause(answer) is Cause.VERSION_MISMATCH, answer.failure
    assert answer.failure is not None
    assert "is offered with version 7.0 (" in answer.failure.message
    assert ", …; asked for: version 99" in answer.failure.message
