"""What every database must do with runs: a class of tests, inherited once a database."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from report_builders import shop_run
from storage_contract import rows

from workbench.errors import UsageError
from workbench.files import RunFolder
from workbench.model.events import AnyEvent
from workbench.model.plan import RunPlan
from workbench.reporting.collect import collect
from workbench.storage import Author, Conclusion, Storage
from workbench.usecases.store_run import export_run, store_run
from workbench.usecases.stored_runs import cases_of, compare_runs, conclude, events_of

LI = Author("li")


def folder(root: Path, run: str, *, hostile: bool = False, cut: int = 0) -> tuple[RunFolder, RunPlan, list[AnyEvent]]:
    plan, told = shop_run(hostile=hostile)
    plan, events = replace(plan, id=run), list(told)
    events = events[:-cut] if cut else events
    made = RunFolder.create(root, plan)
    with made:
        made.append(events)
    return made, plan, events


def item_of(event: Any) -> str:
    return str(getattr(event, "item", "") or getattr(getattr(event, "result", None), "item", ""))


class RunsContract:
    @pytest.mark.parametrize("hostile", [False, True])
    def test_a_run_comes_out_as_it_went_in(self, storage: Storage, tmp_path: Path, hostile: bool) -> None:
        made, plan, events = folder(tmp_path / "in", "r1", hostile=hostile)
        info = store_run(made, storage)
        path = export_run("r1", storage, tmp_path / "out")
        assert RunFolder.open(path).plan() == plan
        found = list(RunFolder.open(path).events())
        assert sorted(map(repr, found)) == sorted(map(repr, events))
        report = collect(plan, events)
        assert (info.verdict, info.cases, info.elapsed_us) == (report.verdict, report.cases, report.elapsed_us)
        assert collect(plan, found).cases == report.cases
        assert {each.message for each in collect(plan, found).clusters} == {each.message for each in report.clusters}

    def test_cases_stand_in_the_order_of_the_plan_with_their_events(self, storage: Storage, tmp_path: Path) -> None:
        made, plan, events = folder(tmp_path, "r1")
        store_run(made, storage)
        cases = cases_of("r1", storage)
        assert [each.result.item for each in cases] == [item.id for item in plan.items]
        item = cases[0].result.item
        assert events_of("r1", item, storage) == [
            event
            for event in events
            if getattr(event, "item", getattr(getattr(event, "result", None), "item", "")) == item
        ]
        with pytest.raises(UsageError, match="has no case"):
            events_of("r1", "nothing", storage)
        with pytest.raises(UsageError, match="no run 'r2'") as unknown:
            cases_of("r2", storage)
        assert "r1" in unknown.value.hint

    def test_a_run_is_kept_once_and_a_killed_one_too(self, storage: Storage, tmp_path: Path) -> None:
        made, plan, _ = folder(tmp_path, "r1", cut=5)
        info = store_run(made, storage)
        assert (info.finished, info.cases.total) == (False, len(plan.items))
        before = rows(storage)
        with pytest.raises(UsageError, match="already there"):
            store_run(made, storage)
        assert rows(storage) == before

    def test_a_conclusion_is_carried_to_the_same_failure_and_changes_no_verdict(
        self, storage: Storage, tmp_path: Path
    ) -> None:
        for run in ("r1", "r2"):
            store_run(folder(tmp_path, run)[0], storage)
        bad = [each.result for each in cases_of("r1", storage) if each.result.fingerprint]
        assert len({each.fingerprint for each in bad}) > 1
        verdicts = [each.result.verdict for each in cases_of("r1", storage)]
        with pytest.raises(UsageError, match="NUL"):
            conclude("r1", bad[0].item, "product-bug", storage, LI, comment="late\0 again")
        assert conclude("r1", bad[0].item, "product-bug", storage, LI, comment="late again", link="https://x/1") >= 1
        conclude("r1", bad[0].item, "known", storage, Author("wang"), link="https://x/2")
        for run in ("r1", "r2"):
            said = {each.result.item: each.conclusion for each in cases_of(run, storage)}
            found = said[bad[0].item]
            assert isinstance(found, Conclusion)
            assert (found.kind, found.link, found.author, found.run) == ("known", "https://x/2", "wang", "r1")
            others = {each.item for each in bad if each.fingerprint != bad[0].fingerprint}
            assert not any(said[item] for item in others)
            assert [each.result.verdict for each in cases_of(run, storage)] == verdicts
        good = next(each.result.item for each in cases_of("r1", storage) if not each.result.fingerprint)
        with pytest.raises(UsageError, match="did not fail"):
            conclude("r1", good, "known", storage, LI)
        storage.runs.delete(["r1"], LI)
        assert any(each.conclusion for each in cases_of("r2", storage))

    def test_two_runs_are_compared_case_by_case(self, storage: Storage, tmp_path: Path) -> None:
        store_run(folder(tmp_path, "r1")[0], storage)
        store_run(folder(tmp_path, "r2", cut=len(folder(tmp_path, "r0")[2]) - 2)[0], storage)  # ended at once
        same = {each.what for each in compare_runs("r1", "r1", storage)}
        assert same == {"same", "failing"}
        found = compare_runs("r1", "r2", storage)
        assert found[0].what == "broken"
        assert {each.what for each in compare_runs("r2", "r1", storage)} >= {"repaired", "other"}

    def test_runs_are_listed_and_old_ones_go_by_subsystem(self, storage: Storage, tmp_path: Path) -> None:
        made, plan, _ = folder(tmp_path, "r")
        info = store_run(made, storage)
        day = 86_400_000_000
        for subsystem in ("a", "b"):
            for age in range(4):
                one = replace(info, run=f"{subsystem}{age}", subsystem=subsystem, started_us=(100 - age) * day)
                storage.runs.put(one, b"{}", b"", [])
        storage.runs.delete(["r"], LI)
        assert [each.run for each in storage.runs.all()] == ["b0", "a0", "b1", "a1", "b2", "a2", "b3", "a3"]
        assert [each.run for each in storage.runs.all("a", limit=2)] == ["a0", "a1"]
        assert storage.runs.all("a", plan.version)[0] == storage.runs.get("a0")
        storage.runs.set_bounds("b", (0, 0), LI)
        storage.runs.set_bounds("a", (9, 0), LI)
        assert storage.runs.bounds() == {"a": (9, 0), "b": (0, 0)}
        assert storage.runs.prune(keep=3, days=0, now_us=100 * day) == []
        storage.runs.set_bounds("b", None, LI)
        assert storage.runs.prune(keep=3, days=0, now_us=100 * day) == ["b3"]
        assert storage.runs.prune(keep=3, days=0, now_us=100 * day, own=False) == ["a3"]
        storage.runs.set_bounds("a", None, LI)
        assert storage.runs.prune(keep=0, days=1, subsystem="a", now_us=100 * day) == ["a2"]
        assert storage.runs.prune(keep=0, days=0, now_us=100 * day) == []
        assert set(storage.runs.prune(keep=1, days=1, now_us=999 * day)) == {"a1", "b1", "b2"}
        assert [each.run for each in storage.runs.all()] == ["b0", "a0"]
        assert storage.runs.delete(["a0", "b0", "zz"], LI) == 2
        assert not {rows(storage)[name] for name in ("runs", "run_cases")} - {0}
