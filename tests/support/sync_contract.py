"""What every database must do when one version is brought into another: a class of tests, inherited once a database."""

from typing import Any

import pytest
from msgspec.structs import replace
from storage_contract import LI, case, rows, snapshot

from workbench.errors import ConflictError, ErrorGroup, UsageError
from workbench.model.dataset import Column
from workbench.model.suite import Case
from workbench.storage import At, Author, Choices, Snapshot, Storage, StoredFile, Synced

WANG = Author("wang")


def put(storage: Storage, version: str, *cases: Case) -> None:
    storage.suites.put(snapshot(*cases, version=version), LI)


def forked(storage: Storage, *keys: str) -> None:
    """Version 2 is made of 1."""
    put(storage, "1", *map(case, keys))
    storage.suites.new_version("order", "1", "2", LI)


def held(storage: Storage, version: str) -> Snapshot:
    return storage.suites.get("order", version)


def statuses(synced: Synced) -> dict[str, str]:
    return {each.key: each.status for each in synced.items}


class SyncContract:
    def test_rows_of_datasets_are_put_together(self, storage: Storage) -> None:
        def saved(version: str, *cells: int) -> None:
            rows = [{"id": str(at), "n": cell} for at, cell in enumerate(cells)]
            table = storage.rows.put((Column("id"), Column("n")), rows)
            given = snapshot(case("a"), version=version)
            file = StoredFile("datasets/d.json", "", 0, table)
            storage.suites.put(replace(given, datasets={"d": file}), LI)

        def cells(version: str) -> list[Any]:
            held = storage.suites.get("order", version).datasets["d"].table
            assert held is not None
            return [row["n"] for row in storage.rows.read(held)]

        saved("1", 1, 2, 3, 4)
        storage.suites.new_version("order", "1", "2", LI)
        saved("1", 10, 2, 3, 4, 5)
        saved("2", 1, 2, 30, 4)
        (item,) = storage.sync("order", "1", "2", LI, preview=True).items
        assert (item.kind, item.status) == ("dataset", "merged")
        assert cells("2") == [1, 2, 30, 4]
        storage.sync("order", "1", "2", LI)
        assert cells("2") == [10, 2, 30, 4, 5]
        assert storage.sync("order", "1", "2", LI).changes == []
        saved("1", 10, 21, 3, 4, 5)
        saved("2", 10, 22, 30, 4, 5)
        (item,) = storage.sync("order", "1", "2", LI, preview=True).items
        assert (item.status, item.conflicts) == ("conflict", ("dataset/d/row/2/n",))
        with pytest.raises(ErrorGroup) as clash:
            storage.sync("order", "1", "2", LI)
        (error,) = clash.value.errors
        assert isinstance(error, ConflictError)
        assert (error.base, error.mine, error.theirs) == ('{"row/2/n":2}', '{"row/2/n":21}', '{"row/2/n":22}')
        storage.sync("order", "1", "2", LI, Choices({("dataset", "d", "row", "2", "n"): "mine"}))
        assert cells("2") == [10, 21, 30, 4, 5]

    def test_each_document_gets_what_the_other_version_did(self, storage: Storage) -> None:
        forked(storage, *"abcdef")
        source = [case("new"), case("a"), case("b", script="x"), replace(case("c"), owner="wang"), case("d"), case("e")]
        put(storage, "1", *source)  # f is gone
        target = [case("a"), case("b"), case("c", script="y"), case("d", script="z"), case("f"), case("own")]
        put(storage, "2", *target)  # e is gone
        told = storage.sync("order", "1", "2", WANG, preview=True)
        assert statuses(told) == {"new": "new", "b": "fast-forward", "c": "merged"}
        assert held(storage, "2") == snapshot(*target, version="2")
        done = storage.sync("order", "1", "2", WANG)
        assert done.items == told.items
        merged = replace(case("c", script="y"), owner="wang")
        wanted = [case("new"), case("a"), case("b", script="x"), merged, case("d", script="z"), case("f"), case("own")]
        assert held(storage, "2") == snapshot(*wanted, version="2")
        assert held(storage, "1") == snapshot(*source, version="1")
        assert storage.sync("order", "1", "2", WANG).items == []
        assert statuses(storage.sync("order", "1", "2", WANG, remove=True)) == {"f": "removed"}

    def test_a_fast_forward_is_the_same_revision(self, storage: Storage) -> None:
        forked(storage, "a")
        put(storage, "1", case("a", script="x"))
        before = rows(storage)
        storage.sync("order", "1", "2", WANG)
        assert rows(storage) == before

    def test_one_value_changed_in_both_is_chosen_once(self, storage: Storage) -> None:
        forked(storage, "a", "b")
        put(storage, "1", case("a", script="source"), case("b", script="x"))
        put(storage, "2", case("a", script="target"), case("b"))
        before = rows(storage, journal=True)
        (item, _) = storage.sync("order", "1", "2", WANG, preview=True).items
        assert (item.key, item.status, item.conflicts) == ("a", "conflict", ("case/a/steps/a-1/script",))
        with pytest.raises(ErrorGroup) as caught:
            storage.sync("order", "1", "2", WANG)
        (error,) = caught.value.errors
        assert isinstance(error, ConflictError)
        assert "source" in error.mine
        assert "target" in error.theirs
        assert rows(storage, journal=True) == before
        storage.sync("order", "1", "2", WANG, Choices({("case", "a"): "theirs"}))
        assert held(storage, "2") == snapshot(case("a", script="target"), case("b", script="x"), version="2")
        assert storage.sync("order", "1", "2", WANG).items == []  # it is decided
        put(storage, "1", case("a", script="source again"), case("b", script="x"))
        assert statuses(storage.sync("order", "1", "2", WANG, preview=True)) == {"a": "conflict"}
        storage.sync("order", "1", "2", WANG, Choices({(): "mine"}))
        assert held(storage, "2") == replace(held(storage, "1"), suite=held(storage, "2").suite)
        assert held(storage, "2").suite.scenarios == held(storage, "1").suite.scenarios

    def test_what_was_put_together_is_no_conflict_later(self, storage: Storage) -> None:
        forked(storage, "a")
        put(storage, "1", case("a", script="x"))
        put(storage, "2", replace(case("a"), owner="wang"))
        storage.sync("order", "1", "2", WANG)
        put(storage, "1", case("a", script="x again"))
        assert statuses(storage.sync("order", "1", "2", WANG)) == {"a": "merged"}
        assert held(storage, "2") == snapshot(replace(case("a", script="x again"), owner="wang"), version="2")
        assert statuses(storage.sync("order", "2", "1", WANG)) == {"a": "fast-forward"}
        assert held(storage, "1").suite.scenarios == held(storage, "2").suite.scenarios
        assert storage.sync("order", "1", "2", WANG).items == storage.sync("order", "2", "1", WANG).items == []

    def test_the_same_change_in_both_is_none(self, storage: Storage) -> None:
        forked(storage, "a")
        for version in "12":
            put(storage, version, case("a", script="x"))
        assert storage.sync("order", "1", "2", WANG).items == []
        put(storage, "1", case("a", script="x again"))
        assert statuses(storage.sync("order", "1", "2", WANG)) == {"a": "fast-forward"}

    def test_only_what_is_chosen_is_brought(self, storage: Storage) -> None:
        forked(storage, "a", "b")
        given = snapshot(case("a", script="x"), case("more"), case("b", script="x"), version="1")
        storage.suites.put(replace(given, datasets={}), LI)
        found = storage.sync("order", "1", "2", WANG, only=[("case", "more"), ("case", "b")])
        assert statuses(found) == {"more": "new", "b": "fast-forward"}
        wanted = snapshot(case("a"), case("more"), case("b", script="x"), version="2")
        assert held(storage, "2") == wanted
        found = storage.sync("order", "1", "2", WANG, only=[("dataset", "rows")], remove=True)
        assert statuses(found) == {"rows": "removed"}
        assert held(storage, "2") == replace(wanted, datasets={})
        with pytest.raises(UsageError, match="neither version has the case z"):
            storage.sync("order", "1", "2", WANG, only=[("case", "z")])
        with pytest.raises(UsageError, match="itself"):
            storage.sync("order", "1", "1", WANG)

    def test_a_scenario_comes_with_its_cases_and_a_case_with_its_scenario(self, storage: Storage) -> None:
        storage.suites.put(snapshot(subsystem="order", version="2"), LI)
        bare = snapshot(case("a"), case("b"), version="1")
        scenarios = {"pay": bare.suite.scenarios["pay"], "new": replace(bare.suite.scenarios["empty"], id="s3",
                     cases=(case("c"), case("d")))}  # fmt: skip
        storage.suites.put(replace(bare, suite=replace(bare.suite, scenarios=scenarios)), LI)
        assert statuses(storage.sync("order", "1", "2", WANG, only=[("case", "d")])) == {"s3": "new", "d": "new"}
        assert statuses(storage.sync("order", "1", "2", WANG, only=[("scenario", "s1")])) == {"a": "new", "b": "new"}
        suite = held(storage, "2").suite
        assert {name: [each.id for each in scenario.cases] for name, scenario in suite.scenarios.items()} == {
            "pay": ["a", "b"], "empty": [], "new": ["d"],
        }  # fmt: skip

    def test_removed_here_and_changed_there_is_a_conflict_of_versions(self, storage: Storage) -> None:
        forked(storage, "a", "b")
        put(storage, "1", case("a"))
        put(storage, "2", case("a"), case("b", script="target"))
        assert storage.sync("order", "1", "2", WANG).items == []
        told = storage.sync("order", "1", "2", WANG, remove=True, preview=True)
        assert statuses(told) == {"b": "conflict"}
        put(storage, "1", case("a"), case("b", script="source"))
        put(storage, "2", case("a"))
        assert statuses(storage.sync("order", "1", "2", WANG, preview=True)) == {"b": "conflict"}

    def test_a_sync_is_undone_and_offered_again(self, storage: Storage) -> None:
        forked(storage, "a", "b")
        put(storage, "1", case("a", script="x"), case("b", script="y"), case("new"))
        put(storage, "2", replace(case("a"), owner="wang"), case("b"))
        before = held(storage, "2")
        done = storage.sync("order", "1", "2", WANG)
        put_after = snapshot(replace(case("a", script="x"), owner="wang"), case("b", script="y"), case("new"),
                             case("own"), version="2")  # fmt: skip
        storage.suites.put(put_after, LI)
        _, number = storage.saves.undo(At("order", "2", done.save), LI)
        wanted = snapshot(replace(case("a"), owner="wang"), case("b"), case("own"), version="2")
        assert held(storage, "2") == wanted  # what was done since stays
        assert statuses(storage.sync("order", "1", "2", WANG, preview=True)) == statuses(done)
        storage.saves.undo(At("order", "2", number), LI)
        assert held(storage, "2") == put_after
        storage.saves.restore(At("order", "2", done.save - 1), LI)
        assert held(storage, "2") == before
        told = [(each.number, each.what, each.author) for each in storage.saves.all("order", "2")]
        assert told[:3] == [(6, "restore", "li"), (5, "undo", "li"), (4, "undo", "li")]
        assert (2, "sync", "wang") in told

    def test_what_was_changed_again_is_not_undone_unasked(self, storage: Storage) -> None:
        put(storage, "1", case("a"))
        put(storage, "1", case("a", script="x"))
        put(storage, "1", case("a", script="y"))
        with pytest.raises(ErrorGroup):
            storage.saves.undo(At("order", "1", 2), LI)
        storage.saves.undo(At("order", "1", 2), LI, Choices({(): "mine"}))
        assert held(storage, "1") == snapshot(case("a"), version="1")
        with pytest.raises(UsageError, match="has no save 9"):
            storage.saves.undo(At("order", "1", 9), LI)

    def test_versions_and_saves_are_compared(self, storage: Storage) -> None:
        forked(storage, "a", "b")
        put(storage, "2", case("b", script="x"), case("c"))
        found = storage.saves.compare(At("order", "1"), At("order", "2"))
        assert [(each.what, each.key, each.name) for each in found] == [
            ("removed", "a", "a"),
            ("changed", "b", "b"),
            ("added", "c", "c"),
        ]
        assert [each.place for each in found[1].differences] == [("steps", "b-1", "script")]
        assert storage.saves.compare(At("order", "2", 0), At("order", "2", 1)) == found
        assert storage.saves.compare(At("order", "1", 1), At("order", "2", 0)) == []

    def test_the_trash_holds_what_a_version_lost(self, storage: Storage) -> None:
        put(storage, "1", case("a"), case("b"))
        put(storage, "1", case("b"))
        put(storage, "1", case("new"), case("b"))
        (found,) = storage.saves.trash("order", "1")
        assert (found.kind, found.key, found.name, found.save, found.author) == ("case", "a", "a", 2, "li")
        storage.saves.undo(At("order", "1", found.save), LI, only=[("case", "a")], what="restore")
        assert held(storage, "1") == snapshot(case("a"), case("new"), case("b"), version="1")
        assert storage.saves.trash("order", "1") == []
