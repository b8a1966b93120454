"""Runs: what was planned and what happened, kept as it was told, and what people said of failures.

Bodies are zlib of the events' own JSON lines, so a run comes out with every digit that went in. What lists and
comparisons need stands in columns beside them.
"""

import time
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import sqlalchemy as sa
from msgspec import UNSET, Struct
from msgspec.structs import asdict
from sqlalchemy.exc import IntegrityError

from workbench.errors import NotFoundError, UsageError
from workbench.model.durations import DAY_US
from workbench.model.near import did_you_mean
from workbench.model.result import Counts
from workbench.storage.audit import note
from workbench.storage.author import Author, refuse_stale
from workbench.storage.database import Database
from workbench.storage.keys import new_keys
from workbench.storage.state import chunks
from workbench.storage.suites import refuse_stranger
from workbench.storage.tables import conclusions, run_cases, run_groups, runs, subsystems
from workbench.storage.tables_hosts import run_bounds

Kind = Literal["product-bug", "case-bug", "environment", "known"]
_TOGETHER = 200  # cases in one statement
_LEVEL = 1  # of zlib: a third of the time of its default, and a tenth more bytes
_SMALL = 13  # a window of 8 KB
RETENTION = Author("retention", via="settings")  # who removes what is too old
_COUNTS = Counts.__struct_fields__


class RunInfo(Struct, frozen=True, kw_only=True):
    run: str  # its own id
    subsystem: str
    version: str
    suite: str
    environment: str
    verdict: str
    finished: bool  # false: its events end before it did
    started_us: int  # microseconds since 1970, UTC
    elapsed_us: int
    cases: Counts
    groups: tuple[str, ...] = ()  # of cases, that it was asked for


class RunCase(Struct, frozen=True, kw_only=True):
    """A case of a run. `fingerprint` is that of its failure: equal in every run where the same thing failed."""

    position: int  # in the plan
    item: str
    case: str  # its id
    name: str
    verdict: str
    side: str = ""
    cause: str = ""
    message: str = ""
    failed_step: str = ""  # its id
    fingerprint: str = ""
    started_us: int = 0
    elapsed_us: int = 0
    flaky: bool = False
    owner: str = ""


class Conclusion(Struct, frozen=True, kw_only=True):
    """What a person said of a failure."""

    kind: Kind
    comment: str = ""
    link: str = ""
    author: str
    created_us: int
    run: str  # in which it was said


class Runs:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, info: RunInfo, plan: bytes, events: bytes, cases: Iterable[tuple[RunCase, bytes]]) -> None:
        """Keep a run, all of it or nothing. `plan` is JSON, `events` are JSON lines of no case; those of cases are
        packed.

        Raises UsageError when a run of that id is there.
        """
        key = new_keys(1)[0]
        row = asdict(info) | asdict(info.cases) | {"id": key, "plan": pack(plan), "events": pack(events)}
        del row["cases"], row["groups"]
        groups = [{"run_id": key, "position": at, "name": name} for at, name in enumerate(info.groups)]
        with self._database.writing() as connection:
            try:
                with connection.begin_nested():
                    connection.execute(sa.insert(runs), _clean(row))
            except IntegrityError:
                raise UsageError(f"the run {info.run} is already there", hint="`workbench runs list`") from None
            if groups:
                connection.execute(sa.insert(run_groups), list(map(_clean, groups)))
            waiting = []
            for case, packed in cases:
                waiting.append(_clean(_row(case)) | {"run_id": key, "events": packed})
                if len(waiting) == _TOGETHER:
                    connection.execute(sa.insert(run_cases), waiting)
                    waiting = []
            if waiting:
                connection.execute(sa.insert(run_cases), waiting)

    def all(self, subsystem: str = "", version: str = "", limit: int = 0, *, group: str = "") -> list[RunInfo]:
        """Newest first. `limit` 0: all. `group`: of this group of cases."""
        query = sa.select(*_INFO).order_by(runs.c.started_us.desc(), runs.c.run.desc())
        for column, wanted in ((runs.c.subsystem, subsystem), (runs.c.version, version)):
            query = query.where(column == wanted) if wanted else query
        query = query.where(of_group(group)) if group else query
        with self._database.reading() as connection:
            rows = connection.execute(query.limit(limit) if limit else query).all()
            groups = _groups_of(connection, [row.id for row in rows])
        return [_info(row, groups) for row in rows]

    def get(self, run: str) -> RunInfo:
        """Raises NotFoundError, with near names, for a run that is not there."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(*_INFO).where(runs.c.run == run)).first()
            if row is None:
                known = connection.scalars(sa.select(runs.c.run).order_by(runs.c.started_us.desc()).limit(200)).all()
                hint = did_you_mean(run, known) or "`workbench runs list`"
                raise NotFoundError(f"there is no run {run!r} in the database", hint=hint)
            return _info(row, _groups_of(connection, [row.id]))

    def cases(self, run: str) -> list[RunCase]:
        """In the order of the plan."""
        query = sa.select(*_CASE).join(runs).where(runs.c.run == run).order_by(run_cases.c.position)
        with self._database.reading() as connection:
            return [RunCase(**_renamed(row._mapping)) for row in connection.execute(query)]

    def plan(self, run: str) -> bytes:
        """JSON text, as it was put."""
        with self._database.reading() as connection:
            return zlib.decompress(connection.scalar(sa.select(runs.c.plan).where(runs.c.run == run)) or pack(b""))

    def events(self, run: str, position: int | None = None) -> Iterator[bytes]:
        """JSON lines: of the run itself, then of each case in the order of the plan; `position`: of that case only."""
        query = sa.select(run_cases.c.events).join(runs).where(runs.c.run == run).order_by(run_cases.c.position)
        if position is not None:
            query = query.where(run_cases.c.position == position)
        with self._database.reading() as connection:
            if position is None:
                yield zlib.decompress(connection.scalar(sa.select(runs.c.events).where(runs.c.run == run)) or b"")
            for row in connection.execution_options(yield_per=_TOGETHER).execute(query):
                yield zlib.decompress(row.events)

    def delete(self, names: Collection[str], author: Author) -> int:
        """Remove runs with all of theirs; conclusions stay. Gives how many there were. Raises DeniedError."""
        with self._database.writing() as connection:
            keys = []
            for chunk in chunks(sorted(names)):
                for row in connection.execute(sa.select(*_HEAD).where(runs.c.run.in_(chunk))).all():
                    refuse_stranger(connection, row.subsystem, author)
                    was = {"run": row.run, "version": row.version, "verdict": row.verdict, "started_us": row.started_us}
                    note(connection, author, "run-deleted", row.run, subsystem=row.subsystem, before=was)
                    keys.append(row.id)
            for chunk in chunks(keys):
                connection.execute(sa.delete(run_groups).where(run_groups.c.run_id.in_(chunk)))
                connection.execute(sa.delete(run_cases).where(run_cases.c.run_id.in_(chunk)))
                connection.execute(sa.delete(runs).where(runs.c.id.in_(chunk)))
            return len(keys)

    def bounds(self) -> dict[str, tuple[int, int]]:
        """Subsystem → (keep, days), of those that have bounds of their own."""
        with self._database.reading() as connection:
            return _bounds(connection)

    def set_bounds(self, subsystem: str, bounds: tuple[int, int] | None, author: Author) -> None:
        """How many runs of a subsystem are kept, and for how many days; None: as the settings say.

        Raises DeniedError, StaleError; what is seen is the list of the two, or an empty one.
        """
        with self._database.writing() as connection:
            locked = sa.select(subsystems.c.id).where(subsystems.c.name == subsystem).with_for_update()
            connection.execute(locked)
            refuse_stranger(connection, subsystem, author)
            before = _bounds(connection).get(subsystem)
            refuse_stale(author, list(before or ()), subsystem)
            connection.execute(sa.delete(run_bounds).where(run_bounds.c.subsystem == subsystem))
            if bounds is not None:
                keep, days = bounds
                connection.execute(sa.insert(run_bounds), {"subsystem": subsystem, "keep": keep, "days": days})
            note(connection, author, "retention", subsystem, subsystem=subsystem, before=before, after=bounds)

    def prune(
        self,
        *,
        keep: int,
        days: int,
        author: Author = RETENTION,
        subsystem: str = "",
        now_us: int | None = None,
        own: bool = True,
    ) -> list[str]:
        """Remove, of each subsystem or of one, all but the newest `keep` and what is older than `days`; 0 is no bound.

        `own`: a subsystem that has bounds of its own is held to those. The newest of a subsystem always stays. Gives
        the runs that went.
        """
        now = time.time_ns() // 1000 if now_us is None else now_us
        bounds = self.bounds() if own else {}
        seen: dict[str, int] = {}
        gone = []
        for each in self.all(subsystem):
            place = seen[each.subsystem] = seen.get(each.subsystem, 0) + 1
            most, age = bounds.get(each.subsystem, (keep, days))
            if place > 1 and ((most and place > most) or (age and each.started_us < now - age * DAY_US)):
                gone.append(each.run)
        self.delete(gone, author)
        return gone

    def conclude(self, subsystem: str, fingerprint: str, conclusion: Conclusion, author: Author) -> None:
        """Say something of a failure; what was said before stays in the table. Raises DeniedError, and StaleError when
        the author has seen something else there."""
        row = asdict(conclusion) | {"id": new_keys(1)[0], "subsystem": subsystem, "fingerprint": fingerprint}
        with self._database.writing() as connection:
            connection.scalar(sa.select(subsystems.c.id).where(subsystems.c.name == subsystem).with_for_update())
            refuse_stranger(connection, subsystem, author)
            held = _said(connection, subsystem, [fingerprint]).get(fingerprint)
            refuse_stale(author, held, conclusion.run)
            connection.execute(sa.insert(conclusions), _clean(row))
            note(connection, author, "concluded", conclusion.run, subsystem=subsystem,
                 before=UNSET if held is None else held, after=conclusion)  # fmt: skip

    def conclusions(self, subsystem: str, fingerprints: Collection[str]) -> dict[str, Conclusion]:
        """What was last said of each of these failures, in whichever run."""
        with self._database.reading() as connection:
            return _said(connection, subsystem, fingerprints)


def _said(connection: sa.Connection, subsystem: str, fingerprints: Collection[str]) -> dict[str, Conclusion]:
    columns = (conclusions.c[name] for name in Conclusion.__struct_fields__)
    query = sa.select(conclusions.c.fingerprint, *columns).where(conclusions.c.subsystem == subsystem)
    query = query.order_by(conclusions.c.created_us, conclusions.c.id)
    found = {}
    for chunk in chunks(sorted(set(fingerprints) - {""})):
        for row in connection.execute(query.where(conclusions.c.fingerprint.in_(chunk))):
            values = dict(row._mapping)
            fingerprint = values.pop("fingerprint")
            found[fingerprint] = Conclusion(**values)
    return found


def _bounds(connection: sa.Connection) -> dict[str, tuple[int, int]]:
    rows = connection.execute(sa.select(run_bounds.c.subsystem, run_bounds.c.keep, run_bounds.c.days))
    return {row.subsystem: (row.keep, row.days) for row in rows}


_HEAD = (runs.c.id, runs.c.run, runs.c.subsystem, runs.c.version, runs.c.verdict, runs.c.started_us)
_INFO: Sequence[sa.Column[Any]] = [
    runs.c[name]
    for name in ("id", *(each for each in RunInfo.__struct_fields__ if each not in ("cases", "groups")), *_COUNTS)
]
_CASE: Sequence[sa.Column[Any]] = [
    run_cases.c["case_key" if name == "case" else name] for name in RunCase.__struct_fields__
]


def of_group(group: str) -> sa.ColumnElement[bool]:
    """Runs that were asked for this group of cases."""
    return runs.c.id.in_(sa.select(run_groups.c.run_id).where(run_groups.c.name == group))


def _groups_of(connection: sa.Connection, keys: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Key of a run → its groups, of those that have some."""
    query = sa.select(run_groups.c.run_id, run_groups.c.name).order_by(run_groups.c.run_id, run_groups.c.position)
    found: dict[str, tuple[str, ...]] = {}
    for chunk in chunks(keys):
        for key, name in connection.execute(query.where(run_groups.c.run_id.in_(chunk))):
            found[key] = (*found.get(key, ()), name)
    return found


def _info(row: sa.Row[Any], groups: Mapping[str, tuple[str, ...]]) -> RunInfo:
    values = dict(row._mapping)
    key = values.pop("id")
    counts = Counts(**{name: values.pop(name) for name in _COUNTS})
    return RunInfo(**values, cases=counts, groups=groups.get(key, ()))


def _row(case: RunCase) -> dict[str, Any]:
    row = asdict(case)
    return row | {"case_key": row.pop("case")}


def _renamed(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {"case" if name == "case_key" else name: value for name, value in values.items()}


def _clean(row: dict[str, Any]) -> dict[str, Any]:
    """PostgreSQL's TEXT holds no NUL; the events, that have the exact text, are bytes."""
    return {key: value.replace("\0", "\ufffd") if isinstance(value, str) else value for key, value in row.items()}


def pack(lines: bytes) -> bytes:
    """As they lie in the database. What is small, as most cases are, has a small window: to clear the memory of the
    large one takes three times as long as to compress it."""
    small = len(lines) <= 1 << _SMALL
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _SMALL, 6) if small else zlib.compressobj(_LEVEL)
    return packer.compress(lines) + packer.flush()
