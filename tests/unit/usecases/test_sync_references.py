"""What is brought into a version has to find there what it names."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from workbench.errors import ErrorGroup
from workbench.model.suite import Case, Dependency, DubboStep, Scenario, SharedSteps, Suite, SuiteFile, UseStep
from workbench.storage import At, Author, Snapshot, Storage, StoredFile
from workbench.usecases.rearrange import remove, restore
from workbench.usecases.sync_versions import SyncRequest, sync_versions, undo_save

LI = Author("li")
ROWS = StoredFile("datasets/rows.csv", "0" * 64, 1)
PAY = Case(id="pay", case="pay", dataset="rows", steps=(UseStep(id="p1", use="common.login"),))
ONLY = (("case", "pay"),)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path) as opened:
        file = SuiteFile(suite="s", subsystem="order", version="1")
        before = Suite(file=file, scenarios={"pay": Scenario(id="s1", scenario="Pay")})
        opened.suites.put(Snapshot(before), LI)
        opened.suites.new_version("order", "1", "2", LI)
        shared = {
            "common.login": SharedSteps(steps=(UseStep(id="l1", use="deep.in"),)),
            "deep.in": SharedSteps(steps=(UseStep(id="d1", use="deep.er"),)),
            "deep.er": SharedSteps(),
        }
        after = replace(before, scenarios={"pay": Scenario(id="s1", scenario="Pay", cases=(PAY,))}, shared=shared)
        opened.suites.put(Snapshot(after, datasets={"rows": ROWS}), LI)
        yield opened


def request(only: tuple[tuple[str, str], ...] | None = ONLY, *, with_references: bool = False) -> SyncRequest:
    return SyncRequest(source="order@1", target="order@2", only=only, with_references=with_references)


def test_a_case_without_what_it_names_is_refused_and_nothing_is_saved(storage: Storage) -> None:
    with pytest.raises(ErrorGroup) as group:
        sync_versions(request(), storage, LI)
    wanted = ["case pay (pay): there is no dataset rows", "case pay (pay): there is no shared group common.login"]
    assert [each.message for each in group.value.errors] == wanted
    assert storage.suites.get("order", "2").suite.scenarios["pay"].cases == ()
    preview = sync_versions(request(), storage, LI, preview=True)
    assert (preview.warnings, [each.key for each in preview.synced.items]) == (wanted, ["pay"])


def test_references_come_with_it_in_one_save_also_those_of_references(storage: Storage) -> None:
    preview = sync_versions(request(with_references=True), storage, LI, preview=True)
    assert (preview.warnings, preview.brought) == ([], ["dataset rows", "shared common", "shared deep"])
    assert storage.suites.get("order", "2").datasets == {}
    done = sync_versions(request(with_references=True), storage, LI)
    assert done.brought == preview.brought
    assert storage.suites.hashes("order", "2") == storage.suites.hashes("order", "1")
    assert len(storage.saves.all("order", "2")) == 1


def test_a_dependency_comes_with_the_settings(storage: Storage) -> None:
    held = storage.suites.get("order", "1")
    look = Case(id="look", case="look", steps=(DubboStep(id="k1", dubbo="A#a()", subsystem="trade"),))
    suite = held.suite
    scenario = replace(suite.scenarios["pay"], cases=(PAY, look))
    file = replace(suite.file, dependencies={"trade": Dependency(version="3")})
    storage.suites.put(replace(held, suite=replace(suite, file=file, scenarios={"pay": scenario})), LI)
    with pytest.raises(ErrorGroup, match="no dependency trade"):
        sync_versions(request((("case", "look"),), with_references=True), storage, LI)
    sync_versions(request((("case", "look"), ("suite", ""))), storage, LI)
    assert sync_versions(request(None), storage, LI).warnings == []


def test_what_comes_back_has_to_find_what_it_names(storage: Storage) -> None:
    remove("order@1", "pay", storage, LI)
    held = storage.suites.get("order", "1")
    storage.suites.put(replace(held, datasets={}), LI)
    with pytest.raises(ErrorGroup, match="no dataset rows"):
        restore("order@1", "pay", storage, LI)
    with pytest.raises(ErrorGroup, match="no dataset rows"):
        undo_save(At("order", "1", 3), storage, LI)
    restore("order@1", "rows", storage, LI, "dataset")
    restore("order@1", "pay", storage, LI)
    assert storage.suites.get("order", "1").suite.scenarios["pay"].cases == (PAY,)


def test_what_is_put_together_is_checked_whole(storage: Storage) -> None:
    """The source uses a group once more; the target gave it a parameter that must be given."""
    sync_versions(request(None), storage, LI)
    target = storage.suites.get("order", "2")
    wants = {"common.login": replace(target.suite.shared["common.login"], parameters={"who": None})}
    used = replace(PAY, steps=(UseStep(id="p1", use="common.login", with_={"who": "a"}),))
    scenario = replace(target.suite.scenarios["pay"], cases=(used,))
    suite = replace(target.suite, shared={**target.suite.shared, **wants}, scenarios={"pay": scenario})
    storage.suites.put(replace(target, suite=suite), LI)
    source = storage.suites.get("order", "1")
    more = Case(id="more", case="more", steps=(UseStep(id="m1", use="common.login"),))
    scenario = replace(source.suite.scenarios["pay"], cases=(PAY, more))
    storage.suites.put(replace(source, suite=replace(source.suite, scenarios={"pay": scenario})), LI)
    preview = sync_versions(request(None), storage, LI, preview=True)
    assert preview.warnings == ["case more/steps/0/use: common.login wants the parameter who"]
    with pytest.raises(ErrorGroup) as group:
        sync_versions(request(None), storage, LI)
    assert [each.where for each in group.value.errors] == ["case more/steps/0/use"]
    assert len(storage.saves.all("order", "2")) == 2


def test_what_undoing_makes_together_is_checked_as_a_save(storage: Storage) -> None:
    """Each of two changes is right; without the first, the second is not."""
    address = ("order", "1")

    def put(**groups: SharedSteps) -> None:
        held = storage.suites.get(*address)
        suite = replace(
            held.suite, shared={**held.suite.shared, **{f"common.{key}": each for key, each in groups.items()}}
        )
        storage.suites.put(replace(held, suite=suite), LI)

    put(fill=SharedSteps(steps=(UseStep(id="f1", use="common.give"),)), give=SharedSteps(parameters={"x": 1}))
    put(give=SharedSteps(parameters={"x": 1, "y": 2}))
    number = len(storage.saves.all(*address))
    put(fill=SharedSteps(steps=(UseStep(id="f1", use="common.give", with_={"y": 3}),)))
    with pytest.raises(ErrorGroup) as group:
        undo_save(At(*address, number), storage, LI)
    (error,) = group.value.errors
    assert (error.where, error.hint) == (
        "shared common/fill/steps/0/with/y", "it does not go with what was done since: change that first",
    )  # fmt: skip
    assert len(storage.saves.all(*address)) == number + 1
