"""Service definitions of the metadata centre → methods and types.

Shape of Dubbo 3: `{canonicalName, parameters, methods: [{name, parameterTypes, returnType}],
types: [{type, properties: {name: type}, items, enums}]}`; 2.7 nests objects (`properties: {name: {type, …}}`,
`enum`, `$ref`: a type's name, or the path of the object that was written first). Missing there: parameter names,
exceptions, generics of custom classes, superclasses. What is odd is left out, never fatal.
"""

import re
from collections.abc import Iterator
from typing import Any

from workbench.errors import JsonError
from workbench.model.contract import Field, Method, Parameter, TypeDef
from workbench.model.json import loads

_GENERIC = re.compile(r"<.*>", re.DOTALL)
_NESTED = re.compile(r"(?<=[\w$])\.(?=[A-Z])")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_MAX_DEPTH = 32  # of nested 2.7 definitions; a type that holds itself nests without end


def read_definition(text: str) -> tuple[str, tuple[Method, ...], dict[str, TypeDef]]:
    """Interface name, methods, types. Raises ValueError when the text is no definition at all."""
    document = _document(text)
    methods = [_method(entry) for entry in _dicts(document.get("methods")) if isinstance(entry.get("name"), str)]
    types: dict[str, TypeDef] = {}
    for entry in _dicts(document.get("types")):
        _collect(entry, types, 0)
    ordered = sorted(dict.fromkeys(methods), key=lambda method: (method.name, method.erased))
    return document["canonicalName"], tuple(ordered), types


def read_parameters(text: str) -> tuple[str, dict[str, str]]:
    """Interface name and the parameters of the provider that wrote the definition: group, version, weight …

    Raises ValueError when the text is no definition at all.
    """
    document = _document(text)
    raw = document.get("parameters")
    parameters = {key: str(value) for key, value in raw.items()} if isinstance(raw, dict) else {}
    return document["canonicalName"], parameters


def binary_name(name: str) -> str:
    """`com.x.Order.Item` → `com.x.Order$Item`: metadata has canonical names, the wire wants binary ones.

    Told by Java's naming custom: what stands behind a capitalised name is nested in it.
    """
    parts = re.split(r"([<>,\[\]\s?&]+)", name)
    return "".join(_binary(part) for part in parts)


def _binary(name: str) -> str:
    head = re.match(r"(?:[^.A-Z][^.]*\.)*", name)
    package = head[0] if head else ""
    return package + _NESTED.sub("$", name[len(package) :])


def _document(text: str) -> dict[str, Any]:
    try:
        document = loads(text)
    except JsonError as error:
        raise ValueError(error.message) from error
    if not isinstance(document, dict) or not isinstance(document.get("canonicalName"), str):
        raise ValueError("not a service definition")
    return _named(document, document, 0) if '"$ref"' in text else document


def _named(value: Any, document: dict[str, Any], depth: int) -> Any:
    """The value with the type of the object in the place of each path that leads to one (`{"$ref": "$.types[3]"}`)."""
    if depth > _MAX_DEPTH * 4:
        return None
    if isinstance(value, list):
        return [_named(one, document, depth + 1) for one in value]
    if not isinstance(value, dict):
        return value
    path = value.get("$ref")
    if isinstance(path, str) and (path.startswith("$") or path in ("..", "@")):
        return {"type": _type_at(document, path)}
    return {key: _named(one, document, depth + 1) for key, one in value.items()}


def _type_at(document: dict[str, Any], path: str) -> str:
    """Object for what cannot be found: such a field takes anything."""
    at: Any = document
    for key, index in _STEP.findall(path):
        if key:
            at = at.get(key) if isinstance(at, dict) else None
        else:
            at = at[int(index)] if isinstance(at, list) and int(index) < len(at) else None
    found = at.get("type") if isinstance(at, dict) else None
    return found if isinstance(found, str) else "java.lang.Object"


def _method(entry: dict[str, Any]) -> Method:
    raw = entry.get("parameterTypes")
    types = [binary_name(type_) for type_ in raw if isinstance(type_, str)] if isinstance(raw, list) else []
    returns = entry.get("returnType")
    return Method(
        name=entry["name"],
        parameters=tuple(Parameter(f"arg{index}", type_) for index, type_ in enumerate(types)),
        erased=tuple(_GENERIC.sub("", type_) for type_ in types),
        returns=binary_name(returns) if isinstance(returns, str) else "void",
    )


def _collect(entry: dict[str, Any], types: dict[str, TypeDef], depth: int) -> None:
    name = _type_name(entry)
    if depth > _MAX_DEPTH or not name or name in types:
        return
    constants = entry.get("enums") or entry.get("enum") or []
    properties = entry.get("properties")
    if constants and isinstance(constants, list):
        types[name] = TypeDef("enum", constants=tuple(str(constant) for constant in constants), partial=True)
    elif isinstance(properties, dict) and properties and _is_custom(name):
        named = {key: _type_name(value) for key, value in properties.items() if not key.startswith("this$")}
        types[name] = TypeDef("class", fields=tuple(Field(*pair) for pair in named.items() if pair[1]), partial=True)
    for child in (
        *_dicts(entry.get("items")),
        *_dicts(list(properties.values()) if isinstance(properties, dict) else []),
    ):
        _collect(child, types, depth + 1)


def _type_name(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("type") or value.get("$ref")
    return binary_name(value) if isinstance(value, str) else ""


def _is_custom(name: str) -> bool:
    return "." in name and not name.startswith(("java.", "javax.")) and not name.endswith((">", "]"))


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    return (entry for entry in value if isinstance(entry, dict)) if isinstance(value, list) else iter(())
