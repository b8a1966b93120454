"""Type variables and what stands for them."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from workbench.errors import ArtifactError
from workbench_parsers.classfile.types import (
    OBJECT,
    Argument,
    ArrayType,
    ClassType,
    Primitive,
    Type,
    TypeParameter,
    TypeVariable,
    Wildcard,
)

Bindings: TypeAlias = Mapping[str, Argument]

# `class A<T> extends B<Map<T, T>>` doubles with every step: forty such classes would print a terabyte.
_MAX_NODES = 2_000


def substitute(type_: Argument, bindings: Bindings) -> Argument:
    """`type_` with its bound variables replaced; variables without a binding stay."""
    match type_:
        case TypeVariable(name):
            return bindings.get(name, type_)
        case ClassType(name, arguments, owner) if arguments or owner:
            inner = None if owner is None else substitute(owner, bindings)
            replaced = tuple(substitute(argument, bindings) for argument in arguments)
            return ClassType(name, replaced, inner if isinstance(inner, ClassType) else None)
        case ArrayType(component):
            return ArrayType(capture(substitute(component, bindings)))
        case Wildcard(kind, bound) if bound is not None:
            return _narrowed(kind, substitute(bound, bindings))
        case _:
            return type_


def substitute_type(type_: Type, bindings: Bindings) -> Type:
    """For places where a wildcard cannot stand: `T get()` in a `Crud<? extends Order>` gives an Order."""
    return capture(substitute(type_, bindings))


def capture(argument: Argument) -> Type:
    """A wildcard as the type it promises: its upper bound."""
    if not isinstance(argument, Wildcard):
        return argument
    return argument.bound if argument.kind == "+" and argument.bound is not None else OBJECT


def bind(parameters: Sequence[TypeParameter], arguments: Sequence[Argument], bindings: Bindings) -> dict[str, Argument]:
    """What the parameters of a supertype stand for, when it is written with `arguments` where `bindings` hold.

    Of a raw type (no or a wrong number of arguments) every parameter is its erasure.
    """
    if len(parameters) != len(arguments):
        return erased_bindings(parameters)
    bound = {
        parameter.name: substitute(argument, bindings)
        for parameter, argument in zip(parameters, arguments, strict=True)
    }
    for argument in bound.values():
        _check_size(argument)
    return bound


def erased_bindings(parameters: Sequence[TypeParameter]) -> dict[str, Argument]:
    """Each parameter with its leftmost bound, without arguments: `T extends Comparable<T>` → Comparable."""
    bounds = {parameter.name: parameter.first_bound for parameter in parameters}
    return {name: erase(bound, bounds) for name, bound in bounds.items()}


def erase(type_: Argument, bounds: Mapping[str, Type]) -> Type:
    """The erasure (Java language specification, 4.6); a variable without a bound is an Object."""
    seen: set[str] = set()
    current = capture(type_)
    while isinstance(current, TypeVariable) and current.name not in seen:
        seen.add(current.name)
        current = bounds.get(current.name, OBJECT)
    match current:
        case ClassType(name):
            return ClassType(name)
        case ArrayType(component):
            return ArrayType(erase(component, bounds))
        case Primitive():
            return current
        case _:
            return OBJECT


def _narrowed(kind: str, bound: Argument) -> Wildcard:
    """`? extends T` where T is `? extends X` is `? extends X`; where the two do not meet, anything."""
    if not isinstance(bound, Wildcard):
        return Wildcard(kind, bound)
    return bound if bound.kind == kind else Wildcard()


def _check_size(argument: Argument) -> None:
    nodes, waiting = 0, [argument]
    while waiting:
        nodes += 1
        if nodes > _MAX_NODES:
            raise ArtifactError(f"a type with more than {_MAX_NODES} parts")
        current = waiting.pop()
        if isinstance(current, ClassType):
            waiting.extend(current.all_arguments)
        elif isinstance(current, ArrayType):
            waiting.append(current.component)
        elif isinstance(current, Wildcard) and current.bound is not None:
            waiting.append(current.bound)
