"""What every database must count: a class of tests, inherited once a database."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from storage_contract import case, snapshot

from workbench.model.result import Counts
from workbench.model.stats import CauseRow, GrowthRow
from workbench.storage import Author, RunCase, RunInfo, Storage
from workbench.usecases.statistics import Period, day, growth, statistics

SHANGHAI = timezone(timedelta(hours=8))
PERIOD = Period(date(2026, 3, 1), date(2026, 3, 31), zone=SHANGHAI)


def at(text: str) -> int:
    """Microseconds of a time of Shanghai."""
    moment = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def put(
    storage: Storage,
    run: str,
    when: str,
    verdicts: dict[str, str],
    subsystem: str = "order",
    version: str = "1",
    groups: tuple[str, ...] = (),
) -> None:
    cases = [
        RunCase(
            position=place,
            item=item,
            case=item,
            name=f"case {item}",
            verdict=verdict.removesuffix("*"),
            side="" if verdict.startswith(("PASSED", "SKIPPED")) else "product",
            cause="" if verdict.startswith(("PASSED", "SKIPPED")) else "ASSERTION",
            started_us=at(when),
            elapsed_us=1000 * (place + 1),
            flaky=verdict.endswith("*"),
            owner="li" if item == "a" else "wang",
        )
        for place, (item, verdict) in enumerate(verdicts.items())
    ]
    names = [each.verdict for each in cases]
    counts = Counts(
        passed=names.count("PASSED"), failed=names.count("FAILED"), error=0, timeout=0,
        skipped=names.count("SKIPPED"), stopped=0,
    )  # fmt: skip
    info = RunInfo(
        run=run, subsystem=subsystem, version=version, suite="s", environment="sit", verdict="PASSED", finished=True,
        started_us=at(when), elapsed_us=2_000_000, cases=counts,
        groups=groups,
    )  # fmt: skip
    storage.runs.put(info, b"{}", b"", [(each, b"") for each in cases])


class StatsContract:
    def test_figures_over_runs(self, storage: Storage) -> None:
        put(storage, "r0", "2026-02-28T23:59:59", {"a": "FAILED"})
        put(storage, "r1", "2026-03-01T00:00:00", {"a": "PASSED", "b": "FAILED", "c": "SKIPPED"})
        put(storage, "r2", "2026-03-01T23:59:59", {"a": "PASSED*", "b": "PASSED"}, version="2")
        put(storage, "r3", "2026-03-02T07:00:00", {"a": "PASSED", "b": "FAILED"}, version="2")
        put(storage, "r4", "2026-03-31T23:59:59", {"a": "PASSED"}, subsystem="trade")
        put(storage, "r5", "2026-04-01T00:00:00", {"a": "FAILED"})
        found = statistics(storage, PERIOD)
        assert [(row.key, row.runs, row.total, row.passed, row.rate) for row in found.days] == [
            ("2026-03-01", 2, 4, 3, Decimal("75.0")),
            ("2026-03-02", 1, 2, 1, Decimal("50.0")),
            ("2026-03-31", 1, 1, 1, Decimal("100.0")),
        ]
        assert found.days[0].elapsed_us == 4_000_000
        assert [(row.key, row.runs, row.total) for row in found.versions] == [
            ("order@1", 1, 2), ("order@2", 2, 4), ("trade@1", 1, 1)]  # fmt: skip
        assert [(row.key, row.runs, row.total, row.passed) for row in found.owners] == [
            ("li", 4, 4, 4),
            ("wang", 3, 3, 1),
        ]
        assert [(row.subsystem, row.item, row.results, row.passed, row.flaky, row.flips) for row in found.flaky] == [
            ("order", "b", 3, 1, 0, 2), ("order", "a", 3, 3, 1, 0)]  # fmt: skip
        assert [(row.item, row.mean_us, row.max_us) for row in found.slowest] == [
            ("b", 2000, 2000), ("a", 1000, 1000), ("a", 1000, 1000)]  # fmt: skip
        assert found.causes == (CauseRow("product", "ASSERTION", 2),)
        assert statistics(storage, Period(PERIOD.since, PERIOD.until, "trade", SHANGHAI)).days[0].key == "2026-03-31"

    def test_figures_of_groups_of_cases(self, storage: Storage) -> None:
        put(storage, "r1", "2026-03-01T00:00:00", {"a": "PASSED", "b": "FAILED"}, groups=("nightly", "Smoke/é"))
        put(storage, "r2", "2026-03-02T00:00:00", {"a": "PASSED"}, groups=("nightly",), version="2")
        put(storage, "r3", "2026-03-02T01:00:00", {"a": "FAILED"})
        put(storage, "r4", "2026-03-02T02:00:00", {"a": "PASSED"}, subsystem="trade", groups=("nightly",))
        found = statistics(storage, PERIOD)
        assert [(row.key, row.runs, row.total, row.passed, row.elapsed_us) for row in found.groups] == [
            ("order/Smoke/é", 1, 2, 1, 2_000_000),
            ("order/nightly", 2, 3, 2, 4_000_000),
            ("trade/nightly", 1, 1, 1, 2_000_000),
        ]
        own = statistics(storage, Period(PERIOD.since, PERIOD.until, "order", SHANGHAI, "nightly"))
        assert (own.group, [row.key for row in own.groups]) == ("nightly", ["order/nightly"])
        assert [(row.key, row.runs, row.total) for row in own.days] == [("2026-03-01", 1, 2), ("2026-03-02", 1, 1)]
        assert [row.key for row in own.versions] == ["order@1", "order@2"]
        assert [(row.key, row.total, row.passed) for row in own.owners] == [("li", 2, 2), ("wang", 1, 0)]
        assert [row.results for row in own.slowest] == [1, 2]
        assert own.causes == (CauseRow("product", "ASSERTION", 1),)
        assert statistics(storage, Period(PERIOD.since, date(2026, 3, 2), "", SHANGHAI, "nightly")).day.runs == 2
        for other in ("Nightly", "Smoke", "smoke/é", "night%"):
            assert statistics(storage, Period(PERIOD.since, PERIOD.until, "", SHANGHAI, other)).days == ()
        assert [each.run for each in storage.runs.all(group="nightly")] == ["r4", "r2", "r1"]
        assert [each.run for each in storage.runs.all("order", "1", group="nightly")] == ["r1"]
        assert storage.runs.get("r1").groups == storage.runs.all()[-1].groups == ("nightly", "Smoke/é")
        storage.runs.delete(["r1"], Author("li"))
        assert [each.run for each in storage.runs.all("order", group="nightly")] == ["r2"]
        assert storage.runs.all("order", group="Smoke/é") == []

    def test_one_day_over_all_subsystems(self, storage: Storage) -> None:
        for number in range(12):
            put(
                storage,
                f"r{number}",
                "2026-03-01T10:00:00",
                dict.fromkeys("abc"[: number % 3 + 1], "PASSED"),
                f"s{number}",
            )
        put(storage, "other", "2026-03-02T10:00:00", {"a": "FAILED"})
        found = day(storage, date(2026, 3, 1), SHANGHAI)
        assert (found.subsystems, found.runs, found.total, found.passed, found.rate) == (
            12,
            12,
            24,
            24,
            Decimal("100.0"),
        )
        assert [row.subsystem for row in found.most] == ["s11", "s2", "s5", "s8", "s1", "s10", "s4", "s7", "s0", "s3"]
        assert day(storage, date(2026, 3, 3), SHANGHAI).rate is None

    def test_growth_of_cases(self, storage: Storage) -> None:
        storage.suites.put(snapshot(case("a"), case("b")), Author("li"))
        storage.suites.put(snapshot(case("a", script="x"), case("c")), Author("wang"))
        storage.suites.put(snapshot(case("a", script="y"), case("c")), Author("wang"))
        storage.suites.put(snapshot(case("a"), subsystem="trade"), Author("li"))
        storage.suites.new_version("order", "1.0.0", "2.0.0", Author("li"))
        today = datetime.now(UTC).date()
        asked = Period(today - timedelta(days=1), today + timedelta(days=1), zone=UTC)
        months, found = set(), Counter[tuple[str, str, str]]()  # two months, where one ends in the middle of this
        for row in growth(storage, asked):
            months.add(row.month)
            for what in ("added", "changed", "removed"):
                found[row.subsystem, row.author, what] += getattr(row, what)
        assert +found == {
            ("order", "li", "added"): 2, ("order", "wang", "added"): 1, ("order", "wang", "changed"): 2,
            ("order", "wang", "removed"): 1, ("trade", "li", "added"): 1,
        }  # fmt: skip
        assert months <= {each.isoformat()[:7] for each in (asked.since, today, asked.until)}
        own = Period(asked.since, asked.until, "trade", UTC)
        assert growth(storage, own) == (
            GrowthRow(month=growth(storage, own)[0].month, subsystem="trade", author="li", added=1),
        )

    def test_nothing_gives_nothing(self, storage: Storage) -> None:
        found = statistics(storage, PERIOD)
        assert (found.days, found.owners, found.flaky, found.causes, found.day.most) == ((), (), (), (), ())
