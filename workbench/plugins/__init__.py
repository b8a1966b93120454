"""Loads what installed packages add: parsers, dataset formats, keywords. (Commands: workbench.cli.)

A plug-in is a distribution with an entry point in one of the groups below; the workbench's own are registered the
same way. Loading is lazy and happens once a process; a plug-in that breaks its contract is a PluginError that names
its distribution.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType, ModuleType
from typing import Any

from workbench.errors import PluginError
from workbench.plugin_api import DatasetFormat, KeywordInfo, Parser
from workbench.plugins.calls import checked

_PARSERS = "workbench.parsers"
_DATASETS = "workbench.datasets"
_KEYWORDS = "workbench.keywords"


@cache
def parsers() -> list[Parser]:
    """All parsers, by the name of their entry point. Raises PluginError."""
    return [_instance(point, ("name", "accepts", "parse")) for point in _points(_PARSERS)]


@cache
def dataset_formats() -> dict[str, DatasetFormat]:
    """Formats by suffix (".xlsx"). Raises PluginError, also when two claim one suffix."""
    formats: dict[str, DatasetFormat] = {}
    owners: dict[str, str] = {}
    for point in _points(_DATASETS):
        format_ = _instance(point, ("suffixes", "read", "write"))
        for suffix in format_.suffixes:
            if suffix in formats:
                raise _twice(f"data files with the suffix {suffix}", owners[suffix], _owner(point))
            formats[suffix], owners[suffix] = format_, _owner(point)
    return formats


@cache
def keywords() -> Mapping[str, KeywordInfo]:
    """All keywords by name, sorted. Raises PluginError, also when two packages bring the same name."""
    found: dict[str, KeywordInfo] = {}
    owners: dict[str, str] = {}
    for point in _points(_KEYWORDS):
        for info in _keywords_of(point):
            if info.name in found:
                raise _twice(f"the keyword {info.name!r}", owners[info.name], _owner(point))
            found[info.name], owners[info.name] = info, _owner(point)
    return MappingProxyType(dict(sorted(found.items())))


def pure_functions(timezone: str = "") -> Mapping[str, Callable[..., Any]]:
    """Pure keywords as functions with checked arguments, for `${fn.name(…)}`; dates are in `timezone`."""
    return {name: checked(info).in_zone(timezone) for name, info in keywords().items() if info.pure}


def forget() -> None:
    """Drop what was loaded, so that the next question looks again (after an installation; in tests)."""
    for loaded in (parsers, dataset_formats, keywords):
        loaded.cache_clear()


def _points(group: str) -> list[EntryPoint]:
    return sorted(entry_points(group=group), key=lambda point: (point.name, _owner(point)))


def _owner(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value


def _load(point: EntryPoint) -> Any:
    try:
        return point.load()
    except Exception as error:
        raise _broken(point, f"{type(error).__name__}: {error}") from error


def _instance(point: EntryPoint, needed: tuple[str, ...]) -> Any:
    """The object of an entry point; a class is called without arguments."""
    loaded = _load(point)
    try:
        thing = loaded() if isinstance(loaded, type) else loaded
    except Exception as error:
        raise _broken(point, f"{type(error).__name__}: {error}") from error
    if missing := [name for name in needed if not hasattr(thing, name)]:
        raise _broken(point, f"{point.value} has no {', '.join(missing)}")
    return thing


def _keywords_of(point: EntryPoint) -> Iterator[KeywordInfo]:
    """Keywords of a module, of all modules of a package, or one function."""
    loaded = _load(point)
    if not isinstance(loaded, ModuleType):
        info = getattr(loaded, "__workbench_keyword__", None)
        if info is None:
            raise _broken(point, f"{point.value} is neither a module nor a function marked with @keyword")
        yield _sound(info, point)
        return
    seen = False
    for module in _modules(loaded, point):
        for thing in vars(module).values():
            info = getattr(thing, "__workbench_keyword__", None)
            if info is not None and info.function.__module__ == module.__name__:
                seen = True
                yield _sound(info, point)
    if not seen:
        raise _broken(point, f"{point.value} has no function marked with @keyword")


def _modules(module: ModuleType, point: EntryPoint) -> Iterator[ModuleType]:
    yield module
    for child in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{module.__name__}."):
        try:
            yield importlib.import_module(child.name)
        except Exception as error:
            raise _broken(point, f"{child.name}: {type(error).__name__}: {error}") from error


def _sound(info: KeywordInfo, point: EntryPoint) -> KeywordInfo:
    if not info.name.isidentifier() or info.name.startswith("_"):
        raise _broken(point, f"the keyword name {info.name!r} cannot be written after $app.")
    if inspect.iscoroutinefunction(info.function) or inspect.isasyncgenfunction(info.function):
        raise _broken(
            point,
            f"the keyword {info.name!r} is an async function",
            hint="make it a plain function that waits: asyncio.run_coroutine_threadsafe(…).result()",
        )
    if not info.pure and not inspect.signature(info.function).parameters:
        raise _broken(point, f"the keyword {info.name!r} takes no scope; mark it pure=True or add the parameter")
    return info


def _broken(point: EntryPoint, why: str, hint: str = "") -> PluginError:
    return PluginError(
        f"the plug-in {_owner(point)} cannot be used: {why}",
        where=f"entry point {point.name} in {point.group}",
        hint=hint or f"update or uninstall {point.dist.name if point.dist else point.value}",
    )


def _twice(what: str, first: str, second: str) -> PluginError:
    return PluginError(f"{what} is brought by two packages: {first} and {second}", hint="uninstall one of them")
