"""All that does not fit a type, not only the first: so that a request is mended once."""

from collections.abc import Iterator, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct

_Found = tuple[tuple[str, ...], msgspec.ValidationError]
MOST = 50
T = TypeVar("T")


def misfits(value: Any, type_: Any, *, strict: bool = True, path: tuple[str, ...] = ()) -> Iterator[_Found]:
    """(path, what msgspec says of the value there), the path without what msgspec adds to it."""
    try:
        msgspec.convert(value, type_, strict=strict)
        return
    except msgspec.ValidationError as error:
        whole = error
    found = False
    for name, part, part_type in _parts(value, type_):
        for each in _of_part(part, part_type, strict, (*path, name)):
            found = True
            yield each
    if not found:
        yield path, _with_allowed(whole, type_)


def _with_allowed(error: msgspec.ValidationError, type_: Any) -> msgspec.ValidationError:
    """The same, with the values that there are, where it is none of them."""
    allowed = ", ".join(map(str, _values(type_)))
    what, at, path = str(error).partition(" - at `")
    if not allowed or not what.startswith("Invalid enum value"):
        return error
    return msgspec.ValidationError(f"{what}: it is one of {allowed}{at}{path}")


def _values(type_: Any) -> Iterator[Any]:
    type_ = _bare(type_)
    if get_origin(type_) is Literal:
        yield from get_args(type_)
    elif get_origin(type_) in (Union, UnionType):
        for each in get_args(type_):
            yield from _values(each)


def _of_part(part: Any, type_: Any, strict: bool, path: tuple[str, ...]) -> Iterator[_Found]:
    if isinstance(type_, msgspec.ValidationError):
        yield path, type_
    else:
        yield from misfits(part, type_, strict=strict, path=path)


def _parts(value: Any, type_: Any) -> Iterator[tuple[str, Any, Any]]:
    """(name, value, type) of what it consists of; the type is an error for what is missing, or not known."""
    type_ = _chosen(value, _bare(type_))
    origin = get_origin(type_) or type_
    if isinstance(origin, type) and issubclass(origin, Struct) and isinstance(value, dict):
        yield from _fields(value, type_)
    elif isinstance(value, list | tuple) and origin in (list, tuple, Sequence) and get_args(type_):
        for number, each in enumerate(value):
            yield str(number), each, get_args(type_)[0]
    elif isinstance(value, dict) and origin in (dict, Mapping) and get_args(type_):
        for name, each in value.items():
            yield str(name), each, get_args(type_)[1]


def _fields(value: Mapping[str, Any], type_: Any) -> Iterator[tuple[str, Any, Any]]:
    known = {field.encode_name: field for field in msgspec.structs.fields(type_)}
    config = (get_origin(type_) or type_).__struct_config__
    for name, each in value.items():
        if name in known:
            yield name, each, known[name].type
        elif config.forbid_unknown_fields and name != config.tag_field:
            yield name, each, msgspec.ValidationError(f"object contains unknown field `{name}`")
    for name, field in known.items():
        missing = field.default is NODEFAULT and field.default_factory is NODEFAULT
        if missing and name not in value:
            yield name, None, msgspec.ValidationError(f"object missing required field `{name}`")


def _bare(type_: Any) -> Any:
    return get_args(type_)[0] if get_origin(type_) is Annotated else type_


def _chosen(value: Any, type_: Any) -> Any:
    """Of a union the type that the value is meant to be: the one that is told by its tag, or the only structure."""
    if get_origin(type_) not in (Union, UnionType):
        return type_
    kinds = [each for each in map(_bare, get_args(type_)) if isinstance(each, type) and issubclass(each, Struct)]
    if len(kinds) > 1 and isinstance(value, dict):
        tags = [each.__struct_config__ for each in kinds]
        kinds = [each for each, config in zip(kinds, tags, strict=True)
                 if config.tag_field and value.get(config.tag_field) == config.tag]  # fmt: skip
    others = [each for each in get_args(type_) if each is not type(None)]
    return kinds[0] if len(kinds) == 1 else others[0] if len(others) == 1 else type_
