"""Values against declared Java types: lossless, or all errors at once, each with its path.

A declared type becomes a tree of nodes, made as it is walked (types may contain themselves) and kept per contract.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from workbench.errors import BindingError, UsageError
from workbench.expr.enums import JDK_ENUMS, constant
from workbench.expr.marks import is_stated
from workbench.expr.nodes import (
    ANY,
    BytesNode,
    CharsNode,
    ClassNode,
    EntryNode,
    Errors,
    ExtensibleNode,
    HolderNode,
    ListNode,
    MapNode,
    Node,
    OpenNode,
    ScalarNode,
    StatedNode,
    member_path,
)
from workbench.expr.scalars import EXTENSIBLE, SCALARS, Source, Unfit, expected
from workbench.model.contract import TypeDef
from workbench.model.javatype import OBJECT, JavaType, bounds_of, parse_type
from workbench.model.json import Json

_UTIL = "java.util."
COLLECTIONS: Final = frozenset(
    f"{_UTIL}{name}"
    for name in (  # noqa: SIM905 - names are easier to read so
        "Collection List Set SortedSet NavigableSet Queue Deque ArrayList LinkedList HashSet LinkedHashSet TreeSet "
        "ArrayDeque PriorityQueue Vector Stack EnumSet AbstractList AbstractCollection AbstractSet SequencedCollection "
        "Iterator Enumeration "
        "concurrent.CopyOnWriteArrayList concurrent.CopyOnWriteArraySet concurrent.ConcurrentLinkedQueue"
    ).split()
) | {"java.lang.Iterable"}
MAPS: Final = frozenset(
    f"{_UTIL}{name}"
    for name in [
        "Map",
        "HashMap",
        "LinkedHashMap",
        "TreeMap",
        "SortedMap",
        "NavigableMap",
        "Hashtable",
        "WeakHashMap",
        "IdentityHashMap",
        "EnumMap",
        "AbstractMap",
        "SequencedMap",
        "concurrent.ConcurrentMap",
        "concurrent.ConcurrentHashMap",
        "concurrent.ConcurrentSkipListMap",
    ]
)


# A class that is one of these is written as it; what is only Iterable, or an Iterator, is a bean for Hessian.
_STRUCTURES: Final = MAPS | COLLECTIONS - {"java.lang.Iterable", f"{_UTIL}Iterator", f"{_UTIL}Enumeration"}

# Written as what they hold.
_REFERENCE: Final = "java.util.concurrent.atomic.AtomicReference"
WRAPPERS: Final = frozenset({"java.util.Optional", _REFERENCE})
_WRITTEN_AS: Final = {
    "java.util.OptionalInt": "java.lang.Integer",
    "java.util.OptionalLong": "java.lang.Long",
    "java.util.OptionalDouble": "java.lang.Double",
    "java.util.BitSet": "int[]",
}
ENTRIES: Final = frozenset(
    {"java.util.Map$Entry", "java.util.AbstractMap$SimpleEntry", "java.util.AbstractMap$SimpleImmutableEntry"}
)

_ROOTS: Final = frozenset(
    (
        OBJECT,
        "java.lang.Record",
        "java.lang.Comparable",
        "java.lang.Cloneable",
        "java.lang.Runnable",
        "java.io.Serializable",
    )
)


_PLATFORM: Final = re.compile(r"(?:java|javax|jdk|sun|com\.sun)\.")
_STRUCTURE: Final = re.compile(r"java\.util\.(?:concurrent\.)?[A-Z]\w*")
_THROWABLE: Final = re.compile(r"java\.(?:\w+\.)*\w*(?:Exception|Error|Throwable)")


def _may_be_named(name: str) -> bool:
    """Whether `$class` may name it, as far as its name tells; the bridge looks at the class itself."""
    raw = re.sub(r"(?:<.*>)?(?:\[\])*$", "", name)
    if not _PLATFORM.match(raw):
        return True
    simple = raw in SCALARS or raw in JDK_ENUMS or raw in (OBJECT, "java.lang.Class")
    return simple or bool(_STRUCTURE.fullmatch(raw) or _THROWABLE.fullmatch(raw))


class Shape(NamedTuple):
    """Fields by name, names of those that are never sent, and whether there may be more."""

    fields: Mapping[str, JavaType]
    hidden: frozenset[str]
    open: bool


class Binder:
    """Nodes for the types of one contract."""

    def __init__(self, types: Mapping[str, TypeDef]) -> None:
        self.types = types
        self.cache: dict[JavaType, Node] = {}

    def node(self, type_: JavaType) -> Node:
        node = self.cache.get(type_)
        if node is None:
            node = self.cache[type_] = self._make(type_)
        return node

    def _make(self, type_: JavaType) -> Node:
        if type_.dimensions:
            return self._array(type_)
        name = type_.name
        if name in EXTENSIBLE:
            return ExtensibleNode(type_, SCALARS[name], self)
        if take := SCALARS.get(name) or JDK_ENUMS.get(name):
            return ScalarNode(type_, take)
        if name in COLLECTIONS:
            return ListNode(type_, self._argument(type_, 0))
        if name in MAPS:
            return MapNode(type_, self._argument(type_, 0), self._argument(type_, 1))
        if name in WRAPPERS:
            held = self._argument(type_, 0)
            return HolderNode(type_, held) if name == _REFERENCE else held
        if inner := _WRITTEN_AS.get(name):
            return self.node(parse_type(inner))
        if name in ENTRIES:
            return EntryNode(type_, self._argument(type_, 0), self._argument(type_, 1))
        return self._declared(type_)

    def _array(self, type_: JavaType) -> Node:
        item = self.node(type_.element)
        kind = {"byte": BytesNode, "char": CharsNode}.get(type_.name if type_.dimensions == 1 else "", ListNode)
        return kind(type_, item)

    def _argument(self, type_: JavaType, index: int) -> Node:
        return self.node(type_.arguments[index]) if index < len(type_.arguments) else ANY

    def _declared(self, type_: JavaType) -> Node:
        definition = self.types.get(type_.name)
        if definition is None:
            return OpenNode(type_, self)
        if definition.kind == "enum":
            return ScalarNode(type_, constant(type_.name, definition.constants, as_told=definition.partial))
        bounds_it = all(self.assignable(type_.name, bound.name) is not False for bound in type_.also)
        if definition.kind in ("interface", "annotation") or definition.abstract or not bounds_it:
            return OpenNode(type_, self, abstract=True)
        return self._structure(type_) or ClassNode(type_, self)

    def _structure(self, type_: JavaType) -> Node | None:
        """Of a class that is one of the JDK's collections or maps, whose fields are not sent."""
        parent = self.kept_as(type_)
        if parent is None:
            return None
        if parent.name in MAPS:
            map_node = self.cache[type_] = MapNode(type_, ANY, ANY)
            map_node.key, map_node.value = self._argument(parent, 0), self._argument(parent, 1)
            return map_node
        list_node = self.cache[type_] = ListNode(type_, ANY)
        list_node.holds(self._argument(parent, 0))
        return list_node

    def kept_as(self, type_: JavaType) -> JavaType | None:
        """The collection or map of the JDK that a class extends or implements, with type arguments; None: neither."""
        return self._kept_as(type_, set())

    def _kept_as(self, type_: JavaType, seen: set[str]) -> JavaType | None:
        if type_.name in _STRUCTURES:
            return type_
        definition = self.types.get(type_.name)
        if definition is None or type_.name in seen:
            return None
        seen.add(type_.name)
        parents = [parse_type(parent) for parent in (definition.super, *definition.interfaces) if parent]
        found = (self._kept_as(each.substitute(_variables(definition, type_)), seen) for each in parents)
        return next((each for each in found if each is not None), None)

    def fields(self, type_: JavaType) -> Shape:
        """The fields of a class and its superclasses, type variables resolved; a subclass's field hides."""
        found: dict[str, JavaType] = {}
        hidden: set[str] = set()
        seen: set[str] = set()
        while type_.name != OBJECT:
            definition = self.types.get(type_.name)
            if definition is None or type_.name in seen:
                return Shape(found, frozenset(hidden - found.keys()), definition is None)
            seen.add(type_.name)
            variables = _variables(definition, type_)
            for each in definition.fields:
                if each.transient:
                    hidden.add(each.name)
                else:
                    found.setdefault(each.name, parse_type(each.type).substitute(variables))
            type_ = parse_type(definition.super or OBJECT).substitute(variables)
        return Shape(found, frozenset(hidden - found.keys()), False)

    def narrowed(self, node: Node, value: Mapping[str, Any], path: str, errors: Errors, *, plain: bool) -> Node:
        """The node of the class named by `$class` (or `class`, when `plain`), if it is one we know."""
        key = "$class" if "$class" in value else "class" if plain and "class" in value else ""
        name = value.get(key) if key else None
        if not key or name == node.type.name or (isinstance(name, str) and "${" in name):
            return node
        inner = member_path(path, key)
        if not isinstance(name, str):
            errors.add(inner, expected("the name of a class", name))
            return node
        for bound in (node.type, *node.type.also):
            if self.assignable(name, bound.name) is False:
                errors.add(inner, Unfit(f"{name} is not a {bound.name}"))
                return node
        if name not in self.types and not _may_be_named(name):
            errors.add(
                inner, Unfit(f"{name} is no class of the artifacts, and no plain value or collection of the JDK")
            )
            return ANY
        if is_stated(value):
            return StatedNode(node.type, self._stated(name, inner, errors))
        return self.node(JavaType(name)) if name in self.types else ANY

    def _stated(self, name: str, path: str, errors: Errors) -> Node:
        try:
            return self.node(parse_type(name))
        except UsageError as error:
            errors.add(path, Unfit(error.message, error.hint))
            return ANY

    def concrete(self, type_: JavaType) -> list[str]:
        """The classes of the contract that an object of this type may be."""
        bounds = [bound.name for bound in (type_, *type_.also)]
        return sorted(
            name
            for name, definition in self.types.items()
            if definition.kind in ("class", "record")
            and not definition.abstract
            and all(self.assignable(name, bound) for bound in bounds)
        )

    def assignable(self, name: str, target: str) -> bool | None:
        """Whether a class is a subtype of another; None when the contract does not tell."""
        if target == OBJECT or name == target:
            return True
        definition = self.types.get(name)
        if definition is None:  # a class of the JDK extends none of an API
            if name in _ROOTS:
                return False
            return False if name.startswith("java.") and not target.startswith("java.") else None
        answers = [
            self.assignable(parse_type(parent).name, target)
            for parent in (definition.super, *definition.interfaces)
            if parent
        ]
        return True if True in answers else None if None in answers or definition.partial else False


def _variables(definition: TypeDef, type_: JavaType) -> dict[str, JavaType]:
    """What the type parameters of a class stand for; a raw use leaves them at their bounds."""
    return {
        name: type_.arguments[index] if index < len(type_.arguments) else bound
        for index, (name, bound) in enumerate(bounds_of(definition.parameters).items())
    }


NO_TYPES: Final[Mapping[str, TypeDef]] = {}
_binders: dict[int, Binder] = {}  # by id of the contract's types, which the binder keeps alive


def binder_for(types: Mapping[str, TypeDef]) -> Binder:
    """The binder of a contract, kept for the last few contracts."""
    binder = _binders.get(id(types))
    if binder is None or binder.types is not types:
        if len(_binders) >= 64:
            _binders.pop(next(iter(_binders)), None)
        binder = _binders[id(types)] = Binder(types)
    return binder


def bind(value: Json, type_name: str, types: Mapping[str, TypeDef], *, path: str = "$", data: bool = False) -> Json:
    """`value` as the declared type wants it. Raises ErrorGroup of BindingErrors, all at once.

    `data`: texts come from a table or file and become numbers, truth values … where those are declared.
    """
    errors = Errors()
    try:
        bound = (
            binder_for(types)
            .node(parse_type(type_name))
            .bind(value, path, errors, Source.DATA if data else Source.VALUE)
        )
    except RecursionError:
        raise BindingError("nested too deeply", where=path) from None
    errors.throw()
    return bound
