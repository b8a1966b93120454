"""The one way in which a malformed class file shows: ArtifactError."""

import struct
from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

from workbench.errors import ArtifactError

T = TypeVar("T")

# What reading damaged bytes by index, offset or codec can raise; anything else is our own defect.
DAMAGE = (IndexError, struct.error, UnicodeError, RecursionError, OverflowError)


def malformed(message: str) -> ArtifactError:
    return ArtifactError(f"malformed class file: {message}")


class lazy(Generic[T]):
    """A cached property that turns damage found while decoding into ArtifactError."""

    def __init__(self, decode: Callable[[Any], T]) -> None:
        self._decode = decode
        self.__doc__ = decode.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "lazy[T]": ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> "T | lazy[T]":
        if instance is None:
            return self
        try:
            value = self._decode(instance)
        except DAMAGE as error:
            raise malformed(f"{self._name}: {error}") from error
        instance.__dict__[self._name] = value
        return value
