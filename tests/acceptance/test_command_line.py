"""`workbench run` as a user starts it: a process of its own, on real providers."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "suites" / "pay-order"
WORKBENCH = [sys.executable, "-m", "workbench"]


@pytest.fixture
def start(tmp_path, sample_world):
    """Starts `workbench …` with a data directory of its own; ends it, should it still run."""
    started = []

    def run(*arguments: str, cwd: Path = tmp_path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*WORKBENCH, "--data-dir", str(tmp_path / "data"), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=cwd,
            start_new_session=True,  # by which all that it starts is told from what other tests start
            env=os.environ | {"NO_COLOR": "1", "COLUMNS": "160"},
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def finish(process: subprocess.Popen[str], seconds: float = 120) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=seconds)
    return process.returncode, out, err


@pytest.fixture
def example(tmp_path) -> Path:
    """The example with more time for its steps: other test runs may share the cores."""
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder)
    with (folder / "suite.yaml").open("a") as suite:
        suite.write("defaults: {step: 60s, hook: 60s}\n")
    scenario = folder / "scenarios" / "pay-order.yaml"
    scenario.write_text(scenario.read_text().replace("timeout: 3s", "timeout: 60s"))
    return folder


def slow_suite(write_suite, calls: int = 60, millis: int = 700) -> Path:
    """One case of so many steps that wait that nobody looks too late."""
    return write_suite(
        "".join(
            f"- step: wait {n}\n  dubbo: com.example.notify.MessageNotifyAiFacade#waitFor(long)\n"
            f"  subsystem: notify\n  request: '[{millis}]'\n"
            for n in range(calls)
        )
    )


def test_example_suite_passes_and_writes_every_report(start, example, sample_world, tmp_path):
    report = tmp_path / "report"
    code, out, err = finish(
        start("run", str(example), "--registry", sample_world.registry, "--report", str(report), "--json")
    )
    assert code == 0, out[-3000:] + err
    result = json.loads(out)
    assert result["run"]["verdict"] == "PASSED"
    assert result["run"]["cases"]["passed"] == 23
    assert {path.suffix for path in report.iterdir()} == {".html", ".xml", ".xlsx", ".json"}


def test_failing_case_ends_with_1_and_says_where_and_why(start, write_suite):
    folder = write_suite(
        "- step: ask\n  dubbo: com.example.trade.TransAiFacade#query(long)\n  subsystem: trade\n"
        '  request: "[9223372036854775807]"\n  assert: response.code == "0000"\n'
    )
    code, out, _ = finish(start("run", str(folder)))
    assert code == 1
    assert "FAILED" in out
    assert "ASSERTION · product in step ask" in out
    assert '"0000"' in out
    assert '"2404"' in out


def test_suite_with_errors_ends_with_2_and_names_all_lines(start, write_suite):
    folder = write_suite("- step: a\n  dubo: x\n- step: b\n  script: pass\n  timout: 3s\n")
    code, _, err = finish(start("run", str(folder)))
    assert code == 2
    assert "one.yaml:7" in err
    assert "timout" in err


def test_nothing_reachable_ends_with_3(start, write_suite):
    write_suite.registry = "zookeeper://127.0.0.1:1"
    folder = write_suite(
        '- step: ask\n  dubbo: com.example.trade.TransAiFacade#query(long)\n  subsystem: trade\n  request: "[1]"\n'
    )
    code, out, _ = finish(start("run", str(folder)))
    assert code == 3, out
    assert "NETWORK" in out


def test_interrupt_stops_cleanly(start, write_suite, tmp_path):
    process = start("run", str(slow_suite(write_suite)), "--json")
    wait_for_steps(tmp_path, 1)
    process.send_signal(signal.SIGINT)
    code, out, err = finish(process, 120)
    assert code == 1, err
    result = json.loads(out)
    assert result["run"]["verdict"] == "STOPPED"
    assert result["run"]["steps"]["stopped"] >= 1
    assert result["run"]["steps"]["passed"] >= 1


LOOPING = """
- step: first
  script: pass
- step: loop
  timeout: 60s
  script: |
    while True:
        pass
"""


def test_interrupts_at_any_moment_leave_nothing(start, write_suite, tmp_path):
    """Twice, quickly: the second one meets a looping script, or a run that is being closed."""
    for pause in (0.0, 0.05, 0.6):
        process = start("run", str(write_suite(LOOPING)), "--report", str(tmp_path / "report"))
        wait_for_steps(tmp_path, 1)
        process.send_signal(signal.SIGINT)
        time.sleep(pause)
        process.send_signal(signal.SIGINT)
        code, out, err = finish(process, 120)
        assert code == 1, out + err
        assert "1 stopped" in out  # the loop's own limit of ten seconds would be an error
        await_end_of_session(process.pid)
        assert (tmp_path / "report" / "report.html").is_file()
        shutil.rmtree(tmp_path / "data" / "runs")


def await_end_of_session(number: int, seconds: float = 60) -> None:
    """Until nothing runs of what a program has started; a sandbox needs a moment to end."""
    deadline = time.monotonic() + seconds
    while left := of_session(number):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def of_session(number: int) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "sid=,stat=,pid=,args="], capture_output=True, text=True, check=True).stdout
    lines = [line.split(maxsplit=2) for line in listed.splitlines()]
    return [rest for session, state, rest in lines if session == str(number) and not state.startswith("Z")]


def test_a_reader_that_goes_away_changes_no_verdict(start, write_suite, tmp_path):
    process = start("run", str(write_suite('- { step: bad, script: "raise ValueError(1)" }\n')))
    process.stdout.close()
    process.stdout = None
    code, _, err = finish(process)
    assert code == 1, err
    assert "Traceback" not in (err or "")
    (run,) = (tmp_path / "data" / "runs").iterdir()
    assert '"run-finished"' in (run / "events.jsonl").read_text()


def test_killed_run_keeps_its_results_and_can_be_reported(start, write_suite, tmp_path):
    process = start("run", str(slow_suite(write_suite)))
    wait_for_steps(tmp_path, 2)
    time.sleep(0.5)
    process.kill()
    process.communicate()
    code, _, err = finish(start("report", "latest", "--report", str(tmp_path / "report"), "--format", "json"))
    assert code == 0, err
    (written,) = (tmp_path / "report").glob("*.json")
    assert written.read_text().count('"wait ') >= 2


def test_one_step_with_the_context_of_an_earlier_run(start, example, sample_world, tmp_path):
    common = ("run", str(example), "--registry", sample_world.registry, "--case", "paying twice")
    assert finish(start(*common))[0] == 0
    (run,) = (tmp_path / "data" / "runs").iterdir()
    code, out, err = finish(start(*common, "--step", "pay twice", "--context", str(run), "--json"))
    assert code == 0, out[-2000:] + err
    assert json.loads(out)["run"]["steps"]["passed"] == 1


def wait_for_steps(tmp_path: Path, count: int, seconds: float = 180) -> None:
    """Until the run folder holds that many finished steps."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        lines = [path.read_text().count('"step-finished"') for path in tmp_path.glob("data/runs/*/events.jsonl")]
        if lines and lines[0] >= count:
            return
        time.sleep(0.05)
    raise AssertionError("the run made no progress")


def test_folders_with_any_name_in_a_locale_that_knows_ascii_only(start, example, sample_world, tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    folder = tmp_path / "\u652f\u4ed8 caf\u00e9 #1 [a]"
    shutil.copytree(example, folder / "suite")
    options = ["--registry", sample_world.registry, "--report", "\u62a5\u544a"]
    code, out, err = finish(start("run", "suite", "--scenario", "What must be refused", *options, cwd=folder))
    assert code == 0, out + err
    assert (folder / "\u62a5\u544a" / "report.html").is_file()
