"""The constant pool (JVM specification, 4.4): one pass finds the offsets, values are decoded when asked for."""

from workbench.errors import ArtifactError
from workbench_parsers.classfile import mutf8
from workbench_parsers.classfile.errors import malformed

UTF8, INTEGER, FLOAT, LONG, DOUBLE, CLASS, STRING = 1, 3, 4, 5, 6, 7, 8

# Bytes of an entry with its tag; 0 for unknown tags and those that _locate treats apart.
_WIDTHS = [0] * 256
for _tag in (CLASS, STRING, 16, 19, 20):  # MethodType, Module, Package
    _WIDTHS[_tag] = 3
_WIDTHS[15] = 4  # MethodHandle
for _tag in (INTEGER, FLOAT, 9, 10, 11, 12, 17, 18):  # refs, NameAndType, Dynamic, InvokeDynamic
    _WIDTHS[_tag] = 5
_WIDE = 9  # Long and Double


class ConstantPool(dict[int, str]):
    """`pool[index]` is the text of a CONSTANT_Utf8; `end` is the offset of the first byte behind the pool.

    A dictionary of the texts decoded so far: one that is asked for again, as most are, costs no call.
    """

    __slots__ = ("_data", "_letters", "_offsets", "end")

    def __init__(self, data: bytes, start: int) -> None:
        self._data = data
        self._letters = data.decode("latin-1")  # a letter a byte: cutting a text out of it is all that ASCII needs
        self._offsets, self.end = _locate(data, start)

    def __missing__(self, index: int) -> str:
        """Written out flat: it is called twenty-five times for an average class."""
        data, offset = self._data, self._offsets[index]
        if data[offset] != UTF8 or not offset:
            raise self._unexpected(index, UTF8)
        end = self._offsets[index + 1]
        text = self._letters[offset + 3 : end]
        if not text.isascii():
            text = _decode(data[offset + 3 : end])
        self[index] = text
        return text

    def class_name(self, index: int) -> str:
        """The internal name (`java/lang/Object`) of a CONSTANT_Class."""
        data, offset = self._data, self._offsets[index]
        if data[offset] != CLASS or not 0 < offset < self.end:
            raise self._unexpected(index, CLASS)
        return self[(data[offset + 1] << 8) | data[offset + 2]]

    def integer(self, index: int) -> int:
        """The value of a CONSTANT_Integer or CONSTANT_Long."""
        offset = self._offset(index, INTEGER, LONG)
        width = _WIDTHS[self._data[offset]] or _WIDE
        return int.from_bytes(self._data[offset + 1 : offset + width], "big", signed=True)

    def _offset(self, index: int, *tags: int) -> int:
        offset = self._offsets[index]
        if self._data[offset] not in tags or not 0 < offset < self.end:
            raise self._unexpected(index, *tags)
        return offset

    def _unexpected(self, index: int, *tags: int) -> ArtifactError:
        found = self._data[self._offsets[index]] if self._offsets[index] else "none"
        return malformed(f"constant {index} has tag {found}, expected {' or '.join(map(str, tags))}")


def _decode(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return mutf8.decode(raw)


def _locate(data: bytes, start: int) -> tuple[list[int], int]:
    """Offsets of all entries (0 where there is none), with the pool's end as the last one; and that end.

    This loop is a quarter of a class's cost.
    """
    position, offsets = start + 2, [0]
    add, widths = offsets.append, _WIDTHS
    indices = iter(range(1, (data[start] << 8) | data[start + 1]))
    for index in indices:
        add(position)
        tag = data[position]
        if tag == 1:  # UTF8, over half of all; few are longer than one byte can tell
            if high := data[position + 1]:
                position += (high << 8) + data[position + 2] + 3
            else:
                position += data[position + 2] + 3
        elif width := widths[tag]:
            position += width
        elif tag in (LONG, DOUBLE):
            position += _WIDE
            if next(indices, None):  # it takes two indices
                add(0)
        else:
            raise malformed(f"constant {index} has the unknown tag {tag}")
    if position > len(data):
        raise malformed("the constant pool is cut off")
    add(position)
    return offsets, position
