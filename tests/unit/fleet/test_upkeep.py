"""What a server does by itself: again and again, whatever happens, until it stops."""

import threading

import pytest

from workbench.errors import StorageError
from workbench.fleet.upkeep import Upkeep


def test_it_goes_on_after_errors_and_ends(caplog: pytest.LogCaptureFixture) -> None:
    failing: list[Exception] = [StorageError("the database is away"), ValueError("a defect")]
    went = threading.Event()

    def work() -> None:
        if failing:
            raise failing.pop(0)
        went.set()

    upkeep = Upkeep(work, first_s=0, every_s=0.001)
    upkeep.start()
    assert went.wait(60)
    upkeep.stop()
    assert not upkeep._thread.is_alive()
    assert "the database is away" in caplog.text
    assert "a defect" in caplog.text


def test_it_may_stop_before_it_began() -> None:
    never = Upkeep(lambda: None)
    never.stop()
    begun = Upkeep(lambda: pytest.fail("too early"))
    begun.start()
    begun.stop()
    assert not begun._thread.is_alive()
