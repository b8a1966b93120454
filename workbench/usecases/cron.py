"""Cron expressions: five fields, read in a time zone as Debian's cron does (cronsim).

What falls into the hour that a clock change leaves out comes right after it; what falls into the hour that comes twice
comes once, unless minute or hour is `*`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from cronsim import CronSim, CronSimError

from workbench.errors import UsageError
from workbench.model.zones import unknown_zone, zone_of

_FIELDS = "minute hour day-of-month month day-of-week: `30 2 * * mon-fri` is half past two on working days"
_LONGEST = 200  # characters
_MACROS = {"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *"}


def following(cron: str, zone: str, after_us: int) -> int:
    """The first time after `after_us`, microseconds since 1970, UTC. Raises UsageError for what is no expression, one
    that never comes, and an unknown zone."""
    found = next(_times(cron, zone, after_us), None)
    if found is None:
        raise UsageError(f"the time {cron!r} never comes", where="cron", hint=_FIELDS)
    return found


def upcoming(cron: str, zone: str, after_us: int, count: int) -> list[int]:
    """The next times. Raises UsageError."""
    return list(islice(_times(cron, zone, after_us), count))


def _times(cron: str, zone: str, after_us: int) -> Iterator[int]:
    if hint := unknown_zone(zone or "?"):
        raise UsageError(f"there is no time zone {zone!r}", where="timezone", hint=hint)
    plain = _MACROS.get(cron.strip().lower(), cron)
    if len(plain) > _LONGEST or len(plain.split()) != 5:
        raise UsageError(f"{cron[:40]!r} is no cron expression of five fields", where="cron", hint=_FIELDS)
    start = datetime.fromtimestamp(after_us // 1_000_000, UTC).astimezone(zone_of(zone))
    try:
        times = CronSim(plain, start)
    except CronSimError as error:
        raise UsageError(f"{cron!r} is no cron expression: {error}", where="cron", hint=_FIELDS) from error
    return (int(each.timestamp()) * 1_000_000 for each in times)
