"""Types as signatures write them (JVM specification, 4.7.9.1), and as Java source does.

`str(type)` is the spelling of the contract: full names, nested ones with `$`. An inner class of a generic one,
`Outer<String>.Inner<Long>`, becomes `Outer$Inner<String, Long>`: the outer arguments first, so that one grammar
`name<arguments>[]` is enough for everyone who reads a contract.
"""

from typing import TypeAlias

from msgspec import Struct

OBJECT_NAME = "java.lang.Object"


class Primitive(Struct, frozen=True, gc=False):
    """A primitive type or void."""

    name: str

    def __str__(self) -> str:
        return self.name


class ClassType(Struct, frozen=True, gc=False):
    """`name` is binary: `java.util.Map$Entry`. `owner` is set when the enclosing type has arguments itself."""

    name: str
    arguments: tuple["Argument", ...] = ()
    owner: "ClassType | None" = None

    @property
    def all_arguments(self) -> tuple["Argument", ...]:
        return self.arguments if self.owner is None else self.owner.all_arguments + self.arguments

    def __str__(self) -> str:
        arguments = self.all_arguments
        return f"{self.name}<{', '.join(map(str, arguments))}>" if arguments else self.name


class TypeVariable(Struct, frozen=True, gc=False):
    name: str

    def __str__(self) -> str:
        return self.name


class ArrayType(Struct, frozen=True, gc=False):
    component: "Type"

    def __str__(self) -> str:
        return f"{self.component}[]"


class Wildcard(Struct, frozen=True, gc=False):
    """`?` when there is no bound; `kind` is `+` for extends, `-` for super, `*` for neither."""

    kind: str = "*"
    bound: "Type | None" = None

    def __str__(self) -> str:
        if self.bound is None:
            return "?"
        return f"? {'extends' if self.kind == '+' else 'super'} {self.bound}"


class TypeParameter(Struct, frozen=True, gc=False):
    """`T extends A & B`. A missing class bound means that the first bound is an interface."""

    name: str
    class_bound: "Type | None" = None
    interface_bounds: tuple["Type", ...] = ()

    @property
    def bounds(self) -> tuple["Type", ...]:
        return self.interface_bounds if self.class_bound is None else (self.class_bound, *self.interface_bounds)

    @property
    def first_bound(self) -> "Type":
        """What the variable is erased to."""
        return self.bounds[0] if self.bounds else OBJECT

    def __str__(self) -> str:
        told = [str(bound) for bound in self.bounds if bound != OBJECT]
        return f"{self.name} extends {' & '.join(told)}" if told else self.name


Type: TypeAlias = Primitive | ClassType | TypeVariable | ArrayType
Argument: TypeAlias = Primitive | ClassType | TypeVariable | ArrayType | Wildcard

OBJECT = ClassType(OBJECT_NAME)
VOID = Primitive("void")


class ClassSignature(Struct, frozen=True, gc=False):
    parameters: tuple[TypeParameter, ...]
    superclass: ClassType
    interfaces: tuple[ClassType, ...]


class MethodSignature(Struct, frozen=True, gc=False):
    type_parameters: tuple[TypeParameter, ...]
    parameters: tuple[Type, ...]
    returns: Type
    throws: tuple[Type, ...] = ()
