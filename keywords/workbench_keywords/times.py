"""Dates and times, with patterns as Java writes them. `zone` is the environment's where it is not given."""

import calendar
from datetime import UTC, datetime, timedelta

from workbench.errors import KeywordError
from workbench.plugin_api import keyword
from workbench_keywords._dates import pattern, recognised, zone_of

GROUP = "time"
_FULL = "yyyy-MM-dd HH:mm:ss"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXACT = {
    "millisecond": timedelta(milliseconds=1),
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
}
_CALENDAR = ("day", "week", "month", "year")
_SHORT = {"ms": "millisecond", "s": "second", "h": "hour", "d": "day"}


@keyword(GROUP, pure=True, name="now")
def now_(form: str = _FULL, *, zone: str = "") -> str:
    """Give the current date and time as text.

    form: the pattern: yyyy year, MM month, dd day, HH hour, mm minute, ss second, SSS milliseconds, XXX offset
    zone: Asia/Shanghai, UTC, +08:00; the environment's when left out

    Example: $app.now() ≈ "2026-03-01 09:30:00"
    Example: $app.now("yyyyMMddHHmmssSSS") ≈ "20260301093000123"
    """
    return pattern(form).write(datetime.now(zone_of(zone)))


@keyword(GROUP, pure=True)
def today(form: str = "yyyy-MM-dd", *, zone: str = "") -> str:
    """Give the current date as text.

    form: the pattern
    zone: the environment's when left out

    Example: $app.today() ≈ "2026-03-01"
    """
    return pattern(form).write(datetime.now(zone_of(zone)))


@keyword(GROUP, pure=True)
def timestamp(unit: str = "ms") -> int:
    """Give the time since 1970-01-01 UTC as a whole number.

    unit: ms or s

    Example: $app.timestamp() ≈ 1772328600000
    """
    if unit not in ("ms", "s"):
        raise KeywordError(f"the unit is ms or s, not {unit!r}")
    return _millis(datetime.now(UTC)) // (1000 if unit == "s" else 1)


@keyword(GROUP, pure=True)
def formatDate(value: str | int, form: str = _FULL, *, zone: str = "") -> str:
    """Write a date in another form.

    value: milliseconds since 1970, or a date as text in a usual form (2026-03-01, 2026-03-01T09:30:00Z …)
    form: the wanted pattern
    zone: of the result, and of a text that names none; the environment's when left out

    Example: $app.formatDate("2026-03-01", "dd.MM.yyyy") → "01.03.2026"
    Example: $app.formatDate(1772328600000, zone="Asia/Shanghai") → "2026-03-01 09:30:00"
    """
    return pattern(form).write(_moment(value, zone).astimezone(zone_of(zone)))


@keyword(GROUP, pure=True)
def parseDate(text: str, form: str = "", *, zone: str = "") -> int:
    """Read a date and give it as milliseconds since 1970-01-01 UTC.

    text: the date
    form: its pattern; usual forms need none
    zone: of a text that names none; the environment's when left out

    Example: $app.parseDate("01.03.2026 09:30", "dd.MM.yyyy HH:mm", zone="UTC") → 1772357400000
    """
    if not form:
        return _millis(recognised(text, zone_of(zone))[0])
    try:
        return _millis(pattern(form).read(text, zone_of(zone)))
    except ValueError as error:
        raise KeywordError(f"parseDate: {error}") from None


@keyword(GROUP, pure=True)
def addTime(value: str | int, amount: int, unit: str = "days", *, zone: str = "") -> str | int:
    """Add an amount of time to a date; the result has the form of the date that was given.

    Days, weeks, months and years keep the time of day; a day that a month has not becomes its last one.

    value: milliseconds since 1970, or a date as text in a usual form
    amount: how many; negative goes back
    unit: ms, seconds, minutes, hours, days, weeks, months or years
    zone: the environment's when left out

    Example: $app.addTime("2026-01-31", 1, "months") → "2026-02-28"
    Example: $app.addTime("2026-03-01 00:30:00", -1, "hours") → "2026-02-28 23:30:00"
    Example: $app.addTime(1772328600000, 2, "s") → 1772328602000
    """
    name = _unit(unit)
    if isinstance(value, int):
        return _millis(_added(_moment(value, zone).astimezone(zone_of(zone)), amount, name))
    moment, form = recognised(value, zone_of(zone))
    return form.write(_added(moment, amount, name))


@keyword(GROUP, pure=True)
def dateDiff(start: str | int, end: str | int, unit: str = "seconds", *, zone: str = "") -> int:
    """Give the whole units of time from one date to another; negative when the end comes first.

    start: milliseconds since 1970, or a date as text in a usual form
    end: the same
    unit: ms, seconds, minutes, hours, days or weeks
    zone: of texts that name none; the environment's when left out

    Example: $app.dateDiff("2026-02-27", "2026-03-01", "days", zone="UTC") → 2
    """
    steps = {**_EXACT, "day": timedelta(days=1), "week": timedelta(weeks=1)}
    name = _unit(unit)
    if name not in steps:
        raise KeywordError(f"a difference cannot be counted in {unit}: they are not equally long")
    span = _moment(end, zone).astimezone(UTC) - _moment(start, zone).astimezone(UTC)
    whole = abs(span) // steps[name]
    return -whole if span < timedelta() else whole


def _moment(value: str | int, zone: str) -> datetime:
    if isinstance(value, str):
        return recognised(value, zone_of(zone))[0]
    try:
        return _EPOCH + timedelta(milliseconds=value)
    except OverflowError:
        raise KeywordError(f"{value} ms since 1970 is beyond the year 9999") from None


def _millis(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _unit(unit: str) -> str:
    name = _SHORT.get(unit, unit.removesuffix("s"))
    if name not in _EXACT and name not in _CALENDAR:
        raise KeywordError(f"unknown unit {unit!r}", hint="ms, seconds, minutes, hours, days, weeks, months or years")
    return name


def _added(moment: datetime, amount: int, unit: str) -> datetime:
    try:
        if unit in _EXACT:  # on the time line, so that a change of summer time counts
            return (moment.astimezone(UTC) + amount * _EXACT[unit]).astimezone(moment.tzinfo)
        if unit in ("day", "week"):
            return moment + timedelta(days=amount * (7 if unit == "week" else 1))
        months = moment.year * 12 + moment.month - 1 + amount * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        day = min(moment.day, calendar.monthrange(year, month + 1)[1])
        return moment.replace(year=year, month=month + 1, day=day)
    except (OverflowError, ValueError):
        raise KeywordError(f"{amount} {unit}s from there is no date between the years 1 and 9999") from None
