"""What a contract says of a call's arguments, for generic calls: the bridge then sends a UUID in a bean as a UUID.

Without it everything but the arguments themselves would go as texts, numbers and maps, which a provider may refuse or
change.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from workbench.model.contract import Interface, Method, TypeDef
from workbench.model.javatype import parse_type, parse_variable
from workbench.plugin_api import DubboCall

_NAME: Final = re.compile(r"[\w$.]+")
_ARGUMENT: Final = re.compile(r"([<,]\s*)(?=[\w$])")
_CHOSEN: Final = re.compile(r'"\$?class"\s*:\s*"([\w$.]+)')
_FIELDS: Final = ("class", "record")
_PLATFORM: Final = ("java.", "javax.")
_ELSEWHERE: Final = ("registry", "manual")


def declared(call: DubboCall) -> dict[str, Any]:
    """`{"parameters": [type], "returns": type, "exact", "types": {name: {"parameters", "super", "fields"}}}`, of an
    enum `{"enum": true}`; empty when nothing is known. `exact`: whether Object means Object: a registry says so of type
    variables, too.

    Of a call that goes unchecked nothing is said: all goes as it is written, however many arguments there are.
    """
    if call.unchecked:
        return {"unchecked": True}
    interface = call.target.contract.interface(call.interface)
    method = _method(call, interface) if interface else None
    if interface is None or method is None:
        return {}
    returns = method.gives
    return {
        "parameters": _named(method),
        "returns": returns,
        "exact": interface.recognised_by != "registry",
        "types": _closure((*method.takes, returns, *chosen(call)), call.target.contract.types),
    }


def lacking(call: DubboCall) -> bool:
    """Whether the artifacts may lack classes of a call's interface, so that the bridge can only call generically.

    They do where the contract lacks them, or has the interface from somewhere else.
    """
    interface = call.target.contract.interface(call.interface)
    if interface is None:
        return False
    if interface.recognised_by in _ELSEWHERE:
        return True
    lame = _known(call.target.contract.types).lame
    texts = [text for method in interface.methods for text in (*method.takes, method.gives, *method.throws)]
    names = {name for text in texts for name in _NAME.findall(text)}
    return any(name in lame or _is_absent(name, call.target.contract.types) for name in names)


def _is_absent(name: str, types: Mapping[str, TypeDef]) -> bool:
    """Whether it is a class, no type variable, that neither the contract nor the platform has."""
    return "." in name and name not in types and not name.startswith(_PLATFORM)


def chosen(call: DubboCall) -> tuple[str, ...]:
    """The classes that the arguments name; no signature leads to those that stand for an Object."""
    if 'class"' not in call.arguments:  # nearly always
        return ()
    return tuple(sorted(set(_CHOSEN.findall(call.arguments))))


def _method(call: DubboCall, interface: Interface) -> Method | None:
    named = [method for method in interface.methods if method.name == call.method]
    fitting = [method for method in named if call.erased in (None, method.erased)]
    return fitting[0] if len(fitting) == 1 else None


def _named(method: Method) -> list[str]:
    """What the method takes; `!` before a type that its signature does not say: the provider has to be told it."""
    varies = bool(method.declared_by or method.type_parameters)  # then its signature may say List<T> instead
    return [_told(text, erased, varies) for text, erased in zip(method.takes, method.erased, strict=True)]


def _told(text: str, erased: str, varies: bool) -> str:
    told = _ARGUMENT.sub(r"\1!", text) if varies else text
    return told if parse_type(text).erased == erased else f"!{told}"


def _closure(texts: Iterable[str], types: Mapping[str, TypeDef]) -> dict[str, Any]:
    """The classes that these types reach through fields and superclasses, with their subclasses."""
    below = _known(types).below
    found: dict[str, Any] = {}
    seen: set[str] = set()
    open_ = [name for text in texts for name in _NAME.findall(text)]
    while open_:
        name = open_.pop()
        definition = types.get(name)
        if name in seen or definition is None:
            continue
        seen.add(name)
        open_ += (*below.get(name, ()), *_inside(definition))
        if definition.kind == "enum":
            found[name] = {"enum": True}
        elif definition.kind in _FIELDS:
            found[name] = _shape(definition)
    return found


def _inside(definition: TypeDef) -> list[str]:
    """The names in its superclass and in the fields that are sent; of an interface or enum nothing is."""
    if definition.kind not in _FIELDS:
        return []
    sent = (field.type for field in definition.fields if not field.transient)
    return [name for text in (definition.super, *sent) for name in _NAME.findall(text)]


class _Known(NamedTuple):
    """What is worked out once a contract: there are thousands of types, and as many calls that ask."""

    types: Mapping[str, TypeDef]
    below: Mapping[str, list[str]]  # type → the types that extend or implement it
    lame: frozenset[str]  # types that reach classes that are not there


_MOST: Final = 8  # contracts that calls under way ask for, by turns
_kept: list[_Known] = []


def _known(types: Mapping[str, TypeDef]) -> _Known:
    for known in tuple(_kept):  # calls of several runs ask at once
        if known.types is types:
            return known
    below: dict[str, list[str]] = {}
    for name, definition in types.items():
        for parent in (definition.super, *definition.interfaces):
            below.setdefault(parent.partition("<")[0], []).append(name)
    made = _Known(types, below, _lame(types, below))
    _kept.append(made)
    del _kept[:-_MOST]
    return made


def _lame(types: Mapping[str, TypeDef], below: Mapping[str, list[str]]) -> frozenset[str]:
    """Backwards from what is not there, so that each type is looked at once."""
    holders: dict[str, list[str]] = {}
    for name, definition in types.items():
        for inner in (*_inside(definition), *below.get(name, ())):
            holders.setdefault(inner, []).append(name)
    found: set[str] = set()
    open_ = [holder for name, those in holders.items() if _is_absent(name, types) for holder in those]
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += holders.get(name, ())
    return frozenset(found)


def _shape(definition: TypeDef) -> dict[str, Any]:
    return {
        "parameters": [parse_variable(text).name for text in definition.parameters],
        "super": definition.super,
        "fields": {field.name: field.type for field in definition.fields if not field.transient},
    }
