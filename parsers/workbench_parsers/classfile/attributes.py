"""Attribute tables (JVM specification, 4.7): where each attribute's body starts."""

import struct
from typing import TypeAlias

from workbench_parsers.classfile.constants import ConstantPool
from workbench_parsers.classfile.errors import malformed

# Name of an attribute → offset of its body; the four bytes before it are its length.
Attributes: TypeAlias = dict[str, int]

NONE: Attributes = {}

ATTRIBUTE_HEAD = struct.Struct(">HI").unpack_from  # attribute_name_index, attribute_length


def read_attributes(data: bytes, position: int, pool: ConstantPool) -> tuple[Attributes, int]:
    """The table that starts at `position` with its count, and the offset behind it."""
    count = (data[position] << 8) | data[position + 1]
    position += 2
    if not count:
        return NONE, position
    found: Attributes = {}
    for _ in range(count):
        name, length = ATTRIBUTE_HEAD(data, position)
        found[pool[name]] = position + 6
        position += 6 + length
    if position > len(data):
        raise malformed("an attribute is cut off")
    return found, position
