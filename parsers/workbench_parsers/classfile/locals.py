"""Names of a method's parameters in its LocalVariableTable (JVM specification, 4.7.13), which `javac -g` writes.

Only methods with code have one: an implementation's, or a default method's.
"""

import struct

from workbench_parsers.classfile.attributes import read_attributes
from workbench_parsers.classfile.constants import ConstantPool
from workbench_parsers.classfile.types import MethodSignature, Primitive

_CODE = struct.Struct(">4xI")  # max_stack, max_locals; code_length
_ROW = struct.Struct(">HHHHH")  # start_pc, length, name, descriptor, slot
_WIDE = (Primitive("long"), Primitive("double"))  # take two slots


def parameter_names(data: bytes, code: int, pool: ConstantPool, method: MethodSignature, first_slot: int) -> list[str]:
    """One name for each parameter; empty when the compiler left one out. `code`: offset of the Code attribute."""
    (length,) = _CODE.unpack_from(data, code)
    handlers = code + _CODE.size + length
    (count,) = struct.unpack_from(">H", data, handlers)
    attributes, _ = read_attributes(data, handlers + 2 + 8 * count, pool)
    table = attributes.get("LocalVariableTable")
    if table is None:
        return []
    names = _names_at_start(data, table, pool)
    found = [names.get(slot) for slot in _slots(method, first_slot)]
    return [name for name in found if name] if all(found) else []


def _names_at_start(data: bytes, table: int, pool: ConstantPool) -> dict[int, str]:
    """Names by slot of the variables that live from the first instruction on, as parameters do."""
    (count,) = struct.unpack_from(">H", data, table)
    rows = (_ROW.unpack_from(data, table + 2 + 10 * index) for index in range(count))
    return {slot: pool[name] for start, _, name, _, slot in rows if start == 0}


def _slots(method: MethodSignature, slot: int) -> list[int]:
    slots = []
    for type_ in method.parameters:
        slots.append(slot)
        slot += 2 if type_ in _WIDE else 1
    return slots
