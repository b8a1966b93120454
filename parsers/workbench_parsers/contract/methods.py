"""The methods of a service interface: own and inherited ones, as a caller sees them."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from workbench.errors import ArtifactError
from workbench.model.contract import Method, Parameter
from workbench_parsers.archives.classpath import ClassPath
from workbench_parsers.classfile import ClassFile
from workbench_parsers.classfile.members import Member
from workbench_parsers.classfile.types import MethodSignature, Type
from workbench_parsers.contract.generics import declaration
from workbench_parsers.contract.substitution import (
    Bindings,
    bind,
    erase,
    erased_bindings,
    substitute_type,
)
from workbench_parsers.problems import Problems
from workbench_parsers.sources.names import ParameterNames

# Every object has these; a proxy answers them itself and never sends them (an interface may declare them again).
_OF_OBJECT = {("equals", ("java.lang.Object",)), ("hashCode", ()), ("toString", ())}
# Java's own interfaces stand in no artifact; these have no methods, so that nothing is missed.
_MARKERS = {"java.io.Serializable", "java.lang.Cloneable", "java.rmi.Remote", "java.util.EventListener"}


class _Inherited(Struct, frozen=True):
    """An interface of the hierarchy with what its type parameters stand for."""

    class_: ClassFile
    bindings: Bindings


class MethodReader:
    """Methods of interfaces on a class path. What is missing or broken becomes a warning."""

    def __init__(self, path: ClassPath, names: ParameterNames, problems: Problems) -> None:
        self._path, self._names, self._problems = path, names, problems

    def methods(self, service: ClassFile) -> tuple[Method, ...]:
        """In the order of declaration, own before inherited ones; an override stands for what it overrides."""
        found: dict[tuple[str, tuple[str, ...]], tuple[ClassFile, Method]] = {}
        for level in self._hierarchy(service):
            for member in level.class_.methods:
                for method in self._method(service, level, member):
                    key = (method[0].name, method[1])
                    self._keep(found, key, level.class_, method[0])
        return tuple(method for _, method in found.values())

    def _keep(
        self,
        found: dict[tuple[str, tuple[str, ...]], tuple[ClassFile, Method]],
        key: tuple[str, tuple[str, ...]],
        declaring: ClassFile,
        method: Method,
    ) -> None:
        known = found.get(key)
        if known is None or self._extends(declaring, known[0].name):
            found[key] = (declaring, method)

    def _method(
        self, service: ClassFile, level: _Inherited, member: Member
    ) -> Iterator[tuple[Method, tuple[str, ...]]]:
        """The method with the erasure of its resolved parameters, by which overrides are known; none when hidden."""
        if member.is_static or member.is_private or member.is_synthetic or member.name.startswith("<"):
            return
        try:
            method, key = self._resolved(service, level, member)
        except ArtifactError as error:
            where = self._path.where(level.class_.name)
            self._problems.caught(ArtifactError(f"method left out: {error.message}", where=where), where)
            return
        if (member.name, method.erased) not in _OF_OBJECT:
            yield method, key

    def _resolved(self, service: ClassFile, level: _Inherited, member: Member) -> tuple[Method, tuple[str, ...]]:
        signature, erased = _consistent(member)
        own = {parameter.name for parameter in signature.type_parameters}
        bindings = {name: type_ for name, type_ in level.bindings.items() if name not in own}
        bounds = {p.name: substitute_type(p.first_bound, bindings) for p in signature.type_parameters}
        types = [substitute_type(type_, bindings) for type_ in signature.parameters]
        wire = tuple(map(str, erased.parameters))
        names = self._names.of(level.class_, member, [*map(str, erased.parameters)])
        method = Method(
            name=member.name,
            parameters=tuple(Parameter(name, str(type_)) for name, type_ in zip(names, types, strict=True)),
            erased=wire,
            returns=str(substitute_type(signature.returns, bindings)),
            throws=tuple(map(str, _thrown(member, signature, bindings))),
            type_parameters=tuple(_bounded(str(p.name), p.bounds, bindings) for p in signature.type_parameters),
            declared_by="" if level.class_ is service else level.class_.name,
            default=not member.is_abstract,
        )
        return method, tuple(str(erase(type_, bounds)) for type_ in types)

    def _hierarchy(self, service: ClassFile) -> Iterator[_Inherited]:
        """The interface and all it extends, nearer ones first, each once."""
        waiting = [_Inherited(service, erased_bindings(declaration(service).parameters))]
        seen = {service.name}
        while waiting:
            level = waiting.pop(0)
            yield level
            for extended in declaration(level.class_).interfaces:
                if extended.name in seen:
                    continue
                seen.add(extended.name)
                parent = self._path.find(extended.name)
                if parent is None:
                    self._missing(service, extended.name)
                    continue
                bindings = self._bind(level, parent, extended.all_arguments)
                waiting.append(_Inherited(parent, bindings))

    def _bind(self, level: _Inherited, parent: ClassFile, arguments: Sequence[object]) -> Bindings:
        parameters = declaration(parent).parameters
        try:
            return bind(parameters, arguments, level.bindings)  # type: ignore[arg-type]
        except ArtifactError as error:
            self._problems.caught(error, self._path.where(level.class_.name))
            return erased_bindings(parameters)

    def _missing(self, service: ClassFile, name: str) -> None:
        if name not in _MARKERS:
            message = f"extends {name}, which is in none of the artifacts: methods inherited from it are missing"
            self._problems.add(self._path.where(service.name), message)

    def _extends(self, class_: ClassFile, name: str) -> bool:
        """Whether an interface is a subtype of another one, other than itself."""
        waiting, seen = list(class_.interfaces), set[str]()
        while waiting:
            current = waiting.pop()
            if current == name:
                return True
            parent = None if current in seen else self._path.find(current)
            seen.add(current)
            waiting.extend(parent.interfaces if parent else ())
        return False


def _consistent(member: Member) -> tuple[MethodSignature, MethodSignature]:
    """Generic signature and descriptor; where obfuscation or a bad compiler made them differ, the descriptor counts."""
    erased = member.erased
    try:
        signature = member.signature
    except ArtifactError:
        return erased, erased
    return (signature if len(signature.parameters) == len(erased.parameters) else erased), erased


def _thrown(member: Member, signature: MethodSignature, bindings: Bindings) -> list[Type | str]:
    if signature.throws:
        return [substitute_type(type_, bindings) for type_ in signature.throws]
    return list(member.exceptions)


def _bounded(name: str, bounds: Sequence[Type], bindings: Bindings) -> str:
    told = [text for bound in bounds if (text := str(substitute_type(bound, bindings))) != "java.lang.Object"]
    return f"{name} extends {' & '.join(told)}" if told else name
