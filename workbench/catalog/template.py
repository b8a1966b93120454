"""Step templates: for a method of a contract a request that can be sent as it is, and a skeleton of its answer."""

import re
import sys
from collections.abc import Callable, Mapping
from typing import Final, Generic, NamedTuple, TypeVar

from workbench.catalog.defaults import BYTES, CHARS, DEFAULTS, TEXTS
from workbench.catalog.messages import known_value, message_fields
from workbench.expr.binding import COLLECTIONS, ENTRIES, MAPS, WRAPPERS, Binder
from workbench.expr.marks import written
from workbench.model.contract import Contract, Method, Parameter, TypeDef
from workbench.model.javatype import OBJECT, JavaType, bounds_of, parse_type
from workbench.model.json import Json, dumps
from workbench.model.streams import is_message, written_parts
from workbench.model.template import StepTemplate

DEPTH: Final = 12  # objects inside objects; deeper ones are null
NOTES: Final = 20  # on a request, and on an answer; more are counted
OBJECTS: Final = 1000  # in one request; with more of them fewer levels are made
T = TypeVar("T")
_UNNAMED: Final = re.compile(r"arg\d+")
FUTURES: Final = frozenset({"java.util.concurrent.CompletableFuture", "java.util.concurrent.CompletionStage"})
_OPTIONALS: Final = {"OptionalInt": "int", "OptionalLong": "long", "OptionalDouble": "double"}


def build_template(contract: Contract, interface: str, method: Method, *, depth: int = DEPTH) -> StepTemplate:
    """Request and response of one method; `notes` say where something was cut or chosen.

    Where a type contains itself it is cut: an empty list or map, or null. Abstract types become their first known
    subclass, named in "$class".
    """
    variables = bounds_of(method.type_parameters)
    parameters, returns = written_parts(method)
    asked = _fitting(contract, variables, depth, lambda builder: [builder.parameter(p) for p in parameters])
    answer = _fitting(contract, variables, depth, lambda builder: builder.result(returns))
    notes = (*_first(asked.notes, "request"), *_first(answer.notes, "response"))
    declared = contract.interface(interface)
    if declared is not None and declared.recognised_by == "registry":
        notes = tuple(f"{note}; {_POOR}" if note.endswith(f"fits ({OBJECT})") else note for note in notes)
    return StepTemplate(interface, method.signature, asked.made, answer.made, notes)


def _first(notes: list[str], part: str) -> list[str]:
    found = list(dict.fromkeys(notes))
    more = len(found) - NOTES
    return found if more <= 0 else [*found[:NOTES], f"{part}: {more} more places of these kinds"]


_POOR = "running providers do not tell what a type parameter stands for: an API jar does"


class _Made(NamedTuple, Generic[T]):
    made: T
    notes: list[str]


def _fitting(
    contract: Contract, variables: Mapping[str, JavaType], depth: int, make: "Callable[[_Builder], T]"
) -> _Made[T]:
    """With as many levels as give no more than OBJECTS: types that all know each other have endless paths."""
    for levels in range(depth, 0, -1):
        builder = _Builder(contract.types, variables, levels, OBJECTS if levels > 1 else sys.maxsize)
        try:
            return _Made(make(builder), builder.notes)
        except _TooManyError:
            continue
    raise AssertionError("one level always fits")


class _TooManyError(Exception):
    """More than OBJECTS objects."""


def answer_type(returns: str) -> JavaType | None:
    """What the caller gets: futures unwrapped; None for void."""
    type_ = parse_type(returns)
    if type_.name in FUTURES:
        type_ = type_.arguments[0] if type_.arguments else JavaType(OBJECT)
    return None if type_.name in ("void", "java.lang.Void") else type_


class _Builder:
    """Builds values for one method. `open` holds the names of the types around the current place."""

    def __init__(
        self, types: Mapping[str, TypeDef], variables: Mapping[str, JavaType], depth: int, objects: int
    ) -> None:
        self.binder = Binder(types)
        self.types = types
        self.variables = variables
        self.depth = depth
        self.objects = objects  # how many may still be made
        self.notes: list[str] = []
        self.chosen: dict[str, str | None] = {}  # abstract type → the class that stands for it

    def parameter(self, parameter: Parameter) -> Json:
        name = parameter.name
        label = "text" if _UNNAMED.fullmatch(name) else name
        return self.value(parse_type(parameter.type).substitute(self.variables), label, name, ())

    def result(self, returns: str) -> Json:
        type_ = answer_type(returns)
        return None if type_ is None else self.value(type_.substitute(self.variables), "text", "response", ())

    def value(self, type_: JavaType, label: str, path: str, open_: tuple[str, ...]) -> Json:
        """A value of the type; `label` is the text for strings, `path` is for notes."""
        name = type_.name
        if type_.dimensions:
            return self._array(type_, label, path, open_)
        if name in DEFAULTS:
            return DEFAULTS[name]
        if name in TEXTS:
            return label
        if name in COLLECTIONS:
            return self._collection(_argument(type_, 0), label, path, open_)
        if name in MAPS:
            return self._map(type_, label, path, open_)
        return self._wrapped(type_, label, path, open_)

    def _wrapped(self, type_: JavaType, label: str, path: str, open_: tuple[str, ...]) -> Json:
        package, _, simple = type_.name.rpartition(".")
        if type_.name in WRAPPERS:
            return self.value(_argument(type_, 0), label, path, open_)
        if type_.name in ENTRIES:
            parts = {"key": _argument(type_, 0), "value": _argument(type_, 1)}
            return {name: self.value(part, label, f"{path}.{name}", open_) for name, part in parts.items()}
        if package == "java.util" and simple in _OPTIONALS:
            return DEFAULTS[_OPTIONALS[simple]]
        return self._declared(type_, path, open_)

    def _array(self, type_: JavaType, label: str, path: str, open_: tuple[str, ...]) -> Json:
        if type_.dimensions == 1 and type_.name in ("byte", "char"):
            return BYTES if type_.name == "byte" else CHARS
        return self._collection(type_.element, label, path, open_)

    def _collection(self, item: JavaType, label: str, path: str, open_: tuple[str, ...]) -> Json:
        if self._repeats(item, open_):
            return self._cut([], item, path)
        return [self.value(item, label, f"{path}[0]", open_)]

    def _map(self, type_: JavaType, label: str, path: str, open_: tuple[str, ...]) -> Json:
        key_type, value_type = _argument(type_, 0), _argument(type_, 1)
        if self._repeats(value_type, open_) or self._repeats(key_type, open_):
            return self._cut({}, value_type, path)
        key = self.value(key_type, "key", f"{path} (key)", open_)
        value = self.value(value_type, label, f"{path}.*", open_)
        if key_type.name == OBJECT:
            key = "key"
        if isinstance(key, dict | list) or key is None:
            return {"$entries": [[key, value]]}
        return {written(key) if isinstance(key, str) else dumps(key): value}

    def _declared(self, type_: JavaType, path: str, open_: tuple[str, ...]) -> Json:
        definition = self.types.get(type_.name)
        if definition is None:
            return self._unknown(type_, path)
        if definition.kind == "enum":
            return self._constant(type_.name, definition, path)
        if definition.kind in ("interface", "annotation") or definition.abstract:
            return self._subclass(type_, definition, path, open_)
        return self._object(type_, path, open_)

    def _object(self, type_: JavaType, path: str, open_: tuple[str, ...]) -> Json:
        if type_.name in open_:
            return self._cut(None, type_, path)
        if len(open_) >= self.depth:
            self.notes.append(f"{path}: cut at {self.depth} levels")
            return None
        self.objects -= 1
        if self.objects < 0:
            raise _TooManyError
        inside = (*open_, type_.name)
        parent = self.binder.kept_as(type_)
        if parent is not None:  # a class of the API that is a collection or map
            return self.value(parent, "text", path, inside)
        if is_message(self.types[type_.name]):
            return self._message(self.types[type_.name], path, inside)
        fields = self.binder.fields(type_).fields
        return {written(name): self.value(field, name, f"{path}.{name}", inside) for name, field in fields.items()}

    def _message(self, definition: TypeDef, path: str, inside: tuple[str, ...]) -> Json:
        fields, left_out = message_fields(definition)
        self.notes.extend(f"{path}: {name}, a oneof or Any, is left out" for name in left_out)
        return {
            name: self.value(parse_type(type_), name, f"{path}.{name}", inside) if value is None else value
            for name, type_ in fields.items()
            for value in (known_value(type_),)
        }

    def _subclass(self, type_: JavaType, definition: TypeDef, path: str, open_: tuple[str, ...]) -> Json:
        if type_.name not in self.chosen:
            self.chosen[type_.name] = self._concrete(type_.name, definition)
        chosen = self.chosen[type_.name]
        if chosen is None:
            self.notes.append(f"{path}: no class in the contract is a {type_.name}; null stands there")
            return None
        if self.types[chosen].kind == "enum":
            return self._constant(chosen, self.types[chosen], path)
        found = self._object(JavaType(chosen), path, open_)
        if found is None:
            return None
        self.notes.append(f"{path}: {type_.name} is abstract, {chosen} was chosen")
        return {"$class": chosen, **found} if isinstance(found, dict) else {"$class": chosen, "$value": found}

    def _concrete(self, name: str, definition: TypeDef) -> str | None:
        """The first class that is one: as a sealed type lists them, otherwise by name; enums last."""
        known = [one for one in definition.permits if one in self.types] + sorted(self.types)
        fitting = [
            one
            for one in dict.fromkeys(known)
            if self.types[one].kind in ("class", "record", "enum")
            and not self.types[one].abstract
            and self.binder.assignable(one, name)
        ]
        return min(fitting, key=lambda one: self.types[one].kind == "enum", default=None)

    def _constant(self, name: str, definition: TypeDef, path: str) -> Json:
        if not definition.constants:
            self.notes.append(f"{path}: the enum {name} has no constants")
            return None
        return definition.constants[0]

    def _unknown(self, type_: JavaType, path: str) -> Json:
        """Object and type variables take anything; of a class that the contract lacks only null is sure to fit."""
        if type_.name == OBJECT or "." not in type_.name:
            self.notes.append(f"{path}: any value fits ({type_})")
            return {}
        self.notes.append(f"{path}: {type_.name} is not in the contract; null stands there")
        return None

    def _repeats(self, item: JavaType, open_: tuple[str, ...]) -> bool:
        while item.dimensions:
            item = item.element
        return item.name in open_

    def _cut(self, value: Json, type_: JavaType, path: str) -> Json:
        self.notes.append(f"{path}: {type_.name} contains itself, cut here")
        return value


def _argument(type_: JavaType, index: int) -> JavaType:
    return type_.arguments[index] if index < len(type_.arguments) else JavaType(OBJECT)
