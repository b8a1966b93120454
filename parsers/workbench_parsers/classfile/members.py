"""Fields and methods (JVM specification, 4.5 and 4.6)."""

import struct

from msgspec import Struct

from workbench_parsers.classfile import access
from workbench_parsers.classfile.annotations import Annotation, has_annotations, read_annotations
from workbench_parsers.classfile.attributes import ATTRIBUTE_HEAD, NONE, Attributes
from workbench_parsers.classfile.constants import ConstantPool
from workbench_parsers.classfile.errors import decoded, malformed
from workbench_parsers.classfile.locals import parameter_names
from workbench_parsers.classfile.signature import parse_field_signature, parse_method_signature
from workbench_parsers.classfile.types import MethodSignature, Type

_HEAD = struct.Struct(">HHHH").unpack_from  # access_flags, name, descriptor, attributes_count
_PARAMETER = struct.Struct(">HH").iter_unpack  # name (0: none), flags
_HIDDEN = access.SYNTHETIC | access.MANDATED


class Member(Struct, frozen=True, eq=False, gc=False):
    """A field or a method; which of the two, its place in the class file tells.

    Most members have none of the attributes that are asked for: that is answered without any decoding. What is
    decoded is not kept: types are remembered by their text across all classes, the rest is asked for once. There is
    no reference back to a member, so the garbage collector need not look at it.
    """

    _data: bytes
    _pool: ConstantPool
    _attributes: Attributes
    access: int
    name: str
    descriptor: str

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

    @decoded
    def field_type(self) -> Type:
        return parse_field_signature(self._generic())

    @decoded
    def erased_type(self) -> Type:
        """A field's descriptor as a type."""
        return parse_field_signature(self.descriptor)

    @property
    def erased(self) -> MethodSignature:
        """A method's descriptor as types."""
        return parse_method_signature(self.descriptor)

    @property
    def signature(self) -> MethodSignature:
        """A method's generic signature; `throws` only holds what is generic there, see `exceptions`."""
        return self._generic_method if "Signature" in self._attributes else parse_method_signature(self.descriptor)

    @decoded
    def _generic_method(self) -> MethodSignature:
        return parse_method_signature(self._generic())

    def _generic(self) -> str:
        position = self._attributes.get("Signature")
        return self.descriptor if position is None else self._pool[self._u2(position)]

    @property
    def exceptions(self) -> tuple[str, ...]:
        return self._exceptions if "Exceptions" in self._attributes else ()

    @decoded
    def _exceptions(self) -> tuple[str, ...]:
        position = self._attributes["Exceptions"]
        indices = struct.unpack_from(f">{self._u2(position)}H", self._data, position + 2)
        return tuple([self._pool.class_name(index).replace("/", ".") for index in indices])

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """From MethodParameters (4.7.24), without synthetic and mandated ones; empty when the file has no names."""
        return self._parameter_names if "MethodParameters" in self._attributes else ()

    @decoded
    def _parameter_names(self) -> tuple[str, ...]:
        data, start = self._data, self._attributes["MethodParameters"] + 1
        pool, rows = self._pool, _PARAMETER(data[start : start + 4 * data[start - 1]])
        shown = [name and pool[name] for name, flags in rows if not flags & _HIDDEN]
        return () if 0 in shown else tuple(shown)

    @decoded
    def local_names(self) -> tuple[str, ...]:
        """Parameter names from the code's LocalVariableTable; empty for abstract methods and without debug data."""
        code = self._attributes.get("Code")
        if code is None:
            return ()
        first_slot = 0 if self.is_static else 1
        return tuple(parameter_names(self._data, code, self._pool, self.erased, first_slot))

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        return self._annotations if has_annotations(self._attributes) else ()

    @decoded
    def _annotations(self) -> tuple[Annotation, ...]:
        return read_annotations(self._data, self._attributes, self._pool)

    def _u2(self, position: int) -> int:
        return (self._data[position] << 8) | self._data[position + 1]


def read_members(data: bytes, position: int, pool: ConstantPool) -> tuple[tuple[Member, ...], int]:
    """The table of fields or methods that starts at `position` with its count, and the offset behind it.

    Written out flat, attribute tables included: an average class has fifteen members.
    """
    count = (data[position] << 8) | data[position + 1]
    position += 2
    members = []
    for _ in range(count):
        flags, name, descriptor, attributes_count = _HEAD(data, position)
        position += 8
        attributes = NONE
        if attributes_count:
            attributes = {}
            for _ in range(attributes_count):
                attribute, length = ATTRIBUTE_HEAD(data, position)
                position += 6
                attributes[pool[attribute]] = position
                position += length
        members.append(Member(data, pool, attributes, flags, pool[name], pool[descriptor]))
    if position > len(data):
        raise malformed("a field or method is cut off")
    return tuple(members), position
