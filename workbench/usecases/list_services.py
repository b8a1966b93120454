"""What does a registry hold? `workbench services`, and the reason when a call found no provider."""

import os
from collections.abc import Mapping, Sequence

from workbench.discovery.asking import Ask
from workbench.discovery.readers import read_registry
from workbench.errors import SettingsError
from workbench.model.registry import RegistryView
from workbench.settings import Settings
from workbench.usecases.resolve import registry_address

AUTH = "WORKBENCH_ZK_AUTH"


def list_services(
    settings: Settings,
    registry: str,
    *,
    interfaces: Sequence[str] = (),
    ask: Ask | None = None,
    environ: Mapping[str, str] = os.environ,
) -> RegistryView:
    """Read a registry (`zookeeper://…`, `samples://` or a file); `interfaces`: globs.

    `ask`: how providers are asked for what the registry does not hold, unless the setting ask_providers is off.

    Raises UsageError for an address that makes no sense, RegistryError when it cannot be read.
    """
    return read_registry(
        registry_address(registry, settings.data_dir),
        timeout_s=settings.registry_timeout_s,
        credentials=credentials(environ),
        interfaces=interfaces,
        ask=ask if settings.ask_providers else None,
    )


def credentials(environ: Mapping[str, str] = os.environ) -> str:
    """`user:password` for ZooKeeper's digest authentication, or "". Raises SettingsError."""
    text = environ.get(AUTH, "")
    if text and ":" not in text:
        raise SettingsError("not user:password", where=f"environment variable {AUTH}")
    return text
