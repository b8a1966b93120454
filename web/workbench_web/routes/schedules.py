"""Schedules of a subsystem: what runs when, and what came of it."""

from typing import Annotated, Literal
from urllib.parse import quote

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from workbench.model.schedule import Fire, Missed, Order, Schedule
from workbench.storage import Author
from workbench.usecases import schedules
from workbench.usecases.browse_suites import Page
from workbench.usecases.rights import Actor, author_of, require, visible
from workbench.usecases.stored_runs import must_be_known
from workbench_web.api import PREFIX, Api, Reply
from workbench_web.artifacts import registry
from workbench_web.desk import Desk
from workbench_web.lists import Listing, Text, listed
from workbench_web.subjects import of_subsystem

api = Api()
_ALL = "/subsystems/<name:subsystem>/schedules"
_ONE = f"{_ALL}/<name:schedule>"


class ScheduleBody(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`cron`: five fields, read in `timezone` (Asia/Shanghai, UTC, +08:00). `version` "": the newest at the time.
    `missed`: for times at which no server ran, one run afterwards (`once`) or none (`skip`)."""

    cron: Annotated[str, Meta(max_length=200)]
    version: Text = ""
    timezone: Annotated[str, Meta(max_length=64)] = "UTC"
    missed: Missed = "once"
    enabled: bool = True
    order: Order = field(default_factory=Order)


class NewSchedule(ScheduleBody, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1, max_length=200)]


class ShownSchedule(Struct, frozen=True):
    """`next`: the times to come, microseconds since 1970, UTC."""

    schedule: Schedule
    next: tuple[int, ...]


class SchedulesQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`q` is looked for in subsystems, names and authors."""

    enabled: bool | None = None
    sort: Literal["name", "-name", "next", "-next", "last", "-last"] = "name"


class FiresQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`q` is looked for in runs and in what is said."""

    sort: Literal["-due", "due"] = "-due"


class TimesQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    count: Annotated[int, Meta(ge=1, le=100)] = 5


class RemovedSchedule(Struct, frozen=True):
    name: str


@api.route("GET", "/schedules", tag="schedules", right="view")
def list_all_schedules(desk: Desk, actor: Actor, query: SchedulesQuery) -> Page[Schedule]:
    """Of all subsystems that one may view, by subsystem and name."""
    allowed = visible(actor, desk.storage)
    found = desk.storage.schedules.all()
    return _listed([each for each in found if allowed is None or each.subsystem in allowed], query)


@api.route("GET", _ALL, tag="schedules", right="view", of=of_subsystem)
def list_schedules(desk: Desk, subsystem: str, query: SchedulesQuery) -> Page[Schedule]:
    """Of one subsystem, by name."""
    must_be_known(subsystem, desk.storage)
    return _listed(desk.storage.schedules.all(subsystem), query)


def _listed(found: list[Schedule], query: SchedulesQuery) -> Page[Schedule]:
    rows = [each for each in found if query.enabled is None or each.enabled == query.enabled]
    return listed(rows, query, lambda row: f"{row.subsystem} {row.name} {row.author}", next=lambda row: row.next_us,
                  last=lambda row: row.last_us)  # fmt: skip


@api.route("POST", _ALL, tag="schedules", status=201, right="run", of=of_subsystem, problems=(400,))
def add_schedule(desk: Desk, subsystem: str, body: NewSchedule, actor: Actor) -> Reply[Schedule]:
    """Define one. It runs as who defined or changed it last, with the rights that they have then; one that fetches
    artifacts takes the right to edit."""
    wanted = _wanted(subsystem, body.name, body)
    made = schedules.add(wanted, desk.storage, _author(desk, actor, wanted))
    where = "/".join((f"{PREFIX}/subsystems", quote(subsystem, safe=""), "schedules", quote(made.name, safe="")))
    return Reply(made, {"Location": where}, str(made.revision))


@api.route("GET", _ONE, tag="schedules", right="view", of=of_subsystem)
def show_schedule(desk: Desk, subsystem: str, schedule: str, query: TimesQuery) -> Reply[ShownSchedule]:
    """One, with its next times."""
    held = desk.storage.schedules.get(subsystem, schedule)
    return Reply(ShownSchedule(held, tuple(schedules.next_times(held, query.count))), tag=str(held.revision))


@api.route("PUT", _ONE, tag="schedules", right="run", of=of_subsystem, match="tag", problems=(400,))
def change_schedule(
    desk: Desk, subsystem: str, schedule: str, body: ScheduleBody, actor: Actor, author: Author
) -> Reply[Schedule]:
    """Change it. `enabled` false pauses it: what would have come then is no
    missed time."""
    wanted = _wanted(subsystem, schedule, body)
    made = schedules.change(wanted, desk.storage, _author(desk, actor, wanted, author.seen))
    return Reply(made, tag=str(made.revision))


@api.route("DELETE", _ONE, tag="schedules", right="run", of=of_subsystem, match="tag")
def remove_schedule(desk: Desk, subsystem: str, schedule: str, actor: Actor, author: Author) -> RemovedSchedule:
    """Remove it; its runs stay."""
    held = desk.storage.schedules.get(subsystem, schedule)
    desk.storage.schedules.remove(subsystem, schedule, author_of(actor, seen=author.seen, right="run"))
    return RemovedSchedule(held.name)


@api.route("GET", f"{_ONE}/fires", tag="schedules", right="view", of=of_subsystem)
def list_fires(desk: Desk, subsystem: str, schedule: str, query: FiresQuery) -> Page[Fire]:
    """The times that came, newest first, each with the run or with the reason for none."""
    return listed(desk.storage.schedules.fires(subsystem, schedule), query, lambda row: f"{row.run} {row.said}")


def _wanted(subsystem: str, name: str, body: ScheduleBody) -> Schedule:
    """Registries as for a single call: addresses, and no files of the server."""
    order = replace(body.order, registries=tuple(map(registry, body.order.registries)))
    return Schedule(
        subsystem=subsystem, name=name, version=body.version, cron=body.cron, timezone=body.timezone,
        missed=body.missed, enabled=body.enabled, order=order,
    )  # fmt: skip


def _author(desk: Desk, actor: Actor, schedule: Schedule, seen: str | None = None) -> Author:
    """Raises DeniedError."""
    right = schedules.right_for(schedule)
    require(actor, right, schedule.subsystem, desk.storage)
    return author_of(actor, seen=seen, right=right)
