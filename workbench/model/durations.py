"""Durations as people write them: 500ms, 3s, 1.5s, 10m, 4h."""

import re
from decimal import Decimal

from workbench.errors import UsageError

_FORM = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h)?")
_MILLIS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, None: 1000}


def millis(text: str, *, where: str = "") -> int:
    """Milliseconds of a duration; a bare number is seconds. Raises UsageError."""
    match = _FORM.fullmatch(text.strip())
    if not match:
        raise UsageError(f"{text!r} is not a duration", where=where, hint="write 500ms, 3s, 10m or 4h")
    return int(Decimal(match[1]) * _MILLIS[match[2]])
