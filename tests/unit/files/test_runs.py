"""Run folders: cheap to write, whole after any end, readable while they grow."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest

from workbench.errors import JsonError, UsageError, WorkbenchError
from workbench.files import RunFolder, latest_run, list_runs
from workbench.files import runs as module
from workbench.model.events import AnyEvent, CaseStarted, RunFinished, RunStarted
from workbench.model.plan import Item, PlannedCase, RunPlan
from workbench.model.result import Counts, RunSummary, Verdict
from workbench.model.suite import Case, DubboStep, ScriptStep

FINISHED = RunFinished(
    at_us=9,
    run="r1",
    summary=RunSummary(verdict=Verdict.PASSED, cases=Counts(), steps=Counts(), started_us=1, elapsed_us=8),
)


def plan(run: str = "r1") -> RunPlan:
    steps = (DubboStep(dubbo="x#y", request="[1.50]"), ScriptStep(script="pass"))
    return RunPlan(
        id=run, created_us=1, suite="s", subsystem="o",
        config={"amount": Decimal("5000000000.10"), "big": 2**70, "none": None},
        cases=(PlannedCase(scenario="s1", case=Case(id="c1", case="c", steps=steps)),), items=(Item("c1", 3),),
    )  # fmt: skip


def started(number: int = 1) -> AnyEvent:
    return CaseStarted(at_us=number, item=f"c{number}", case="c", scenario="s", name="订单\n1")


def test_plan_and_events_come_back_exactly(tmp_path: Path) -> None:
    events = [RunStarted(at_us=1, run="r1", suite="s"), started(), FINISHED]
    with RunFolder.create(tmp_path, plan()) as folder:
        folder.append(events[:1])
        assert not folder.finished()
        folder.append(iter(events[1:]))
    again = RunFolder.open(tmp_path / "r1")
    assert again.plan() == plan()
    assert str(again.plan().config["amount"]) == "5000000000.10"
    assert list(again.events()) == events
    assert again.finished()
    assert (tmp_path / "r1/events.jsonl").read_bytes().count(b"\n") == 3
    assert sorted(path.name for path in (tmp_path / "r1").iterdir()) == ["events.jsonl", "plan.json"]


def test_events_are_in_the_file_within_the_flush_time_and_no_thread_stays(tmp_path: Path) -> None:
    before = set(threading.enumerate())  # those of earlier tests may end meanwhile
    folder = RunFolder.create(tmp_path, plan())
    for round_ in range(1, 3):
        folder.append([started()])
        deadline = time.monotonic() + 60
        while len(list(folder.events())) < round_:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    for flushing in set(threading.enumerate()) - before:
        flushing.join(60)  # one that has written needs a moment to end
    assert set(threading.enumerate()) <= before  # nothing to write, nothing that waits
    folder.append([started()])
    folder.close()
    folder.close()
    assert set(threading.enumerate()) <= before
    assert len(list(folder.events())) == 3
    if sys.platform == "linux":
        assert not [fd for fd in Path("/proc/self/fd").iterdir() if str(tmp_path) in _target(fd)]


def _target(fd: Path) -> str:
    try:
        return os.readlink(fd)
    except FileNotFoundError:
        return ""


def test_much_is_written_before_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FLUSH_SECONDS", 3600)
    monkeypatch.setattr(module, "FLUSH_BYTES", 1000)
    with RunFolder.create(tmp_path, plan()) as folder:
        folder.append([started()])
        assert not list(folder.events())
        folder.append([started(number) for number in range(100)])
        assert len(list(folder.events())) == 101
        folder.append([started()])
        folder.flush()
        assert len(list(folder.events())) == 102


def test_a_killed_process_loses_at_most_half_a_second(tmp_path: Path) -> None:
    script = """
        import os, sys, time
        from pathlib import Path
        from workbench.files import RunFolder
        from workbench.model.events import CaseStarted
        from workbench.model.plan import RunPlan
        folder = RunFolder.create(Path(sys.argv[1]), RunPlan(id="r1", created_us=1, suite="s", subsystem="o"))
        while True:
            now = time.time_ns() // 1000
            folder.append([CaseStarted(at_us=now, item="i", case="c", scenario="s", name="n" * 100)])
            os.write(1, f"{now}\\n".encode())
            time.sleep(0.001)
    """
    said = tmp_path / "said"
    with said.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script), str(tmp_path)], stdout=out)
        try:
            deadline = time.monotonic() + 120
            events = tmp_path / "r1/events.jsonl"
            while not events.is_file() or events.stat().st_size < 20_000:
                assert time.monotonic() < deadline
                time.sleep(0.02)
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    folder = RunFolder.open(tmp_path / "r1")
    kept = list(folder.events())
    appended = [int(line) for line in said.read_text().split("\n")[:-1]]
    assert len(kept) <= len(appended) + 1  # the last may have been killed between its append and its saying so
    assert [event.at_us for event in kept[: len(appended)]] == appended[: len(kept)]
    # by the process's own clock of at least a millisecond a turn: of a machine that stands still no second counts
    assert len(appended) - len(kept) < 500
    assert not folder.finished()


def test_a_forgotten_close_neither_hangs_nor_loses(tmp_path: Path) -> None:
    script = """
        import sys
        from pathlib import Path
        from workbench.files import RunFolder
        from workbench.model.events import CaseStarted
        from workbench.model.plan import RunPlan
        folder = RunFolder.create(Path(sys.argv[1]), RunPlan(id="r1", created_us=1, suite="s", subsystem="o"))
        folder.append([CaseStarted(at_us=1, item="i", case="c", scenario="s", name="n")])
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script), str(tmp_path)], check=True, timeout=120)
    assert len(list(RunFolder.open(tmp_path / "r1").events())) == 1


def test_a_torn_last_line_is_left_out_and_cut_off_before_more_is_written(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path, plan()) as folder:
        folder.append([started(), started()])
    path = tmp_path / "r1/events.jsonl"
    whole = path.read_bytes()
    for tail in (b'{"event":"case-st', b"x" * 300_000):
        path.write_bytes(whole + tail)
        again = RunFolder.open(tmp_path / "r1")
        assert list(again.events()) == [started(), started()]
        assert not again.finished()
        with again:
            again.append([FINISHED])
        assert list(again.events()) == [started(), started(), FINISHED]
        assert again.finished()
    path.write_bytes(b'{"event"')
    with RunFolder.open(tmp_path / "r1") as again:
        again.append([FINISHED])
    assert list(again.events()) == [FINISHED]


def test_other_damage_is_an_error_with_its_line(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path, plan()) as folder:
        folder.append([started()])
    path = tmp_path / "r1/events.jsonl"
    for damage in (
        b"garbage\n",
        b'{"event":"unknown","at_us":1}\n',
        b'{"event":"case-started","at_us":"x"}\n',
        b"\xff\n",
    ):
        path.write_bytes(path.read_bytes().split(b"\n")[0] + b"\n" + damage)
        with pytest.raises(JsonError) as caught:
            list(folder.events())
        assert str(caught.value).startswith(f"{path}:2: this line is no event")
        assert not folder.finished()
    (tmp_path / "r1/plan.json").write_text('{"id": 1}')
    with pytest.raises(JsonError, match=r"plan\.json: this is no run plan"):
        folder.plan()


def test_reading_is_lazy(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path, plan()) as folder:
        folder.append([started(1)])
        folder.flush()
        events = folder.events()
        assert next(events) == started(1)
        folder.append([started(2)])
        folder.flush()
        assert next(events) == started(2)


def test_a_full_disk_is_told_by_the_next_append(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = RunFolder.create(tmp_path, plan())
    written = threading.Event()

    def full(*_: object) -> int:
        written.set()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "write", full)
    folder.append([started()])
    assert written.wait(60)
    with folder._lock:
        pass  # the timer has let go of it, so the failure is noted
    with pytest.raises(WorkbenchError, match="cannot be written: No space left"):
        folder.append([started()])
    with pytest.raises(WorkbenchError, match="cannot be written: No space left"):
        folder.close()
    monkeypatch.undo()
    folder.append([started()])
    folder.close()  # what was kept is written now
    assert len(list(folder.events())) == 2


def test_many_threads_never_mix_their_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FLUSH_BYTES", 2000)
    with RunFolder.create(tmp_path, plan()) as folder:
        threads = [
            threading.Thread(target=lambda: [folder.append([started(number)]) for number in range(200)])
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(list(folder.events())) == 1600


def test_runs_by_age(tmp_path: Path) -> None:
    assert latest_run(tmp_path / "none") is None
    for number, name in enumerate(("b", "a", "c")):
        RunFolder.create(tmp_path, plan(name))
        os.utime(tmp_path / name / "plan.json", (number, number))
    (tmp_path / "other").mkdir()
    assert [path.name for path in list_runs(tmp_path)] == ["b", "a", "c"]
    assert latest_run(tmp_path) == tmp_path / "c"


def test_a_run_that_goes_while_others_look_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run that ends makes room, in whatever moment somebody lists them."""
    for name in ("a", "b"):
        with RunFolder.create(tmp_path, plan(name)) as folder:
            folder.append([FINISHED])
    is_file = Path.is_file

    def goes(path: Path) -> bool:
        there = is_file(path)
        if "a" in path.parts:
            shutil.rmtree(tmp_path / "a", ignore_errors=True)
        return there

    monkeypatch.setattr(Path, "is_file", goes)
    assert [path.name for path in list_runs(tmp_path)] == ["b"]
    RunFolder.create(tmp_path, plan("a"))
    (tmp_path / "a" / "events.jsonl").touch()
    assert RunFolder(tmp_path / "a").finished() is None


@pytest.mark.parametrize("run", ["", "..", "../x", "a/b", "."])
def test_ids_that_leave_the_folder(tmp_path: Path, run: str) -> None:
    with pytest.raises(UsageError):
        RunFolder.create(tmp_path / "runs", plan(run))
    assert not list(tmp_path.iterdir())


def test_one_folder_a_run(tmp_path: Path) -> None:
    RunFolder.create(tmp_path, plan())
    with pytest.raises(UsageError, match="already there"):
        RunFolder.create(tmp_path, plan())
    with pytest.raises(UsageError, match="no run folder"):
        RunFolder.open(tmp_path / "r2")


def test_a_place_that_takes_no_runs_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkbenchError, match=r"results cannot be kept: .*\n.*another --data-dir"):
        RunFolder.create(tmp_path / "file" / "runs", plan())
