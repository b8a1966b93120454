"""What a contract's types look like on the wire: all fields of a class, its supertypes, who carries it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from workbench.model.contract import Contract, Field, Method, TypeDef
from workbench.model.contract_diff import Flow
from workbench.model.javatype import names_in, parse_type

SERIALIZABLE = "java.io.Serializable"
# The platform's classes that a contract names and does not describe, and that are Serializable.
_PLATFORM_SERIALIZABLE = ("java.lang.Throwable", "java.lang.Exception", "java.lang.RuntimeException", "java.lang.Enum")
_UNCHECKED = (
    "IllegalArgumentException",
    "IllegalStateException",
    "UnsupportedOperationException",
    "IndexOutOfBoundsException",
)
# What the platform's classes extend, of those that classes of an API extend.
_PLATFORM_PARENTS: Mapping[str, tuple[str, ...]] = {
    "java.io.Externalizable": (SERIALIZABLE,),
    "java.lang.Exception": ("java.lang.Throwable",),
    "java.lang.Error": ("java.lang.Throwable",),
    "java.lang.RuntimeException": ("java.lang.Exception",),
    "java.io.IOException": ("java.lang.Exception",),
    **{f"java.lang.{name}": ("java.lang.RuntimeException",) for name in _UNCHECKED},
}


class Placed(Struct, frozen=True):
    """A field and the class that declares it."""

    field: Field
    owner: str


class _Routes(NamedTuple):
    """Type → types that hold it; type → its subclasses; type → methods that name it, with the way."""

    holders: Mapping[str, set[str]]
    subclasses: Mapping[str, set[str]]
    methods: Mapping[str, set[tuple[str, Flow]]]


class Shapes:
    """Answers about one contract; everything is worked out once, when it is first asked for."""

    def __init__(self, contract: Contract) -> None:
        self.types: Mapping[str, TypeDef] = contract.types
        self._contract = contract
        self._fields: dict[str, dict[str, Placed]] = {}
        self._ancestors: dict[str, tuple[str, ...]] = {}
        self._carriers: dict[str, set[tuple[str, Flow]]] = {}

    def fields(self, name: str) -> dict[str, Placed]:
        """All that travel, inherited ones included, by name; of two of one name the subclass's."""
        if name not in self._fields:
            chain = [name, *self._superclasses(name)]
            found: dict[str, Placed] = {}
            for owner in chain:
                for field in self.types[owner].fields:
                    if not field.transient:
                        found.setdefault(field.name, Placed(field, owner))
            self._fields[name] = found
        return self._fields[name]

    def declared(self, name: str) -> dict[str, Field]:
        """The same with transient ones, which a source may leave out."""
        found: dict[str, Field] = {}
        for owner in (name, *self._superclasses(name)):
            for field in self.types[owner].fields:
                found.setdefault(field.name, field)
        return found

    def shadowed(self, name: str) -> set[str]:
        """Fields declared here that a superclass has as well."""
        own = {field.name for field in self.types[name].fields if not field.transient}
        above = {field.name for owner in self._superclasses(name) for field in self.types[owner].fields}
        return own & above

    def ancestors(self, name: str) -> tuple[str, ...]:
        """Names of all superclasses and interfaces; of classes that the contract lacks, what is known of the JDK."""
        if name not in self._ancestors:
            found: dict[str, None] = {}
            waiting = [name]
            for one in waiting:  # grows while it is walked
                definition = self.types.get(one)
                above = (definition.super, *definition.interfaces) if definition else _PLATFORM_PARENTS.get(one, ())
                for parent in (parse_type(text).name for text in above if text):
                    if parent not in found and parent != name:
                        found[parent] = None
                        waiting.append(parent)
            self._ancestors[name] = tuple(found)
        return self._ancestors[name]

    def is_serializable(self, name: str) -> bool:
        above = {name, *self.ancestors(name)}
        return SERIALIZABLE in above or any(
            one in _PLATFORM_SERIALIZABLE or one.endswith(("Exception", "Error"))
            for one in above
            if one not in self.types
        )

    def is_described(self, name: str) -> bool:
        """Whether supertypes are known: a registry's metadata does not tell them."""
        definition = self.types[name]
        return definition.kind not in ("class", "record") or bool(definition.super)

    def carriers(self, name: str) -> set[tuple[str, Flow]]:
        """The methods (`Interface#signature`) through which fields of the type travel, each with the way."""
        if name not in self._carriers:
            routes, seen, waiting = self._routes, {name}, [name]
            found: set[tuple[str, Flow]] = set()
            for one in waiting:  # grows while it is walked
                for declared in self._declared_as(one):
                    found |= routes.methods.get(declared, set())
                    new = routes.holders.get(declared, set()) - seen
                    seen |= new
                    waiting.extend(new)
            self._carriers[name] = found
        return self._carriers[name]

    def places(self, name: str) -> set[tuple[str, Flow]]:
        """The methods, each with the way, through which objects travel in places that declare this very type."""
        routes = self._routes
        held = (self.carriers(holder) for holder in routes.holders.get(name, ()))
        return set(routes.methods.get(name, ())).union(*held)

    def _declared_as(self, name: str) -> set[str]:
        """Declared types behind which fields of the class can stand: itself, its subclasses, and what all these are."""
        bearers = {name} | self._routes.subclasses.get(name, set())
        return bearers.union(*(self.ancestors(bearer) for bearer in bearers))

    @cached_property
    def _routes(self) -> "_Routes":
        holders: dict[str, set[str]] = defaultdict(set)
        subclasses: dict[str, set[str]] = defaultdict(set)
        for name, definition in self.types.items():
            for other in _held(definition):
                holders[other].add(name)
            for parent in self.ancestors(name):
                subclasses[parent].add(name)
        return _Routes(holders, subclasses, self._directly())

    def _directly(self) -> dict[str, set[tuple[str, Flow]]]:
        found: dict[str, set[tuple[str, Flow]]] = defaultdict(set)
        for interface in self._contract.interfaces:
            for method in interface.methods:
                for text, flow in _carried(method):
                    for name in names_in(text):
                        found[name].add((f"{interface.name}#{method.signature}", flow))
        return found

    def _superclasses(self, name: str) -> Iterator[str]:
        seen = {name}
        while True:
            parent = parse_type(self.types[name].super or "java.lang.Object").name
            if parent in seen or parent not in self.types:
                return
            seen.add(parent)
            yield parent
            name = parent


def _held(definition: TypeDef) -> Iterator[str]:
    """Types whose objects stand in one of this: of fields, and type arguments of supertypes."""
    for field in definition.fields:
        if not field.transient:
            yield from names_in(field.type)
    for bound in definition.parameters:
        yield from names_in(bound)
    for parent in (definition.super, *definition.interfaces):
        yield from names_in(parent.partition("<")[2])


def _carried(method: Method) -> Iterator[tuple[str, Flow]]:
    for parameter in method.parameters:
        yield parameter.type, "request"
    for text in method.type_parameters:
        yield text, "request"
    yield method.returns, "response"
    for thrown in method.throws:
        yield thrown, "exception"
