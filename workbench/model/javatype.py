"""Java type names as trees: `java.util.Map<java.lang.String, com.example.Order$Item[]>`.

The spelling is that of a contract: full names, nested classes with `$`, generics as in Java source.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from workbench.errors import UsageError

PRIMITIVES: Final = frozenset({"boolean", "byte", "short", "int", "long", "float", "double", "char"})
BOXES: Final[Mapping[str, str]] = {
    "java.lang.Boolean": "boolean",
    "java.lang.Byte": "byte",
    "java.lang.Short": "short",
    "java.lang.Integer": "int",
    "java.lang.Long": "long",
    "java.lang.Float": "float",
    "java.lang.Double": "double",
    "java.lang.Character": "char",
}
OBJECT: Final = "java.lang.Object"
MAX_DEPTH: Final = 64  # of nested generics; no source has more than a handful

Wildcard = Literal["", "?", "extends", "super"]


class JavaType(Struct, frozen=True):
    """One type as declared. `dimensions` counts the array brackets behind it.

    A wildcard keeps its bound as `name` (`? extends X` is X marked "extends"; `?` is Object marked "?"),
    because a value that fits the bound is all that anybody can ask for. `also` are the further bounds of a variable
    that stands at its bounds: `A & B`, as an array `A & B[]`.
    """

    name: str
    arguments: tuple["JavaType", ...] = ()
    dimensions: int = 0
    wildcard: Wildcard = ""
    also: tuple["JavaType", ...] = ()

    def __str__(self) -> str:
        if self.wildcard == "?":
            return "?"
        text = self.name
        if self.arguments:
            text += f"<{', '.join(map(str, self.arguments))}>"
        text += "".join(f" & {bound}" for bound in self.also)
        text += "[]" * self.dimensions
        return f"? {self.wildcard} {text}" if self.wildcard else text

    @property
    def erased(self) -> str:
        """`java.util.List[]`: without type arguments, as Dubbo writes a parameter type."""
        return self.name + "[]" * self.dimensions

    @property
    def primitive(self) -> bool:
        return not self.dimensions and self.name in PRIMITIVES

    @property
    def element(self) -> "JavaType":
        """Of an array: the type one bracket less. Raises ValueError for what is none."""
        if not self.dimensions:
            raise ValueError(f"{self} is not an array")
        return JavaType(self.name, self.arguments, self.dimensions - 1, also=self.also)

    def mentions(self, variable: str) -> bool:
        inside = (*self.arguments, *self.also)
        return (self.name == variable and not self.arguments) or any(each.mentions(variable) for each in inside)

    def substitute(self, variables: Mapping[str, "JavaType"]) -> "JavaType":
        """With type variables replaced: `List<T>` and {T: Order} give `List<Order>`."""
        if not variables:
            return self
        known = variables.get(self.name) if not self.arguments else None
        if known is not None:
            dimensions = self.dimensions + known.dimensions
            wildcard: Wildcard = known.wildcard if not dimensions else ""
            return JavaType(known.name, known.arguments, dimensions, wildcard, known.also)
        if not (self.arguments or self.also):
            return self
        arguments = tuple(argument.substitute(variables) for argument in self.arguments)
        also = tuple(bound.substitute(variables) for bound in self.also)
        return JavaType(self.name, arguments, self.dimensions, self.wildcard, also)


_FULL_NAME = re.compile(r"[\w$]+(?:\.[\w$]+)+")


def names_in(text: str) -> list[str]:
    """The full class names in any text: of a type with its arguments, or of a script."""
    return _FULL_NAME.findall(text)


class TypeVariable(NamedTuple):
    """A type parameter of a class or method: `T extends A & B`; without a bound Object."""

    name: str
    bounds: tuple[JavaType, ...]

    @property
    def bound(self) -> JavaType:
        """What a value has to be."""
        first = self.bounds[0]
        return JavaType(first.name, first.arguments, also=self.bounds[1:]) if len(self.bounds) > 1 else first


_TOKEN = re.compile(r"\s*([\w$]+(?:[.\-/][\w$]+)*|\[\s*\]|\.\.\.|[<>,?&.])\s*")


@lru_cache(maxsize=16_384)
def parse_type(name: str) -> JavaType:
    """The tree of a type name. Raises UsageError that names the column."""
    parser = _Parser(name)
    tree = parser.type(0)
    parser.end()
    return tree


@lru_cache(maxsize=4_096)
def parse_variable(text: str) -> TypeVariable:
    """`T extends java.lang.Number & java.lang.Comparable<T>` as it stands in TypeDef.parameters."""
    parser = _Parser(text)
    name = parser.word()
    bounds: list[JavaType] = []
    if parser.accept("extends"):
        bounds.append(parser.type(0, bounded=False))
        while parser.accept("&"):
            bounds.append(parser.type(0, bounded=False))
    parser.end()
    return TypeVariable(name, tuple(bounds) or (JavaType(OBJECT),))


def bounds_of(texts: Iterable[str]) -> Mapping[str, JavaType]:
    """The bound of each type variable, other variables in it at theirs: `K extends Long` and `T extends List<K>`
    give `List<Long>`. A bound that names its own variable (`T extends Comparable<T>`) has the erased one there."""
    first = {variable.name: variable.bound for variable in map(parse_variable, texts)}

    def resolved(name: str, open_: tuple[str, ...]) -> JavaType:
        bound = first[name]
        if bound.name in first:  # T extends K
            return JavaType(OBJECT) if bound.name in open_ else resolved(bound.name, (*open_, bound.name))
        inside = {
            other: JavaType(OBJECT if first[other].name in first else first[other].name)
            if other in open_
            else resolved(other, (*open_, other))
            for other in first
            if bound.mentions(other)
        }
        return bound.substitute(inside)

    return {name: resolved(name, (name,)) for name in first}


class _Parser:
    """Recursive descent over the tokens of one name."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, int]] = []
        self.at = 0
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise self.wrong(position)
            self.tokens.append((match[1], match.start(1)))
            position = match.end()

    def wrong(self, position: int) -> UsageError:
        shown = self.text if len(self.text) <= 200 else self.text[:200] + "…"
        return UsageError(
            f"{shown!r} is not a Java type (column {position + 1})",
            hint="write full names, as in java.util.List<com.example.Order$Item>[]",
        )

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def here(self) -> int:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else len(self.text)

    def accept(self, token: str) -> bool:
        if self.peek() != token:
            return False
        self.at += 1
        return True

    def word(self) -> str:
        token = self.peek()
        if not token or not (token[0].isalpha() or token[0] in "_$"):
            raise self.wrong(self.here())
        self.at += 1
        return token

    def end(self) -> None:
        if self.at < len(self.tokens):
            raise self.wrong(self.here())

    def type(self, depth: int, *, bounded: bool = True) -> JavaType:
        if depth > MAX_DEPTH:
            raise self.wrong(self.here())
        if self.accept("?"):
            return self.wildcard(depth)
        name = self.word()
        arguments = self.arguments(depth)
        # Outer<A>.Inner<B> and Outer<A>$Inner<B>: the last name's arguments are those that fields speak of.
        while arguments and (self.peek() == "." or self.peek().startswith("$")):
            name += "$" + (self.word() if self.accept(".") else self.word()[1:])
            arguments = self.arguments(depth)
        also: list[JavaType] = []
        while bounded and self.accept("&"):
            also.append(self.plain(depth + 1))
        dimensions = 0
        while self.peek() == "..." or self.peek().startswith("["):
            self.at += 1
            dimensions += 1
        return JavaType(name, arguments, dimensions, also=tuple(also))

    def plain(self, depth: int) -> JavaType:
        """A class with its arguments."""
        return JavaType(self.word(), self.arguments(depth))

    def wildcard(self, depth: int) -> JavaType:
        kind: Wildcard = "extends" if self.accept("extends") else "super" if self.accept("super") else "?"
        if kind == "?":
            return JavaType(OBJECT, wildcard="?")
        bound = self.type(depth + 1)
        return JavaType(bound.name, bound.arguments, bound.dimensions, kind, bound.also)

    def arguments(self, depth: int) -> tuple[JavaType, ...]:
        if not self.accept("<"):
            return ()
        found = [self.type(depth + 1)]
        while self.accept(","):
            found.append(self.type(depth + 1))
        if not self.accept(">"):
            raise self.wrong(self.here())
        return tuple(found)
