"""What every database must do with flags of cases: a class of tests, inherited once a database."""

from msgspec.structs import replace
from storage_contract import LI, case, snapshot

from workbench.model.suite import Dependency
from workbench.storage import Author, Impact, Spread, Storage

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

    def test_versions_that_depend_on_it_are_flagged_with_the_origin(self, storage: Storage) -> None:
        for name, needs in (("trade", "1.0.0"), ("stock", ""), ("fund", "2.0.0"), ("order2", "1.0.0")):
            own = snapshot(case("x"), subsystem=name, version="7")
            to = "order" if name != "order2" else "other"
            file = replace(own.suite.file, dependencies={to: Dependency(version=needs)}, description='"order" %_')
            storage.suites.put(replace(own, suite=replace(own.suite, file=file)), LI)
        origin = storage.joins.bring(snapshot(case("a")), None, LI).origin
        found = storage.impacts.dependents("order", "1.0.0")
        assert found == [("stock", "7", "order"), ("trade", "7", "order")]
        hit = Impact("order", "{}", {"x": (0,)}, {"x": "breaking"})
        spread = [Spread("trade", "7", hit)]
        save = storage.joins.bring(snapshot(case("a"), case("b")), origin, LI, impact=HITS, spread=spread).origin.save
        (flag,) = storage.impacts.flags("trade", "7")
        assert (flag.case, flag.origin, flag.save, flag.dependency) == ("x", "order@1.0.0", save, "order")
        (change,) = storage.impacts.changes("trade", "7")
        assert (change.origin, change.flags, change.open) == ("order@1.0.0", 1, 1)
        assert {each.origin for each in storage.impacts.flags("order", "1.0.0")} == {""}
        (noted,), _ = storage.audit.entries(action="flagged")
        assert (noted.subsystem, noted.subject) == ("trade", "trade@7")
        storage.suites.new_version("order", "1.0.0", "2.0.0", LI)
        assert storage.impacts.dependents("order", "2.0.0") == [("fund", "7", "order"), ("stock", "7", "order")]

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
