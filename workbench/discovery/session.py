"""One reading session with ZooKeeper: connecting with errors that help, and many reads at once.

Reads are sent in windows and awaited together, since a round trip each would take seconds on a large registry;
the window stays below ZooKeeper's own limit of outstanding requests (1,000), which would slow other clients.
"""

import logging
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from kazoo import exceptions as zk
from kazoo.client import KazooClient
from kazoo.handlers.threading import KazooTimeoutError

from workbench.errors import RegistryError
from workbench.model.addresses import ZookeeperAddress

WINDOW = 400
AUTH_HINT = "put user:password into the environment variable WORKBENCH_ZK_AUTH"
# kazoo reports each attempt to connect; we tell the outcome in our own words.
_silent = logging.getLogger("workbench.discovery.kazoo")
_silent.addHandler(logging.NullHandler())
_silent.propagate = False


class Session:
    """Reads of many nodes. A node that is not there gives None; one that refuses us is kept in `refused`."""

    def __init__(self, client: Any, address: ZookeeperAddress, timeout_s: float) -> None:
        self._client = client
        self._address = address
        self._timeout_s = timeout_s
        self.refused: list[str] = []

    def children(self, paths: Iterable[str]) -> dict[str, list[str] | None]:
        """Names of the children of each node. Raises RegistryError."""
        return self._all(self._client.get_children_async, paths)

    def texts(self, paths: Iterable[str]) -> dict[str, str | None]:
        """The data of each node as text. Raises RegistryError."""
        found: dict[str, Any] = self._all(self._client.get_async, paths)
        return {
            path: None if value is None else (value[0] or b"").decode(errors="replace") for path, value in found.items()
        }

    def _all(self, read: Callable[[str], Any], paths: Iterable[str]) -> dict[str, Any]:
        names = list(dict.fromkeys(paths))
        found: dict[str, Any] = {}
        for start in range(0, len(names), WINDOW):
            window = names[start : start + WINDOW]
            for path, pending in [(path, read(path)) for path in window]:
                found[path] = self._one(path, pending)
        return found

    def _one(self, path: str, pending: Any) -> Any:
        with translated(self._address, path):
            try:
                return pending.get(timeout=self._timeout_s)
            except zk.NoNodeError:
                return None
            except zk.NoAuthError:
                self.refused.append(path)
                return None


@contextmanager
def session(address: ZookeeperAddress, *, timeout_s: float, credentials: str = "") -> Iterator[Session]:
    """Connect, read, disconnect. `credentials`: user:password for digest authentication. Raises RegistryError."""
    probe(address, timeout_s)
    auth = [("digest", credentials)] if credentials else None
    with translated(address):
        client = KazooClient(",".join(address.hosts), timeout=timeout_s, auth_data=auth, read_only=True, logger=_silent)
        try:
            client.start(timeout=timeout_s)
            yield Session(client, address, timeout_s)
        finally:
            client.stop()
            client.close()


def probe(address: ZookeeperAddress, timeout_s: float) -> None:
    """Say at once and exactly why no host can be reached; kazoo would try until its time is up and keep the reason.

    Raises RegistryError when none of the hosts accepts a connection.
    """
    reasons = []
    for host in address.hosts:
        name, _, port = host.rpartition(":")
        try:
            with socket.create_connection((name.strip("[]"), int(port)), timeout=timeout_s):
                return
        except socket.gaierror:
            reasons.append(f"{host}: no such host name")
        except ConnectionRefusedError:
            reasons.append(f"{host}: connection refused")
        except TimeoutError:
            reasons.append(f"{host}: no answer in {timeout_s:g} s")
        except OSError as error:
            reasons.append(f"{host}: {error.strerror or error}")
    hint = "is ZooKeeper running there? is the port right (2181 by default)?"
    raise RegistryError(f"the registry cannot be reached ({'; '.join(reasons)})", where=str(address), hint=hint)


@contextmanager
def translated(address: ZookeeperAddress, path: str = "") -> Iterator[None]:
    """kazoo's exceptions as RegistryError."""
    where = f"{address} {path}".rstrip()
    try:
        yield
    except KazooTimeoutError as error:
        hint = "it accepted the connection but said nothing: is it ZooKeeper's client port, does it have a quorum?"
        raise RegistryError("the registry did not answer in time", where=where, hint=hint) from error
    except (zk.AuthFailedError, zk.SessionClosedRequireSaslError) as error:
        raise RegistryError("the registry refused the credentials", where=where, hint=AUTH_HINT) from error
    except (zk.KazooException, zk.CancelledError) as error:
        reason = f"{type(error).__name__} {error}".strip()
        raise RegistryError(f"the registry answered with {reason}", where=where) from error
