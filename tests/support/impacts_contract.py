"""What every database must do with flags of cases: a class of tests, inherited once a database."""

from storage_contract import LI, case, snapshot

from workbench.storage import Author, Impact, Storage

HITS = Impact("", '{"n": 9007199254740993}', {"a": (0, 2), "b": (1,), "gone": (0,)},
              {"a": "risky", "b": "breaking", "gone": "risky"})  # fmt: skip


class ImpactsContract:
    def test_flags_stay_until_somebody_settles_them(self, storage: Storage) -> None:
        origin = storage.joins.bring(snapshot(case("a"), case("b")), None, LI).origin
        brought = storage.joins.bring(snapshot(case("a"), case("b"), case("c")), origin, LI, impact=HITS)
        (change,) = storage.impacts.changes("order", "1.0.0")
        assert (change.save, change.author, change.flags, change.open) == (brought.origin.save, "li", 2, 2)
        assert storage.impacts.comparison(change.id) == '{"n": 9007199254740993}'
        found = storage.impacts.flags("order", "1.0.0")
        assert [(flag.case, flag.severity, flag.changes) for flag in found] == [
            ("b", "breaking", (1,)),
            ("a", "risky", (0, 2)),
        ]
        storage.suites.new_version("order", "1.0.0", "2.0.0", LI)
        assert storage.impacts.flags("order", "2.0.0") == []
        assert storage.impacts.settle("order", "1.0.0", ["a", "c"], Author("wang")) == 1
        assert [flag.case for flag in storage.impacts.flags("order", "1.0.0")] == ["b"]
        assert [flag.settled_by for flag in storage.impacts.flags("order", "1.0.0", settled=True)] == ["", "wang"]
        assert storage.impacts.settle("order", "1.0.0", None, LI) == 1
        assert storage.impacts.settle("order", "1.0.0", None, LI) == 0

    def test_what_changes_nothing_flags_nothing(self, storage: Storage) -> None:
        origin = storage.joins.bring(snapshot(case("a")), None, LI, impact=HITS).origin
        assert len(storage.impacts.changes("order", "1.0.0")) == 1
        storage.joins.bring(snapshot(case("a")), origin, LI, impact=HITS)
        storage.joins.bring(snapshot(case("b")), origin, LI, impact=HITS, dry_run=True)
        assert len(storage.impacts.changes("order", "1.0.0")) == 1

    def test_a_case_that_the_version_lost_is_not_flagged(self, storage: Storage) -> None:
        origin = storage.joins.bring(snapshot(case("a"), case("b")), None, LI, impact=HITS).origin
        storage.joins.bring(snapshot(case("b")), origin, LI)
        assert [flag.case for flag in storage.impacts.flags("order", "1.0.0")] == ["b"]
