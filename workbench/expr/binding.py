"""Values against declared Java types: lossless, or all errors at once, each with its path.

A declared type becomes a tree of nodes, made as it is walked (types may contain themselves) and kept per contract.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from workbench.errors import BindingError, ErrorGroup, JsonError, WorkbenchError
from workbench.expr.names import suggestion
from workbench.expr.scalars import SCALARS, Source, Take, Unfit, base64_bytes, expected
from workbench.model import json
from workbench.model.contract import TypeDef
from workbench.model.javatype import OBJECT, JavaType, parse_type, parse_variable
from workbench.model.json import Json

_UTIL = "java.util."
COLLECTIONS: Final = frozenset(
    f"{_UTIL}{name}"
    for name in (  # noqa: SIM905 - names are easier to read so
        "Collection List Set SortedSet NavigableSet Queue Deque ArrayList LinkedList HashSet LinkedHashSet TreeSet "
        "ArrayDeque PriorityQueue Vector Stack EnumSet AbstractList AbstractCollection AbstractSet SequencedCollection "
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
_IDENTIFIER: Final = re.compile(r"[^\W\d][\w$]*")


class Errors(list[WorkbenchError]):
    """Collects what does not fit. `where` (a file and line) stands before each path."""

    def __init__(self, where: str = "") -> None:
        super().__init__()
        self.where = where

    def add(self, path: str, unfit: Unfit) -> None:
        where = f"{self.where} {path}".strip()
        self.append(BindingError(unfit.message, where=where, hint=unfit.hint, path=path))

    def throw(self) -> None:
        if self:
            raise ErrorGroup(self)


def member_path(path: str, key: str) -> str:
    return f"{path}.{key}" if _IDENTIFIER.fullmatch(key) else f"{path}[{json.dumps(key)}]"


class Node:
    """Any value: Object, interfaces, type variables, types that the contract does not hold."""

    def __init__(self, type_: JavaType) -> None:
        self.type = type_

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        """The fitting value; what does not fit is added to `errors`."""
        if isinstance(value, dict):
            node = self.narrowed(value, path, errors)
            if node is not self:
                return node.bind(value, path, errors, source)
        return value

    def narrowed(self, value: Mapping[str, Any], path: str, errors: Errors) -> "Node":
        """The node of the class that `$class` in this object selects."""
        return self

    def member(self, key: str, path: str, errors: Errors) -> "Node":
        """The node for this key of an object."""
        return ANY

    def item(self) -> "Node | None":
        """The node for the items of a list; None when there may be no list here."""
        return ANY

    def refuses_object(self) -> Unfit | None:
        return None


ANY: Final = Node(JavaType(OBJECT))


class ScalarNode(Node):
    def __init__(self, type_: JavaType, take: Take) -> None:
        super().__init__(type_)
        self.take: Take = take
        self.primitive = type_.primitive

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        try:
            return self.fit(value, source)
        except Unfit as unfit:
            errors.add(path, unfit)
            return None

    def fit(self, value: Any, source: Source) -> Json:
        if value is None:
            if self.primitive:
                raise Unfit(f"null does not fit the primitive type {self.type}")
            return None
        return self.take(value, source)

    def item(self) -> None:
        return None

    def refuses_object(self) -> Unfit:
        return Unfit(f"expected {self.type}, found an object")


class ListNode(Node):
    """Arrays and collections."""

    def __init__(self, type_: JavaType, item: Node) -> None:
        super().__init__(type_)
        self._item = item

    def item(self) -> Node:
        return self._item

    def refuses_object(self) -> Unfit:
        return Unfit(f"expected a list ({self.type}), found an object", "write [ … ]")

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        if value is None or _is_reference(value):
            return value
        value = _parsed(value, source)
        if not isinstance(value, list):
            errors.add(path, expected(f"a list ({self.type})", value, "write [ … ]"))
            return None
        bind = self._item.bind
        return [bind(item, f"{path}[{index}]", errors, source) for index, item in enumerate(value)]


class BytesNode(ListNode):
    """byte[]: base64 text, or a list of bytes."""

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        if not isinstance(value, str):
            return super().bind(value, path, errors, source)
        try:
            return base64_bytes(value, source)
        except Unfit as unfit:
            errors.add(path, unfit)
            return None


class CharsNode(ListNode):
    """char[]: a text, or a list of characters."""

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        return value if isinstance(value, str) else super().bind(value, path, errors, source)


class MapNode(Node):
    """Keys stand as text; `{"$entries": [[key, value], …]}` is for keys that are not scalars."""

    def __init__(self, type_: JavaType, key: Node, value: Node) -> None:
        super().__init__(type_)
        self.key = key
        self.value = value

    def item(self) -> None:
        return None

    def member(self, key: str, path: str, errors: Errors) -> Node:
        if key == "$entries":
            return ListNode(JavaType("$entries"), _EntryNode(self))
        if key == "$class":
            return ANY
        if isinstance(self.key, ScalarNode):
            self.key.bind(key, f"{path} (key)", errors, Source.DATA)
        return self.value

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        if value is None or _is_reference(value):
            return value
        value = _parsed(value, source)
        if not isinstance(value, dict):
            errors.add(path, expected(f"an object ({self.type})", value, "write { … }"))
            return None
        return {key: self._bind_member(key, item, path, errors, source) for key, item in value.items()}

    def _bind_member(self, key: str, value: Any, path: str, errors: Errors, source: Source) -> Json:
        inner = member_path(path, key)
        return self.member(key, inner, errors).bind(value, inner, errors, source)


class _EntryNode(Node):
    """One [key, value] of `$entries`."""

    def __init__(self, owner: MapNode) -> None:
        super().__init__(owner.type)
        self.owner = owner

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        if not isinstance(value, list) or len(value) != 2:
            errors.add(path, expected("an entry [key, value]", value))
            return None
        return [
            self.owner.key.bind(value[0], f"{path}[0]", errors, source),
            self.owner.value.bind(value[1], f"{path}[1]", errors, source),
        ]


class ClassNode(Node):
    """A class or record: its fields, the inherited ones too. `open`: a superclass is unknown, so any field may be."""

    def __init__(self, type_: JavaType, binder: "Binder") -> None:
        super().__init__(type_)
        self.binder = binder
        self.fields, self.hidden, self.open = binder.fields(type_)
        self.nodes: dict[str, Node] = {}

    def item(self) -> None:
        return None

    def narrowed(self, value: Mapping[str, Any], path: str, errors: Errors) -> Node:
        return self.binder.narrowed(self, value, path, errors, plain="class" not in self.fields)

    def member(self, key: str, path: str, errors: Errors) -> Node:
        node = self.nodes.get(key)
        if node is None and key in self.fields:
            node = self.nodes[key] = self.binder.node(self.fields[key])
        return node or self._other(key, path, errors)

    def _other(self, key: str, path: str, errors: Errors) -> Node:
        if key in self.hidden:
            errors.add(path, Unfit(f"{self.type.name} has the field {key}, but it is transient and never sent"))
        elif not self.open and not self._selects(key):
            hint = suggestion(key, self.fields)
            errors.add(path, Unfit(f"{self.type.name} has no field {key!r}", hint))
        return ANY

    def _selects(self, key: str) -> bool:
        return key == "$class" or (key == "class" and "class" not in self.fields)

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        if value is None or _is_reference(value):
            return value
        value = _parsed(value, source)
        if not isinstance(value, dict):
            errors.add(path, expected(f"an object ({self.type})", value, "write { … }"))
            return None
        node = self.narrowed(value, path, errors)
        if node is not self:
            return node.bind(value, path, errors, source)
        bound = {}
        for key, item in value.items():
            inner = member_path(path, key)
            bound[key] = self.member(key, inner, errors).bind(item, inner, errors, source)
        return bound


class OpenNode(Node):
    """Object, interfaces and abstract classes: anything, unless `$class` says what it is."""

    def __init__(self, type_: JavaType, binder: "Binder", *, abstract: bool = False) -> None:
        super().__init__(type_)
        self.binder = binder
        self.abstract = abstract

    def narrowed(self, value: Mapping[str, Any], path: str, errors: Errors) -> Node:
        if self.abstract and not ("$class" in value or "class" in value or _is_reference(value)):
            known = ", ".join(self.binder.concrete(self.type.name)[:8])
            hint = f'add "$class": one of {known}' if known else 'add "$class": "full.name.of.TheClass"'
            errors.add(path, Unfit(f"{self.type.name} is abstract, and nothing says which class is meant", hint))
        return self.binder.narrowed(self, value, path, errors, plain=self.type.name != OBJECT)


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
        if take := SCALARS.get(name):
            return ScalarNode(type_, take)
        if name in COLLECTIONS:
            return ListNode(type_, self._argument(type_, 0))
        if name in MAPS:
            return MapNode(type_, self._argument(type_, 0), self._argument(type_, 1))
        if name == "java.util.Optional":
            return self._argument(type_, 0)
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
            return ScalarNode(type_, _enum(type_.name, definition.constants))
        if definition.kind in ("interface", "annotation") or definition.abstract:
            return OpenNode(type_, self, abstract=True)
        return ClassNode(type_, self)

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
        if self.assignable(name, node.type.name) is False:
            errors.add(inner, Unfit(f"{name} is not a {node.type.name}"))
            return node
        return self.node(JavaType(name)) if name in self.types else ANY

    def concrete(self, target: str) -> list[str]:
        """The classes of the contract that an object of this type may be."""
        return sorted(
            name
            for name, definition in self.types.items()
            if definition.kind in ("class", "record") and not definition.abstract and self.assignable(name, target)
        )

    def assignable(self, name: str, target: str) -> bool | None:
        """Whether a class is a subtype of another; None when the contract does not tell."""
        if target == OBJECT or name == target:
            return True
        definition = self.types.get(name)
        if definition is None:  # a class of the JDK extends none of an API
            return False if name.startswith("java.") and not target.startswith("java.") else None
        answers = [
            self.assignable(parse_type(parent).name, target)
            for parent in (definition.super, *definition.interfaces)
            if parent
        ]
        return True if True in answers else None if None in answers else False


def _variables(definition: TypeDef, type_: JavaType) -> dict[str, JavaType]:
    """What the type parameters of a class stand for; a raw use leaves them at their bounds."""
    variables: dict[str, JavaType] = {}
    for index, text in enumerate(definition.parameters):
        variable = parse_variable(text)
        if index < len(type_.arguments):
            variables[variable.name] = type_.arguments[index]
        else:
            variables[variable.name] = JavaType(variable.bounds[0].name)  # erased: a bound may name itself
    return variables


def _enum(name: str, constants: tuple[str, ...]) -> Take:
    allowed = frozenset(constants)

    def take(value: Any, source: Source) -> str:
        if isinstance(value, str) and (value in allowed or not allowed):
            return value
        if isinstance(value, str):
            allowed_names = ", ".join(constants[:12]) + (" …" if len(constants) > 12 else "")
            raise Unfit(f"{name} has no constant {value!r}: {allowed_names}", suggestion(value, constants))
        raise expected(f"a constant of {name}", value, f"as text: {', '.join(constants[:8])}")

    return take


def _is_reference(value: Any) -> bool:
    """`{"$ref": "$.path"}`: an object that stands elsewhere in the request."""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get("$ref"), str)


def _parsed(value: Any, source: Source) -> Any:
    """A text from data where an object or list is declared: a cell that holds JSON."""
    if source is Source.DATA and isinstance(value, str):
        try:
            return json.loads(value)
        except JsonError:
            return value
    return value


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
