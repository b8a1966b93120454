"""Which Java type the contract declares for an asserted path."""

import re
from collections.abc import Callable, Mapping

from workbench.expr.binding import COLLECTIONS, MAPS
from workbench.model.contract import Method, TypeDef
from workbench.model.javatype import JavaType, parse_type, parse_variable

_SEGMENT = re.compile(r"\.([\w$]+)|\['([^']+)'\]|\[\"([^\"]+)\"\]|\[(\d+|\*)\]")
_WRAPPERS = frozenset({"java.util.concurrent.CompletableFuture", "java.util.Optional"})


def declared_types(method: Method, types: Mapping[str, TypeDef]) -> Callable[[str], str | None]:
    """A function from `response.data.items[0].amount` to `java.math.BigDecimal`; None where nothing is known."""
    returns = _unwrapped(parse_type(method.gives))

    def declared(path: str) -> str | None:
        if not path.startswith("response"):
            return None
        current: JavaType | None = returns
        at = len("response")
        while current is not None and at < len(path):
            match = _SEGMENT.match(path, at)
            if match is None:
                return None
            name = match[1] or match[2] or match[3]
            current = _field(current, name, types) if name else _element(current)
            at = match.end()
        return str(current) if current is not None else None

    return declared


def _unwrapped(type_: JavaType) -> JavaType:
    return type_.arguments[0] if type_.name in _WRAPPERS and type_.arguments else type_


def _element(type_: JavaType) -> JavaType | None:
    if type_.dimensions:
        return type_.element
    return type_.arguments[0] if type_.name in COLLECTIONS and type_.arguments else None


def _field(type_: JavaType, name: str, types: Mapping[str, TypeDef]) -> JavaType | None:
    if type_.dimensions:
        return None
    if type_.name in MAPS and len(type_.arguments) == 2:
        return _unwrapped(type_.arguments[1])
    definition = types.get(type_.name)
    if definition is None:
        return None
    variables = {
        parse_variable(text).name: argument
        for text, argument in zip(definition.parameters, type_.arguments, strict=False)
    }
    for field in definition.fields:
        if field.name == name:
            return _unwrapped(parse_type(field.type).substitute(variables))
    parent = parse_type(definition.super).substitute(variables) if definition.super else None
    return _field(parent, name, types) if parent else None
