"""Schedules as a person makes them: what would fail each night is told at once; as whom one runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from storage_contract import LI, case, snapshot

from workbench.errors import DeniedError, NotFoundError, PlanError, UsageError
from workbench.model.plan import Refreshed
from workbench.model.schedule import Order, Schedule
from workbench.planning import Selection
from workbench.settings import Serving, Settings
from workbench.storage import Author, Storage
from workbench.usecases import schedules

NIGHTLY = Schedule(subsystem="order", name="nightly", cron="0 2 * * *", order=Order(cases=("a",)))


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path) as opened:
        opened.suites.put(snapshot(case("a"), case("b")), LI)
        yield opened


def launched(schedule: Schedule, storage: Storage, *, login: bool = True) -> Selection:
    seen: list[Selection] = []

    def launch(one: Schedule, selection: Selection, refreshed: Refreshed | None) -> str:
        assert (one, refreshed) == (schedule, None)
        seen.append(selection)
        return "run-1"

    settings = Settings(serve=Serving(login=login))
    assert schedules.fire(schedule, storage, settings, launch).run == "run-1"
    return seen[0]


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (replace(NIGHTLY, order=Order(cases=("c",))), PlanError, "no case 'c'"),
        (replace(NIGHTLY, order=Order(groups=("g",))), PlanError, "no group"),
        (replace(NIGHTLY, order=Order(environment="prod")), PlanError, "no environment 'prod'"),
        (replace(NIGHTLY, version="9"), NotFoundError, "version of order"),
        (replace(NIGHTLY, subsystem="trade"), NotFoundError, "subsystem 'trade'"),
        (replace(NIGHTLY, cron="x"), UsageError, "no cron expression"),
        (replace(NIGHTLY, timezone="Mars"), UsageError, "no time zone"),
        (replace(NIGHTLY, name="a\nb"), UsageError, "name of a schedule"),
    ],
)
def test_what_can_never_run_is_told_at_once(
    storage: Storage, wrong: Schedule, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        schedules.add(wrong, storage, LI)
    assert storage.schedules.all() == []


def test_globs_may_meet_cases_that_are_still_to_be_written(storage: Storage) -> None:
    schedules.add(replace(NIGHTLY, order=Order(cases=("pay*",))), storage, LI)


def test_a_pause_is_no_missed_time(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    began = schedules.now()  # at two in the morning the next time would be another one in the middle of this
    monkeypatch.setattr(schedules, "now", lambda: began)
    made = schedules.add(NIGHTLY, storage, LI)
    assert made.next_us == schedules.next_times(made, 1)[0] > began
    paused = schedules.turn("order", "nightly", False, storage, LI)
    assert (paused.next_us, schedules.next_times(paused, 3)) == (0, [])
    assert schedules.turn("order", "nightly", False, storage, LI).revision == paused.revision
    resumed = schedules.turn("order", "nightly", True, storage, Author("wang"))
    assert (resumed.next_us, resumed.author) == (made.next_us, "wang")


def test_it_runs_as_who_made_it_with_the_rights_of_then(storage: Storage) -> None:
    made = schedules.add(NIGHTLY, storage, LI)
    assert launched(made, storage).cases == ("a",)  # no user of that name: it was made at the machine itself
    storage.people.add("li", LI)
    with pytest.raises(DeniedError, match="may not run order"):
        launched(made, storage)
    storage.people.add_group("pay", LI)
    storage.people.give("order", "pay", LI)
    storage.people.set_role("pay", "li", "run", LI)
    launched(made, storage)
    fetching = replace(made, order=Order(refresh=True))
    assert schedules.right_for(fetching) == "edit"
    with pytest.raises(DeniedError, match="may not edit order"):
        launched(fetching, storage)
    storage.people.add("root", LI, administrator=True)
    storage.people.change("li", LI, disabled=True)
    with pytest.raises(DeniedError, match="shut out"):
        launched(made, storage)
    launched(made, storage, login=False)
