"""Figures over many runs, and over the growth of cases. Days and months are those of the asker's clock."""

from decimal import ROUND_FLOOR, Decimal

from msgspec import Struct


class RateRow(Struct, frozen=True, kw_only=True):
    """Runs of one day, version, owner or group of cases. `total` and `passed`: cases that were to be judged, a row of a
    dataset each; `elapsed_us`: of the runs, or for an owner of the cases, together."""

    key: str
    runs: int
    total: int
    passed: int
    elapsed_us: int

    @property
    def rate(self) -> Decimal | None:
        return rate(self.passed, self.total)


class CaseRow(Struct, frozen=True, kw_only=True):
    """A case, or one row of it, over many runs. `flaky`: passed only when tried again; `flips`: how often it changed
    between good and bad from one run to the next."""

    subsystem: str
    item: str
    name: str
    owner: str
    results: int
    passed: int
    flaky: int
    flips: int
    mean_us: int
    max_us: int


class CauseRow(Struct, frozen=True):
    side: str
    cause: str
    count: int


class DayRow(Struct, frozen=True, kw_only=True):
    """A subsystem on one day."""

    subsystem: str
    runs: int
    total: int
    passed: int

    @property
    def rate(self) -> Decimal | None:
        return rate(self.passed, self.total)


class Day(Struct, frozen=True, kw_only=True):
    """All subsystems on one day; `most`: the ten with most cases."""

    day: str  # 2026-03-31
    subsystems: int
    runs: int
    total: int
    passed: int
    most: tuple[DayRow, ...]

    @property
    def rate(self) -> Decimal | None:
        return rate(self.passed, self.total)


class GrowthRow(Struct, frozen=True, kw_only=True):
    """`changed` counts revisions."""

    month: str  # 2026-03
    subsystem: str
    author: str
    added: int = 0
    changed: int = 0
    removed: int = 0


class Statistics(Struct, frozen=True, kw_only=True):
    """All of it, for one workbook. `since` and `until`: the first and the last day."""

    subsystem: str  # "": all
    group: str  # "": all runs; else those of this group of cases (growth is of all cases)
    since: str
    until: str
    days: tuple[RateRow, ...]
    versions: tuple[RateRow, ...]
    owners: tuple[RateRow, ...]
    groups: tuple[RateRow, ...]  # of cases, SUBSYSTEM/NAME; a run of several counts in each
    flaky: tuple[CaseRow, ...]
    slowest: tuple[CaseRow, ...]
    causes: tuple[CauseRow, ...]
    day: Day
    growth: tuple[GrowthRow, ...]


def rate(passed: int, total: int) -> Decimal | None:
    """In percent, rounded down: 100 means all. None when there are none."""
    return (Decimal(100 * passed) / total).quantize(Decimal("0.1"), ROUND_FLOOR) if total > 0 else None
