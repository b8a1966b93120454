"""Texts to numbers and values to text, without losing a digit."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from workbench.model import json

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_PLAIN_EXPONENT: Final = 1_000  # 1E+999999999 written plainly would fill the memory


def as_number(text: str) -> int | Decimal | None:
    """The number whose JSON spelling `text` exactly is, otherwise None: "007", " 7", "7,5" and "" are texts."""
    return _known(text) if len(text) <= _SHORT else _read(text)


def _read(text: str) -> int | Decimal | None:
    return json.number(text) if _NUMBER.fullmatch(text) else None


# The steps of a case read the same cells of their row again and again.
_SHORT: Final = 40
_known = lru_cache(maxsize=4096)(_read)


def to_text(value: Any) -> str:
    """A value inside text: Decimals plainly, true, false, null, objects and lists as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return plain(value)
    return json.dumps(dict(value) if isinstance(value, Mapping) else value)


def plain(value: Decimal) -> str:
    """Without an exponent, as long as a person could read it so."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > _PLAIN_EXPONENT:
        return str(value)
    return format(value, "f")
