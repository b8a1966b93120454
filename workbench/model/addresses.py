"""Addresses as users write them.

Registries: `zookeeper://HOST:PORT[,HOST:PORT][/ROOT]`; pinned providers: `dubbo://HOST:PORT`.
"""

import re
from typing import Final

from msgspec import Struct

from workbench.errors import UsageError

ZOOKEEPER: Final = "zookeeper://"
ZOOKEEPER_PORT: Final = 2181
DEFAULT_ROOT: Final = "/dubbo"
# what the bridge can call with (Definition.java has the same, which a test holds)
PROTOCOLS: Final = ("dubbo", "tri")
SERIALIZATIONS: Final = ("hessian2", "fastjson2")
_HOST = re.compile(r"(?P<host>\[[0-9a-fA-F:.%\w]+\]|[^\s:\[\]/,@?#]+)(?::(?P<port>\d{1,5}))?")
_PROVIDER = re.compile(r"(?:(?P<protocol>[A-Za-z][\w+.-]*)://)?(?P<place>[^/?]*)(?:[/?].*)?")
_PROVIDER_EXAMPLE = "write dubbo://HOST:PORT or tri://HOST:PORT, an IPv6 host in brackets"
_EXAMPLE = "write zookeeper://HOST:PORT[,HOST:PORT][/ROOT], IPv6 hosts in brackets"


class ZookeeperAddress(Struct, frozen=True):
    """`hosts` are `host:port`, IPv6 ones `[::1]:2181`; `root` is the registry's group as a path: `/dubbo`."""

    hosts: tuple[str, ...]
    root: str = DEFAULT_ROOT

    def __str__(self) -> str:
        return f"{ZOOKEEPER}{','.join(self.hosts)}{'' if self.root == DEFAULT_ROOT else self.root}"


def parse_zookeeper(text: str) -> ZookeeperAddress:
    """Read an address; Dubbo's own `?backup=HOST:PORT,…` and `&group=ROOT` are understood too. Raises UsageError.

    A user and password never stand in an address, since addresses are printed in reports.
    """
    if not text.startswith(ZOOKEEPER):
        raise UsageError(f"{text!r} is not a ZooKeeper address", hint=_EXAMPLE)
    rest, _, query = text.removeprefix(ZOOKEEPER).partition("?")
    if "@" in rest:
        hint = "leave them out here; put user:password into the environment variable WORKBENCH_ZK_AUTH"
        raise UsageError("an address with credentials is not accepted", where=_without_user(text), hint=hint)
    hosts, _, path = rest.partition("/")
    options = _options(query, text)
    named = [host for host in (*hosts.split(","), *options.get("backup", "").split(",")) if host.strip()]
    if not named:
        raise UsageError(f"{text!r} names no host", hint=_EXAMPLE)
    root = path.strip("/") or options.get("group", "").strip("/")
    if "//" in root:
        raise UsageError(f"{text!r} has an empty part in its root path", hint=_EXAMPLE)
    return ZookeeperAddress(tuple(_host(host.strip(), text) for host in named), f"/{root}" if root else DEFAULT_ROOT)


def check_provider(text: str, *, where: str = "") -> str:
    """The address of a pinned provider, as it is: `[PROTOCOL://]HOST:PORT[/…]`. Raises UsageError."""
    match = _PROVIDER.fullmatch(text)
    host = _HOST.fullmatch(match["place"]) if match else None
    if match and match["protocol"] and match["protocol"] not in PROTOCOLS:
        hint = _PROVIDER_EXAMPLE
        if match["protocol"] in ("zookeeper", "samples"):
            hint = f"a registry is given with --registry; for a provider {hint}"
        raise UsageError(f"{match['protocol']}:// is no provider's protocol", where=where, hint=hint)
    if not host or not 0 < int(host["port"] or 0) < 65536:
        raise UsageError(f"{text!r} is no provider's address", where=where, hint=_PROVIDER_EXAMPLE)
    return text


def _options(query: str, text: str) -> dict[str, str]:
    options = dict(pair.split("=", 1) for pair in query.split("&") if "=" in pair)
    unknown = options.keys() - {"backup", "group"}
    if unknown:
        raise UsageError(f"{text!r} has the unknown option {min(unknown)}", hint=_EXAMPLE)
    return options


def _host(text: str, whole: str) -> str:
    match = _HOST.fullmatch(text)
    port = int(match["port"] or ZOOKEEPER_PORT) if match else 0
    if not match or not 0 < port < 65536:
        raise UsageError(f"{text!r} is not HOST:PORT, in {whole!r}", hint=_EXAMPLE)
    return f"{match['host']}:{port}"


def _without_user(text: str) -> str:
    scheme, _, rest = text.partition("://")
    return f"{scheme}://…@{rest.rpartition('@')[2]}"
