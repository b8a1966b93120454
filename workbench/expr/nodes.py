"""The nodes of a declared type: each takes a value, or says with its path why it does not fit.

A node of a class knows the Binder that makes the nodes of its fields when they are first needed (types may contain
themselves).
"""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from workbench.errors import BindingError, ErrorGroup, JsonError, WorkbenchError
from workbench.expr.marks import is_mark, is_reference, is_stated, misplaced, named
from workbench.expr.names import suggestion
from workbench.expr.scalars import Source, Take, Unfit, base64_bytes, expected
from workbench.model import json
from workbench.model.javatype import OBJECT, JavaType
from workbench.model.json import Json

if TYPE_CHECKING:
    from workbench.expr.binding import Binder

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


class ExtensibleNode(ScalarNode):
    """A plain value whose class others extend, as Number: that, or an object that says of which class it is."""

    def __init__(self, type_: JavaType, take: Take, binder: "Binder") -> None:
        super().__init__(type_, take)
        self.binder = binder

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        node = self.narrowed(value, path, errors) if isinstance(value, dict) else self
        return super().bind(value, path, errors, source) if node is self else node.bind(value, path, errors, source)

    def narrowed(self, value: Mapping[str, Any], path: str, errors: Errors) -> Node:
        name = value.get("$class")
        if is_stated(value):
            return self.binder.narrowed(self, value, path, errors, plain=False)
        if not isinstance(name, str) or name.startswith("java.") or "${" in name:  # no plain value is an object
            return self
        node = self.binder.narrowed(self, value, path, errors, plain=False)
        return ANY if node is self else node  # what is wrong has been told


class StatedNode(Node):
    """`{"$class": …, "$value": …}`: a value that is no object, where the declared type does not tell its class."""

    def __init__(self, type_: JavaType, value: Node) -> None:
        super().__init__(type_)
        self.value = value

    def item(self) -> None:
        return None

    def member(self, key: str, path: str, errors: Errors) -> Node:
        return self.value if key == "$value" else ANY

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        inner = self.value.bind(value["$value"], member_path(path, "$value"), errors, source)
        return {"$class": value["$class"], "$value": inner}


class HolderNode(Node):
    """An AtomicReference: what it holds, or stated with `$value`, which may be null then."""

    def __init__(self, type_: JavaType, held: Node) -> None:
        super().__init__(type_)
        self.held = held

    def narrowed(self, value: Mapping[str, Any], path: str, errors: Errors) -> Node:
        own = is_stated(value) and value["$class"] == self.type.name
        return StatedNode(self.type, self.held) if own else self.held.narrowed(value, path, errors)

    def member(self, key: str, path: str, errors: Errors) -> Node:
        return self.held.member(key, path, errors)

    def item(self) -> Node | None:
        return self.held.item()

    def refuses_object(self) -> Unfit | None:
        return self.held.refuses_object()

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        node = self.narrowed(value, path, errors) if isinstance(value, dict) else self.held
        return node.bind(value, path, errors, source)


class ListNode(Node):
    """Arrays and collections. `holds` replaces the item's node, for a class that holds its own kind."""

    def __init__(self, type_: JavaType, item: Node) -> None:
        super().__init__(type_)
        self._item = item

    def holds(self, item: Node) -> None:
        self._item = item

    def item(self) -> Node:
        return self._item

    def refuses_object(self) -> Unfit:
        return Unfit(f"expected a list ({self.type}), found an object", "write [ … ]")

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        if value is None or is_reference(value):
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
        if is_mark(key):
            errors.add(path, Unfit(*misplaced(key)))
        elif isinstance(self.key, ScalarNode):
            self.key.bind(named(key), f"{path} (key)", errors, Source.DATA)
        return self.value

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        if value is None or is_reference(value):
            return value
        value = _parsed(value, source)
        if not isinstance(value, dict):
            errors.add(path, expected(f"an object ({self.type})", value, "write { … }"))
            return None
        self.told_apart(value, path, errors)
        return {key: self._bind_member(key, item, path, errors, source) for key, item in value.items()}

    def told_apart(self, keys: Iterable[str], path: str, errors: Errors) -> None:
        """A whole number is one key however it is written: of 1 and 1e0 one value would be lost.

        Keys of other types that fall together, as two forms of a date, are told by the bridge.
        """
        seen: dict[int, str] = {}
        for key in keys if isinstance(self.key, ScalarNode) else ():
            number = self._whole(key)
            if number is not None and seen.setdefault(number, key) != key:
                errors.add(f"{member_path(path, key)} (key)", Unfit(f"the same key as {json.dumps(seen[number])}"))

    def _whole(self, key: str) -> int | None:
        assert isinstance(self.key, ScalarNode)
        try:
            found = self.key.fit(named(key), Source.DATA)
        except Unfit:  # told where the key is bound
            return None
        return found if type(found) is int else None

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


class EntryNode(Node):
    """A Map.Entry: `{"key": …, "value": …}`."""

    def __init__(self, type_: JavaType, key: Node, value: Node) -> None:
        super().__init__(type_)
        self.parts = {"key": key, "value": value}

    def item(self) -> None:
        return None

    def member(self, key: str, path: str, errors: Errors) -> Node:
        if key not in self.parts:
            errors.add(path, Unfit(f"{self.type.name} has no field {key!r}", 'write {"key": …, "value": …}'))
        return self.parts.get(key, ANY)

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        if value is None:
            return value
        value = _parsed(value, source)
        if not isinstance(value, dict) or value.keys() != self.parts.keys():
            errors.add(path, expected(f"an entry ({self.type})", value, 'write {"key": …, "value": …}'))
            return None
        return {key: self.parts[key].bind(item, member_path(path, key), errors, source) for key, item in value.items()}


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
        name = named(key)
        if node is None and name in self.fields and not is_mark(key):
            node = self.nodes[key] = self.binder.node(self.fields[name])
        return node or self._other(key, path, errors)

    def _other(self, key: str, path: str, errors: Errors) -> Node:
        if named(key) in self.hidden and not is_mark(key):
            errors.add(path, Unfit(f"{self.type.name} has the field {named(key)}, but it is transient and never sent"))
        elif is_mark(key) and key != "$class":
            errors.add(path, Unfit(*misplaced(key)))
        elif not self.open and not self._selects(key):
            hint = suggestion(key, self.fields)
            errors.add(path, Unfit(f"{self.type.name} has no field {key!r}", hint))
        return ANY

    def _selects(self, key: str) -> bool:
        return key == "$class" or (key == "class" and "class" not in self.fields)

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        if value is None or is_reference(value):
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
        if self.abstract and not ("$class" in value or "class" in value or is_reference(value)):
            known = ", ".join(self.binder.concrete(self.type)[:8])
            hint = f'add "$class": one of {known}' if known else 'add "$class": "full.name.of.TheClass"'
            errors.add(path, Unfit(f"{self.type.name} is abstract, and nothing says which class is meant", hint))
        return self.binder.narrowed(self, value, path, errors, plain=self.type.name != OBJECT)


def _parsed(value: Any, source: Source) -> Any:
    """A text from data where an object or list is declared: a cell that holds JSON."""
    if source is Source.DATA and isinstance(value, str):
        try:
            return json.loads(value)
        except JsonError:
            return value
    return value
