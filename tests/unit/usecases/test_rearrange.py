"""Cases, scenarios and steps copied, moved, removed and brought back, with what they name."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from workbench.errors import ErrorGroup, UsageError
from workbench.model.suite import (
    Case,
    Dependency,
    DubboStep,
    Scenario,
    ScriptStep,
    SharedSteps,
    Suite,
    SuiteFile,
    UseStep,
)
from workbench.storage import Author, Snapshot, Storage, StoredFile
from workbench.usecases.rearrange import Place, copy, move, remove, restore, trash

LI = Author("li")
ROWS = StoredFile("datasets/rows.csv", "0" * 64, 1)


def case(key: str, *steps: str) -> Case:
    return Case(id=key, case=key, steps=tuple(ScriptStep(id=each, step=each, script="pass") for each in steps))


RICH = Case(
    id="rich",
    case="rich",
    dataset="rows",
    steps=(
        DubboStep(id="r1", step="own", dubbo="A#a()"),
        DubboStep(id="r2", step="theirs", dubbo="A#a()", subsystem="trade"),
        UseStep(id="r3", step="log in", use="common.login"),
    ),
)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path) as opened:
        scenarios = {
            "pay": Scenario(id="s1", scenario="Pay", cases=(case("a", "a1", "a2"), case("b", "b1"), RICH)),
            "more": Scenario(id="s2", scenario="More", cases=(case("c"),)),
        }
        shared = {
            "common.login": SharedSteps(steps=(UseStep(id="l1", use="common.deep"),)),
            "common.deep": SharedSteps(steps=(DubboStep(id="l2", dubbo="A#a()"),)),
        }
        file = SuiteFile(suite="s", subsystem="order", version="1", dependencies={"trade": Dependency()})
        opened.suites.put(Snapshot(Suite(file=file, scenarios=scenarios, shared=shared), datasets={"rows": ROWS}), LI)
        bare = Suite(
            file=replace(file, subsystem="trade", dependencies={"order": Dependency()}),
            scenarios={"own": Scenario(id="t1", scenario="Own")},
        )
        opened.suites.put(Snapshot(bare), LI)
        yield opened


def outline(storage: Storage, address: str = "order") -> dict[str, str]:
    suite = storage.suites.get(address, "1").suite
    return {each.id: " ".join(case.id for case in each.cases) for each in suite.scenarios.values()}


def steps(storage: Storage, key: str, address: str = "order") -> list[str]:
    suite = storage.suites.get(address, "1").suite
    (found,) = (each for scenario in suite.scenarios.values() for each in scenario.cases if each.id == key)
    return [each.id for each in found.steps]


def test_a_case_moves_and_keeps_its_history(storage: Storage) -> None:
    assert move("order", "a", Place(into="s2", behind=""), storage, LI).id == "a"
    assert outline(storage) == {"s1": "b rich", "s2": "a c"}
    move("order", "a", Place(behind="c"), storage, LI)
    assert outline(storage) == {"s1": "b rich", "s2": "c a"}
    (found,) = storage.history.find("a", "order")
    assert len(storage.history.revisions(found)) == 1
    assert [each.what for each in storage.saves.all("order", "1")] == ["move", "move", "import"]


def test_a_copy_has_ids_of_its_own(storage: Storage) -> None:
    done = copy("order", "a", Place(behind="a"), storage, LI)
    assert outline(storage) == {"s1": f"a {done.id} b rich", "s2": "c"}
    assert not {*steps(storage, done.id)} & {*steps(storage, "a")}
    done = copy("order", "s1", Place(), storage, LI)
    assert len(outline(storage)[done.id].split()) == 4
    assert list(storage.suites.get("order", "1").suite.scenarios) == ["pay", "more", "pay-2"]


def test_steps_go_to_other_cases(storage: Storage) -> None:
    move("order", "a/a1", Place(into="b", behind="b1"), storage, LI)
    assert (steps(storage, "a"), steps(storage, "b")) == (["a2"], ["b1", "a1"])
    done = copy("order", "b/a1", Place(behind=""), storage, LI)
    assert steps(storage, "b") == [done.id, "b1", "a1"]
    move("order", "b/a1", Place(into="s2"), storage, LI)
    assert [each.id for each in storage.suites.get("order", "1").suite.scenarios["more"].setup] == ["a1"]
    remove("order", "b/b1", storage, LI)
    assert steps(storage, "b") == [done.id]


@pytest.mark.parametrize(
    ("item", "place", "message"),
    [
        ("x", Place(), "no scenario or case x"),
        ("a/x", Place(), "a has no step x"),
        ("a", Place(into="b"), "a case stands in a scenario"),
        ("a", Place(into="x"), "order@1 has no x"),
        ("a", Place(behind="c"), "no c there"),
        ("a", Place(version="trade"), "trade@1 has no s1"),
    ],
)
def test_places_that_are_not_there(storage: Storage, item: str, place: Place, message: str) -> None:
    before = outline(storage)
    with pytest.raises(UsageError, match=message):
        move("order", item, place, storage, LI)
    assert outline(storage) == before


def test_another_subsystem_has_to_have_what_is_named(storage: Storage) -> None:
    place = Place(version="trade", into="t1")
    with pytest.raises(ErrorGroup) as caught:
        move("order", "rich", place, storage, LI)
    told = [(each.message, each.hint) for each in caught.value.errors]
    assert [message for message, _ in told] == [
        "case rich (rich): there is no dataset rows",
        "case rich (rich): there is no shared group common.login",
    ]
    assert {hint for _, hint in told} == {"--with-references brings it along"}
    done = move("order", "rich", place, storage, LI, with_references=True)
    assert done.brought == ["dataset rows", "shared group common.login", "shared group common.deep"]
    assert outline(storage) == {"s1": "a b", "s2": "c"}
    assert outline(storage, "trade") == {"t1": "rich"}
    there = storage.suites.get("trade", "1")
    assert there.datasets == {"rows": ROWS}
    (moved,) = there.suite.scenarios["own"].cases
    assert [getattr(each, "subsystem", None) for each in moved.steps] == [
        "order",
        "",
        None,
    ]  # each calls what it called
    assert there.suite.shared["common.deep"].steps[0].subsystem == "order"  # type: ignore[union-attr]


def test_a_dependency_is_never_brought(storage: Storage) -> None:
    storage.suites.put(Snapshot(Suite(file=SuiteFile(suite="x", subsystem="x", version="1"))), LI)
    with pytest.raises(ErrorGroup) as caught:
        copy("order", "s1", Place(version="x"), storage, LI, with_references=True)
    assert "no dependency order" in str(caught.value)
    assert outline(storage, "x") == {}


def test_the_trash_gives_back_to_where_it_stood(storage: Storage) -> None:
    before = storage.suites.get("order", "1")
    remove("order", "a", storage, LI)
    remove("order", "s1", storage, Author("wang"))
    assert [(each.kind, each.key, each.name, each.author) for each in trash("order", storage)] == [
        ("case", "b", "b", "wang"),
        ("case", "rich", "rich", "wang"),
        ("scenario", "s1", "Pay", "wang"),
        ("case", "a", "a", "li"),
    ]
    copy("order", "c", Place(), storage, LI)
    restore("order", "s1", storage, LI)
    assert outline(storage)["s1"] == "b rich"
    assert ("added", "a") in [(each.what, each.key) for each in restore("order", "a", storage, LI)]
    assert storage.suites.get("order", "1").suite.scenarios["pay"] == before.suite.scenarios["pay"]
    assert trash("order", storage) == []
    with pytest.raises(UsageError, match="not in the trash"):
        restore("order", "a", storage, LI)


def test_a_case_brings_its_scenario_back(storage: Storage) -> None:
    remove("order", "s2", storage, LI)
    restore("order", "c", storage, LI)
    assert outline(storage) == {"s1": "a b rich", "s2": "c"}


def test_names_that_a_copied_step_reads_are_looked_for(storage: Storage) -> None:
    reading = DubboStep(
        id="read", step="read", dubbo="A#a()",
        request='[{"a": "${config.url}", "b": "${config.gone}", "c": "${row.sku}"}]',
        assert_="response.id == \"${steps.create.response.id}\"", before='x = $app.getConfig("other")',
    )  # fmt: skip
    makes = ScriptStep(id="make", step="create", script="pass")
    suites = {
        "order": Case(id="from", case="from", dataset="rows", steps=(makes, reading)),
        "trade": Case(id="into", case="into", steps=(ScriptStep(id="x", step="x", script="pass"),)),
    }
    for subsystem, each in suites.items():
        config = {"url": "u"} if subsystem == "trade" else {}
        needs = {"order": Dependency()}
        file = SuiteFile(suite=subsystem, subsystem=subsystem, version="9", config=config, dependencies=needs)
        scenario = Scenario(id=f"{subsystem}-s", scenario="s", cases=(each,))
        storage.suites.put(Snapshot(Suite(file=file, scenarios={"s": scenario}), datasets={"rows": ROWS}), LI)
    done = copy("order@9", "from/read", Place(version="trade@9", into="into"), storage, LI)
    assert sorted(done.warnings) == [
        "into has no step create",
        "into reads the column sku, and has no dataset",
        "no environment has the config key gone",
        "no environment has the config key other",
    ]
    assert sorted(copy("order@9", "from/read", Place(into="from"), storage, LI).warnings) == [
        "no environment has the config key gone",
        "no environment has the config key other",
        "no environment has the config key url",
    ]
