"""What a contract says of a call's arguments, for generic calls: the bridge then sends a UUID in a bean as a UUID.

Without it everything but the arguments themselves would go as texts, numbers and maps, which a provider may refuse or
change.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from workbench.model.contract import Method, TypeDef
from workbench.model.javatype import OBJECT, parse_variable
from workbench.plugin_api import DubboCall

_NAME: Final = re.compile(r"[\w$.]+")
_FIELDS: Final = ("class", "record")


def declared(call: DubboCall) -> dict[str, Any]:
    """`{"parameters": [type], "types": {name: {"parameters", "super", "fields"}}}`; empty when nothing is known.

    Of a call that goes unchecked nothing is said but how many arguments there are: all goes as it is written.
    """
    if call.unchecked:
        return {"parameters": [OBJECT] * len(call.erased)} if call.erased is not None else {}
    method = _method(call)
    if method is None:
        return {}
    return {"parameters": method.takes, "types": _closure(method.takes, call.target.contract.types)}


def _method(call: DubboCall) -> Method | None:
    interface = call.target.contract.interface(call.interface)
    named = [method for method in interface.methods if method.name == call.method] if interface else []
    fitting = [method for method in named if call.erased in (None, method.erased)]
    return fitting[0] if len(fitting) == 1 else None


def _closure(texts: Iterable[str], types: Mapping[str, TypeDef]) -> dict[str, Any]:
    """The classes that these types reach through fields and superclasses, with their subclasses."""
    below: dict[str, list[str]] = {}
    for name, definition in types.items():
        for parent in (definition.super, *definition.interfaces):
            below.setdefault(parent.partition("<")[0], []).append(name)
    found: dict[str, Any] = {}
    seen: set[str] = set()
    open_ = [name for text in texts for name in _NAME.findall(text)]
    while open_:
        name = open_.pop()
        definition = types.get(name)  # type: ignore[assignment]
        if name in seen or definition is None:
            continue
        seen.add(name)
        open_ += below.get(name, ())
        if definition.kind in _FIELDS:
            found[name] = _shape(definition)
            inside = (definition.super, *found[name]["fields"].values())
            open_ += [inner for text in inside for inner in _NAME.findall(text)]
    return found


def _shape(definition: TypeDef) -> dict[str, Any]:
    return {
        "parameters": [parse_variable(text).name for text in definition.parameters],
        "super": definition.super,
        "fields": {field.name: field.type for field in definition.fields},
    }
