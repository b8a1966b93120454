"""Schedules: defined, changed, claimed when their time has come.

A time is claimed by a guarded update of `next_us`: of all servers on one database one meets the row as it was, and only
that one fires. The times that came are kept, and a second row for one of them is refused by the database.
Who works on one says so from time to time (`stay`); what nobody works on any more is found (`left`) and taken (`take`).
"""

import time
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError

from workbench.errors import NotFoundError, UsageError
from workbench.model import json
from workbench.model.near import did_you_mean
from workbench.model.noted import Action
from workbench.model.schedule import Fire, Order, Schedule
from workbench.storage.audit import note
from workbench.storage.author import Author, refuse_stale
from workbench.storage.database import Database
from workbench.storage.keys import new_keys
from workbench.storage.suites import refuse_stranger
from workbench.storage.tables_schedules import schedule_fires, schedules

KEPT = 100  # fires of a schedule that are kept
_orders = json.decoder_for(Order)


class Due(Struct, frozen=True):
    """A schedule whose time has come. `id`: its row."""

    id: str
    schedule: Schedule


class Left(Struct, frozen=True):
    """A time that a server claimed, and of which nothing was told. `due.schedule.next_us`: that time.

    `newest`: the schedule has not fired since.
    """

    due: Due
    server: str
    alive_us: int
    newest: bool


class Schedules:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, schedule: Schedule, author: Author) -> Schedule:
        """Raises UsageError for a name that is taken, DeniedError."""
        made = replace(schedule, revision=1, created_us=time.time_ns() // 1000)
        with self._database.writing() as connection:
            refuse_stranger(connection, made.subsystem, author)
            try:
                with connection.begin_nested():
                    connection.execute(sa.insert(schedules), _row(made) | {"id": new_keys(1)[0]})
            except IntegrityError:
                taken = f"{made.subsystem} has a schedule {made.name}"
                raise UsageError(taken, hint="change it, or choose another name") from None
            _note(connection, author, "schedule-made", made, after=_told(made))
        return made

    def change(self, schedule: Schedule, author: Author) -> Schedule:
        """Put this in the place of the one of its name; when it fired last stays. Raises NotFoundError, DeniedError,
        StaleError; what is seen is its revision."""
        with self._database.writing() as connection:
            refuse_stranger(connection, schedule.subsystem, author)
            held = _find(connection, schedule.subsystem, schedule.name, lock=True)
            before = _schedule(held)
            _refuse_stale(author, before)
            made = replace(
                schedule, revision=before.revision + 1, created_us=before.created_us,
                last_us=before.last_us, last_run=before.last_run, last_said=before.last_said,
            )  # fmt: skip
            connection.execute(sa.update(schedules).where(schedules.c.id == held.id).values(**_row(made)))
            _note(connection, author, "schedule-changed", made, before=_told(before), after=_told(made))
        return made

    def remove(self, subsystem: str, name: str, author: Author) -> None:
        """With its fires. Raises NotFoundError, DeniedError, StaleError."""
        with self._database.writing() as connection:
            refuse_stranger(connection, subsystem, author)
            held = _find(connection, subsystem, name, lock=True)
            _refuse_stale(author, _schedule(held))
            connection.execute(sa.delete(schedule_fires).where(schedule_fires.c.schedule_id == held.id))
            connection.execute(sa.delete(schedules).where(schedules.c.id == held.id))
            _note(connection, author, "schedule-removed", _schedule(held), before=_told(_schedule(held)))

    def all(self, subsystem: str = "") -> list[Schedule]:
        """By subsystem and name."""
        query = sa.select(schedules).order_by(schedules.c.subsystem, schedules.c.name)
        query = query.where(schedules.c.subsystem == subsystem) if subsystem else query
        with self._database.reading() as connection:
            return [_schedule(row) for row in connection.execute(query)]

    def get(self, subsystem: str, name: str) -> Schedule:
        """Raises NotFoundError with near names."""
        with self._database.reading() as connection:
            return _schedule(_find(connection, subsystem, name))

    def fires(self, subsystem: str, name: str, limit: int = KEPT) -> list[Fire]:
        """Newest first. Raises NotFoundError."""
        columns = [schedule_fires.c[each] for each in Fire.__struct_fields__]
        with self._database.reading() as connection:
            held = _find(connection, subsystem, name)
            query = sa.select(*columns).where(schedule_fires.c.schedule_id == held.id)
            rows = connection.execute(query.order_by(schedule_fires.c.due_us.desc()).limit(limit))
            return [Fire(**row._mapping) for row in rows]

    def due(self, now_us: int) -> list[Due]:
        """Those whose time has come and that nobody has claimed, the longest due first."""
        query = sa.select(schedules).where(schedules.c.enabled, schedules.c.next_us > 0, schedules.c.next_us <= now_us)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(schedules.c.next_us, schedules.c.id)).all()
        return [Due(row.id, _schedule(row)) for row in rows]

    def claim(self, due: Due, next_us: int, now_us: int, server: str) -> bool:
        """Take this time: True for one of all that ask. From then on the schedule waits for `next_us`."""
        mine = due.schedule
        as_it_was = sa.and_(
            schedules.c.id == due.id, schedules.c.next_us == mine.next_us,
            schedules.c.revision == mine.revision, schedules.c.enabled,
        )  # fmt: skip
        fire = {"id": new_keys(1)[0], "schedule_id": due.id, "due_us": mine.next_us, "fired_us": now_us}
        fire |= {"server": server, "run": "", "said": "", "alive_us": now_us}
        with self._database.writing() as connection:
            values: dict[str, Any] = {"next_us": next_us, "last_us": now_us, "last_run": "", "last_said": ""}
            if connection.execute(sa.update(schedules).where(as_it_was).values(**values)).rowcount != 1:
                return False
            try:
                with connection.begin_nested():
                    connection.execute(sa.insert(schedule_fires), fire)
            except IntegrityError:  # it has fired before: somebody set a clock back
                return False
            old = sa.select(schedule_fires.c.id).where(schedule_fires.c.schedule_id == due.id)
            gone = connection.scalars(old.order_by(schedule_fires.c.due_us.desc()).offset(KEPT).limit(KEPT)).all()
            connection.execute(sa.delete(schedule_fires).where(schedule_fires.c.id.in_(gone)))
        return True

    def stay(self, dues: Sequence[Due], now_us: int) -> None:
        """They are still being worked on: nobody is to take them."""
        with self._database.writing() as connection:
            for due in dues:
                untold = sa.and_(_fire(due), schedule_fires.c.alive_us > 0)
                connection.execute(sa.update(schedule_fires).where(untold).values(alive_us=now_us))

    def left(self, before_us: int) -> list[Left]:
        """Times that somebody claimed who was not seen since `before_us`, by their time."""
        fires = schedule_fires.alias()
        newest = sa.select(sa.func.max(fires.c.due_us)).where(fires.c.schedule_id == schedules.c.id).scalar_subquery()
        columns = [schedule_fires.c[each] for each in ("due_us", "server", "alive_us")]
        query = sa.select(schedules, *columns, newest.label("newest")).join(schedule_fires)
        silent = query.where(schedule_fires.c.alive_us > 0, schedule_fires.c.alive_us < before_us)
        with self._database.reading() as connection:
            rows = connection.execute(silent.order_by(schedule_fires.c.due_us, schedules.c.id)).mappings().all()
        return [_left(dict(row)) for row in rows]

    def take(self, left: Left, now_us: int, server: str) -> bool:
        """Work on a time in the place of who claimed it: True for one of all that ask."""
        as_it_was = sa.and_(_fire(left.due), schedule_fires.c.alive_us == left.alive_us)
        values = {"server": server, "fired_us": now_us, "alive_us": now_us}
        with self._database.writing() as connection:
            return connection.execute(sa.update(schedule_fires).where(as_it_was).values(**values)).rowcount == 1

    def tell(self, due: Due, run: str, said: str) -> None:
        """Note what came of a time that was claimed."""
        newest = sa.select(sa.func.max(schedule_fires.c.due_us)).where(schedule_fires.c.schedule_id == due.id)
        with self._database.writing() as connection:
            connection.execute(sa.update(schedule_fires).where(_fire(due)).values(run=run, said=said, alive_us=0))
            if connection.scalar(newest) == due.schedule.next_us:
                values = {"last_run": run, "last_said": said}
                connection.execute(sa.update(schedules).where(schedules.c.id == due.id).values(**values))


def _fire(due: Due) -> sa.ColumnElement[bool]:
    """The row of this time."""
    return sa.and_(schedule_fires.c.schedule_id == due.id, schedule_fires.c.due_us == due.schedule.next_us)


def _left(row: dict[str, Any]) -> Left:
    due_us, server, alive_us, newest = (row.pop(each) for each in ("due_us", "server", "alive_us", "newest"))
    return Left(Due(row.pop("id"), _held(row | {"next_us": due_us})), server, alive_us, newest == due_us)


def _find(connection: sa.Connection, subsystem: str, name: str, *, lock: bool = False) -> Any:
    query = sa.select(schedules).where(schedules.c.subsystem == subsystem, schedules.c.name == name)
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        known = connection.scalars(sa.select(schedules.c.name).where(schedules.c.subsystem == subsystem)).all()
        hint = did_you_mean(name, known) or "`workbench schedule list` names them"
        raise NotFoundError(f"{subsystem} has no schedule {name!r}", hint=hint)
    return row


def _schedule(row: Any) -> Schedule:
    values = dict(row._mapping)
    del values["id"]
    return _held(values)


def _held(values: dict[str, Any]) -> Schedule:
    return Schedule(order=_orders.decode(values.pop("body")), **values)


def _row(schedule: Schedule) -> dict[str, Any]:
    values = msgspec.structs.asdict(schedule)
    return values | {"body": json.dumps(values.pop("order"))}


def _refuse_stale(author: Author, now: Schedule) -> None:
    """Firing changes no revision: who has read it before may still change it."""
    refuse_stale(author, now, f"{now.subsystem}/{now.name}", tag=str(now.revision), shown=_told(now))


def _told(schedule: Schedule) -> dict[str, Any]:
    """What the audit log has of it."""
    names = ("version", "cron", "timezone", "missed", "enabled", "order", "author")
    return {name: getattr(schedule, name) for name in names}


def _note(connection: sa.Connection, author: Author, action: Action, schedule: Schedule, **sides: Any) -> None:
    note(connection, author, action, schedule.name, subsystem=schedule.subsystem, **sides)
