"""The one way in which a malformed class file shows: ArtifactError."""

import struct
from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

from workbench.errors import ArtifactError

T = TypeVar("T")

# What reading damaged bytes by index, offset or codec can raise; anything else is our own defect.
DAMAGE = (IndexError, struct.error, UnicodeError, RecursionError, OverflowError)


def malformed(message: str) -> ArtifactError:
    return ArtifactError(f"malformed class file: {message}")


class decoded(Generic[T]):
    """A property that turns damage found while decoding into ArtifactError. It is decoded whenever it is asked for."""

    def __init__(self, decode: Callable[[Any], T]) -> None:
        self._decode = decode
        self.__doc__ = decode.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> T | Self:
        if instance is None:
            return self
        try:
            return self._decode(instance)
        except DAMAGE as error:
            raise malformed(f"{self._name}: {error}") from error


class lazy(Generic[T]):
    """The same for what is decoded once: the value goes into the instance, where it hides this descriptor."""

    def __init__(self, decode: Callable[[Any], T]) -> None:
        self._decode = decode
        self.__doc__ = decode.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> T | Self:
        if instance is None:
            return self
        try:
            value = self._decode(instance)
        except DAMAGE as error:
            raise malformed(f"{self._name}: {error}") from error
        setattr(instance, self._name, value)
        return value
