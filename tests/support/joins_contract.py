"""What every database must do when two have changed one thing: a class of tests, inherited once a database."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace
from storage_contract import LI, case, rows, snapshot

from workbench.errors import ConflictError, ErrorGroup, UsageError
from workbench.model import json
from workbench.model.origin import Origin
from workbench.storage import Author, Choices, Snapshot, Storage
from workbench.storage.state import state_of
from workbench.storage.suites import find_version

WANG = Author("wang")


def base_of(storage: Storage, *cases: str) -> Origin:
    return storage.joins.bring(snapshot(*map(case, cases)), None, LI).origin


def held(storage: Storage, version: str = "1.0.0") -> Snapshot:
    return storage.suites.get("order", version)


class JoinsContract:
    def test_changes_of_two_are_put_together(self, storage: Storage) -> None:
        origin = base_of(storage, "a", "b")
        theirs = replace(case("a"), owner="wang")
        storage.joins.bring(snapshot(theirs, case("b"), case("new")), origin, WANG)
        brought = storage.joins.bring(snapshot(case("more"), case("a", script="mine")), origin, LI)
        wanted = snapshot(case("more"), replace(case("a", script="mine"), owner="wang"), case("new"))
        assert held(storage) == brought.whole == wanted
        assert brought.merged == [("case", "a")]
        assert {(each.what, each.key) for each in brought.changes} >= {("changed", "a"), ("removed", "b")}
        assert storage.joins.bring(wanted, brought.origin, LI).changes == []

    def test_one_value_changed_by_both_is_a_conflict_with_all_texts(self, storage: Storage) -> None:
        origin = base_of(storage, "a", "b")
        storage.joins.bring(snapshot(case("a", script="theirs"), case("b")), origin, WANG)
        before = rows(storage, journal=True)
        mine = snapshot(case("a", script="mine"), case("b", name="B"))
        with pytest.raises(ErrorGroup) as caught:
            storage.joins.bring(mine, origin, LI)
        (error,) = caught.value.errors
        assert isinstance(error, ConflictError)
        texts = [json.dumps(case("a", script=text)) for text in ("pass", "mine", "theirs")]
        assert [error.base, error.mine, error.theirs] == texts
        assert error.places == ("case/a/steps/a-1/script",)
        assert rows(storage, journal=True) == before
        choices = Choices({("case", "a", "steps", "a-1", "script"): "mine"})
        storage.joins.bring(mine, origin, LI, choices)
        assert held(storage) == mine

    def test_removed_here_and_changed_there_is_a_conflict(self, storage: Storage) -> None:
        origin = base_of(storage, "a", "b")
        storage.joins.bring(snapshot(case("a")), origin, WANG)
        mine = snapshot(case("a"), case("b", script="mine"))
        with pytest.raises(ErrorGroup) as caught:
            storage.joins.bring(mine, origin, LI)
        (error,) = caught.value.errors
        assert isinstance(error, ConflictError)
        assert (error.theirs, error.places) == ("", ("case/b",))
        storage.joins.bring(mine, origin, LI, Choices({(): "theirs"}))
        assert held(storage) == snapshot(case("a"))
        storage.joins.bring(mine, origin, LI, Choices({("case", "b"): "mine"}))
        assert held(storage) == mine

    def test_a_choice_of_nothing_is_refused(self, storage: Storage) -> None:
        origin = base_of(storage, "a")
        storage.joins.bring(snapshot(case("a", script="theirs")), origin, WANG)
        with pytest.raises(UsageError, match="nothing to choose at case/x"):
            storage.joins.bring(snapshot(case("a", name="mine")), origin, LI, Choices({("case", "x"): "mine"}))

    def test_what_comes_from_nowhere_is_refused_unless_it_replaces(self, storage: Storage) -> None:
        origin = base_of(storage, "a")
        assert storage.joins.bring(snapshot(case("a")), None, LI).changes == []
        for unknown in (None, replace(origin, digest="0" * 64), replace(origin, save=0)):
            with pytest.raises(UsageError, match="something else"):
                storage.joins.bring(snapshot(case("b")), unknown, LI)
        storage.joins.bring(snapshot(case("b")), None, LI, replace=True)
        assert held(storage) == snapshot(case("b"))

    def test_a_dry_run_of_a_join_changes_nothing(self, storage: Storage) -> None:
        origin = base_of(storage, "a")
        storage.joins.bring(snapshot(case("a", script="theirs")), origin, WANG)
        before = rows(storage, journal=True)
        told = storage.joins.bring(snapshot(case("a", name="mine")), origin, LI, dry_run=True)
        assert told.merged == [("case", "a")]
        assert rows(storage, journal=True) == before

    def test_what_a_version_was_at_each_save_is_known(self, storage: Storage) -> None:
        saved = [snapshot(case("a")), snapshot(case("b"), case("a")), snapshot(case("b", script="x")), snapshot()]
        numbers = [storage.joins.bring(each, None, LI, replace=True).origin for each in saved]
        assert [each.save for each in numbers] == [1, 2, 3, 4]
        with storage.database.reading() as connection:
            version = find_version(connection, "order", "1.0.0")
            states = [state_of(connection, version, number) for number in range(5)]
            assert state_of(connection, version) == states[-1]
        assert states[0] == {}
        keys = [[key for kind, key in sorted(state) if kind == "case"] for state in states]
        assert keys == [[], ["a"], ["a", "b"], ["b"], []]
        assert states[2]["case", "a"].position == 1
        assert states[1]["case", "a"].position == 0
        assert states[2]["case", "b"].hash != states[3]["case", "b"].hash

    def test_saves_of_one_document_count_as_saves(self, storage: Storage) -> None:
        origin = base_of(storage, "a", "b")
        (found,) = storage.history.find("a")
        storage.history.save(found, "1.0.0", json.dumps(case("a", script="theirs")), 1, WANG)
        snapshot_, now = storage.suites.get_with_origin("order", "1.0.0")
        assert (now.save, snapshot_) == (2, snapshot(case("a", script="theirs"), case("b")))
        storage.joins.bring(snapshot(case("a", name="mine"), case("b")), origin, LI)
        assert held(storage) == snapshot(case("a", name="mine", script="theirs"), case("b"))

    def test_a_stale_save_that_touches_other_fields_goes_in(self, storage: Storage) -> None:
        base_of(storage, "a")
        (found,) = storage.history.find("a")
        storage.history.save(found, "1.0.0", json.dumps(case("a", script="theirs")), 1, WANG)
        choose = Choices().of("case", "a")
        assert storage.history.save(found, "1.0.0", json.dumps(case("a", name="mine")), 1, LI, choose) == 3
        assert json.loads(storage.history.body(found, 3)) == json.loads(
            json.dumps(case("a", name="mine", script="theirs"))
        )
        with pytest.raises(ConflictError, match="both changed case/a/case") as caught:
            storage.history.save(found, "1.0.0", json.dumps(case("a", name="other")), 1, LI, choose)
        assert caught.value.places == ("case/a/case",)
        taken = Choices({("case", "a", "case"): "theirs"}).of("case", "a")
        assert storage.history.save(found, "1.0.0", json.dumps(case("a", name="other")), 1, LI, taken) == 3

    def test_many_bring_their_folders_at_once_and_nothing_is_lost(self, storage: Storage) -> None:
        """Each adds a case and a tag's worth of change of its own to a folder of one and the same save."""
        cases = [f"c{number}" for number in range(20)]
        origin = base_of(storage, *cases)

        def bring(number: int) -> None:
            changed = [case(key, script=f"w{number}") if key == f"c{number}" else case(key) for key in cases]
            storage.joins.bring(snapshot(*changed, case(f"new{number}")), origin, Author(f"w{number}"))

        with ThreadPoolExecutor(20) as pool:
            list(pool.map(bring, range(20)))
        (scenario, _) = held(storage).suite.scenarios.values()
        assert [each.id for each in scenario.cases[:20]] == cases
        assert sorted(each.id for each in scenario.cases[20:]) == sorted(f"new{number}" for number in range(20))
        assert [each.steps[0].script for each in scenario.cases[:20]] == [f"w{number}" for number in range(20)]
