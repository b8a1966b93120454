"""Configuration of a version, item by item: one key, a value for all environments and one for each, types, secrets and
rules of masking. Every change is a revision of the version's configuration, and one save."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

from msgspec import UNSET, Struct, UnsetType, field
from msgspec.structs import replace

from workbench.errors import NotFoundError, UsageError
from workbench.expr import compile_path
from workbench.model import json
from workbench.model.json import Json
from workbench.model.near import did_you_mean
from workbench.model.suite import Environment
from workbench.storage import Author, Choices, Storage, refuse_stale
from workbench.storage.content import Config, decode
from workbench.storage.vault import is_sealed
from workbench.usecases.export_suite import parse_address
from workbench.usecases.revise import find

ALL = "*"  # the place of a value that holds in every environment that has none of its own
T = TypeVar("T")
ItemType = Literal["text", "number", "bool", "json"]


class Cell(Struct, frozen=True, omit_defaults=True):
    """A value of an item. `value` is UNSET for a secret, which is never shown."""

    type: ItemType
    value: Json | UnsetType = UNSET
    secret: bool = False


class Item(Struct, frozen=True):
    key: str
    cells: Mapping[str, Cell]  # environment, or ALL → value


class Configuration(Struct, frozen=True, kw_only=True):
    """`masks`: environment → paths whose values are masked in events and reports."""

    subsystem: str
    version: str
    revision: int
    environments: tuple[str, ...]
    items: tuple[Item, ...]
    masks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Written(Struct, frozen=True):
    subsystem: str
    version: str
    revision: int  # that the version holds now


class Change(Struct, frozen=True, kw_only=True):
    """What becomes of one value. `value` UNSET: there is none any more. `secret`: True makes the key a secret of its
    environment (of ALL: of every one), False ends that."""

    key: str
    environment: str = ALL
    value: Json | UnsetType = UNSET
    secret: bool | None = None


def type_of(value: Json) -> ItemType:
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "bool"
    return "json" if value is None or isinstance(value, dict | list) else "number"


def show(address: str, storage: Storage) -> Configuration:
    """All items. Raises NotFoundError."""
    subsystem, version, number, config = load(address, storage)
    places: dict[str, Mapping[str, Json]] = {ALL: config.config}
    places |= {name: each.config for name, each in config.environments.items()}
    keys = dict.fromkeys(key for values in places.values() for key in values)
    items = (
        Item(key, {place: _cell(values[key], storage) for place, values in places.items() if key in values})
        for key in keys
    )
    return Configuration(
        subsystem=subsystem,
        version=version,
        revision=number,
        environments=tuple(config.environments),
        items=tuple(items),
        masks={name: each.mask for name, each in config.environments.items() if each.mask},
    )


def _cell(value: Json, storage: Storage) -> Cell:
    if is_sealed(value):
        return Cell(type_of(storage.vault.open(value)), secret=True)
    return Cell(type_of(value), value)


def load(address: str, storage: Storage) -> tuple[str, str, int, Config]:
    """(subsystem, version, revision, what the version holds, secrets sealed). Raises NotFoundError."""
    subsystem, version = parse_address(address, storage)
    held = storage.listing.documents(subsystem, version, "config")
    if not held:
        hint = "import a suite into it: `workbench import FOLDER`"
        raise NotFoundError("this version has no configuration", where=f"{subsystem}@{version}", hint=hint)
    return subsystem, version, held[0].revision, decode("config", held[0].body, f"{subsystem}@{version}")


def put(address: str, changes: Callable[[Config], list[Change]], storage: Storage, author: Author) -> Written:
    """Make changes, computed from what the version holds, in one save; others' changes of other values stay.

    Raises NotFoundError, UsageError for an environment that does not exist, ConflictError when somebody else changed
    the same value at the same time.
    """
    return _put(address, lambda config: changed(config, changes(config)), storage, author)


def set_masks(address: str, environment: str, paths: tuple[str, ...], storage: Storage, author: Author) -> Written:
    """Make these the rules of masking of an environment. Raises ExpressionError for what is no path."""
    for path in paths:
        compile_path(path)

    def work(config: Config) -> Config:
        _check(config, environment)
        return _with(config, environment, mask=paths)

    return _put(address, work, storage, author)


def _put(address: str, work: Callable[[Config], Config], storage: Storage, author: Author) -> Written:
    subsystem, version, number, config = load(address, storage)
    document = find("", storage, subsystem, "config")

    def base(seen: str) -> str:
        return storage.history.body(document, int(seen)) if seen.isdecimal() else ""

    # who saves from here on is merged with
    refuse_stale(author, config, f"{address}: configuration", tag=str(number), base=base)
    body = json.dumps(work(config))
    saved = storage.history.save(document, version, body, number, author, Choices().of("config", ""))
    return Written(subsystem, version, saved)


def changed(config: Config, changes: list[Change]) -> Config:
    """The configuration after the changes. Raises UsageError."""
    for each in changes:
        if not each.key.strip() or not each.key.isprintable():
            raise UsageError(f"{each.key!r} cannot be the key of an item", hint="visible characters, not only blanks")
        if each.environment == ALL:
            config = replace(config, config=_set(config, config.config, each))
        else:
            own = _check(config, each.environment)
            config = _with(config, each.environment, config=_set(config, own.config, each))
        if each.secret is not None:
            config = _marked(config, each)
    return config


def _check(config: Config, environment: str) -> Environment:
    found = config.environments.get(environment)
    if found is None:
        known = ", ".join(config.environments) or "none yet; `workbench case save SUBSYSTEM --kind config` makes one"
        hint = did_you_mean(environment, config.environments) or f"there are: {known}"
        raise UsageError(f"there is no environment {environment!r}", hint=hint)
    return found


def _with(whole: Config, environment: str, **fields: Any) -> Config:
    made = replace(whole.environments[environment], **fields)
    return replace(whole, environments={**whole.environments, environment: made})


def _set(whole: Config, values: Mapping[str, Json], change: Change) -> dict[str, Json]:
    if change.value is UNSET:
        if change.key not in values:
            raise NotFoundError(
                f"{_place(change.environment)} no value of {change.key!r}", hint=_elsewhere(whole, change)
            )
        return {key: value for key, value in values.items() if key != change.key}
    return {**values, change.key: change.value}


def _place(environment: str) -> str:
    return "for all environments there is" if environment == ALL else f"environment {environment} has"


def _elsewhere(whole: Config, change: Change) -> str:
    """Where the key has a value, or the nearest key that has one there."""
    places = {ALL: whole.config} | {name: each.config for name, each in whole.environments.items()}
    others = [name for name, values in places.items() if change.key in values]
    if others:
        return f"it has one {' and '.join('for all' if name == ALL else f'in {name}' for name in others)}"
    return did_you_mean(change.key, places[change.environment])


def _marked(config: Config, change: Change) -> Config:
    for name, each in config.environments.items():
        if change.environment in (ALL, name):
            others = tuple(key for key in each.secrets if key != change.key)
            config = _with(config, name, secrets=(*others, change.key) if change.secret else others)
    return config
