"""Passwords: hashed by argon2id, with the parameters that argon2-cffi recommends (RFC 9106, low memory)."""

import functools
import threading
from typing import TYPE_CHECKING, Final

from workbench.errors import UsageError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST: Final = 10
_LONGEST: Final = 500
_at_once = threading.BoundedSemaphore(2)  # each takes 64 MiB and a processor


def hash_password(password: str, name: str = "") -> str:
    """Raises UsageError for one that is too easy to guess."""
    if not SHORTEST <= len(password) <= _LONGEST or password == name or len(set(password)) < 4:
        hint = f"{SHORTEST} to {_LONGEST} characters, not all alike, and not the name"
        raise UsageError("this password is too easy to guess", where="password", hint=hint)
    with _at_once:
        return _hasher().hash(password)


def fits(password: str, hashed: str) -> bool:
    """Whether it is the one. `hashed` "": of nobody; it takes as long."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with _at_once:
        try:
            return _hasher().verify(hashed or _nobody(), password[: _LONGEST + 1]) and bool(hashed)
        except (VerificationError, InvalidHashError):
            return False


@functools.cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher
    from argon2.profiles import RFC_9106_LOW_MEMORY

    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@functools.cache
def _nobody() -> str:
    return _hasher().hash("a password that nobody has")
