"""Statistics over runs, over all subsystems for a day, and over the growth of cases."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

from msgspec import Struct
from msgspec.structs import replace

from workbench.errors import UsageError
from workbench.model.stats import Day, DayRow, GrowthRow, Statistics
from workbench.storage import Storage
from workbench.storage.stats import Span
from workbench.usecases.stored_runs import must_be_known

MOST = 10
_FIRST = date(1970, 1, 1)


class Period(Struct, frozen=True):
    """Days of the clock of `zone` (None: this machine's), the last one too; `subsystem` "": all;
    `group`: only runs of this group of cases."""

    since: date
    until: date
    subsystem: str = ""
    zone: tzinfo | None = None
    group: str = ""


def period(days: int = 30, until: str = "", subsystem: str = "", group: str = "") -> Period:
    """The last days. Raises UsageError for what is no day."""
    last = day_of(until) if until else datetime.now().astimezone().date()
    return Period(last - timedelta(days=days - 1), last, subsystem, group=group)


def day_of(text: str) -> date:
    """Raises UsageError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no day", hint="write it as 2026-03-31") from None


def statistics(storage: Storage, asked: Period, *, limit: int = 50) -> Statistics:
    """All of it; `limit`: of flaky and of slowest cases. Raises NotFoundError for a subsystem that there is not."""
    if asked.subsystem:
        must_be_known(asked.subsystem, storage)
    span, stats = _span(asked), storage.stats
    return Statistics(
        subsystem=asked.subsystem,
        group=asked.group,
        since=asked.since.isoformat(),
        until=asked.until.isoformat(),
        days=tuple(replace(each, key=_date(int(each.key))) for each in stats.rates(span, "day")),
        versions=tuple(stats.rates(span, "version")),
        owners=tuple(stats.owners(span)),
        groups=tuple(stats.groups(span)),
        flaky=tuple(stats.cases(span, "flaky", limit)),
        slowest=tuple(stats.cases(span, "slowest", limit)),
        causes=tuple(stats.causes(span)),
        day=_day(asked.until.isoformat(), stats.subsystems(_span(replace(asked, since=asked.until)))),
        growth=growth(storage, asked),
    )


def day(storage: Storage, wanted: date, zone: tzinfo | None = None, *, only: Collection[str] | None = None) -> Day:
    """All subsystems on one day; `only`: these of them."""
    rows = storage.stats.subsystems(_span(Period(wanted, wanted, zone=zone)))
    return _day(wanted.isoformat(), [row for row in rows if only is None or row.subsystem in only])


def _day(wanted: str, rows: Sequence[DayRow]) -> Day:
    return Day(
        day=wanted,
        subsystems=len(rows),
        runs=sum(row.runs for row in rows),
        total=sum(row.total for row in rows),
        passed=sum(row.passed for row in rows),
        most=tuple(rows[:MOST]),
    )


def growth(storage: Storage, asked: Period) -> tuple[GrowthRow, ...]:
    """Cases added, changed and removed by month, subsystem and author."""
    found: dict[tuple[str, str, str], GrowthRow] = {}
    for each in storage.stats.growth(_span(asked)):
        key = _date(each.day)[:7], each.subsystem, each.author
        row = found.get(key) or GrowthRow(month=key[0], subsystem=key[1], author=key[2])
        found[key] = replace(row, **{each.what: getattr(row, each.what) + each.count})
    return tuple(found[key] for key in sorted(found))


def _span(asked: Period) -> Span:
    """Raises UsageError for an end before the beginning."""
    if asked.until < asked.since:
        raise UsageError(f"{asked.until} is before {asked.since}")
    start, end = (_moment(each, asked.zone) for each in (asked.since, asked.until + timedelta(days=1)))
    offset = start.utcoffset() or timedelta()
    return Span(_us(start), _us(end), offset // timedelta(microseconds=1), asked.subsystem, asked.group)


def _moment(wanted: date, zone: tzinfo | None) -> datetime:
    naive = datetime(wanted.year, wanted.month, wanted.day)  # noqa: DTZ001 - the zone comes next
    return naive.replace(tzinfo=zone) if zone else naive.astimezone()


def _us(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _date(number: int) -> str:
    return (_FIRST + timedelta(days=number)).isoformat()
