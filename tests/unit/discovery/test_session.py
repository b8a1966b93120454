"""Why a registry cannot be reached, told before kazoo would have given up."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from kazoo import exceptions as zk
from kazoo.handlers.threading import KazooTimeoutError

from workbench.discovery.session import Session, probe, translated
from workbench.discovery.zookeeper import read_services
from workbench.errors import RegistryError
from workbench.model.addresses import parse_zookeeper


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Held, so that nobody else listens there meanwhile; nobody does."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a name server that knows none; one that cannot be reached takes its time to say so."""
    look = socket.getaddrinfo

    def looked(host: str, *rest: Any, **named: Any) -> Any:
        if str(host).endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", looked)


@pytest.mark.usefixtures("no_names")
def test_refused_and_unknown_hosts_are_told_at_once(closed_port: int) -> None:
    began = time.monotonic()
    with pytest.raises(RegistryError) as error:
        read_services(f"zookeeper://127.0.0.1:{closed_port},no-such-host.invalid:1", timeout_s=120)
    assert time.monotonic() - began < 60
    assert f"127.0.0.1:{closed_port}: connection refused" in str(error.value)
    assert "no-such-host.invalid:1: no such host name" in str(error.value)
    assert error.value.exit_code == 3


def test_one_host_that_answers_is_enough(closed_port: int, silent_port: int) -> None:
    probe(parse_zookeeper(f"zookeeper://127.0.0.1:{closed_port},127.0.0.1:{silent_port}"), 1)


def test_a_port_that_is_not_zookeeper(silent_port: int) -> None:
    with pytest.raises(RegistryError, match="did not answer in time"):
        read_services(f"zookeeper://127.0.0.1:{silent_port}", timeout_s=0.5)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KazooTimeoutError(), "did not answer in time"),
        (zk.AuthFailedError(), "WORKBENCH_ZK_AUTH"),
        (zk.ConnectionLoss(), "ConnectionLoss"),
    ],
)
def test_foreign_errors_become_ours(error: Exception, said: str) -> None:
    address = parse_zookeeper("zookeeper://h:1")
    with pytest.raises(RegistryError) as ours, translated(address, "/dubbo/x"):
        raise error
    assert said in str(ours.value)
    assert "zookeeper://h:1 /dubbo/x" in str(ours.value)


class _Pending:
    def __init__(self, outcome: object) -> None:
        self.outcome = outcome

    def get(self, timeout: float) -> object:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


class _Client:
    """Counts how many reads are under way at once."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get_children_async(self, path: str) -> _Pending:
        self.asked.append(path)
        return _Pending({"/none": zk.NoNodeError(), "/locked": zk.NoAuthError()}.get(path, ["a"]))

    def get_async(self, path: str) -> _Pending:
        return _Pending(zk.NoNodeError() if path == "/none" else (b"caf\xc3\xa9\xff", None))


def test_missing_and_locked_nodes() -> None:
    session = Session(_Client(), parse_zookeeper("zookeeper://h:1"), 1)
    assert session.children(["/x", "/none", "/locked"]) == {"/x": ["a"], "/none": None, "/locked": None}
    assert session.refused == ["/locked"]
    assert session.texts(["/x", "/none"]) == {"/x": "café\ufffd", "/none": None}


def test_each_node_is_read_once_and_all_are_read() -> None:
    client = _Client()
    session = Session(client, parse_zookeeper("zookeeper://h:1"), 1)
    paths = [f"/{number}" for number in range(1000)]
    assert len(session.children(paths + paths)) == 1000
    assert client.asked == paths
