"""Annotations (JVM specification, 4.7.16): visible and invisible ones alike."""

from collections.abc import Mapping
from typing import TypeAlias, Union

from workbench_parsers.classfile.attributes import Attributes
from workbench_parsers.classfile.constants import ConstantPool
from workbench_parsers.classfile.errors import malformed

_VISIBLE, _INVISIBLE = "RuntimeVisibleAnnotations", "RuntimeInvisibleAnnotations"
_MAX_DEPTH = 32

# int for all integral types, text for strings, enum constants (their name) and classes (their binary name).
Value: TypeAlias = Union[int, str, "Annotation", tuple["Value", ...], None]


class Annotation:
    """`type` is the binary name; `values` has only what is written, no defaults."""

    __slots__ = ("type", "values")

    def __init__(self, type_: str, values: Mapping[str, Value]) -> None:
        self.type, self.values = type_, values

    def text(self, name: str) -> str:
        """A text or class value; empty when it is absent or of another kind."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


def has_annotations(attributes: Attributes) -> bool:
    return _VISIBLE in attributes or _INVISIBLE in attributes


def read_annotations(data: bytes, attributes: Attributes, pool: ConstantPool) -> tuple[Annotation, ...]:
    found: list[Annotation] = []
    for name in (_VISIBLE, _INVISIBLE):
        position = attributes.get(name)
        if position is not None:
            found.extend(_Reader(data, position, pool).annotations())
    return tuple(found)


class _Reader:
    def __init__(self, data: bytes, position: int, pool: ConstantPool) -> None:
        self._data, self._position, self._pool = data, position, pool

    def annotations(self) -> list[Annotation]:
        return [self._annotation(0) for _ in range(self._u2())]

    def _annotation(self, depth: int) -> Annotation:
        type_ = self._class()
        values = {}
        for _ in range(self._u2()):
            name = self._pool[self._u2()]
            values[name] = self._value(depth)
        return Annotation(type_, values)

    def _value(self, depth: int) -> Value:
        if depth > _MAX_DEPTH:
            raise malformed("annotations nested too deeply")
        tag = chr(self._data[self._position])
        self._position += 1
        if tag == "s":
            return self._pool[self._u2()]
        if tag == "c":
            return self._class()
        if tag == "e":
            self._position += 2
            return self._pool[self._u2()]
        if tag == "[":
            return tuple(self._value(depth + 1) for _ in range(self._u2()))
        if tag == "@":
            return self._annotation(depth + 1)
        return self._constant(tag)

    def _constant(self, tag: str) -> int | None:
        index = self._u2()
        if tag in "BCIJSZ":
            return self._pool.integer(index)
        if tag in "FD":
            return None  # no rule reads one, and a float would not be exact
        raise malformed(f"annotation value with the unknown tag {tag!r}")

    def _class(self) -> str:
        """A descriptor: `Lcom/example/Foo;` → com.example.Foo; primitives and arrays stay as they are."""
        text = self._pool[self._u2()]
        return text[1:-1].replace("/", ".") if text.startswith("L") else text

    def _u2(self) -> int:
        position, self._position = self._position, self._position + 2
        return (self._data[position] << 8) | self._data[position + 1]
