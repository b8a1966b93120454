"""Counting over stored runs and over the history of cases, in the database: no body is read."""

from collections.abc import Sequence
from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Struct

from workbench.model.durations import DAY_US
from workbench.model.stats import CaseRow, CauseRow, DayRow, RateRow
from workbench.storage.database import Database
from workbench.storage.runs import of_group
from workbench.storage.tables import (
    documents,
    revisions,
    run_cases,
    run_groups,
    runs,
    save_entries,
    saves,
    subsystems,
    versions,
)

_JUDGED = ("passed", "failed", "error", "timeout", "stopped")  # columns of cases that were to be judged


class Span(Struct, frozen=True):
    """Of which runs: microseconds since 1970, the end not in it; `offset_us`: the asker's clock ahead of UTC."""

    since_us: int
    until_us: int
    offset_us: int = 0
    subsystem: str = ""
    group: str = ""  # of cases


class Growth(Struct, frozen=True):
    """How many revisions or removals of cases on one day."""

    day: int  # since 1970
    subsystem: str
    author: str
    what: Literal["added", "changed", "removed"]
    count: int


class Stats:
    def __init__(self, database: Database) -> None:
        self._database = database

    def rates(self, span: Span, by: Literal["day", "version"]) -> list[RateRow]:
        """Days are numbers since 1970, versions `SUBSYSTEM@VERSION`; in that order."""
        keys: list[Any] = [_day(runs.c.started_us, span)] if by == "day" else [runs.c.subsystem, runs.c.version]
        query = sa.select(*keys, *_sums()).where(*_within(span)).group_by(*keys).order_by(*keys)
        return [
            _rate("@".join(str(_int(each)) for each in row[: len(keys)]), row[len(keys) :]) for row in self._rows(query)
        ]

    def groups(self, span: Span) -> list[RateRow]:
        """By group of cases, `SUBSYSTEM/GROUP`, in that order; a run of several counts in each."""
        keys = [runs.c.subsystem, run_groups.c.name]
        query = sa.select(*keys, *_sums()).select_from(runs.join(run_groups)).where(*_within(span))
        query = query.where(run_groups.c.name == span.group) if span.group else query
        rows = self._rows(query.group_by(*keys).order_by(*keys))
        return [_rate("/".join(row[:2]), row[2:]) for row in rows]

    def owners(self, span: Span) -> list[RateRow]:
        """By the owner of each case, most cases first."""
        passed, judged = _verdicts()
        sums = (sa.func.count(runs.c.id.distinct()), judged, passed, sa.func.sum(run_cases.c.elapsed_us))
        query = sa.select(run_cases.c.owner, *sums).select_from(run_cases.join(runs)).where(*_within(span))
        rows = self._rows(query.group_by(run_cases.c.owner).order_by(judged.desc(), run_cases.c.owner))
        return [_rate(row[0], row[1:]) for row in rows]

    def cases(self, span: Span, by: Literal["flaky", "slowest"], limit: int) -> list[CaseRow]:
        """Those that changed most often between good and bad, or were tried again; or those that took longest."""
        bad = sa.case((run_cases.c.verdict == "PASSED", 0), else_=1)
        place = (runs.c.subsystem, run_cases.c.item)
        before = sa.func.lag(bad).over(partition_by=place, order_by=(runs.c.started_us, runs.c.id))
        columns = (*place, run_cases.c.name, run_cases.c.owner, run_cases.c.flaky, run_cases.c.elapsed_us)
        judged = run_cases.c.verdict.not_in(("SKIPPED", "STOPPED"))
        each = (
            sa.select(*columns, bad.label("bad"), sa.case((before != bad, 1), else_=0).label("flip"))
            .select_from(run_cases.join(runs))
            .where(*_within(span), judged)
            .subquery()
        )
        flaky = sa.func.sum(sa.case((each.c.flaky, 1), else_=0))
        flips, mean = sa.func.sum(each.c.flip), sa.func.avg(each.c.elapsed_us)
        sums = (sa.func.count(), sa.func.sum(1 - each.c.bad), flaky, flips, mean, sa.func.max(each.c.elapsed_us))
        newest = (sa.func.max(each.c.name), sa.func.max(each.c.owner))
        query = sa.select(each.c.subsystem, each.c.item, *newest, *sums).group_by(each.c.subsystem, each.c.item)
        if by == "flaky":
            query = query.having(flips + flaky > 0).order_by((flips + flaky).desc(), each.c.subsystem, each.c.item)
        else:
            query = query.order_by(mean.desc(), each.c.subsystem, each.c.item)
        return [_case(row) for row in self._rows(query.limit(limit))]

    def causes(self, span: Span) -> list[CauseRow]:
        """Failures by side and cause, most first."""
        count = sa.func.count()
        query = sa.select(run_cases.c.side, run_cases.c.cause, count).select_from(run_cases.join(runs))
        query = query.where(*_within(span), run_cases.c.cause != "").group_by(run_cases.c.side, run_cases.c.cause)
        rows = self._rows(query.order_by(count.desc(), run_cases.c.side, run_cases.c.cause))
        return [CauseRow(row[0], row[1], int(row[2])) for row in rows]

    def subsystems(self, span: Span) -> list[DayRow]:
        """Those that were run, most cases first."""
        count, judged, passed, _ = _sums()
        query = sa.select(runs.c.subsystem, count, judged, passed).where(*_within(span))
        rows = self._rows(query.group_by(runs.c.subsystem).order_by(judged.desc(), runs.c.subsystem))
        return [DayRow(subsystem=row[0], runs=int(row[1]), total=int(row[2]), passed=int(row[3])) for row in rows]

    def growth(self, span: Span) -> list[Growth]:
        """Revisions of cases by day: the first of a case is `added`; and removals out of a version."""
        what = sa.case((revisions.c.number == 1, "added"), else_="changed")
        day = _day(revisions.c.created_us, span)
        keys: list[Any] = [day, subsystems.c.name, revisions.c.author, what]
        query = sa.select(*keys, sa.func.count()).select_from(revisions.join(documents).join(subsystems))
        query = query.where(documents.c.kind == "case", *_between(revisions.c.created_us, span)).group_by(*keys)
        gone = sa.select(
            _day(saves.c.created_us, span),
            subsystems.c.name,
            saves.c.author,
            sa.literal_column("'removed'"),
            sa.func.count(),
        )
        gone = gone.select_from(
            save_entries.join(saves).join(versions, versions.c.id == saves.c.version_id).join(subsystems)
            .join(documents, documents.c.id == save_entries.c.document_id)
        )  # fmt: skip
        taken = (documents.c.kind == "case", save_entries.c.new_revision_id.is_(None))
        gone = gone.where(*taken, *_between(saves.c.created_us, span))
        gone = gone.group_by(_day(saves.c.created_us, span), subsystems.c.name, saves.c.author)
        if span.subsystem:
            query, gone = (each.where(subsystems.c.name == span.subsystem) for each in (query, gone))
        return [
            Growth(_int(row[0]), row[1], row[2], row[3], int(row[4]))
            for each in (query, gone)
            for row in self._rows(each)
        ]

    def _rows(self, query: sa.Select[Any]) -> Sequence[Any]:
        with self._database.reading() as connection:
            return connection.execute(query).all()


def _within(span: Span) -> list[sa.ColumnElement[bool]]:
    own = [runs.c.subsystem == span.subsystem] if span.subsystem else []
    group = [of_group(span.group)] if span.group else []
    return [*own, *group, *_between(runs.c.started_us, span)]


def _between(column: sa.Column[Any], span: Span) -> list[sa.ColumnElement[bool]]:
    return [column >= span.since_us, column < span.until_us]


def _day(column: sa.Column[Any], span: Span) -> Any:
    """Days since 1970. Numbers stand in the statement itself: PostgreSQL takes two parameters for two values."""
    moment = column + sa.literal_column(str(span.offset_us), sa.BigInteger)
    return moment // sa.literal_column(str(DAY_US), sa.BigInteger)


def _sums() -> tuple[Any, Any, Any, Any]:
    """Of runs: how many, their cases that were to be judged, those that passed, and their time."""
    judged = sum((runs.c[name] for name in _JUDGED[1:]), runs.c.passed)
    return sa.func.count(), sa.func.sum(judged), sa.func.sum(runs.c.passed), sa.func.sum(runs.c.elapsed_us)


def _verdicts() -> tuple[Any, Any]:
    """Sums of passed results, and of those that were to be judged."""
    passed = sa.func.sum(sa.case((run_cases.c.verdict == "PASSED", 1), else_=0))
    return passed, sa.func.sum(sa.case((run_cases.c.verdict == "SKIPPED", 0), else_=1))


def _rate(key: str, sums: Sequence[Any]) -> RateRow:
    count, total, passed, elapsed = map(int, sums)
    return RateRow(key=key, runs=count, total=total, passed=passed, elapsed_us=elapsed)


def _case(row: Any) -> CaseRow:
    results, passed, flaky, flips, mean, longest = map(int, row[4:])
    return CaseRow(
        subsystem=row[0],
        item=row[1],
        name=row[2],
        owner=row[3],
        results=results,
        passed=passed,
        flaky=flaky,
        flips=flips,
        mean_us=mean,
        max_us=longest,
    )


def _int(value: Any) -> Any:
    """Of a division MySQL makes a Decimal."""
    return value if isinstance(value, str) else int(value)
