"""Protobuf's messages in templates: what their JSON has, told by the fields of the classes that protoc made.

A field `text` of the .proto is `private volatile Object text_` there, a oneof the pair `kind_` and `kindCase_`; the
rest is bookkeeping. Enums are plain numbers there, which protobuf's JSON takes, too.
https://protobuf.dev/programming-guides/json/
"""

import re
from typing import Final

from workbench.model.contract import TypeDef
from workbench.model.json import Json

_OURS: Final = re.compile(r"(?!bitField\d+_$)(\w+)_")
_PACKAGE: Final = "com.google.protobuf."
_PLAIN: Final[dict[str, Json]] = {
    "long": "1",
    "java.lang.Long": "1",
    "java.lang.Object": "text",
    "java.lang.String": "text",
}
_KNOWN: Final[dict[str, Json]] = {
    "BoolValue": True,
    "ByteString": "AAH/",
    "BytesValue": "AAH/",
    "DoubleValue": 1,
    "Duration": "1.500s",
    "Empty": {},
    "FieldMask": "name",
    "FloatValue": 1,
    "Int32Value": 1,
    "Int64Value": "1",
    "Internal$BooleanList": [True],
    "Internal$DoubleList": [1],
    "Internal$FloatList": [1],
    "Internal$IntList": [1],
    "Internal$LongList": ["1"],
    "LazyStringArrayList": ["text"],
    "LazyStringList": ["text"],
    "ListValue": [],
    "MapField": {},
    "StringValue": "text",
    "Struct": {},
    "Timestamp": "2026-01-02T03:04:05Z",
    "UInt32Value": 1,
    "UInt64Value": "1",
    "Value": "text",
}


def known_value(type_: str) -> Json:
    """What stands for a field of a type that is protobuf's own, or is written in another way there; None: neither."""
    name = type_.partition("<")[0]
    return _KNOWN.get(name.removeprefix(_PACKAGE)) if name.startswith(_PACKAGE) else _PLAIN.get(name)


def message_fields(definition: TypeDef) -> tuple[dict[str, str], list[str]]:
    """JSON name → Java type of the fields, and names that are left out: oneofs, whose class tells no more, and Any."""
    named = {found[1]: field.type for field in definition.fields if (found := _OURS.fullmatch(field.name))}
    oneofs = [name for name in named if f"{name}Case" in named]
    left_out = [name for name, type_ in named.items() if name in oneofs or type_ == f"{_PACKAGE}Any"]
    hidden = {*left_out, *(f"{name}Case" for name in oneofs)}
    return {name: type_ for name, type_ in named.items() if name not in hidden}, left_out
