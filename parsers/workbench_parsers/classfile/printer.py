"""Prints types as generic signatures (JVM specification, 4.7.9.1): the inverse of the parser, by which it is proved."""

from workbench_parsers.classfile.signature import PRIMITIVES
from workbench_parsers.classfile.types import (
    Argument,
    ArrayType,
    ClassSignature,
    ClassType,
    MethodSignature,
    Primitive,
    TypeParameter,
    TypeVariable,
    Wildcard,
)

_LETTERS = {primitive.name: letter for letter, primitive in PRIMITIVES.items()}


def to_signature(type_: Argument) -> str:
    """The inverse of parse_field_signature."""
    match type_:
        case Primitive(name):
            return _LETTERS[name]
        case TypeVariable(name):
            return f"T{name};"
        case ArrayType(component):
            return f"[{to_signature(component)}"
        case Wildcard(kind, bound):
            return kind if bound is None else f"{kind}{to_signature(bound)}"
        case ClassType():
            return f"L{_class_body(type_)};"


def method_to_signature(method: MethodSignature) -> str:
    """The inverse of parse_method_signature."""
    parameters = "".join(map(to_signature, method.parameters))
    throws = "".join(f"^{to_signature(thrown)}" for thrown in method.throws)
    return f"{_parameters(method.type_parameters)}({parameters}){to_signature(method.returns)}{throws}"


def class_to_signature(signature: ClassSignature) -> str:
    """The inverse of parse_class_signature."""
    supers = "".join(map(to_signature, (signature.superclass, *signature.interfaces)))
    return f"{_parameters(signature.parameters)}{supers}"


def _parameters(parameters: tuple[TypeParameter, ...]) -> str:
    return f"<{''.join(map(_parameter, parameters))}>" if parameters else ""


def _parameter(parameter: TypeParameter) -> str:
    class_bound = "" if parameter.class_bound is None else to_signature(parameter.class_bound)
    return f"{parameter.name}:{class_bound}" + "".join(f":{to_signature(b)}" for b in parameter.interface_bounds)


def _class_body(type_: ClassType) -> str:
    if type_.owner is None:
        body = type_.name.replace(".", "/")
    else:
        body = f"{_class_body(type_.owner)}.{type_.name[len(type_.owner.name) + 1 :]}"
    return body + (f"<{''.join(map(to_signature, type_.arguments))}>" if type_.arguments else "")
