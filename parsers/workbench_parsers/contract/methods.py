"""The methods of a service interface: own and inherited ones, as a caller sees them."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from workbench.errors import ArtifactError
from workbench.model.contract import Method, Parameter
from workbench_parsers.archives.classpath import ClassPath
from workbench_parsers.classfile import ClassFile
from workbench_parsers.classfile.members import Member
from workbench_parsers.classfile.types import MethodSignature, Type
from workbench_parsers.contract.generics import declaration
from workbench_parsers.contract.hierarchy import Hierarchies, Level
from workbench_parsers.contract.substitution import Bindings, erase, erased_bindings, substitute_type
from workbench_parsers.problems import Problems
from workbench_parsers.sources.names import ParameterNames

# Every object has these; a proxy answers them itself and never sends them (an interface may declare them again).
_OF_OBJECT = {("equals", ("java.lang.Object",)), ("hashCode", ()), ("toString", ())}


class _Resolved(Struct, frozen=True):
    """`erasure`: of the parameters after resolution; methods with the same name and erasure override each other."""

    method: Method
    erasure: tuple[str, ...]
    declaring: ClassFile


class MethodReader:
    """Methods of interfaces on a class path. What cannot be read is left out with a warning."""

    def __init__(self, path: ClassPath, names: ParameterNames, problems: Problems) -> None:
        self._path, self._names, self._problems = path, names, problems
        self._hierarchies = Hierarchies(path, problems)

    def methods(self, service: ClassFile, implementation: str = "") -> tuple[Method, ...]:
        """In the order of declaration, own before inherited ones; an override stands for what it overrides.

        `implementation`: a class that may know names of parameters. Raises ArtifactError when the interface's own
        declaration is damaged.
        """
        found: dict[tuple[str, tuple[str, ...]], _Resolved] = {}
        for level in self._hierarchies.levels(service):
            for member in level.class_.methods:
                resolved = self._method(service, level, member, implementation)
                if resolved:
                    self._keep(found, resolved)
        return tuple(resolved.method for resolved in found.values())

    def declared(self, owner: ClassFile, member: Member, *, inherited: bool = False) -> Method:
        """A method as its class declares it. Raises ArtifactError when it is damaged."""
        level = Level(owner, erased_bindings(declaration(owner).parameters))
        method = self._resolved(owner, level, member, "").method
        return replace(method, default=False, declared_by=owner.name if inherited else "")

    def _keep(self, found: dict[tuple[str, tuple[str, ...]], _Resolved], new: _Resolved) -> None:
        key = (new.method.name, new.erasure)
        known = found.get(key)
        if known is None or self._hierarchies.extends(new.declaring, known.declaring.name):
            found[key] = new

    def _method(self, service: ClassFile, level: Level, member: Member, implementation: str) -> _Resolved | None:
        """None for what no caller sees: static, private and synthetic ones (bridges), constructors, Object's own."""
        if member.is_static or member.is_private or member.is_synthetic or member.name.startswith("<"):
            return None
        try:
            resolved = self._resolved(service, level, member, implementation)
        except ArtifactError as error:
            where = self._path.where(level.class_.name)
            self._problems.caught(ArtifactError(f"method left out: {error.message}"), where)
            return None
        return None if (member.name, resolved.method.erased) in _OF_OBJECT else resolved

    def _resolved(self, service: ClassFile, level: Level, member: Member, implementation: str) -> _Resolved:
        signature, erased = _consistent(member)
        bindings = _visible(level.bindings, signature)
        types = [substitute_type(type_, bindings) for type_ in signature.parameters]
        bounds = {p.name: substitute_type(p.first_bound, bindings) for p in signature.type_parameters}
        erasure = tuple(str(erase(type_, bounds)) for type_ in types)
        wire = tuple(map(str, erased.parameters))
        names, origin = self._names.of(level.class_, member, wire, erasure, implementation)
        doc = self._names.doc(level.class_, member, wire)
        method = Method(
            name=member.name,
            parameters=tuple(
                Parameter(name, str(type_), origin, doc.parameters.get(name, ""))
                for name, type_ in zip(names, types, strict=True)
            ),
            erased=wire,
            returns=str(substitute_type(signature.returns, bindings)),
            throws=_throws(member, signature, bindings),
            type_parameters=tuple(_bounded(p.name, p.bounds, bindings) for p in signature.type_parameters),
            declared_by="" if level.class_ is service else level.class_.name,
            default=not member.is_abstract,
            doc=doc.text,
            returns_doc=doc.returns,
        )
        return _Resolved(method, erasure, level.class_)


def _visible(bindings: Bindings, signature: MethodSignature) -> Bindings:
    """A method's own type parameter hides the class's of the same name."""
    own = {parameter.name for parameter in signature.type_parameters}
    return {name: type_ for name, type_ in bindings.items() if name not in own} if own else bindings


def _consistent(member: Member) -> tuple[MethodSignature, MethodSignature]:
    """Generic signature and descriptor; where obfuscation or a bad compiler made them differ, the descriptor counts."""
    erased = member.erased
    try:
        signature = member.signature
    except ArtifactError:
        return erased, erased
    return (signature if len(signature.parameters) == len(erased.parameters) else erased), erased


def _throws(member: Member, signature: MethodSignature, bindings: Bindings) -> tuple[str, ...]:
    """The Exceptions attribute; the signature says more where a type variable is thrown."""
    if signature.throws:
        return tuple(str(substitute_type(type_, bindings)) for type_ in signature.throws)
    return member.exceptions


def _bounded(name: str, bounds: Sequence[Type], bindings: Bindings) -> str:
    told = [text for bound in bounds if (text := str(substitute_type(bound, bindings))) != "java.lang.Object"]
    return f"{name} extends {' & '.join(told)}" if told else name
