"""The types that the methods of a contract need, and those that these need, as far as the artifacts have them."""

import re
from collections.abc import Iterable, Iterator

from workbench.errors import ArtifactError
from workbench.model.contract import Field, Interface, Kind, TypeDef
from workbench_parsers.archives.classpath import ClassPath
from workbench_parsers.classfile import ClassFile, access
from workbench_parsers.classfile.members import Member
from workbench_parsers.contract.generics import declaration, parameters
from workbench_parsers.problems import Problems

# Platform and language run-times: every consumer knows them, even when a fat jar brings them along.
_KNOWN = ("java.", "javax.", "jdk.", "sun.", "com.sun.", "kotlin.", "kotlinx.", "scala.", "groovy.")
_NAMES = re.compile(r"[^\s<>,&?\[\]]+")
_WORDS = {"extends", "super"}


def collect_types(interfaces: Iterable[Interface], path: ClassPath, problems: Problems) -> dict[str, TypeDef]:
    """All types reachable from the interfaces' methods, by name, in order of name. Cycles are no matter."""
    found: dict[str, TypeDef] = {}
    waiting = [name for interface in interfaces for text in _of_methods(interface) for name in _names(text)]
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        described = _describe(name, path, problems)
        if described is None:
            continue
        found[name] = described
        new = {other for text in _of_type(described) for other in _names(text)} - seen
        seen |= new
        waiting.extend(new)
    return dict(sorted(found.items()))


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
