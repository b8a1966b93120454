"""Provider and override URLs as Dubbo registers them (facts seen on 2.6 to 3.3).

`dubbo://192.168.1.5:20880/com.example.Facade?group=a&version=1.0.0&methods=pay,query&…`, URL-encoded as a node name.
"""

from urllib.parse import parse_qsl, unquote

from msgspec import Struct

from workbench.model.registry import Provider


class DubboUrl(Struct, frozen=True):
    protocol: str
    address: str
    path: str
    parameters: dict[str, str]


def parse_url(text: str, *, port: str = "") -> DubboUrl:
    """A URL, encoded or not; `port` for one that may stand without. Raises ValueError with what is wrong."""
    url = text if "://" in text else unquote(text)
    protocol, separator, rest = url.partition("://")
    if not separator or not protocol:
        raise ValueError("not a URL")
    location, _, query = rest.partition("?")
    authority, _, path = location.partition("/")
    # Values were encoded one by one inside a URL that is encoded as a whole; '+' is a plus sign there.
    pairs = parse_qsl(query.replace("+", "%2B"), keep_blank_values=True)
    authority = authority.rpartition("@")[2]
    if port and not authority.rpartition(":")[2].isdigit():
        authority = f"{authority}:{port}"
    return DubboUrl(protocol, host_port(authority), path, dict(pairs))


def host_port(text: str) -> str:
    """`::1:20881` as Dubbo may write it becomes `[::1]:20881`. Raises ValueError without a port."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit():
        raise ValueError(f"no port in {text!r}")
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    return f"{host}:{port}"


def provider_of(url: DubboUrl, *, interface: str = "") -> Provider:
    """The provider that a URL describes. Odd numbers fall back to Dubbo's defaults, as Dubbo does."""
    parameters = url.parameters
    return Provider(
        address=url.address,
        protocol=url.protocol,
        interface=parameters.get("interface") or interface or url.path,
        group=parameters.get("group", ""),
        version=plain_version(parameters.get("version", "")),
        tag=parameters.get("dubbo.tag") or parameters.get("tag", ""),
        weight=weight(parameters),
        release=release(parameters),
        application=parameters.get("application", ""),
        methods=tuple(sorted(name for name in parameters.get("methods", "").split(",") if name)),
        serialization=parameters.get("serialization") or parameters.get("prefer.serialization", ""),
        timeout_ms=_number(parameters.get("timeout")),
        disabled=parameters.get("disabled") == "true",
        parameters=parameters,
    )


def release(parameters: dict[str, str]) -> str:
    """Of Dubbo; those from 2.6.2 until 2.7 tell the number of their protocol only, which is 2.0.1 or 2.0.2."""
    told = parameters.get("release") or parameters.get("dubbo", "")
    return "2.6.x" if told.startswith("2.0.") else told


def weight(parameters: dict[str, str]) -> int:
    """0 takes a provider out of the choice; what is no number counts as 100."""
    number = _number(parameters.get("weight"))
    return 100 if number is None else number


def plain_version(text: str) -> str:
    """0.0.0 is Dubbo's spelling of "no version"."""
    return "" if text == "0.0.0" else text


def _number(text: str | None) -> int | None:
    return int(text) if text and text.lstrip("-").isdigit() else None
