"""Two servers on one database fire each time once; `workbench serve` runs what is due."""

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import databases
import pytest

from workbench import cli
from workbench.model.schedule import Schedule
from workbench.storage import Author, Storage

pytestmark = pytest.mark.xdist_group("databases")
DUE = 1_767_225_600_000_000  # 2026-01-01T00:00Z
MINUTE = 60_000_000
TIMES, NAMES = 25, 4
# One server: at each of the times, which it reaches when the other does, it fires what is due, and tells it.
SERVER = """
import sys, time
from pathlib import Path
from workbench.fleet.schedules import Clock
from workbench.storage import Storage
from workbench.usecases.schedules import Outcome
url, name, start, due, minute, times = sys.argv[1], sys.argv[2], *map(float, sys.argv[3:])
at = [0]
with Storage(url, Path()) as storage:
    def do(schedule):
        print(f"{schedule.name} {schedule.next_us}\\n", end="", flush=True)  # one write: threads share it
        return Outcome(f"run-{name}")
    clock = Clock(storage, do, server=name, clock=lambda: at[0], silent_us=10**15)
    for number in range(int(times)):
        time.sleep(max(0.0, start + number * 0.05 - time.time()))
        at[0] = int(due + number * minute)
        clock.tick()
    clock.stop()
"""


@pytest.mark.parametrize("server", [databases.postgresql, databases.mariadb], ids=lambda each: each.__name__)
def test_two_servers_fire_each_time_once(server: object, tmp_path: Path) -> None:
    with server() as url:  # type: ignore[operator]
        storage = Storage(url, tmp_path)
        storage.upgrade()
        with storage:
            for number in range(NAMES):
                name = f"s{number}"
                storage.schedules.add(
                    Schedule(subsystem="order", name=name, cron="* * * * *", next_us=DUE), Author("li")
                )
            arguments = [str(time.time() + 5), str(DUE), str(MINUTE), str(TIMES)]
            command = [sys.executable, "-c", SERVER, url]
            servers = [
                subprocess.Popen([*command, name, *arguments], stdout=subprocess.PIPE, text=True) for name in "AB"
            ]
            said = [each.communicate(timeout=120)[0].split("\n") for each in servers]
            assert [each.returncode for each in servers] == [0, 0]
            fired = Counter(line for lines in said for line in lines if line)
            wanted = {f"s{number} {DUE + minute * MINUTE}" for number in range(NAMES) for minute in range(TIMES)}
            assert fired == Counter(wanted)
            kept = [fire for number in range(NAMES) for fire in storage.schedules.fires("order", f"s{number}")]
            assert len(kept) == TIMES * NAMES
            assert {fire.run for fire in kept} == {f"run-{fire.server}" for fire in kept}


RARELY = "0 2 29 2 *"  # lest its next time comes while the test looks at the first
SUITE = "suite: s\nsubsystem: order\nversion: '1'\ncase_groups: {smoke: {cases: [cccccccc]}}\n"
SCENARIO = """id: ssssssss
scenario: s
cases:
  - {id: cccccccc, case: c, steps: [{id: aaaaaaaa, step: a, script: pass}]}
  - {id: dddddddd, case: d, steps: [{id: bbbbbbbb, step: b, script: pass}]}
"""


def test_a_server_runs_what_is_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "suite" / "scenarios").mkdir(parents=True)
    (tmp_path / "suite" / "suite.yaml").write_text(SUITE)
    (tmp_path / "suite" / "scenarios" / "s.yaml").write_text(SCENARIO)

    def run(*args: str) -> str:
        assert cli.execute(["--data-dir", "data", *args]) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    run("import", "suite")
    run("schedule", "add", "order", "nightly", RARELY, "--group", "smoke", "--timezone", "Asia/Shanghai")
    with Storage(f"sqlite:///{tmp_path}/data/workbench.db", tmp_path / "data" / "files") as storage:
        import sqlalchemy as sa

        with storage.database.writing() as connection:  # its time comes now
            connection.execute(sa.text("UPDATE schedules SET next_us = 1"))
        command = [sys.executable, "-m", "workbench", "--data-dir", "data", "serve", "--port", "0", "--no-login"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
            try:
                deadline = time.monotonic() + 90
                while not storage.runs.all("order") and time.monotonic() < deadline:
                    time.sleep(0.1)
            finally:
                server.terminate()
                server.communicate(timeout=60)
    (info,) = json.loads(run("runs", "list", "--json"))
    assert (info["verdict"], info["cases"]["passed"]) == ("PASSED", 1)
    (listed,) = json.loads(run("schedule", "list", "--json"))
    assert listed["last_run"] == info["run"]
    assert "late: no server was there" in listed["last_said"]
    assert info["run"] in run("schedule", "fires", "order", "nightly")
    run("runs", "export", info["run"], "--out", "out")
    run("report", f"out/{info['run']}", "--format", "json", "--report", "out")
    report = json.loads((tmp_path / "out" / "report.json").read_text())["run"]
    assert (report["schedule"], report["groups"]) == ("nightly", ["smoke"])
