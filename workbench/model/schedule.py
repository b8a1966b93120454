"""Runs by the clock: what is run when, and what came of it."""

from typing import Literal

from msgspec import Struct, field

from workbench.model.suite import CaseState, Priority

Missed = Literal["once", "skip"]


class Order(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What a schedule runs, as the options of `workbench run` say it. `refresh…`: fetch newer artifacts before
    (`refresh` null: as the version says; false: none); `only_refresh`: fetch, compare and flag them, run nothing."""

    scenarios: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    priorities: tuple[Priority, ...] = ()
    states: tuple[CaseState, ...] = ()
    impacted: bool = False
    failed: bool = False
    environment: str = ""
    registries: tuple[str, ...] = ()
    url: str = ""
    refresh: bool | None = None
    refresh_releases: bool = False
    refresh_strict: bool = False
    only_refresh: bool = False

    @property
    def refreshes(self) -> bool:
        """Whether it asks for more than the version says."""
        if self.refresh is False and not self.only_refresh:
            return False
        return bool(self.refresh) or self.refresh_releases or self.refresh_strict or self.only_refresh


class Schedule(Struct, frozen=True, kw_only=True):
    """`version` "": the newest at the time. `cron`: five fields, read in `timezone` (IANA name or offset). `missed`:
    what becomes of times at which no server ran: one run afterwards, or none. Times are microseconds since 1970, UTC;
    0: never. `author`: as whom it runs."""

    subsystem: str
    name: str
    version: str = ""
    cron: str
    timezone: str = "UTC"
    missed: Missed = "once"
    enabled: bool = True
    order: Order = field(default_factory=Order)
    author: str = ""
    revision: int = 1
    created_us: int = 0
    next_us: int = 0
    last_us: int = 0
    last_run: str = ""
    last_said: str = ""


class Fire(Struct, frozen=True, kw_only=True):
    """A time that came. `run`: what was started, "" for nothing; `said`: why, or what else was done."""

    due_us: int
    fired_us: int
    server: str
    run: str = ""
    said: str = ""
