"""What an artifact or a registry says about services: interfaces, methods, types.

The JSON form of `Contract` is the same in files, API and database. Type names are written as in Java source
with full names, nested ones with `$`: `java.util.Map<java.lang.String, com.example.Order$Item[]>`.
Nothing here can hold itself, so the garbage collector need not look (`gc=False`): large contracts load much faster.
"""

import threading
from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct, field

from workbench.model.javatype import bounds_of, parse_type

Kind = Literal["class", "record", "enum", "interface", "annotation"]
Recognised = Literal["annotation", "spring-xml", "api-jar", "named", "registry", "manual"]


class Parameter(Struct, frozen=True, omit_defaults=True, gc=False):
    """`origin` and those of Field and Method: where it comes from when that is not where the whole stands."""

    name: str
    type: str
    origin: str = ""  # of the name: order-api-1.0.0-sources.jar
    doc: str = ""

    @property
    def made_up(self) -> bool:
        """Whether no source knows its name: arg0, arg1 …"""
        return self.name.startswith("arg") and self.name[3:].isdigit()


class Field(Struct, frozen=True, omit_defaults=True, gc=False):
    """An instance field as Hessian sees it: private ones too, static and synthetic ones not."""

    name: str
    type: str
    transient: bool = False
    final: bool = False
    origin: str = ""
    doc: str = ""


class Method(Struct, frozen=True, omit_defaults=True, gc=False):
    """One method of a service, inherited ones included with their type variables resolved.

    `erased` is what goes over the wire, as Dubbo writes it: raw types of the declaring method
    (`get(T)` inherited from `Crud<T>` is `java.lang.Object` although `parameters` says `Order`).
    """

    name: str
    parameters: tuple[Parameter, ...] = ()
    erased: tuple[str, ...] = ()
    returns: str = "void"
    throws: tuple[str, ...] = ()
    type_parameters: tuple[str, ...] = ()  # as written: "T extends java.lang.Number"
    declared_by: str = ""  # another interface, when inherited
    default: bool = False
    origin: str = ""
    doc: str = ""  # Javadoc as plain text, without its tags
    returns_doc: str = ""

    @property
    def takes(self) -> list[str]:
        """The types that values have to fit: the method's own type variables stand at their bounds."""
        return self._bound([parameter.type for parameter in self.parameters])

    @property
    def gives(self) -> str:
        """The type that an answer has, as far as it is declared."""
        return self._bound([self.returns])[0]

    def _bound(self, types: list[str]) -> list[str]:
        bounds = bounds_of(self.type_parameters)
        return [str(parse_type(text).substitute(bounds)) for text in types] if bounds else types

    @property
    def signature(self) -> str:
        """`payOrder(com.example.trade.PayOrderRequest)`: the spelling in suites, unique in an interface."""
        return f"{self.name}({','.join(self.erased)})"


class Interface(Struct, frozen=True, omit_defaults=True, gc=False):
    name: str
    methods: tuple[Method, ...] = ()
    recognised_by: Recognised = "named"
    origin: str = ""  # order-boot.jar!BOOT-INF/lib/order-api-1.0.0.jar
    group: str = ""  # as declared by the annotation or XML, when it is
    version: str = ""
    implementation: str = ""
    doc: str = ""
    seen_in: tuple[str, ...] = ()  # other sources that describe it


class TypeDef(Struct, frozen=True, omit_defaults=True, gc=False):
    kind: Kind
    parameters: tuple[str, ...] = ()  # type parameters as written: "T extends java.lang.Comparable<T>"
    super: str = ""  # with its type arguments; empty for interfaces
    interfaces: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()  # declared here; inherited ones stand in the superclass's TypeDef
    constants: tuple[str, ...] = ()  # of enums
    abstract: bool = False
    permits: tuple[str, ...] = ()  # of sealed types
    partial: bool = False  # a registry's: no superclass is known, and constants are what toString() says
    origin: str = ""
    doc: str = ""
    seen_in: tuple[str, ...] = ()


class Warning(Struct, frozen=True, omit_defaults=True, gc=False):
    """Something that could not be read fully; the rest of the contract is good."""

    where: str
    message: str


class Claim(Struct, frozen=True):
    """What one source says."""

    origin: str
    says: str  # a type, a list of constants …; empty: nothing of the kind


class Contradiction(Struct, frozen=True, omit_defaults=True):
    """Two sources that say different things of one element; the contract follows the first claim."""

    place: str  # com.x.Facade#pay(com.x.Req), com.x.Order.amount
    what: str  # method, parameter types, answer, field, type, constants
    claims: tuple[Claim, ...]


_KEPT: Final = 64
_writing = threading.Lock()  # runs of a server are planned in threads
_indexes: dict[int, tuple[tuple[Interface, ...], dict[str, Interface]]] = {}  # by id of the interfaces, kept alive


def _by_name(interfaces: tuple[Interface, ...]) -> dict[str, Interface]:
    """Made once a contract: a plan asks it for each of its thousands of steps. Of two of a name it is the first."""
    known = _indexes.get(id(interfaces))
    if known is None or known[0] is not interfaces:
        known = (interfaces, {interface.name: interface for interface in reversed(interfaces)})
        with _writing:
            if len(_indexes) >= _KEPT:
                del _indexes[next(iter(_indexes))]
            _indexes[id(interfaces)] = known
    return known[1]


class Contract(Struct, frozen=True, omit_defaults=True):
    interfaces: tuple[Interface, ...] = ()
    types: Mapping[str, TypeDef] = field(default_factory=dict)
    warnings: tuple[Warning, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()

    def interface(self, name: str) -> Interface | None:
        return _by_name(self.interfaces).get(name)
