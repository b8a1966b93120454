"""`workbench schedule`: what a server runs by the clock."""

from typing import TYPE_CHECKING, Any

import click

from workbench.cli.choosing import case_options, with_options
from workbench.cli.output import address_argument, author_options, by, json_option, print_json, print_table, storage

if TYPE_CHECKING:
    from workbench.model.schedule import Order, Schedule

_MANY = ("scenarios", "cases", "groups", "tags", "priorities", "states", "requirements", "owners")
_FLAGS = ("impacted", "failed")
_NEWER = ("refresh", "refresh_releases", "refresh_strict", "only_refresh")
_NEXT = 3
_where = with_options(
    click.option("--env", "environment", metavar="E", help="Environment of the suite; default: its own."),
    click.option("--registry", "registries", metavar="ADDRESS", multiple=True, help="Instead of the environment's."),
    click.option("--url", metavar="URL", help="Pin one provider, dubbo://host:port."),
    click.option("--refresh/--no-refresh", default=None, help="First fetch newer snapshots, and flag what they hit."),
    click.option("--refresh-releases/--no-refresh-releases", default=None, help="Newer releases too."),
    click.option("--refresh-strict/--no-refresh-strict", default=None, help="No run when a repository is silent."),
    click.option("--only-refresh/--no-only-refresh", default=None, help="Fetch, compare and flag; run nothing."),
    click.option("--timezone", metavar="ZONE", help="Of the times: Asia/Shanghai, UTC (default), +08:00."),
    click.option("--missed", type=click.Choice(["once", "skip"]), help="After times without a server: one run, none."),
)  # fmt: skip
_subsystem = click.argument("subsystem")
_name = click.argument("name")


@click.group(name="schedule")
def command() -> None:
    """List, make and pause what `workbench serve` runs by the clock."""


@command.command("list")
@click.argument("subsystem", required=False, default="")
@json_option
def list_(subsystem: str, as_json: bool) -> None:
    """Schedules with their next and last times; those of all subsystems, or of one."""
    from workbench.usecases.stored_runs import must_be_known

    with storage() as opened:
        if subsystem:
            must_be_known(subsystem, opened)
        found = opened.schedules.all(subsystem)
    if as_json:
        print_json(found)
        return
    rows = [
        (each.subsystem, each.name, each.version or "newest", each.cron, each.timezone,
         _moment(each.next_us, each) if each.enabled else "paused", _moment(each.last_us, each), _came_of(each))
        for each in found
    ]  # fmt: skip
    print_table(("subsystem", "name", "version", "times", "zone", "next", "last", "run"), rows)


@command.command()
@address_argument
@_name
@click.argument("cron", metavar="CRON")
@case_options
@_where
@click.option("--paused", is_flag=True, help="It waits for `schedule resume`.")
@author_options
@json_option
def add(
    address: str, name: str, cron: str, paused: bool, author: str, message: str, as_json: bool, **given: Any
) -> None:
    """Run SUBSYSTEM at VERSION, or at its newest version then, when CRON says: `30 2 * * mon-fri`."""
    from workbench.model.schedule import Order, Schedule
    from workbench.usecases.schedules import add as work

    subsystem, _, version = address.partition("@")
    wanted = Schedule(
        subsystem=subsystem, name=name, version=version, cron=cron, enabled=not paused,
        timezone=given["timezone"] or "UTC", missed=given["missed"] or "once", order=_order(Order(), given),
    )  # fmt: skip
    with storage() as opened:
        _show(work(wanted, opened, by(author, message)), as_json)


@command.command()
@_subsystem
@_name
@click.option("--cron", metavar="CRON", help="Other times.")
@click.option("--version", metavar="V", help="Another version; `newest`: whichever that is then.")
@click.option("--everything", is_flag=True, help="All cases, whatever was chosen before.")
@case_options
@_where
@author_options
@json_option
def change(
    subsystem: str, name: str, cron: str | None, version: str | None, everything: bool, author: str, message: str,
    as_json: bool, **given: Any,
) -> None:  # fmt: skip
    """Change what is given; a choice of cases takes the place of the whole choice that was there."""
    from msgspec.structs import replace

    from workbench.usecases.schedules import change as work

    with storage() as opened:
        held = opened.schedules.get(subsystem, name)
        wanted = replace(
            held, cron=cron or held.cron, timezone=given["timezone"] or held.timezone,
            missed=given["missed"] or held.missed, order=_order(held.order, given, anew=everything),
            version=held.version if version is None else "" if version == "newest" else version,
        )  # fmt: skip
        said = replace(by(author, message), seen=str(held.revision))
        _show(work(wanted, opened, said), as_json)


@command.command()
@_subsystem
@_name
@author_options
@json_option
def pause(subsystem: str, name: str, author: str, message: str, as_json: bool) -> None:
    """No more runs by it, until it is resumed."""
    _turn(subsystem, name, False, by(author, message), as_json)


@command.command()
@_subsystem
@_name
@author_options
@json_option
def resume(subsystem: str, name: str, author: str, message: str, as_json: bool) -> None:
    """Go on with its next time."""
    _turn(subsystem, name, True, by(author, message), as_json)


@command.command()
@_subsystem
@_name
@author_options
@json_option
def remove(subsystem: str, name: str, author: str, message: str, as_json: bool) -> None:
    """Remove a schedule; its runs stay."""
    with storage() as opened:
        opened.schedules.remove(subsystem, name, by(author, message))
    if as_json:
        print_json({"removed": name})
    else:
        click.echo(f"{subsystem}: the schedule {name} is removed")


@command.command("next")
@_subsystem
@_name
@click.option("--count", type=click.IntRange(1, 1000), default=10, help="Default 10.")
@json_option
def next_(subsystem: str, name: str, count: int, as_json: bool) -> None:
    """The next times of a schedule, in its time zone."""
    from workbench.usecases.schedules import next_times

    with storage() as opened:
        held = opened.schedules.get(subsystem, name)
    times = next_times(held, count)
    if as_json:
        print_json(times)
        return
    for each in times:
        click.echo(_moment(each, held))
    if not times:
        click.echo("paused: workbench schedule resume", err=True)


@command.command()
@_subsystem
@_name
@json_option
def fires(subsystem: str, name: str, as_json: bool) -> None:
    """The times that came, newest first: the run of each, or why there is none."""
    with storage() as opened:
        held, found = opened.schedules.get(subsystem, name), opened.schedules.fires(subsystem, name)
    if as_json:
        print_json(found)
        return
    rows = [(_moment(each.due_us, held), each.run, each.said, each.server) for each in found]
    print_table(("due", "run", "said", "server"), rows)


def _turn(subsystem: str, name: str, enabled: bool, author: Any, as_json: bool) -> None:
    from workbench.usecases.schedules import turn

    with storage() as opened:
        _show(turn(subsystem, name, enabled, opened, author), as_json)


def _order(held: "Order", given: dict[str, Any], *, anew: bool = False) -> "Order":
    from msgspec.structs import replace

    picks = {name: given[name] for name in (*_MANY, *_FLAGS)}
    changed = picks if anew or any(picks.values()) else {}
    changed |= {name: given[name] for name in (*_NEWER, "environment", "url") if given[name] is not None}
    changed |= {"registries": given["registries"]} if given["registries"] else {}
    return replace(held, **changed)


def _show(schedule: "Schedule", as_json: bool) -> None:
    if as_json:
        print_json(schedule)
        return
    from workbench.usecases.schedules import next_times

    times = ", ".join(_moment(each, schedule) for each in next_times(schedule, _NEXT)) or "paused"
    click.echo(f"{schedule.subsystem}@{schedule.version or 'newest'}: {schedule.name}: {times}")


def _came_of(schedule: "Schedule") -> str:
    return "; ".join(text for text in (schedule.last_run, schedule.last_said) if text)


def _moment(us: int, schedule: "Schedule") -> str:
    """In the schedule's own zone."""
    from datetime import UTC, datetime

    from workbench.model.zones import zone_of

    moment = datetime.fromtimestamp(us // 1_000_000, UTC).astimezone(zone_of(schedule.timezone))
    return f"{moment:%Y-%m-%d %H:%M %z}" if us else ""
