"""Secrets at rest: the values of secret config keys stand in the database sealed, and only so.

What seals them is given from outside (`Vault`), as the key is no matter of the database. The same value is sealed to
the same text, so that a revision whose content did not change keeps its hash, and two who set one value do not clash.
"""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from msgspec.structs import replace

from workbench.errors import StorageError
from workbench.model.json import Json
from workbench.model.suite import Environment


class Configured(Protocol):
    """What has environments and configuration: a suite's file, or what the database keeps of it."""

    @property
    def environments(self) -> Mapping[str, Environment]: ...

    @property
    def config(self) -> Mapping[str, Json]: ...


T = TypeVar("T", bound=Configured)
MARK = "$secret"  # a sealed value is {"$secret": text}


class Vault(Protocol):
    def seal_alike(self, value: Json) -> Json:
        """Any JSON value → {"$secret": text}, always the same for the same value; one that is sealed is checked."""
        ...

    def open(self, value: Json) -> Json:
        """The inverse; a value that is not sealed is given back as it is."""
        ...


_NO_KEY = "open the storage with the secret key of this database"


class NoVault:
    """Refuses secrets: there is no key to seal them with."""

    def seal_alike(self, value: Json) -> Json:
        raise StorageError("this suite has secrets, and there is no key to seal them with", hint=_NO_KEY)

    def open(self, value: Json) -> Json:
        if is_sealed(value):
            raise StorageError("this suite has secrets, and there is no key to open them with", hint=_NO_KEY)
        return value


def is_sealed(value: Json) -> bool:
    return isinstance(value, dict) and set(value) == {MARK}


def has_sealed(file: Configured) -> bool:
    return any(is_sealed(value) for config in _configs(file) for value in config.values())


def seal(file: T, vault: Vault) -> T:
    """Its secrets sealed: a key that any environment calls secret is one in the common configuration too."""
    named = frozenset(key for each in file.environments.values() for key in each.secrets)

    def sealed(config: Mapping[str, Json], keys: frozenset[str] | tuple[str, ...]) -> Mapping[str, Json]:
        return {
            key: vault.seal_alike(value) if key in keys or is_sealed(value) else value for key, value in config.items()
        }

    return _with(file, lambda each: sealed(each.config, each.secrets), sealed(file.config, named))


def opened(file: T, vault: Vault) -> T:
    """The inverse. Raises SettingsError for a wrong key."""

    def plain(config: Mapping[str, Json]) -> Mapping[str, Json]:
        return {key: vault.open(value) for key, value in config.items()}

    return _with(file, lambda each: plain(each.config), plain(file.config)) if has_sealed(file) else file


def _with(file: T, own: Callable[[Environment], Mapping[str, Json]], common: Mapping[str, Json]) -> T:
    environments = {name: replace(each, config=own(each)) for name, each in file.environments.items()}
    changed: T = replace(file, environments=environments, config=common)  # type: ignore[type-var]  # they are Structs
    return changed


def _configs(file: Configured) -> list[Mapping[str, Json]]:
    return [file.config, *(each.config for each in file.environments.values())]
