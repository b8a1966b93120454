"""Fields and methods (JVM specification, 4.5 and 4.6)."""

import struct

from workbench_parsers.classfile import access
from workbench_parsers.classfile.annotations import Annotation, read_annotations
from workbench_parsers.classfile.attributes import Attributes, read_attributes
from workbench_parsers.classfile.constants import ConstantPool
from workbench_parsers.classfile.errors import lazy
from workbench_parsers.classfile.locals import parameter_names
from workbench_parsers.classfile.signature import parse_field_signature, parse_method_signature
from workbench_parsers.classfile.types import MethodSignature, Type

_HEAD = struct.Struct(">HHH").unpack_from


class Member:
    """A field or a method; which of the two, its place in the class file tells."""

    def __init__(self, data: bytes, pool: ConstantPool, head: tuple[int, int, int], attributes: Attributes) -> None:
        self._data, self._pool, self._attributes = data, pool, attributes
        self.access, name, descriptor = head
        self.name = pool.utf8(name)
        self.descriptor = pool.utf8(descriptor)

    @property
    def is_static(self) -> bool:
        return bool(self.access & access.STATIC)

    @property
    def is_private(self) -> bool:
        return bool(self.access & access.PRIVATE)

    @property
    def is_synthetic(self) -> bool:
        return bool(self.access & access.SYNTHETIC) or "Synthetic" in self._attributes

    @property
    def is_abstract(self) -> bool:
        return bool(self.access & access.ABSTRACT)

    @lazy
    def field_type(self) -> Type:
        return parse_field_signature(self._generic())

    @lazy
    def erased_type(self) -> Type:
        """A field's descriptor as a type."""
        return parse_field_signature(self.descriptor)

    @lazy
    def erased(self) -> MethodSignature:
        """A method's descriptor as types."""
        return parse_method_signature(self.descriptor)

    @lazy
    def signature(self) -> MethodSignature:
        """A method's generic signature; `throws` only holds what is generic there, see `exceptions`."""
        return parse_method_signature(self._generic())

    def _generic(self) -> str:
        position = self._attributes.get("Signature")
        return self.descriptor if position is None else self._pool.utf8(self._u2(position))

    @lazy
    def exceptions(self) -> tuple[str, ...]:
        position = self._attributes.get("Exceptions")
        if position is None:
            return ()
        indices = struct.unpack_from(f">{self._u2(position)}H", self._data, position + 2)
        return tuple(self._pool.class_name(index).replace("/", ".") for index in indices)

    @lazy
    def parameter_names(self) -> tuple[str, ...]:
        """From MethodParameters (4.7.24), without synthetic and mandated ones; empty when the file has no names."""
        position = self._attributes.get("MethodParameters")
        if position is None:
            return ()
        rows = range(position + 1, position + 1 + 4 * self._data[position], 4)
        hidden = access.SYNTHETIC | 0x8000  # mandated
        shown = [self._u2(row) for row in rows if not self._u2(row + 2) & hidden]
        return tuple(self._pool.utf8(index) for index in shown) if all(shown) else ()

    @lazy
    def local_names(self) -> tuple[str, ...]:
        """Parameter names from the code's LocalVariableTable; empty for abstract methods and without debug data."""
        code = self._attributes.get("Code")
        if code is None:
            return ()
        first_slot = 0 if self.is_static else 1
        return tuple(parameter_names(self._data, code, self._pool, self.erased, first_slot))

    @lazy
    def annotations(self) -> tuple[Annotation, ...]:
        return read_annotations(self._data, self._attributes, self._pool)

    def _u2(self, position: int) -> int:
        return (self._data[position] << 8) | self._data[position + 1]


def read_members(data: bytes, position: int, pool: ConstantPool) -> tuple[tuple[Member, ...], int]:
    """The table of fields or methods that starts at `position` with its count, and the offset behind it."""
    count = (data[position] << 8) | data[position + 1]
    position += 2
    members = []
    for _ in range(count):
        head = _HEAD(data, position)
        attributes, position = read_attributes(data, position + 6, pool)
        members.append(Member(data, pool, head, attributes))
    return tuple(members), position
