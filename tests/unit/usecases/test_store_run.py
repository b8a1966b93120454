"""Keeping a finished run from its lines as they are is the same as following all of its events."""

from pathlib import Path

import pytest
from runs_contract import folder

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
