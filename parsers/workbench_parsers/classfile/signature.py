"""Parser of descriptors (JVM specification, 4.3) and generic signatures (4.7.9.1)."""

import re
from functools import lru_cache
from typing import TypeVar as Variable

from workbench_parsers.classfile.errors import malformed
from workbench_parsers.classfile.types import (
    Argument,
    ArrayType,
    ClassSignature,
    ClassType,
    MethodSignature,
    Primitive,
    Type,
    TypeParameter,
    TypeVariable,
    Wildcard,
)

PRIMITIVES = {
    "B": Primitive("byte"),
    "C": Primitive("char"),
    "D": Primitive("double"),
    "F": Primitive("float"),
    "I": Primitive("int"),
    "J": Primitive("long"),
    "S": Primitive("short"),
    "Z": Primitive("boolean"),
    "V": Primitive("void"),
}
_IDENTIFIER = re.compile(r"[^;<.:/\[>]+").match
_PLAIN_CLASS = re.compile(r"L([^;<.:\[>]+);").match  # no arguments: nearly all class types there are
_QUALIFIED = re.compile(r"L([^;<.:\[>]+)").match
# One type, as far as is needed to see where it ends (arguments within arguments, but no deeper): its parser decides.
_TYPE = r"\[*+(?:[BCDFIJSZ]|[LT][^;<:()^]++(?:<(?:[^<>()^]++|<[^<>()^]*+>)*+>)?+;)"
_TYPES = re.compile(_TYPE).findall
_PLAIN_METHOD = re.compile(rf"\(((?:{_TYPE})*)\)({_TYPE}|V)").fullmatch
_NEXT_PARAMETER = re.compile(r"[^;<.:/\[>]+:").match
_MAX_DEPTH = 64  # of arrays and type arguments together, as in model.javatype; no real code comes near
_CACHED = 8192

T = Variable("T")


@lru_cache(_CACHED)
def parse_field_signature(text: str) -> Type:
    parser = _Parser(text)
    return parser.ended(parser.type())


@lru_cache(_CACHED)
def parse_method_signature(text: str) -> MethodSignature:
    plain = _PLAIN_METHOD(text)
    if plain:  # as most are; their types are few and come again and again
        parameters = tuple(map(parse_field_signature, _TYPES(plain[1])))
        return MethodSignature((), parameters, parse_field_signature(plain[2]))
    parser = _Parser(text)
    return parser.ended(parser.method())


@lru_cache(_CACHED)
def parse_class_signature(text: str) -> ClassSignature:
    parser = _Parser(text)
    return parser.ended(parser.class_())


class _Parser:
    """Recursive descent, one method a rule of the grammar."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._depth = text, 0, 0

    def ended(self, result: T) -> T:
        if self._at != len(self._text):
            raise self._wrong("the end")
        return result

    def class_(self) -> ClassSignature:
        parameters = self._type_parameters()
        superclass = self._class_type()
        interfaces = []
        while self._at < len(self._text):
            interfaces.append(self._class_type())
        return ClassSignature(parameters, superclass, tuple(interfaces))

    def method(self) -> MethodSignature:
        type_parameters = self._type_parameters()
        self._expect("(")
        parameters = []
        while not self._took(")"):
            parameters.append(self.type())
        returns = self.type()
        throws = []
        while self._took("^"):
            throws.append(self.type())
        return MethodSignature(type_parameters, tuple(parameters), returns, tuple(throws))

    def type(self) -> Type:
        letter = self._peek()
        if letter == "L":
            return self._class_type()
        if letter == "[":
            return self._array()
        if letter == "T":
            self._at += 1
            name = self._name()
            self._expect(";")
            return TypeVariable(name)
        primitive = PRIMITIVES.get(letter)
        if primitive is None:
            raise self._wrong("a type")
        self._at += 1
        return primitive

    def _array(self) -> ArrayType:
        self._enter()
        self._expect("[")
        array = ArrayType(self.type())
        self._depth -= 1
        return array

    def _class_type(self) -> ClassType:
        plain = _PLAIN_CLASS(self._text, self._at)
        if plain:
            self._at = plain.end()
            return ClassType(plain[1].replace("/", "."))
        qualified = _QUALIFIED(self._text, self._at)
        if not qualified:
            raise self._wrong("a class type")
        self._at = qualified.end()
        self._enter()
        found = self._inner_types(ClassType(qualified[1].replace("/", "."), self._arguments()))
        self._expect(";")
        self._depth -= 1
        return found

    def _inner_types(self, found: ClassType) -> ClassType:
        while self._took("."):
            owner = found if found.all_arguments else None
            found = ClassType(f"{found.name}${self._name()}", self._arguments(), owner)
        return found

    def _arguments(self) -> tuple[Argument, ...]:
        if not self._took("<"):
            return ()
        arguments = [self._argument()]
        while not self._took(">"):
            arguments.append(self._argument())
        return tuple(arguments)

    def _argument(self) -> Argument:
        if self._took("*"):
            return Wildcard()
        if self._peek() in ("+", "-"):
            self._at += 1
            return Wildcard(self._text[self._at - 1], self.type())
        return self.type()

    def _type_parameters(self) -> tuple[TypeParameter, ...]:
        if not self._took("<"):
            return ()
        parameters = [self._type_parameter()]
        while not self._took(">"):
            parameters.append(self._type_parameter())
        return tuple(parameters)

    def _type_parameter(self) -> TypeParameter:
        name = self._name()
        self._expect(":")
        class_bound = None if self._peek() in (":", ">") or self._another_parameter() else self.type()
        interface_bounds = []
        while self._took(":"):
            interface_bounds.append(self.type())
        return TypeParameter(name, class_bound, tuple(interface_bounds))

    def _another_parameter(self) -> bool:
        """Whether `name:` follows: `<A:B:>` gives A no bound at all. Only a bound's name may hold `;`, `/` or `<`."""
        return _NEXT_PARAMETER(self._text, self._at) is not None

    def _name(self) -> str:
        found = _IDENTIFIER(self._text, self._at)
        if not found:
            raise self._wrong("a name")
        self._at = found.end()
        return found[0]

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self._wrong(f"no more than {_MAX_DEPTH} levels")

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _took(self, letter: str) -> bool:
        if self._text.startswith(letter, self._at):
            self._at += 1
            return True
        return False

    def _expect(self, letter: str) -> None:
        if not self._took(letter):
            raise self._wrong(repr(letter))

    def _wrong(self, expected: str) -> Exception:
        shown = self._text if len(self._text) <= 80 else f"{self._text[:77]}..."
        return malformed(f"signature {shown!r} at {self._at}: expected {expected}")
