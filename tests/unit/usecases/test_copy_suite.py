"""Whole suites copied and moved: to a new version, to a new subsystem, into a suite that is there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from workbench.errors import ErrorGroup, UsageError
from workbench.model.contract import Contract
from workbench.model.suite import (
    Case,
    CaseGroup,
    Dependency,
    DubboStep,
    Environment,
    Scenario,
    SharedSteps,
    Suite,
    SuiteFile,
    UseStep,
)
from workbench.storage import Author, Snapshot, Storage, StoredFile
from workbench.usecases.copy_suite import copy_suite, move_suite

LI = Author("li")
ROWS = StoredFile("datasets/rows.csv", "0" * 64, 1)
JAR = StoredFile("artifacts/order.jar", "1" * 64, 1)
ORDER = SuiteFile(
    suite="orders",
    subsystem="order",
    version="1",
    group="gray",
    artifacts=(JAR.path,),
    dependencies={"trade": Dependency(version="1"), "notify": Dependency(version="3")},
    environments={
        "sit": Environment(registries=("zookeeper://a:1",), config={"limit": 1, "both": "o"}),
        "uat": Environment(),
    },
    case_groups={"release": CaseGroup(cases=("pay",))},
)
CASE = Case(
    id="pay",
    case="pay",
    dataset="rows",
    steps=(
        DubboStep(id="p1", step="own", dubbo="A#a()"),
        DubboStep(id="p2", step="theirs", dubbo="A#a()", subsystem="trade"),
        UseStep(id="p3", step="log in", use="common.login"),
    ),
)
SHARED = {"common.login": SharedSteps(steps=(DubboStep(id="l1", dubbo="A#a()"),))}


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path) as opened:
        suite = Suite(file=ORDER, scenarios={"pay": Scenario(id="s1", scenario="Pay", cases=(CASE,))}, shared=SHARED)
        opened.suites.put(Snapshot(suite, contracts={"": Contract()}, datasets={"rows": ROWS}, artifacts=(JAR,)), LI)
        trade = SuiteFile(
            suite="t", subsystem="trade", version="1",
            environments={"sit": Environment(registries=("zookeeper://t:1",), config={"both": "t"})},
        )  # fmt: skip
        opened.suites.put(Snapshot(Suite(file=trade, scenarios={"pay": Scenario(id="t1", scenario="Own")})), LI)
        yield opened


def test_a_new_version_holds_the_same_documents(storage: Storage) -> None:
    assert copy_suite("order@1", "order@2", storage, LI).cases == {"pay": "pay"}
    assert storage.suites.hashes("order", "2") == storage.suites.hashes("order", "1")
    with pytest.raises(UsageError, match="already there"):
        copy_suite("order@1", "order@2", storage, LI)


def test_a_new_subsystem_becomes_what_the_source_is(storage: Storage) -> None:
    done = copy_suite("order", "orders2@1", storage, LI)
    new, old = storage.suites.get("orders2", "1"), storage.suites.get("order", "1")
    assert done.cases["pay"] not in ("", "pay")
    assert new.suite.file == replace(
        ORDER, subsystem="orders2", case_groups={"release": CaseGroup(cases=(done.cases["pay"],))}
    )
    (case,) = new.suite.scenarios["pay"].cases
    assert [getattr(step, "subsystem", "") for step in case.steps] == ["", "trade", ""]
    assert (new.datasets, new.artifacts, new.contracts) == (old.datasets, old.artifacts, old.contracts)
    assert storage.saves.all("orders2", "1")[0].message == "copied from order@1"


def test_into_another_suite_it_calls_what_it_called(storage: Storage) -> None:
    done = copy_suite("order@1", "trade@1", storage, LI)
    both = storage.suites.get("trade", "1")
    assert list(both.suite.scenarios) == ["pay", "pay-2"]
    (case,) = both.suite.scenarios["pay-2"].cases
    own, theirs, _ = case.steps
    assert isinstance(own, DubboStep)
    assert (own.subsystem, own.group) == ("order", "gray")
    assert isinstance(theirs, DubboStep)
    assert (theirs.subsystem, theirs.group) == ("", "")
    file = both.suite.file
    assert file.dependencies == {
        "order": Dependency(version="1", artifacts=(JAR.path,)),
        "notify": Dependency(version="3"),
    }
    assert file.environments["sit"].registries == ("zookeeper://t:1",)
    assert file.environments["sit"].subsystem_registries == {
        "order": ("zookeeper://a:1",), "notify": ("zookeeper://a:1",)}  # fmt: skip
    assert file.environments["sit"].config == {"limit": 1, "both": "t"}
    assert "uat" in file.environments
    assert (both.datasets, both.artifacts, set(both.contracts)) == ({"rows": ROWS}, (JAR,), {"order"})
    assert file.case_groups["release"].cases == (case.id,)
    assert done.warnings == ["sit: config both is the target's own"]
    step = both.suite.shared["common.login"].steps[0]
    assert isinstance(step, DubboStep)
    assert step.subsystem == "order"


def test_what_both_hold_otherwise_is_refused(storage: Storage) -> None:
    held = storage.suites.get("trade", "1")
    rows = replace(ROWS, sha256="9" * 64)
    storage.suites.put(replace(held, datasets={"rows": rows}), LI)
    with pytest.raises(ErrorGroup) as group:
        copy_suite("order@1", "trade@1", storage, LI)
    assert [each.message for each in group.value.errors] == ["both have a dataset rows, and not the same"]
    assert list(storage.suites.get("trade", "1").suite.scenarios) == ["pay"]
    with pytest.raises(UsageError, match="calls trade"):
        copy_suite("order@1", "trade@9", storage, LI)


def test_what_is_moved_keeps_its_ids_and_lies_in_the_trash_of_the_source(storage: Storage) -> None:
    done = move_suite("order@1", "trade@1", storage, LI)
    assert done.cases == {"pay": "pay"}
    left = storage.suites.get("order", "1")
    assert (left.suite.scenarios, left.suite.shared, left.datasets) == ({}, {}, {})
    assert left.suite.file == replace(ORDER, case_groups={})
    gone = {(each.kind, each.key) for each in storage.saves.trash("order", "1")}
    assert gone == {("scenario", "s1"), ("case", "pay"), ("dataset", "rows"), ("shared", "common")}


def test_interfaces_written_by_hand_become_those_of_the_dependency(storage: Storage) -> None:
    held = storage.suites.get("order", "1")
    files = {f"interfaces/{name}.yaml": StoredFile(f"interfaces/{name}.yaml", name, 1) for name in ["manual", "trade"]}
    storage.suites.put(replace(held, artifacts=(JAR, *files.values())), LI)
    copy_suite("order@1", "order@2", storage, LI)
    assert {*files} < {each.path for each in storage.suites.get("order", "2").artifacts}
    copy_suite("order@1", "trade@1", storage, LI)
    assert {each.path: each.sha256 for each in storage.suites.get("trade", "1").artifacts} == {
        JAR.path: JAR.sha256,
        "interfaces/order.yaml": "manual",
    }
