"""What every database must do: a class of tests that is inherited once a database. `storage` is a fresh one."""

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from msgspec.structs import replace

from workbench.errors import ConflictError, StorageError, UsageError
from workbench.model import json
from workbench.model.contract import Contract, Interface
from workbench.model.suite import Case, Environment, Scenario, ScriptStep, SharedSteps, Suite, SuiteFile
from workbench.storage import At, Author, Snapshot, Storage, StoredFile, VersionInfo
from workbench.storage.tables import metadata

LI = Author("li", "first")


def case(key: str, name: str = "", script: str = "pass") -> Case:
    return Case(id=key, case=name or key, steps=(ScriptStep(id=f"{key}-1", step="one", script=script),))


def snapshot(*cases: Case, subsystem: str = "order", version: str = "1.0.0") -> Snapshot:
    file = SuiteFile(
        suite="pay",
        subsystem=subsystem,
        version=version,
        environments={"sit": Environment(config={"n": 2**70}), "dev": Environment()},
        config={"z": 1, "a": "b"},
    )
    scenario = Scenario(id="s1", scenario="Pay", cases=cases)
    shared = {"z.b": SharedSteps(), "z.a": SharedSteps(), "b.x": SharedSteps()}
    suite = Suite(file=file, scenarios={"pay": scenario, "empty": Scenario(id="s2", scenario="None")}, shared=shared)
    contracts = {"": Contract(interfaces=(Interface(name="com.example.A"),)), "trade": Contract()}
    return Snapshot(suite, contracts, {"rows": StoredFile("datasets/rows.csv", "0" * 64, 3)}, ())


class StorageContract:
    def test_what_goes_in_comes_out(self, storage: Storage) -> None:
        given = snapshot(case("b"), case("a"), case("c"))
        storage.suites.put(given, LI)
        found = storage.suites.get("order", "1.0.0")
        assert found == given
        for name in ("scenarios", "shared"):
            assert list(getattr(found.suite, name)) == list(getattr(given.suite, name))
        assert list(found.suite.file.environments) == ["sit", "dev"]

    def test_lists_and_search_find_what_the_newest_version_holds(self, storage: Storage) -> None:
        storage.suites.put(snapshot(case("b", "Pay 50%"), case("a", script='x = "50"'), version="1"), LI)
        storage.suites.put(snapshot(case("b", "Pay 100_%\\", script="pass"), version="2"), LI)
        storage.suites.put(snapshot(case("c", "pay"), subsystem="trade"), LI)
        listed = storage.listing.documents("order", "1", "case")
        assert [(each.key, each.scenario, each.position, each.revision) for each in listed] == [
            ("b", "s1", 0, 1), ("a", "s1", 1, 1)]  # fmt: skip
        assert [each.slug for each in storage.listing.documents("order", "1", "scenario")] == ["pay", "empty"]
        hits, total = storage.listing.search("PAY", 1)
        assert ([(each.subsystem, each.version, each.key) for each in hits], total) == ([("order", "2", "b")], 2)
        for text, found in (("50%", 0), ("0_%\\", 1), ("_%%", 0), ('"50"', 0)):
            assert storage.listing.search(text, 9)[1] == found

    def test_search_is_paged_over_versions(self, storage: Storage) -> None:
        for name in ("b", "a", "c"):
            cases = [case(f"{name}{number}") for number in range(3)]
            storage.suites.put(snapshot(*cases, subsystem=name), LI)
        whole, total = storage.listing.search("-1", 100)
        assert [each.key for each in whole] == [f"{name}{number}" for name in "abc" for number in range(3)]
        for offset in range(11):
            for limit in (1, 2, 4, 100):
                assert storage.listing.search("-1", limit, offset) == (whole[offset : offset + limit], total)
        only = frozenset({"a", "c"})
        assert storage.listing.search("-1", 9, 2, only) == ([*whole[2:3], *whole[6:]], 6)

    def test_lists_tell_what_is_saved_meanwhile(self, storage: Storage) -> None:
        def listed() -> list[tuple[str, str, int, str]]:
            found = storage.listing.cases("order", "1.0.0")
            return [(each.key, each.head.case, each.revision, each.home.head.scenario) for each in found]

        storage.suites.put(snapshot(case("a"), case("b")), LI)
        assert listed() == [("a", "a", 1, "Pay"), ("b", "b", 1, "Pay")]
        assert storage.listing.cases("order", "1.0.0") is storage.listing.cases("order", "1.0.0")  # kept
        (found,) = storage.history.find("a")
        storage.history.save(found, "1.0.0", json.dumps(case("a", "A")), 1, LI)
        assert listed() == [("a", "A", 2, "Pay"), ("b", "b", 1, "Pay")]
        given = snapshot(case("b"), case("a", "A"))
        (pay, empty) = given.suite.scenarios.values()
        renamed = {"pay": replace(pay, scenario="Refund", tags=("Slow",)), "empty": empty}
        storage.suites.put(replace(given, suite=replace(given.suite, scenarios=renamed)), LI)
        assert listed() == [("b", "b", 1, "Refund"), ("a", "A", 2, "Refund")]
        first = storage.listing.cases("order", "1.0.0")[0]
        assert ("refund" in first.words, first.tags, first.position) == (True, {"slow"}, 0)
        assert [each.head.scenario for each in storage.listing.scenarios("order", "1.0.0")] == ["Refund", "None"]
        storage.saves.restore(At("order", "1.0.0", 1), LI)
        assert listed() == [("a", "a", 1, "Pay"), ("b", "b", 1, "Pay")]

    def test_the_same_again_changes_nothing_and_one_change_is_one_revision(self, storage: Storage) -> None:
        storage.suites.put(snapshot(case("a"), case("b")), LI)
        before = rows(storage)
        assert storage.suites.put(snapshot(case("a"), case("b")), LI) == []
        assert rows(storage) == before
        changes = storage.suites.put(snapshot(case("a"), case("b", script="x = 1")), LI)
        assert [(each.what, each.kind, each.key) for each in changes] == [("changed", "case", "b")]
        assert rows(storage) == before | {"revisions": before["revisions"] + 1}

    def test_a_dry_run_tells_the_changes_and_makes_none(self, storage: Storage) -> None:
        told = storage.suites.put(snapshot(case("a")), LI, dry_run=True)
        assert set(rows(storage, journal=True).values()) == {0}
        assert storage.suites.put(snapshot(case("a")), LI) == told
        before = rows(storage)
        (change,) = storage.suites.put(snapshot(case("a", script="x")), LI, dry_run=True)
        assert (change.what, change.key) == ("changed", "a")
        assert rows(storage) == before

    def test_places_change_without_a_revision(self, storage: Storage) -> None:
        storage.suites.put(snapshot(case("a"), case("b"), case("c")), LI)
        before = rows(storage)
        changes = storage.suites.put(snapshot(case("c"), case("b"), case("a")), LI)
        assert {(each.what, each.key) for each in changes} == {("moved", "a"), ("moved", "c")}
        assert rows(storage) == before
        assert [each.id for each in storage.suites.get("order", "1.0.0").suite.scenarios["pay"].cases] == [*"cba"]

    def test_what_is_gone_leaves_the_version_and_stays_in_history(self, storage: Storage) -> None:
        storage.suites.put(snapshot(case("a"), case("b")), LI)
        before = rows(storage)
        changes = storage.suites.put(snapshot(case("b")), LI)
        assert ("removed", "case", "a") in [(each.what, each.kind, each.key) for each in changes]
        assert rows(storage) == before | {"entries": before["entries"] - 1}
        storage.suites.put(snapshot(case("a"), case("b")), LI)
        assert rows(storage) == before  # the same content again is the same revision

    def test_a_new_version_copies_no_document(self, storage: Storage) -> None:
        given = snapshot(case("a"), case("b"))
        storage.suites.put(given, LI)
        before = rows(storage)
        storage.suites.new_version("order", "1.0.0", "2.0.0", LI)
        assert rows(storage) == before | {"versions": 2, "entries": 2 * before["entries"]}
        assert storage.suites.hashes("order", "2.0.0") == storage.suites.hashes("order", "1.0.0")
        changed = snapshot(case("a", script="y"), case("b"), version="2.0.0")
        assert len(storage.suites.put(changed, LI)) == 1
        assert storage.suites.get("order", "1.0.0") == given
        assert storage.suites.get("order", "2.0.0") == changed
        assert storage.suites.latest("order") == "2.0.0"
        with pytest.raises(UsageError, match="already there"):
            storage.suites.new_version("order", "1.0.0", "2.0.0", LI)

    def test_an_import_into_a_new_version_finds_its_revisions(self, storage: Storage) -> None:
        storage.suites.put(snapshot(case("a")), LI)
        before = rows(storage)
        storage.suites.put(snapshot(case("a"), version="2"), LI)
        assert rows(storage)["revisions"] == before["revisions"]

    def test_versions_are_listed_in_their_order(self, storage: Storage) -> None:
        storage.suites.put(snapshot(case("a"), version="10"), LI)
        storage.suites.put(snapshot(version="9"), LI)
        storage.suites.put(snapshot(subsystem="other"), LI)
        found = [replace(each, created_us=0) for each in storage.suites.versions()]
        assert found == [
            VersionInfo("order", "10", 0, 2, 1),
            VersionInfo("order", "9", 0, 2, 0),
            VersionInfo("other", "1.0.0", 0, 2, 0),
        ]
        assert len(storage.suites.versions("other")) == 1

    @pytest.mark.parametrize(
        "name",
        ["订单", "😀 b", "a/b", "x' OR '1'='1", "<b>", "%s", ":a", "שלום", "A", "é", "\\", '"', "a" * 200],
    )
    def test_names_of_all_kinds(self, storage: Storage, name: str) -> None:
        one = Case(id=name, case=name, description=name * 5)
        given = snapshot(one, subsystem=name, version=name)
        storage.suites.put(given, Author(name, name))
        storage.suites.put(snapshot(subsystem="a"), LI)  # what differs by case or accent only is another
        assert storage.suites.get(name, name) == given
        assert len(storage.suites.versions()) == 2

    @pytest.mark.parametrize("name", [" a", "a ", "a\n", "a@b", "a" * 201, "a\0"])
    def test_names_that_no_database_holds(self, storage: Storage, name: str) -> None:
        with pytest.raises(UsageError, match="cannot be the name"):
            storage.suites.put(snapshot(subsystem=name), LI)
        assert storage.suites.versions() == []

    def test_texts_and_numbers_of_any_length(self, storage: Storage) -> None:
        long = case("a", script="x = '\\0\x01\u2028'\n" + "é" * 300_000)
        given = snapshot(long)
        given = replace(given, suite=replace(given.suite, file=replace(given.suite.file, config={"n": 10**5000 + 1})))
        storage.suites.put(given, LI)
        assert storage.suites.get("order", "1.0.0") == given

    def test_unknown_names_tell_the_nearest(self, storage: Storage) -> None:
        with pytest.raises(UsageError, match="no subsystem 'order'") as nothing:
            storage.suites.get("order", "1.0.0")
        assert "workbench import" in nothing.value.hint
        storage.suites.put(snapshot(), LI)
        for names in (("ordre", "1.0.0"), ("order", "1.0")):
            with pytest.raises(UsageError, match="there is no") as unknown:
                storage.suites.get(*names)
            assert "order" in unknown.value.hint or "1.0.0" in unknown.value.hint

    def test_what_fails_in_the_middle_leaves_nothing(self, storage: Storage) -> None:
        storage.suites.put(snapshot(case("a")), LI)
        before = rows(storage)
        twice = snapshot(case("b"), case("c"), case("b", script="z"))
        with pytest.raises(StorageError):
            storage.suites.put(twice, LI)
        assert rows(storage) == before

    def test_history_tells_who_when_and_where(self, storage: Storage) -> None:
        storage.suites.put(snapshot(case("a")), LI)
        storage.suites.new_version("order", "1.0.0", "2", LI)
        storage.suites.put(snapshot(case("a", script="x")), Author("wang", "faster"))
        (found,) = storage.history.find("a")
        newest, first = storage.history.revisions(found)
        assert (newest.number, newest.author, newest.message, newest.versions) == (2, "wang", "faster", ("1.0.0",))
        assert (first.number, first.author, first.versions) == (1, "li", ("2",))
        assert newest.created_us >= first.created_us > 1_700_000_000_000_000
        assert storage.history.body(found, 2) != storage.history.body(found, 1)
        assert storage.history.find("a", "other") == storage.history.find("A") == []
        with pytest.raises(UsageError, match="no revision 3"):
            storage.history.body(found, 3)

    def test_a_save_is_a_revision_of_one_version(self, storage: Storage) -> None:
        storage.suites.put(snapshot(case("a"), case("b")), LI)
        storage.suites.new_version("order", "1.0.0", "2", LI)
        (found,) = storage.history.find("a")
        body = json.dumps(case("a", script="x"))
        assert storage.history.save(found, "2", body, 1, LI) == 2
        assert storage.history.save(found, "2", body, 2, LI) == 2  # nothing changed
        assert storage.suites.get("order", "2") == snapshot(case("a", script="x"), case("b"), version="2")
        assert storage.suites.get("order", "1.0.0") == snapshot(case("a"), case("b"))
        with pytest.raises(StorageError, match="no case"):
            storage.history.save(found, "2", '{"nothing": 1}', 2, LI)

    def test_a_stale_save_gets_all_three_texts_and_changes_nothing(self, storage: Storage) -> None:
        storage.suites.put(snapshot(case("a")), LI)
        (found,) = storage.history.find("a")
        base, theirs, mine = (json.dumps(case("a", script=text)) for text in ("pass", "theirs", "mine"))
        storage.history.save(found, "1.0.0", theirs, 1, Author("wang"))
        before = rows(storage)
        with pytest.raises(ConflictError, match="revision 2") as caught:
            storage.history.save(found, "1.0.0", mine, 1, LI)
        assert (caught.value.base, caught.value.mine, caught.value.theirs) == (base, mine, theirs)
        assert rows(storage) == before

    def test_writers_at_once_lose_nothing(self, storage: Storage) -> None:
        """Each adds one tag; a conflict is answered by doing it again upon what stands there."""
        storage.suites.put(snapshot(case("a"), case("d")), LI)
        found = {key: storage.history.find(key)[0] for key in "ad"}

        def add(number: int) -> None:
            key, expected = "ad"[number % 2], 1
            while True:
                held = msgspec.json.decode(storage.history.body(found[key], expected), type=Case)
                body = json.dumps(replace(held, tags=(*held.tags, str(number))))
                try:
                    storage.history.save(found[key], "1.0.0", body, expected, LI)
                    return
                except ConflictError:
                    expected = storage.history.revisions(found[key])[0].number

        with ThreadPoolExecutor(20) as pool:
            list(pool.map(add, range(20)))
        (scenario, _) = storage.suites.get("order", "1.0.0").suite.scenarios.values()
        tags = [sorted(each.tags, key=int) for each in scenario.cases]
        assert tags == [[str(n) for n in range(20) if n % 2 == odd] for odd in (0, 1)]
        assert [each.number for each in storage.history.revisions(found["a"])] == list(range(11, 0, -1))

    def test_versions_stand_in_the_order_of_the_release_train(self, storage: Storage) -> None:
        storage.suites.put(snapshot(case("a")), LI)
        storage.suites.new_version("order", "1.0.0", "2.0.0", LI)
        storage.suites.new_version("order", "1.0.0", "1.0.1", LI, behind="1.0.0")
        assert [each.version for each in storage.suites.versions("order")] == ["1.0.0", "1.0.1", "2.0.0"]
        assert storage.suites.latest("order") == "2.0.0"
        storage.suites.order("order", ["2.0.0", "1.0.0", "1.0.1"], LI)
        assert storage.suites.latest("order") == "1.0.1"
        storage.suites.new_version("order", "1.0.0", "3", LI)
        assert storage.suites.latest("order") == "3"
        for wrong in (
            ["1.0.0", "1.0.1", "2.0.0"],
            ["1.0.0", "1.0.1", "2.0.0", "3", "3"],
            ["1.0.0", "1.0.1", "2.0.0", "4"],
        ):
            with pytest.raises(UsageError, match="not the versions of order"):
                storage.suites.order("order", wrong, LI)
        with pytest.raises(UsageError, match="no version of order"):
            storage.suites.new_version("order", "1.0.0", "5", LI, behind="nope")
        assert [each.version for each in storage.suites.versions("order")] == ["2.0.0", "1.0.0", "1.0.1", "3"]
        with pytest.raises(UsageError, match="no subsystem"):
            storage.suites.order("ordre", ["1"], LI)

    def test_a_case_that_a_version_lost_cannot_be_saved_there(self, storage: Storage) -> None:
        storage.suites.put(snapshot(case("a")), LI)
        (found,) = storage.history.find("a")
        storage.suites.put(snapshot(), LI)
        with pytest.raises(UsageError, match="has no case a"):
            storage.history.save(found, "1.0.0", json.dumps(case("a")), 1, LI)

    def test_the_scripts_make_the_tables_of_the_code(self, storage: Storage) -> None:
        with storage.database.reading() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def rows(storage: Storage, *, journal: bool = False) -> dict[str, int]:
    """How many each table has; `journal`: also of those that tell who saved what."""
    with storage.database.reading() as connection:
        return {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
            if journal or table.name not in ("saves", "save_entries", "merges", "links", "audit", "heads")
        }
