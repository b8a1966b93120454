"""Time zones as users name them: Asia/Shanghai, UTC, +08:00."""

import re
import zoneinfo
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache

from workbench.model.near import did_you_mean

_OFFSET = re.compile(r"[+-]\d{2}:?\d{2}")


def unknown_zone(zone: str) -> str:
    """What to write instead of a zone that there is not; "" for one that there is, and for none."""
    if not zone or _OFFSET.fullmatch(zone) or zone in _zones():
        return ""
    return did_you_mean(zone, _zones()) or "write Asia/Shanghai, UTC or +08:00"


@cache
def _zones() -> frozenset[str]:
    """Each time it is asked, zoneinfo looks through its folders."""
    return frozenset(zoneinfo.available_timezones())


def offset_of(text: str) -> tzinfo:
    """Of an offset: +08:00, +0800, +08."""
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def zone_of(zone: str) -> tzinfo:
    """Of a zone that there is (see unknown_zone)."""
    if zone[0] in "+-":
        return offset_of(zone)
    return UTC if zone == "UTC" else zoneinfo.ZoneInfo(zone)
