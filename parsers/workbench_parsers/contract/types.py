"""The types that the methods of a contract need, and those that these need, as far as the artifacts have them."""

import re
from collections.abc import Iterable, Iterator

from workbench.errors import ArtifactError
from workbench.model.contract import Field, Interface, Kind, TypeDef
from workbench_parsers.archives.classpath import ClassPath, Root
from workbench_parsers.classfile import ClassFile, access
from workbench_parsers.classfile.members import Member
from workbench_parsers.contract.generics import declaration, parameters
from workbench_parsers.problems import Problems
from workbench_parsers.recognise.libraries import LIBRARIES

# Platform and language run-times: every consumer knows them, even when a fat jar brings them along.
_KNOWN = ("java.", "javax.", "jdk.", "sun.", "com.sun.", "kotlin.", "kotlinx.", "scala.", "groovy.")
_NAMES = re.compile(r"[^\s<>,&?\[\]]+")
_WORDS = {"extends", "super"}


def collect_types(interfaces: Iterable[Interface], path: ClassPath, problems: Problems) -> dict[str, TypeDef]:
    """All types reachable from the interfaces' methods, by name, in order of name; where an abstract one is declared,
    also the classes beside it that may stand there. Cycles are no matter."""
    collector = _Collector(path, problems)
    collector.add(name for interface in interfaces for text in _of_methods(interface) for name in _names(text))
    return dict(sorted(collector.found.items()))


class _Collector:
    def __init__(self, path: ClassPath, problems: Problems) -> None:
        self.found: dict[str, TypeDef] = {}
        self._path, self._problems = path, problems
        self._seen: set[str] = set()
        self._places: set[str] = set()  # types that values are declared as, not only superclasses of such
        self._searched: set[str] = set()
        self._under: set[str] = set()  # found as subclasses

    def add(self, names: Iterable[str]) -> None:
        while names := set(names) - self._seen:
            self._places |= names
            self._follow(names)
            names = self._subclasses()

    def _follow(self, names: set[str]) -> None:
        waiting = list(names)
        self._seen |= names
        while waiting:
            described = _describe(name := waiting.pop(), self._path, self._problems)
            if described is None:
                continue
            self.found[name] = described
            self._places |= {other for field in described.fields for other in _names(field.type)}
            new = {other for text in _of_type(described) for other in _names(text)} - self._seen
            self._seen |= new
            waiting.extend(new)

    def _subclasses(self) -> set[str]:
        """Direct ones, in the same archive, of abstract types that values are declared as, and of what was found so."""
        wanted = {name for name in self._places - self._searched if self._is_open(name)}
        self._searched |= wanted
        roots: dict[Root, set[str]] = {}
        for name in wanted:
            if root := self._path.root_of(name):
                roots.setdefault(root, set()).add(name)
        below = {one for root, names in roots.items() for one in self._below(root, names)}
        self._under |= below
        return below

    def _is_open(self, name: str) -> bool:
        found = self.found.get(name)
        return found is not None and (name in self._under or found.abstract or found.kind == "interface")

    def _below(self, root: Root, names: set[str]) -> Iterator[str]:
        words = [name.replace(".", "/").encode() for name in sorted(names)]
        for found in self._path.mentioning(root, words, LIBRARIES):
            try:
                if not names.isdisjoint((found.super_name, *found.interfaces)):
                    yield found.name
            except ArtifactError as error:
                self._problems.caught(error, self._path.where(found.name))


def describe(found: ClassFile, path: ClassPath) -> TypeDef:
    """One class as the contract has it. Raises ArtifactError where its parts are damaged."""
    declared = declaration(found)
    kind = _kind(found)
    is_class = kind in ("class", "record", "enum")
    return TypeDef(
        kind=kind,
        parameters=tuple(map(str, parameters(found, path))),
        super=str(declared.superclass) if is_class else "",
        interfaces=tuple(map(str, declared.interfaces)),
        fields=tuple(_field(field) for field in found.fields if _is_carried(field)),
        constants=tuple(field.name for field in found.fields if field.access & access.ENUM),
        abstract=kind == "class" and bool(found.access & access.ABSTRACT),
        permits=found.permitted_subclasses if kind != "enum" else (),
        origin=path.origin(found.name),
    )


def _describe(name: str, path: ClassPath, problems: Problems) -> TypeDef | None:
    if name.startswith(_KNOWN) or name not in path:
        return None
    found = path.find(name)
    try:
        return None if found is None else describe(found, path)
    except ArtifactError as error:
        problems.caught(error, path.where(name))
        return None


def _kind(found: ClassFile) -> Kind:
    if found.is_annotation:
        return "annotation"
    if found.is_interface:
        return "interface"
    if found.is_enum:
        return "enum"
    return "record" if found.is_record else "class"


def _is_carried(field: Member) -> bool:
    return not field.is_static and not field.is_synthetic


def _field(field: Member) -> Field:
    try:
        type_ = field.field_type
    except ArtifactError:  # a generic signature that makes no sense; the descriptor is what the JVM goes by
        type_ = field.erased_type
    transient, final = bool(field.access & access.TRANSIENT), bool(field.access & access.FINAL)
    return Field(field.name, str(type_), transient=transient, final=final)


def _of_methods(interface: Interface) -> Iterator[str]:
    for method in interface.methods:
        yield from (parameter.type for parameter in method.parameters)
        yield from method.erased
        yield method.returns
        yield from method.throws
        yield from method.type_parameters


def _of_type(type_: TypeDef) -> Iterator[str]:
    yield type_.super
    yield from type_.interfaces
    yield from type_.parameters
    yield from type_.permits
    yield from (field.type for field in type_.fields)


def _names(text: str) -> list[str]:
    return [name for name in _NAMES.findall(text) if name not in _WORDS]
