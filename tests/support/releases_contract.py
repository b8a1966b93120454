"""What every database must do with versions that are renamed and removed: tests, inherited once a database."""

import pytest
from msgspec.structs import replace
from storage_contract import LI, case, snapshot

from workbench.errors import DeniedError, NotFoundError, UsageError
from workbench.model.schedule import Schedule
from workbench.model.suite import Dependency
from workbench.storage import Author, Storage
from workbench.usecases.releases import remove_version, rename_version, restore_version


def names(storage: Storage) -> list[str]:
    return [each.version for each in storage.suites.versions("order")]


def three(storage: Storage) -> None:
    storage.suites.put(snapshot(case("a"), case("b"), version="1"), LI)
    storage.suites.new_version("order", "1", "2", LI)
    storage.suites.new_version("order", "2", "3", LI)


def needing(storage: Storage, version: str) -> None:
    given = snapshot(case("t"), subsystem="trade", version="7")
    file = replace(given.suite.file, dependencies={"order": Dependency(version=version)})
    storage.suites.put(replace(given, suite=replace(given.suite, file=file)), LI)


class ReleasesContract:
    def test_a_version_is_renamed_with_all_that_it_was(self, storage: Storage) -> None:
        three(storage)
        storage.suites.put(snapshot(case("a", script="x"), version="2"), LI)
        before = storage.saves.all("order", "2")
        assert rename_version("order@2", "2.1", storage, LI) == "order@2.1"
        assert names(storage) == ["1", "2.1", "3"]
        assert storage.saves.all("order", "2.1") == before
        assert len(storage.suites.get("order", "2.1").suite.scenarios["pay"].cases) == 1
        for wrong in ("3", "a@b", "", " 4"):
            with pytest.raises(UsageError):
                rename_version("order@2.1", wrong, storage, LI)
        with pytest.raises(NotFoundError, match="version of order"):
            rename_version("order@2", "4", storage, LI)
        assert rename_version("order@3", "3", storage, LI) == "order@3"

    def test_a_removed_version_is_nowhere_and_comes_back_to_its_place(self, storage: Storage) -> None:
        three(storage)
        whole = storage.suites.get("order", "2")
        assert remove_version("order@3", storage, LI) == "order@3"
        remove_version("order@2", storage, LI)
        assert names(storage) == ["1"]
        assert storage.suites.latest("order") == "1"
        (found,) = storage.history.find("a")
        assert [each.versions for each in storage.history.revisions(found)] == [("1",)]
        assert {each.version for each in storage.listing.search("a", 9)[0]} == {"1"}
        for work in (storage.suites.get, storage.suites.hashes, storage.listing.cases):
            with pytest.raises(NotFoundError):
                work("order", "2")
        assert [(each.version, each.author) for each in storage.releases.removed("order")] == [("2", "li"), ("3", "li")]
        storage.suites.put(snapshot(case("n"), version="2"), LI)  # the name is free
        with pytest.raises(UsageError, match="already there"):
            restore_version("order@2", storage, LI)
        assert restore_version("order@2", storage, LI, "2-old") == "order@2-old"
        restore_version("order@3", storage, LI)
        assert sorted(names(storage)) == ["1", "2", "2-old", "3"]
        assert names(storage).index("2-old") < names(storage).index("3")
        back = storage.suites.get("order", "2-old").suite
        assert (back.scenarios, back.shared) == (whole.suite.scenarios, whole.suite.shared)
        assert storage.releases.removed("order") == []
        with pytest.raises(NotFoundError, match="in the trash"):
            restore_version("order@9", storage, LI)
        with pytest.raises(UsageError, match="name a version") as bare:
            restore_version("order", storage, LI)
        assert "in the trash: " in bare.value.hint
        with pytest.raises(NotFoundError, match="no subsystem"):
            restore_version("nothing@9", storage, LI)
        assert "nothing" not in {each.subsystem for each in storage.suites.versions()}

    def test_what_others_name_stays(self, storage: Storage) -> None:
        three(storage)
        needing(storage, "2")
        for work in (
            lambda: remove_version("order@2", storage, LI),
            lambda: rename_version("order@2", "x", storage, LI),
        ):
            with pytest.raises(UsageError, match="named by trade@7"):
                work()
        storage.schedules.add(Schedule(subsystem="order", name="nightly", version="1", cron="0 2 * * *"), LI)
        with pytest.raises(UsageError, match="the schedule nightly"):
            remove_version("order@1", storage, LI)
        needing(storage, "")  # the newest, whichever that is
        for version in ("3", "2"):
            remove_version(f"order@{version}", storage, LI)
        storage.schedules.remove("order", "nightly", LI)
        with pytest.raises(UsageError, match="named by trade@7"):
            remove_version("order@1", storage, LI)
        remove_version("trade@7", storage, LI)
        remove_version("order@1", storage, LI)
        assert names(storage) == []
        with pytest.raises(NotFoundError):
            storage.suites.latest("order")
        storage.suites.put(snapshot(case("a"), version="1"), LI)
        assert names(storage) == ["1"]

    def test_strangers_change_no_versions(self, storage: Storage) -> None:
        three(storage)
        stranger = Author("wang", groups=frozenset({"other"}))
        remove_version("order@3", storage, LI)
        for work in (
            lambda: remove_version("order@2", storage, stranger),
            lambda: rename_version("order@2", "x", storage, stranger),
            lambda: restore_version("order@3", storage, stranger),
        ):
            with pytest.raises(DeniedError):
                work()
        assert names(storage) == ["1", "2"]
