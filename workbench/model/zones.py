"""Time zones as users name them: Asia/Shanghai, UTC, +08:00."""

import re
import zoneinfo

from workbench.model.near import did_you_mean

_OFFSET = re.compile(r"[+-]\d{2}:?\d{2}")


def unknown_zone(zone: str) -> str:
    """What to write instead of a zone that there is not; "" for one that there is, and for none."""
    if not zone or _OFFSET.fullmatch(zone) or zone in zoneinfo.available_timezones():
        return ""
    return did_you_mean(zone, zoneinfo.available_timezones()) or "write Asia/Shanghai, UTC or +08:00"
