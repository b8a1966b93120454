"""ArchiveParser: jar, war and ear files → contract."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from workbench.errors import ArtifactError
from workbench.model.contract import Contract, Interface
from workbench.model.library import Library
from workbench.model.near import did_you_mean
from workbench.plugin_api import ParseLimits
from workbench_parsers.archives.archive import Archive
from workbench_parsers.archives.budget import Budget
from workbench_parsers.archives.classpath import ClassPath
from workbench_parsers.contract.methods import MethodReader
from workbench_parsers.contract.tools import callable_classes
from workbench_parsers.contract.types import collect_types
from workbench_parsers.problems import Problems
from workbench_parsers.recognise.annotations import annotated_services
from workbench_parsers.recognise.api_jars import api_services
from workbench_parsers.recognise.libraries import LIBRARIES
from workbench_parsers.recognise.named import Globs, named_services
from workbench_parsers.recognise.service import STRENGTH, Service
from workbench_parsers.recognise.spring_xml import SpringXml
from workbench_parsers.sources.documented import documented
from workbench_parsers.sources.library import SourceLibrary
from workbench_parsers.sources.names import ParameterNames

_SUFFIXES = {".jar", ".war", ".ear", ".zip"}
_ZIP_START = b"PK\x03\x04"


class ArchiveParser:
    """Reads artifacts as one class path, so that an implementation and its API jar complete each other."""

    name = "archive"

    def accepts(self, path: Path) -> bool:
        """By ending, or by content where the ending tells nothing."""
        if path.suffix.lower() in _SUFFIXES:
            return True
        try:
            with path.open("rb") as file:
                return file.read(4) == _ZIP_START
        except OSError:
            return False

    def parse(
        self, paths: Sequence[Path], *, sources: Sequence[Path], interfaces: Sequence[str], limits: ParseLimits
    ) -> Contract:
        """Raises ArtifactError for a file that is no archive, LimitError beyond `limits`; the rest are warnings."""
        problems = Problems()
        with ExitStack() as stack:
            library = stack.enter_context(_open_sources(sources, limits, problems))
            path = stack.enter_context(ClassPath(paths, limits, problems))
            services = _recognise(path, Globs(interfaces), problems)
            reader = MethodReader(path, ParameterNames(library, path, problems), problems)
            found = tuple(_interfaces(services, path, reader, problems))
            types = collect_types(found, path, problems)
            if sources:
                found, types = documented(found, types, library)
        return Contract(interfaces=found, types=types, warnings=problems.warnings())

    def library(self, paths: Sequence[Path], *, sources: Sequence[Path], limits: ParseLimits) -> Library:
        """What tool jars offer. Raises ArtifactError, LimitError."""
        problems = Problems()
        with ExitStack() as stack:
            told = stack.enter_context(_open_sources(sources, limits, problems))
            path = stack.enter_context(ClassPath(paths, limits, problems))
            reader = MethodReader(path, ParameterNames(told, path, problems), problems)
            classes = tuple(callable_classes(path, reader, told, problems))
        return Library(classes, problems.warnings())


def _open_sources(paths: Sequence[Path], limits: ParseLimits, problems: Problems) -> SourceLibrary:
    budget = Budget(limits)
    with ExitStack() as stack:
        archives = []
        for path in paths:
            archives.append(Archive.open(path, budget))
            stack.callback(archives[-1].close)
        stack.pop_all()
    return SourceLibrary(archives, problems)


def _recognise(path: ClassPath, globs: Globs, problems: Problems) -> list[Service]:
    """What the rules find, narrowed to the globs, and what the globs name besides; sorted by name, each once."""
    xml = SpringXml(path, problems)
    placeholders = xml.placeholders()
    found = list(xml.services(placeholders))
    for root in path.roots:
        found.extend(annotated_services(root, path, placeholders, problems))
    marked = {service.origin.split("!")[0] for service in found}
    for root in path.roots:
        if root.origin.split("!")[0] not in marked:
            found.extend(api_services(root, path, problems))
    return _distinct(_narrow(found, path, globs, problems) if globs else found)


def _narrow(found: Sequence[Service], path: ClassPath, globs: Globs, problems: Problems) -> list[Service]:
    chosen = [service for service in found if globs.matches(service.interface)]
    chosen.extend(named_services(path, globs))
    for glob in globs.unmatched(service.interface for service in chosen):
        known = {service.interface for service in found}
        known.update(name for name in path.names() if not name.replace(".", "/").startswith(LIBRARIES))
        hint = did_you_mean(glob, known)
        problems.add("", f"no interface matches {glob!r}" + (f"; {hint}" if hint else ""))
    return chosen


def _distinct(services: Iterable[Service]) -> list[Service]:
    """One of each name, group and version; what only looks like a service gives way to what is marked as one."""
    best: dict[tuple[str, str, str], Service] = {}
    marked: set[str] = set()
    for service in sorted(services, key=lambda service: STRENGTH.index(service.recognised_by)):
        if service.recognised_by in ("api-jar", "named") and service.interface in marked:
            continue
        marked.add(service.interface)
        best.setdefault((service.interface, service.group, service.version), service)
    return [best[key] for key in sorted(best)]


def _interfaces(
    services: Iterable[Service], path: ClassPath, reader: MethodReader, problems: Problems
) -> Iterator[Interface]:
    for service in services:
        found = path.find(service.interface)
        if found is None and service.interface not in path:
            hint = "give its API jar as well to see its methods"
            problems.add(service.origin, f"the class of {service.interface} is in none of the artifacts; {hint}")
        elif found is not None and not found.is_interface:
            problems.add(path.where(service.interface), f"{service.interface} is marked as a service but no interface")
            continue
        try:
            methods = reader.methods(found, service.implementation) if found else ()
        except ArtifactError as error:
            problems.caught(error, path.where(service.interface))
            continue
        yield Interface(
            name=service.interface,
            methods=methods,
            recognised_by=service.recognised_by,
            origin=path.origin(service.interface) or service.origin,
            group=service.group,
            version=service.version,
            implementation=service.implementation,
        )
