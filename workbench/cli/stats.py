"""`workbench stats`: figures over the runs in the database, and over the growth of cases."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli.choosing import with_options
from workbench.cli.output import json_option, print_json, print_table, storage
from workbench.model.words import plural

if TYPE_CHECKING:
    from workbench.model.stats import CaseRow, RateRow


@click.group(name="stats")
def command() -> None:
    """Rates, durations, flaky and slow cases, causes, one day, growth; days are those of this machine's clock."""


_period = with_options(  # which runs count
    click.argument("subsystem", metavar="[SUBSYSTEM]", default=""),
    click.option("--days", metavar="N", type=click.IntRange(1, 10_000), default=30, show_default=True),
    click.option("--until", metavar="DAY", default="", help="The last day, 2026-03-31; default: today."),
    json_option,
)
_group = click.option("--group", metavar="NAME", default="", help="Only runs of this group of cases.")


@command.command()
@_period
@click.option("--by", type=click.Choice(["day", "version", "owner", "group"]), default="day", show_default=True)
@_group
def runs(subsystem: str, days: int, until: str, as_json: bool, by: str, group: str) -> None:
    """Rate and duration by day, version, owner or group of cases (a run of several counts in each)."""
    from workbench.usecases.statistics import period, statistics

    with storage() as opened:
        found = statistics(opened, period(days, until, subsystem, group))
    tables = {"day": found.days, "version": found.versions, "owner": found.owners, "group": found.groups}
    rows: Sequence[RateRow] = tables[by]
    if as_json:
        print_json(rows)
        return
    cells = [(row.key, str(row.runs), str(row.total), str(row.passed), _percent(row.rate), _seconds(row.elapsed_us))
             for row in rows]  # fmt: skip
    print_table((by, "runs", "cases", "passed", "rate", "duration"), cells)


@command.command()
@_period
@click.option("--by", type=click.Choice(["flaky", "slowest"]), default="flaky", show_default=True)
@click.option("--limit", metavar="N", type=click.IntRange(1, 10_000), default=50, show_default=True)
@_group
def cases(subsystem: str, days: int, until: str, as_json: bool, by: str, limit: int, group: str) -> None:
    """Cases that change between good and bad, or pass only when tried again; or those that take longest."""
    from workbench.usecases.statistics import period, statistics

    with storage() as opened:
        found = statistics(opened, period(days, until, subsystem, group), limit=limit)
    rows = found.flaky if by == "flaky" else found.slowest
    if as_json:
        print_json(rows)
    else:
        heads = ("subsystem", "case", "name", "results", "passed", "flaky", "flips", "mean", "longest")
        print_table(heads, list(map(_case, rows)))


def _case(row: "CaseRow") -> tuple[str, ...]:
    counts = map(str, (row.results, row.passed, row.flaky, row.flips))
    return row.subsystem, row.item, row.name, *counts, _seconds(row.mean_us), _seconds(row.max_us)


@command.command()
@_period
@_group
def causes(subsystem: str, days: int, until: str, as_json: bool, group: str) -> None:
    """Failures by side and cause."""
    from workbench.usecases.statistics import period, statistics

    with storage() as opened:
        found = statistics(opened, period(days, until, subsystem, group)).causes
    if as_json:
        print_json(found)
    else:
        print_table(("side", "cause", "failures"), [(each.side, each.cause, str(each.count)) for each in found])


@command.command()
@click.argument("day", metavar="[DAY]", default="")
@json_option
def day(day: str, as_json: bool) -> None:
    """All subsystems on one day, today unless named, with the ten that have most cases."""
    from workbench.usecases.statistics import day as work
    from workbench.usecases.statistics import period

    with storage() as opened:
        found = work(opened, period(1, day).until)
    if as_json:
        print_json(found)
        return
    counts = ((found.subsystems, "subsystem"), (found.runs, "run"), (found.total, "case"))
    head = f"{found.day}: {', '.join(plural(number, what) for number, what in counts)}"
    click.echo(f"{head}, rate {_percent(found.rate) or '–'}")
    rows = [(row.subsystem, str(row.runs), str(row.total), str(row.passed), _percent(row.rate)) for row in found.most]
    print_table(("subsystem", "runs", "cases", "passed", "rate"), rows)


@command.command()
@_period
def growth(subsystem: str, days: int, until: str, as_json: bool) -> None:
    """Cases added, changed and removed, by month, subsystem and author."""
    from workbench.usecases.statistics import growth as work
    from workbench.usecases.statistics import period

    with storage() as opened:
        found = work(opened, period(days, until, subsystem))
    if as_json:
        print_json(found)
        return
    rows = [
        (each.month, each.subsystem, each.author, *map(str, (each.added, each.changed, each.removed))) for each in found
    ]
    print_table(("month", "subsystem", "author", "added", "changed", "removed"), rows)


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_period
@_group
def export(file: Path, subsystem: str, days: int, until: str, as_json: bool, group: str) -> None:
    """All of it as one workbook, FILE.xlsx."""
    from workbench.reporting.stats_xlsx import write_statistics
    from workbench.usecases.statistics import period, statistics

    with storage() as opened:
        found = statistics(opened, period(days, until, subsystem, group), limit=1000)
    write_statistics(found, file)
    if as_json:
        print_json(found)
    else:
        click.echo(f"{file}: {found.since} to {found.until}")


def _percent(rate: Decimal | None) -> str:
    return "" if rate is None else f"{rate} %"


def _seconds(us: int) -> str:
    return f"{us / 1_000_000:.3f} s" if us < 60_000_000 else f"{us // 60_000_000} min {us // 1_000_000 % 60} s"
