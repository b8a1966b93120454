"""Keeping a finished run from its lines as they are is the same as following all of its events."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from report_builders import shop_run
from runs_contract import folder

from workbench.files import RunFolder
from workbench.reporting.collect import Collector
from workbench.reporting.model import CaseView
from workbench.storage import Storage
from workbench.usecases import store_run as module


@pytest.mark.parametrize("hostile", [False, True])
def test_both_ways_keep_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: bool) -> None:
    made, plan, _ = folder(tmp_path / "runs", "r1", hostile=hostile)
    kept = []
    for quick in (True, False):
        if not quick:
            monkeypatch.setattr(module, "_store_finished", lambda *_: False)
        with Storage(f"sqlite:///{tmp_path}/{quick}.db", tmp_path / "files") as storage:
            info = module.store_run(made, storage)
            events = [line for part in storage.runs.events(plan.id) for line in part.splitlines()]
            kept.append((info, storage.runs.cases(plan.id), events, storage.runs.plan(plan.id)))
    assert kept[0] == kept[1]


def test_a_case_with_two_ends_is_followed(tmp_path: Path) -> None:
    made, plan, _ = folder(tmp_path / "runs", "r1")
    lines = (made.path / "events.jsonl").read_bytes().splitlines(keepends=True)
    ends = [at for at, line in enumerate(lines) if b'"case-finished"' in line]
    lines.insert(len(lines) - 1, lines[ends[0]])
    (made.path / "events.jsonl").write_bytes(b"".join(lines))
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path / "files") as storage:
        module.store_run(made, storage)
        assert len(storage.runs.cases(plan.id)) == len(plan.items)


def test_a_case_without_an_owner_counts_for_the_suites(tmp_path: Path) -> None:
    plan, told = shop_run()
    first = plan.cases[0]
    cases = tuple(replace(each, case=replace(each.case, owner="wang" if each is first else "")) for each in plan.cases)
    made = RunFolder.create(tmp_path / "runs", replace(plan, cases=cases, owner="li", groups=("nightly",)))
    with made:
        made.append(told)
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path / "files") as storage:
        info = module.store_run(made, storage)
        assert {each.case: each.owner for each in storage.runs.cases(info.run)} == {
            each.case.id: each.case.owner or "li" for each in cases
        }
        assert storage.runs.get(info.run).groups == info.groups == ("nightly",)
    views = Collector(made.plan()).views(told)
    owners = {view.result.case: view.owner for view in views if isinstance(view, CaseView)}
    assert owners[first.case.id] == "wang"
    assert set(owners.values()) == {"wang", "li"}
