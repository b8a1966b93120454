"""`workbench serve` as a process: it tells its address, answers, and ends when it is told to."""

import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

SERVE = (sys.executable, "-m", "workbench", "serve", "--port", "0")


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


def test_other_machines_may_not_connect(tmp_path: Path) -> None:
    done = subprocess.run((*SERVE, "--host", "0.0.0.0"), cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "there is no login yet" in done.stderr
