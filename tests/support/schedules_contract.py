"""What every database must do with schedules: a class of tests, inherited once a database."""

import threading

import pytest
from msgspec.structs import replace
from storage_contract import LI

from workbench.errors import DeniedError, NotFoundError, StaleError, UsageError
from workbench.model.schedule import Order, Schedule
from workbench.storage import Author, Storage
from workbench.storage.schedules import KEPT

NIGHTLY = Schedule(
    subsystem="order", name="nächtlich", version="1.0.0", cron="0 2 * * *", timezone="Asia/Shanghai",
    order=Order(groups=("smoke",), impacted=True), author="li", next_us=1_000,
)  # fmt: skip


class SchedulesContract:
    def test_a_schedule_is_made_changed_and_removed(self, storage: Storage) -> None:
        made = storage.schedules.add(NIGHTLY, LI)
        assert storage.schedules.get("order", "nächtlich") == made
        assert replace(made, created_us=0) == NIGHTLY
        with pytest.raises(UsageError, match="has a schedule"):
            storage.schedules.add(NIGHTLY, LI)
        changed = storage.schedules.change(replace(NIGHTLY, cron="5 * * * *"), Author("wang", seen="1"))
        assert (changed.revision, changed.created_us) == (2, made.created_us)
        with pytest.raises(StaleError, match="somebody else changed it") as stale:
            storage.schedules.change(NIGHTLY, Author("li", seen="1"))
        with pytest.raises(StaleError):
            storage.schedules.remove("order", "nächtlich", Author("li", seen="1"))
        assert "5 * * * *" in stale.value.theirs
        with pytest.raises(DeniedError):
            storage.schedules.change(NIGHTLY, Author("x", groups=frozenset()))
        storage.schedules.remove("order", "nächtlich", LI)
        with pytest.raises(NotFoundError):
            storage.schedules.get("order", "nächtlich")
        entries, _ = storage.audit.entries()
        assert [each.action for each in entries] == ["schedule-removed", "schedule-changed", "schedule-made"]

    def test_a_time_is_claimed_once(self, storage: Storage) -> None:
        storage.schedules.add(NIGHTLY, LI)
        assert storage.schedules.due(999) == []
        (due,) = storage.schedules.due(1_000)
        won: list[str] = []
        gate = threading.Barrier(6)

        def ask(server: str) -> None:
            gate.wait()
            if storage.schedules.claim(due, 2_000, 1_500, server):
                won.append(server)

        threads = [threading.Thread(target=ask, args=(f"s{number}",)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (server,) = won
        storage.schedules.tell(due, "run-1", "2 of 3")
        (fire,) = storage.schedules.fires("order", "nächtlich")
        assert (fire.due_us, fire.fired_us, fire.server, fire.run, fire.said) == (
            1_000,
            1_500,
            server,
            "run-1",
            "2 of 3",
        )
        held = storage.schedules.get("order", "nächtlich")
        assert (held.next_us, held.last_us, held.last_run, held.revision) == (2_000, 1_500, "run-1", 1)
        storage.schedules.remove("order", "nächtlich", LI)

    def test_what_a_server_left_is_taken_once(self, storage: Storage) -> None:
        storage.schedules.add(NIGHTLY, LI)
        (due,) = storage.schedules.due(1_000)
        assert storage.schedules.claim(due, 2_000, 1_500, "gone")
        assert storage.schedules.left(1_500) == []
        storage.schedules.stay([due], 1_600)
        assert storage.schedules.left(1_600) == []
        (left,) = storage.schedules.left(1_601)
        assert left.due == replace(due, schedule=replace(storage.schedules.get("order", "nächtlich"), next_us=1_000))
        assert (left.server, left.newest) == ("gone", True)
        assert [storage.schedules.take(left, 1_700, server) for server in ("a", "b")] == [True, False]
        storage.schedules.tell(left.due, "run-1", "late")
        storage.schedules.stay([due], 1_800)
        assert storage.schedules.left(10**15) == []
        (fire,) = storage.schedules.fires("order", "nächtlich")
        assert (fire.due_us, fire.fired_us, fire.server, fire.run) == (1_000, 1_700, "a", "run-1")
        held = storage.schedules.get("order", "nächtlich")
        assert (held.next_us, held.last_run, held.last_said) == (2_000, "run-1", "late")

    def test_what_was_changed_or_paused_meanwhile_is_not_claimed(self, storage: Storage) -> None:
        storage.schedules.add(NIGHTLY, LI)
        (due,) = storage.schedules.due(1_000)
        storage.schedules.change(replace(NIGHTLY, cron="1 2 * * *"), LI)
        assert not storage.schedules.claim(due, 2_000, 1_500, "s")
        (due,) = storage.schedules.due(1_000)
        storage.schedules.change(replace(NIGHTLY, enabled=False, next_us=0), LI)
        assert not storage.schedules.claim(due, 2_000, 1_500, "s")
        assert storage.schedules.due(10**15) == []
        assert storage.schedules.fires("order", "nächtlich") == []

    def test_a_clock_that_was_set_back_repeats_no_time(self, storage: Storage) -> None:
        storage.schedules.add(NIGHTLY, LI)
        (due,) = storage.schedules.due(1_000)
        assert storage.schedules.claim(due, 1_000, 1_000, "s")
        (again,) = storage.schedules.due(1_000)
        assert not storage.schedules.claim(again, 2_000, 1_000, "s")
        assert storage.schedules.get("order", "nächtlich").next_us == 2_000

    def test_old_fires_go(self, storage: Storage) -> None:
        storage.schedules.add(NIGHTLY, LI)
        for number in range(KEPT + 5):
            (due,) = storage.schedules.due(10**9)
            assert storage.schedules.claim(due, 2_000 + number, 1_500, "s")
        found = storage.schedules.fires("order", "nächtlich", 10 * KEPT)
        assert len(found) == KEPT
        assert found[0].due_us == 2_000 + KEPT + 3
