"""The clock: what is due is done once, late or not at all, and what came of it is told."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from storage_contract import LI, case, snapshot

from workbench.errors import NotFoundError, StorageError
from workbench.fleet.schedules import SILENT_US, Clock
from workbench.model.schedule import Missed, Schedule
from workbench.storage import Storage
from workbench.usecases.schedules import Outcome

MINUTE = 60_000_000
DUE = 1_767_225_600_000_000  # 2026-01-01T00:00Z


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path) as opened:
        opened.suites.put(snapshot(case("a")), LI)
        yield opened


class World:
    """A clock that is set by hand, and what was done by it."""

    def __init__(self, storage: Storage) -> None:
        self.storage, self.at, self.done = storage, DUE, list[str]()
        self.outcome: Outcome | Exception = Outcome("run-1")
        self.clock = Clock(storage, self._do, server="here", clock=lambda: self.at)

    def _do(self, schedule: Schedule) -> Outcome:
        self.done.append(schedule.name)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def add(self, name: str = "n", *, missed: Missed = "once", zone: str = "UTC", cron: str = "* * * * *") -> Schedule:
        made = Schedule(subsystem="order", name=name, cron=cron, timezone=zone, missed=missed, next_us=DUE)
        return self.storage.schedules.add(made, LI)

    def leave(self, at: int) -> None:
        """Another server claims what is due, and ends."""
        (due,) = self.storage.schedules.due(at)
        assert self.storage.schedules.claim(due, due.schedule.next_us + 60 * MINUTE, at, "gone")

    def tick(self, at: int) -> int:
        self.at = at
        claimed = self.clock.tick()
        for hand in self.clock._hands:
            hand.join()
        return claimed


def test_what_is_due_is_done_once(storage: Storage) -> None:
    world = World(storage)
    world.add()
    assert [world.tick(at) for at in (DUE - 1, DUE, DUE + 1, DUE + MINUTE)] == [0, 1, 0, 1]
    assert world.done == ["n", "n"]
    assert [each.due_us for each in storage.schedules.fires("order", "n")] == [DUE + MINUTE, DUE]
    held = storage.schedules.get("order", "n")
    assert (held.next_us, held.last_us, held.last_run) == (DUE + 2 * MINUTE, DUE + MINUTE, "run-1")


@pytest.mark.parametrize(
    ("missed", "done", "said"),
    [("once", ["n"], "2 h 5 min late: no server was there"), ("skip", [], "missed: no server was there")],
)
def test_times_at_which_no_server_ran(storage: Storage, missed: Missed, done: list[str], said: str) -> None:
    world = World(storage)
    world.add(missed=missed)
    late = DUE + 125 * MINUTE + 1
    assert world.tick(late) == 1
    assert world.done == done
    (fire,) = storage.schedules.fires("order", "n")
    assert (fire.due_us, fire.fired_us, fire.run, fire.said) == (DUE, late, "run-1" if done else "", said)
    assert storage.schedules.get("order", "n").next_us == DUE + 126 * MINUTE


@pytest.mark.parametrize(
    ("error", "said"),
    [(NotFoundError("there is no version"), "no run: there is no version"), (KeyError("x"), "a defect: KeyError: 'x'")],
)
def test_what_cannot_be_done_is_told(storage: Storage, error: Exception, said: str) -> None:
    world = World(storage)
    world.add()
    world.outcome = error
    world.tick(DUE)
    assert storage.schedules.get("order", "n").last_said == said
    assert world.tick(DUE + MINUTE) == 1  # it goes on


def test_a_zone_that_this_machine_does_not_know_stops_no_other(storage: Storage) -> None:
    world = World(storage)
    world.add("a", zone="Mars/Base")
    world.add("b")
    assert world.tick(DUE) == 2
    assert storage.schedules.get("order", "a").next_us == 0
    assert "no time zone 'Mars/Base'" in storage.schedules.get("order", "a").last_said
    assert storage.schedules.get("order", "b").next_us == DUE + MINUTE


@pytest.mark.parametrize(
    ("missed", "done", "said"),
    [
        ("once", ["n"], "2 min late: the server that had claimed it (gone) ended"),
        ("skip", [], "missed: the server that had claimed it (gone) ended"),
    ],
)
def test_what_a_server_left_that_ended_is_done_by_another(
    storage: Storage, missed: Missed, done: list[str], said: str
) -> None:
    world = World(storage)
    world.add(missed=missed, cron="0 * * * *")
    world.leave(DUE)
    late = DUE + SILENT_US + 1
    assert [world.tick(at) for at in (late - 1, late, late + 1, late + 10 * MINUTE)] == [0, 1, 0, 0]
    assert world.done == done
    (fire,) = storage.schedules.fires("order", "n")
    assert (fire.due_us, fire.fired_us, fire.server, fire.run) == (DUE, late, "here", "run-1" if done else "")
    assert fire.said == storage.schedules.get("order", "n").last_said == said


def test_what_was_left_is_not_done_late_where_the_schedule_has_come_again(storage: Storage) -> None:
    world = World(storage)
    world.add(cron="0 * * * *")
    world.leave(DUE)
    assert world.tick(DUE + 60 * MINUTE) == 2
    assert world.done == ["n"]
    assert [each.said for each in storage.schedules.fires("order", "n")] == [
        "", "missed: the server that had claimed it (gone) ended"]  # fmt: skip


def test_nobody_takes_what_is_worked_on(storage: Storage) -> None:
    """However long it takes: fetching artifacts may."""
    gate = threading.Event()
    slow, other = World(storage), World(storage)
    slow.outcome = other.outcome = Outcome("run-1")
    clock = Clock(
        storage, lambda _: Outcome("run-2") if gate.wait(60) else Outcome(), server="slow", clock=lambda: slow.at
    )
    slow.add(cron="0 * * * *")
    for minute in range(10):
        slow.at = DUE + minute * MINUTE
        assert clock.tick() == (minute == 0)
        assert other.tick(slow.at) == 0
    gate.set()
    clock.stop()
    (fire,) = storage.schedules.fires("order", "n")
    assert (fire.server, fire.run) == ("slow", "run-2")
    assert other.tick(DUE + 50 * MINUTE) == 0


def test_what_came_of_a_run_is_told_when_the_database_is_back(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.fleet.schedules._PAUSE_S", 0.01)
    tell, away = storage.schedules.tell, [StorageError("away")] * 3

    def told(*args: Any) -> None:
        if away:
            raise away.pop()
        tell(*args)

    monkeypatch.setattr(storage.schedules, "tell", told)
    world = World(storage)
    world.add(cron="0 * * * *")
    world.tick(DUE)
    assert storage.schedules.get("order", "n").last_run == "run-1"
    assert world.done == ["n"]


def test_it_watches_until_it_is_stopped(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.fleet.schedules._PAUSE_S", 0.01)
    world = World(storage)
    world.add()
    world.clock.start()
    while not storage.schedules.get("order", "n").last_run:
        pass
    world.clock.stop()
    world.at += MINUTE
    assert world.done == ["n"]
