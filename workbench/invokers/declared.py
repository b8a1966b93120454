"""What a contract says of a call's arguments, for generic calls: the bridge then sends a UUID in a bean as a UUID.

Without it everything but the arguments themselves would go as texts, numbers and maps, which a provider may refuse or
change.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from workbench.model.contract import Interface, Method, TypeDef
from workbench.model.javatype import parse_type, parse_variable
from workbench.plugin_api import DubboCall

_NAME: Final = re.compile(r"[\w$.]+")
_ARGUMENT: Final = re.compile(r"([<,]\s*)(?=[\w$])")
_CHOSEN: Final = re.compile(r'"\$?class"\s*:\s*"([\w$.]+)')
_FIELDS: Final = ("class", "record")
_SHAPED: Final = (*_FIELDS, "enum")
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
    texts = [text for method in interface.methods for text in (*method.takes, method.gives, *method.throws)]
    _, absent = _reached(texts, call.target.contract.types)
    return any("." in name and not name.startswith(_PLATFORM) for name in absent)


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
    reached, _ = _reached(texts, types)
    return {
        name: {"enum": True} if definition.kind == "enum" else _shape(definition)
        for name, definition in reached.items()
        if definition.kind in _SHAPED
    }


def _reached(texts: Iterable[str], types: Mapping[str, TypeDef]) -> tuple[dict[str, TypeDef], set[str]]:
    """Types of the contract, and names of those that it has not, type variables among them."""
    below = _subclasses(types)
    found: dict[str, TypeDef] = {}
    absent: set[str] = set()
    open_ = [name for text in texts for name in _NAME.findall(text)]
    while open_:
        name = open_.pop()
        definition = types.get(name)
        if definition is None:
            absent.add(name)
        elif name not in found:
            found[name] = definition
            open_ += below.get(name, ())
            if definition.kind in _FIELDS:
                sent = (field.type for field in definition.fields if not field.transient)
                open_ += [inner for text in (definition.super, *sent) for inner in _NAME.findall(text)]
    return found, absent


_below: list[tuple[Mapping[str, TypeDef], dict[str, list[str]]]] = []  # of the last contract's types


def _subclasses(types: Mapping[str, TypeDef]) -> dict[str, list[str]]:
    """Looked for once a contract: there are thousands of types, and as many calls that ask."""
    known = next((below for of, below in _below if of is types), None)
    if known is None:
        known = {}
        for name, definition in types.items():
            for parent in (definition.super, *definition.interfaces):
                known.setdefault(parent.partition("<")[0], []).append(name)
        _below[:] = [(types, known)]
    return known


def _shape(definition: TypeDef) -> dict[str, Any]:
    return {
        "parameters": [parse_variable(text).name for text in definition.parameters],
        "super": definition.super,
        "fields": {field.name: field.type for field in definition.fields if not field.transient},
    }
