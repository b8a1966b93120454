"""Durations as people write them: 500ms, 3s, 1.5s, 10m, 4h, 1m30s."""

import re
from decimal import Decimal
from typing import Final

from workbench.errors import UsageError

_PART: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)\s*")
_BARE: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_MILLIS: Final = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}
_UNITS: Final = tuple(reversed(_MILLIS))
DAY_US: Final = 86_400_000_000  # microseconds of a day, in which the database keeps times
MAX_MILLIS: Final = 366 * 24 * 3_600_000  # a year; more is a slip of the keyboard


def millis(text: str, *, where: str = "") -> int:
    """Milliseconds of a duration; a bare number is seconds. Raises UsageError."""
    total = _total(text.strip())
    if total is None or total > MAX_MILLIS:
        raise UsageError(f"{text!r} is not a duration", where=where, hint="write 500ms, 3s, 1m30s, 10m or 4h")
    return int(total)


def _total(text: str) -> Decimal | None:
    if _BARE.fullmatch(text):
        return Decimal(text) * 1000
    total, position, last = Decimal(0), 0, -1
    while match := _PART.match(text, position):
        rank = _UNITS.index(match[2])
        if rank <= last:  # 3s2h and 3s3s are typing errors
            return None
        total, position, last = total + Decimal(match[1]) * _MILLIS[match[2]], match.end(), rank
    return total if last >= 0 and position == len(text) else None


def spelled(milliseconds: int) -> str:
    """The shortest duration text that `millis` reads back: 90000 is 1m30s."""
    parts = []
    for unit in _UNITS:
        count, milliseconds = divmod(milliseconds, _MILLIS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
