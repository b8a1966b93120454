"""`workbench serve` as a process: it tells its address, answers, and ends when it is told to."""

import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from suite_zip import zipped

from workbench.files import RunFolder
from workbench.model import json
from workbench.storage import Storage

SERVE = (sys.executable, "-m", "workbench", "serve", "--no-login", "--port", "0")
SLEEPY = {
    "suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\n",
    "scenarios/s.yaml": "scenario: s\ncases:\n  - case: c\n    timeout: 1h\n    steps:\n"
    "      - { step: a, timeout: 1h, script: '$app.sleep(3000)' }\n",
}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_end(tmp_path: Path, number: signal.Signals) -> None:
    process = subprocess.Popen(SERVE, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = re.findall(r"http://\S+/api/v1", process.stdout.readline())
        with urllib.request.urlopen(f"{address[0]}/health", timeout=60) as answer:
            assert b'"status":"ok"' in answer.read()
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "stopping\n")
    finally:
        process.kill()
        process.communicate()


def test_the_first_start_prints_a_link_for_the_first_administrator(tmp_path: Path) -> None:
    command = [part for part in SERVE if part != "--no-login"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        (address,) = re.findall(r"http://\S+/api/v1", process.stdout.readline())
        (link,) = re.findall(r"http://\S+/setup\?code=\S+", process.stdout.readline())
        form = f"code={link.partition('=')[2]}&name=li&password=correct+horse+7".encode()
        with urllib.request.urlopen(link.partition("?")[0], form, timeout=60) as answer:
            assert b"You can log in as li" in answer.read()
        body = b'{"name": "li", "password": "correct horse 7"}'
        assert post(f"{address}/session", "application/json", body)["administrator"] is True
        process.terminate()
        assert (process.communicate(timeout=60)[1], process.returncode) == ("stopping\n", 0)
    finally:
        process.kill()
        process.communicate()


def test_a_run_that_goes_on_is_stopped_and_kept(tmp_path: Path) -> None:
    process = subprocess.Popen(SERVE, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        (address,) = re.findall(r"http://\S+/api/v1", process.stdout.readline())
        post(f"{address}/suites", "application/zip", zipped(SLEEPY))
        run = post(f"{address}/runs", "application/json", b'{"suite": "order"}')["id"]
        events = tmp_path / ".workbench" / "runs" / run / "events.jsonl"
        while b"step-started" not in events.read_bytes():
            assert process.poll() is None
            time.sleep(0.05)
        process.terminate()
        assert (process.communicate(timeout=60)[1], process.returncode) == ("stopping\n", 0)
    finally:
        process.kill()
        process.communicate()
    end = RunFolder.open(events.parent).finished()
    assert end is not None
    assert end.summary.verdict == "STOPPED"
    with Storage(f"sqlite:///{tmp_path}/.workbench/workbench.db", tmp_path / ".workbench" / "files") as storage:
        assert storage.runs.get(run).verdict == "STOPPED"


def post(url: str, media: str, body: bytes) -> Any:
    request = urllib.request.Request(url, body, {"Content-Type": media}, method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def test_other_machines_may_not_connect(tmp_path: Path) -> None:
    done = subprocess.run((*SERVE, "--host", "0.0.0.0"), cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "without a login only this machine" in done.stderr
