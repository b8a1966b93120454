"""ClassFile: the structure of JVM specification 4.1, decoded on demand."""

import struct

from workbench_parsers.classfile import access
from workbench_parsers.classfile.annotations import Annotation, has_annotations, read_annotations
from workbench_parsers.classfile.attributes import read_attributes
from workbench_parsers.classfile.constants import ConstantPool
from workbench_parsers.classfile.errors import DAMAGE, lazy, malformed
from workbench_parsers.classfile.members import Member, read_members
from workbench_parsers.classfile.signature import parse_class_signature
from workbench_parsers.classfile.types import ClassSignature

MAGIC = 0xCAFEBABE
NEWEST_MAJOR = 69  # Java 25; newer files are read too, as far as their structure is known

_HEADER = struct.Struct(">IHH")
_TYPE = struct.Struct(">HHHH")  # access_flags, this_class, super_class, interfaces_count
_INNER = struct.Struct(">HHHH")


class InnerClass:
    """A row of the InnerClasses attribute (4.7.6)."""

    __slots__ = ("access", "name", "outer", "simple_name")

    def __init__(self, name: str, outer: str, simple_name: str, flags: int) -> None:
        self.name, self.outer, self.simple_name, self.access = name, outer, simple_name, flags


class ClassFile:
    """One class. All names are binary ones: `com.example.Outer$Inner`.

    Raises ArtifactError: from the constructor when the structure is broken, from a property when its part is.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._read(data)
        except DAMAGE as error:
            raise malformed(f"cut off or inconsistent ({error})") from error

    def _read(self, data: bytes) -> None:
        magic, self.minor, self.major = _HEADER.unpack_from(data)
        if magic != MAGIC:
            raise malformed(f"starts with {magic:08X}, not CAFEBABE")
        self._data = data
        self._pool = pool = ConstantPool(data, 8)
        self.access, self._this, self._super, count = _TYPE.unpack_from(data, pool.end)
        position = pool.end + 8
        self._interfaces = struct.unpack_from(f">{count}H", data, position) if count else ()
        self._fields, position = read_members(data, position + 2 * count, pool)
        self._methods, position = read_members(data, position, pool)
        self._attributes, position = read_attributes(data, position, pool)

    # what it is

    @lazy
    def name(self) -> str:
        return self._pool.class_name(self._this).replace("/", ".")

    @lazy
    def super_name(self) -> str:
        """Empty for java.lang.Object and modules."""
        return self._pool.class_name(self._super).replace("/", ".") if self._super else ""

    @property
    def interfaces(self) -> tuple[str, ...]:
        return self._interface_names if self._interfaces else ()

    @lazy
    def _interface_names(self) -> tuple[str, ...]:
        return tuple([self._pool.class_name(index).replace("/", ".") for index in self._interfaces])

    @property
    def is_interface(self) -> bool:
        """True for interfaces that are no annotations."""
        return bool(self.access & access.INTERFACE) and not self.is_annotation

    @property
    def is_annotation(self) -> bool:
        return bool(self.access & access.ANNOTATION)

    @property
    def is_enum(self) -> bool:
        # The body of a constant has ENUM too, but its superclass is the enum itself.
        return bool(self.access & access.ENUM) and self.super_name == "java.lang.Enum"

    @property
    def is_record(self) -> bool:
        return "Record" in self._attributes

    @property
    def is_module(self) -> bool:
        return bool(self.access & access.MODULE)

    # what it has

    @property
    def fields(self) -> tuple[Member, ...]:
        return self._fields

    @property
    def methods(self) -> tuple[Member, ...]:
        return self._methods

    @property
    def signature(self) -> ClassSignature | None:
        """The generic signature; None when the class is declared without generics."""
        return self._signature if "Signature" in self._attributes else None

    @lazy
    def _signature(self) -> ClassSignature:
        return parse_class_signature(self._pool[self._u2(self._attributes["Signature"])])

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        return self._annotations if has_annotations(self._attributes) else ()

    @lazy
    def _annotations(self) -> tuple[Annotation, ...]:
        return read_annotations(self._data, self._attributes, self._pool)

    @lazy
    def permitted_subclasses(self) -> tuple[str, ...]:
        position = self._attributes.get("PermittedSubclasses")
        return () if position is None else tuple(map(self._class_at, self._indices(position)))

    @lazy
    def record_components(self) -> tuple[str, ...]:
        """Names of the components in order; empty for what is no record."""
        position = self._attributes.get("Record")
        if position is None:
            return ()
        count, position = self._u2(position), position + 2
        names = []
        for _ in range(count):
            names.append(self._pool[self._u2(position)])
            _, position = read_attributes(self._data, position + 4, self._pool)
        return tuple(names)

    @lazy
    def inner_classes(self) -> tuple[InnerClass, ...]:
        position = self._attributes.get("InnerClasses")
        if position is None:
            return ()
        rows = range(position + 2, position + 2 + 8 * self._u2(position), 8)
        return tuple(self._inner_class(*_INNER.unpack_from(self._data, row)) for row in rows)

    @lazy
    def nesting(self) -> InnerClass | None:
        """How this class itself stands in another one; None for a top-level class."""
        return next((inner for inner in self.inner_classes if inner.name == self.name), None)

    def _inner_class(self, inner: int, outer: int, simple: int, flags: int) -> InnerClass:
        outer_name = self._class_at(outer) if outer else ""
        return InnerClass(self._class_at(inner), outer_name, self._pool[simple] if simple else "", flags)

    def _class_at(self, index: int) -> str:
        return self._pool.class_name(index).replace("/", ".")

    def _u2(self, position: int) -> int:
        return (self._data[position] << 8) | self._data[position + 1]

    def _indices(self, position: int) -> tuple[int, ...]:
        return struct.unpack_from(f">{self._u2(position)}H", self._data, position + 2)
