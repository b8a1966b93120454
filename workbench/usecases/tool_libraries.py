"""Tool libraries: add one, see what it offers, find who uses it, and the jars that a suite's `tools://NAME` means."""

import re
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from workbench.errors import ArtifactError, UsageError
from workbench.model.library import Library, LibraryClass, Lines, lines_of
from workbench.model.suite import AnyStep, Case, Scenario, SharedSteps, SuiteFile, ToolStep
from workbench.model.targets import parse_tool_target
from workbench.plugin_api import LibraryReader, ParseLimits
from workbench.plugins import parsers
from workbench.storage import Author, LibraryFile, LibraryInfo, Storage
from workbench.usecases.references import steps_of
from workbench.usecases.resolve import check_file

TOOLS = "tools://"
_NAME = re.compile(r"[\w.-]+")
Find = Callable[[str, str], tuple[Path, ...]]  # (library, version or "") → its jars


class ShownClass(Struct, frozen=True):
    """A class with a line to copy for each of its methods."""

    owner: LibraryClass
    lines: tuple[Lines, ...]


class Use(Struct, frozen=True):
    """Where a library is used. `place`: suite.yaml for the dependency itself, a step, or a script of something."""

    subsystem: str
    version: str
    kind: str
    key: str
    name: str
    place: str
    target: str = ""  # Class#method, where a step tells it


class Added(Struct, frozen=True):
    info: LibraryInfo
    new: bool
    classes: int
    methods: int


def read_library(jars: Sequence[Path], sources: Sequence[Path] = (), limits: ParseLimits | None = None) -> Library:
    """What the jars offer. Raises ArtifactError, LimitError."""
    for path in (*jars, *sources):
        check_file(path, str(path))
    readers = [each for each in parsers() if hasattr(each, "library")]
    for path in jars:
        reader = next((each for each in readers if each.accepts(path)), None)
        if reader is None:
            raise ArtifactError("no parser knows this kind of file", where=str(path), hint="give a jar")
    chosen: LibraryReader = reader  # type: ignore[assignment]
    return chosen.library(jars, sources=sources, limits=limits or ParseLimits())


def add_library(
    name: str,
    version: str,
    jars: Sequence[Path],
    storage: Storage,
    author: Author,
    *,
    sources: Sequence[Path] = (),
    limits: ParseLimits | None = None,
    replace_it: bool = False,
) -> Added:
    """Keep the jars under name and version. Raises UsageError for names, and a version that holds other files."""
    for what, text in (("name", name), ("version", version)):
        if not _NAME.fullmatch(text):
            raise UsageError(f"{text!r} is no {what} of a tool library", hint="use letters, digits, . - and _")
    if not jars:
        raise UsageError(
            "a tool library wants a jar", where=f"{name}@{version}", hint="give the jar that holds its classes"
        )
    if len({path.name for path in (*jars, *sources)}) < len(jars) + len(sources):
        raise UsageError("two of the files have one name", where=f"{name}@{version}", hint="rename one of them")
    offer = read_library(jars, sources, limits)
    if not offer.classes:
        hint = "public classes with static methods, or with a public constructor without arguments"
        raise ArtifactError("nothing in it can be called", where=str(jars[0]), hint=hint)
    kept = [(path, False) for path in jars] + [(path, True) for path in sources]
    files = tuple(LibraryFile(path.name, *storage.files.put(path), told) for path, told in kept)
    new = storage.libraries.put(name, version, files, offer, author, replace=replace_it)
    methods = sum(len(each.methods) for each in offer.classes)
    return Added(storage.libraries.get(name, version), new, len(offer.classes), methods)


def address_of(text: str) -> tuple[str, str]:
    """`NAME` or `NAME@VERSION`."""
    name, _, version = text.partition("@")
    return name, version


def show_library(name: str, library: Library, pattern: str = "") -> list[ShownClass]:
    """`pattern`: a glob on a class's full or simple name, or on Class#method."""
    found = []
    for owner in library.classes:
        simple = owner.name.rpartition(".")[2]
        fits = tuple(
            each
            for each in owner.methods
            if not pattern
            or any(
                fnmatchcase(text, pattern)
                for text in (owner.name, simple, f"{simple}#{each.method.name}", f"{owner.name}#{each.method.name}")
            )
        )
        if fits:
            lines = tuple(lines_of(name, owner, each) for each in fits)
            found.append(ShownClass(replace(owner, methods=fits), lines))
    return found


def used_by(name: str, storage: Storage, version: str = "") -> list[Use]:
    """Every place in every version of the database that uses the library, also under another name of a dependency."""
    aliases: dict[tuple[str, str], set[str]] = {}
    found = []
    for mention in storage.libraries.mentions(name):
        if mention.kind != "suite":
            continue
        here = _aliases(mention.body, name, version)
        aliases[mention.subsystem, mention.version] = set(here)
        found += [
            Use(mention.subsystem, mention.version, "suite", "", mention.body.suite, "suite.yaml", text)
            for text in here.values()
        ]
    for alias in {each for names in aliases.values() for each in names}:
        for mention in storage.libraries.mentions(alias):
            if mention.kind != "suite" and alias in aliases.get((mention.subsystem, mention.version), ()):
                head = (mention.subsystem, mention.version, mention.kind, mention.key)
                found += [Use(*head, *place) for place in _places(mention.body, alias)]
    return sorted(found, key=lambda use: (use.subsystem, use.version, use.kind != "suite", use.kind, use.key))


def _aliases(suite: SuiteFile, name: str, version: str) -> dict[str, str]:
    """Names of dependencies that stand for the library → what the suite says of it."""
    found = {}
    for alias, dependency in suite.dependencies.items():
        if not dependency.tool:
            continue
        named = [address_of(text.removeprefix(TOOLS)) for text in dependency.tool if text.startswith(TOOLS)]
        own = [(alias, dependency.version)] if not named else []  # jars of the folder, under the library's own name
        for library, wanted in named + own:
            chosen = wanted or dependency.version
            if library == name and (not version or chosen == version):
                found[alias] = f"{library}@{chosen}" if chosen else library
    return found


def _places(body: object, alias: str) -> Iterator[tuple[str, str, str]]:
    """(name of the document, place in it, Class#method)."""
    items = list(body.items()) if isinstance(body, dict) else [("", body)]
    script = re.compile(rf"""\.tool\(\s*["']{re.escape(alias)}["']""")
    for file_name, item in items:
        assert isinstance(item, Case | Scenario | SharedSteps)
        name = str(getattr(item, "case", "") or getattr(item, "scenario", "") or file_name)
        for hook in ("before", "after"):
            if script.search(getattr(item, hook, "")):
                yield name, hook, ""
        for step in steps_of(item):
            yield from ((name, *place) for place in _in_step(step, alias, script))


def _in_step(step: AnyStep, alias: str, script: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    if isinstance(step, ToolStep) and step.tool.split(" ")[0] == alias:
        target = parse_tool_target(step.tool)
        yield f"step {step.step}", f"{target.class_name}#{target.method}"
    if any(script.search(text) for text in (getattr(step, "script", ""), step.before, step.after)):
        yield f"script of step {step.step}", ""


def jars_of(name: str, version: str, storage: Storage, folder: Path) -> tuple[Path, ...]:
    """Files below `folder` that hold the library's jars, under names that people know. Raises NotFoundError."""
    info = storage.libraries.get(name, version)
    found = []
    for file in info.files:
        if not file.sources:
            path = folder / info.name / file.sha256[:16] / file.name
            storage.files.bring(file.sha256, path, link=True)
            found.append(path.absolute())
    return tuple(found)


def remove_library(name: str, version: str, storage: Storage, author: Author) -> None:
    """Raises UsageError while a suite names it."""
    if not version:
        raise UsageError("which version?", where=name, hint="write NAME@VERSION")
    info = storage.libraries.get(name, version)
    users = [use for use in used_by(name, storage, version) if use.kind == "suite"]
    if users:
        told = ", ".join(f"{use.subsystem}@{use.version}" for use in users[:5])
        raise UsageError(f"{name}@{version} is used by {told}", hint=f"`workbench tools used-by {name}` lists where")
    storage.libraries.remove(info, author)
