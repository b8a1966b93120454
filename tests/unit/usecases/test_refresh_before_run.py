"""What is fetched before a run: what the run asks for, or else what the version says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from storage_contract import LI, case, snapshot

from workbench.model.plan import Refreshed
from workbench.model.schedule import Order
from workbench.model.suite import Refresh
from workbench.settings import Settings
from workbench.storage import Author, Storage
from workbench.usecases import refresh_artifacts as module
from workbench.usecases.refresh_artifacts import Wish, before_run

RUNNER = Author("wang", groups=frozenset())  # may save nothing
NEWER, RELEASES = {"releases": False, "strict": False}, {"releases": True, "strict": False}


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path) as opened:
        yield opened


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Author, dict[str, Any]]]:
    made: list[tuple[Author, dict[str, Any]]] = []

    def refresh_all(address: str, storage: Storage, settings: Settings, author: Author, **options: Any) -> Refreshed:
        made.append((author, {"releases": False, "strict": False} | options))
        return Refreshed()

    monkeypatch.setattr(module, "refresh_all", refresh_all)
    return made


def put(storage: Storage, refresh: Refresh, artifact: str = "a:b:1-SNAPSHOT") -> None:
    given = snapshot(case("a"))
    file = replace(given.suite.file, refresh=refresh, artifacts=(artifact,))
    storage.suites.put(replace(given, suite=replace(given.suite, file=file)), LI)


@pytest.mark.parametrize(
    ("said", "wish", "done"),
    [
        ("never", Wish(), None),
        ("snapshot", Wish(), NEWER),
        ("always", Wish(), RELEASES),
        ("always", Wish(newer=False, releases=True, strict=True), None),
        ("always", Wish(newer=True), NEWER),
        ("never", Wish(newer=True), NEWER),
        ("never", Wish(releases=True), RELEASES),
        ("snapshot", Wish(strict=True), NEWER | {"strict": True}),
        ("always", Wish(strict=True), RELEASES | {"strict": True}),
    ],
)
def test_a_run_overrides_what_the_version_says(
    storage: Storage, calls: list[Any], said: Refresh, wish: Wish, done: dict[str, bool] | None
) -> None:
    put(storage, said)
    found = before_run("order@1.0.0", storage, Settings(), wish, RUNNER)
    assert (found is not None, [options for _, options in calls]) == (done is not None, [done] if done else [])
    # what an editor has said holds for all who may run; what is asked for more needs the right to edit
    for author, _ in calls:
        assert author.groups == (frozenset() if wish.explicit else None)
        assert author.name == "wang"


def test_a_version_that_names_nothing_by_coordinates_fetches_nothing(storage: Storage, calls: list[Any]) -> None:
    put(storage, "always", "lib/order-api.jar")
    assert before_run("order@1.0.0", storage, Settings(), Wish(), RUNNER) is None
    assert calls == []


def test_a_schedule_takes_the_right_to_edit_only_for_what_the_version_does_not_say() -> None:
    assert not Order().refreshes
    assert not Order(refresh=False, refresh_releases=True).refreshes
    assert Order(refresh_releases=True).refreshes
    assert Order(only_refresh=True, refresh=False).refreshes
