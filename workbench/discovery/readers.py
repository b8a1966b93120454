"""The seam: one function reads any kind of registry; the address says which."""

from collections.abc import Sequence

from workbench.discovery.asking import Ask
from workbench.errors import UsageError
from workbench.model.addresses import ZOOKEEPER
from workbench.model.registry import RegistryView


def read_registry(
    address: str,
    *,
    timeout_s: float = 5.0,
    credentials: str = "",
    interfaces: Sequence[str] = (),
    ask: Ask | None = None,
) -> RegistryView:
    """Services of a `zookeeper://` address or of a file of URLs; `interfaces`: globs.

    `ask`: how providers are asked for what the registry does not hold; None: they are not. Raises UsageError for an
    address of another kind, RegistryError when it cannot be read.
    """
    if address.startswith(ZOOKEEPER):
        from workbench.discovery import zookeeper  # kazoo takes a moment to import

        return zookeeper.read_services(
            address, timeout_s=timeout_s, credentials=credentials, interfaces=interfaces, ask=ask
        )
    scheme, separator, _ = address.partition("://")
    if separator and scheme != "file":
        hint = "write zookeeper://HOST:PORT[,HOST:PORT][/ROOT] or the path of a file with provider URLs"
        raise UsageError(f"registries of kind {scheme} are not known", where=address, hint=hint)
    from workbench.discovery import static

    return static.read_services(address, interfaces=interfaces)
