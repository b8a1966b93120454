"""Runs by the clock: defined, changed, paused; and what is done when their time has come."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from workbench.errors import DeniedError, NotFoundError, UsageError
from workbench.model.plan import Refreshed
from workbench.model.rights import Right
from workbench.model.schedule import Schedule
from workbench.model.words import plural
from workbench.planning import Selection, environment_name, select
from workbench.settings import Settings
from workbench.storage import Author, Caller, Storage
from workbench.storage.tables import NAME
from workbench.usecases.cron import following, upcoming
from workbench.usecases.pick_cases import picked
from workbench.usecases.refresh_artifacts import Wish, before_run
from workbench.usecases.rights import actor_of, author_of, require

_ENDLESS = ("*", "?")  # a glob may meet cases that are still to be written


def now() -> int:
    """Microseconds since 1970, UTC."""
    return time.time_ns() // 1000


def add(schedule: Schedule, storage: Storage, author: Author) -> Schedule:
    """Raises UsageError for a name or time that is none, PlanError for what the version has not, NotFoundError,
    DeniedError."""
    _check(schedule, storage)
    return storage.schedules.add(replace(_timed(schedule), author=author.name), author)


def change(schedule: Schedule, storage: Storage, author: Author) -> Schedule:
    """Put this in the place of the one of its name; it runs as who changed it last. Raises what `add` raises, and
    StaleError for a schedule that is not what the author has seen."""
    _check(schedule, storage)
    return storage.schedules.change(replace(_timed(schedule), author=author.name), author)


def turn(subsystem: str, name: str, enabled: bool, storage: Storage, author: Author) -> Schedule:
    """Pause or resume it: what would have come in a pause is no missed time."""
    held = storage.schedules.get(subsystem, name)
    if held.enabled == enabled:
        return held
    return change(replace(held, enabled=enabled), storage, author)


def next_times(schedule: Schedule, count: int) -> list[int]:
    """Microseconds since 1970; none while it is paused."""
    return upcoming(schedule.cron, schedule.timezone, now(), count) if schedule.enabled else []


def _timed(schedule: Schedule) -> Schedule:
    """With the next time from now on."""
    following_us = following(schedule.cron, schedule.timezone, now())
    return replace(schedule, next_us=following_us if schedule.enabled else 0)


def _check(schedule: Schedule, storage: Storage) -> None:
    """What would fail each night is told at once."""
    if not schedule.name.strip() or not schedule.name.isprintable() or len(schedule.name) > NAME:
        hint = f"up to {NAME} visible characters"
        raise UsageError(f"{schedule.name[:40]!r} cannot be the name of a schedule", hint=hint)
    order = schedule.order
    version = schedule.version or storage.suites.latest(schedule.subsystem)
    suite = storage.suites.get(schedule.subsystem, version).suite
    environment_name(suite, order.environment)
    patterns = (*order.cases, *order.scenarios, *order.requirements)
    if not order.only_refresh and not any(sign in each for each in patterns for sign in _ENDLESS):
        list(select(suite, selection_of(schedule, None)))


def selection_of(schedule: Schedule, only: tuple[str, ...] | None) -> Selection:
    """`only`: ids of the cases that may run; None: all."""
    order = schedule.order
    return Selection(
        order.scenarios, order.cases, "", order.tags, order.priorities, order.states, only,
        today=datetime.now(UTC).date().isoformat(),
        groups=order.groups, requirements=order.requirements, owners=order.owners,
    )  # fmt: skip


class Outcome(Struct, frozen=True):
    """`run`: that was started; `said`: what else is to be told."""

    run: str = ""
    said: str = ""


Launch = Callable[[Schedule, Selection, Refreshed | None], str]  # gives the run's id


def fire(schedule: Schedule, storage: Storage, settings: Settings, launch: Launch) -> Outcome:
    """Do what a schedule says, as who defined it.

    Raises DeniedError for somebody who may not do it any longer, and what refreshing and launching raise.
    """
    order = schedule.order
    author = _runs_as(schedule, storage, settings)
    address = f"{schedule.subsystem}@{schedule.version or storage.suites.latest(schedule.subsystem)}"
    wish = Wish(True if order.only_refresh else order.refresh, order.refresh_releases, order.refresh_strict)
    refreshed = before_run(address, storage, settings, wish, author)
    said = _told(refreshed) if refreshed else ""
    if order.only_refresh:
        return Outcome(said=said)
    only = picked(address, storage, hit=order.impacted, failed=order.failed)
    return Outcome(launch(schedule, selection_of(schedule, only), refreshed), said)


def _told(refreshed: Refreshed) -> str:
    fetched = sum(each.what in ("renewed", "replaced") for each in refreshed.artifacts)
    said = f"{fetched} of {plural(len(refreshed.artifacts), 'artifact')} newer"
    said += f", {plural(len(refreshed.flagged), 'case')} flagged" if refreshed.flagged else ""
    return "; ".join((said, *refreshed.problems))


def right_for(schedule: Schedule) -> Right:
    """What it takes to define it: fetching artifacts saves."""
    return "edit" if schedule.order.refreshes else "run"


def _runs_as(schedule: Schedule, storage: Storage, settings: Settings) -> Author:
    """Whoever defined it, with what they may now. Where nobody logs in, and for names of the command line that are no
    users, the database itself was the door. Raises DeniedError."""
    via = f"schedule {schedule.name}"
    try:
        user = storage.people.user(schedule.author) if settings.serve.login else None
    except NotFoundError:
        user = None
    if user is None:
        return Author(schedule.author, "", via)
    if user.disabled:
        raise DeniedError(f"{user.name}, as whom it runs, is shut out", hint="who may run it can change the schedule")
    actor = replace(actor_of(Caller(user, "administer", "", 0), settings.rights), via=via)
    require(actor, right_for(schedule), schedule.subsystem, storage)
    return author_of(actor)
