"""Power loss: the server is killed at random moments while clients import suites and datasets and run; whatever was
going on, the database opens, saves and runs in it are whole, and the next server goes on.

`make test-kills` does it 50 times, `make test` a few.
"""

import contextlib
import http.client
import os
import random
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa
from suite_zip import zipped

from workbench.storage import Storage

KILLS = int(os.environ.get("WORKBENCH_TEST_KILLS", "3"))
SERVE = (sys.executable, "-m", "workbench", "serve", "--no-login", "--port", "0")
CASES, ROWS = 10, 2500
LOST = (OSError, http.client.HTTPException)  # also in the midst of an answer


def suite(number: int) -> bytes:
    """Each has one number everywhere, so that half a save would show."""
    cases = "".join(
        f"  - id: c{at}aaaaaa\n    case: c{at}\n    steps:\n"
        f"      - {{ id: s{at}aaaaaa, step: a, script: 'x = {number}' }}\n"
        for at in range(CASES)
    )
    rows = "".join(f"{number},{row}\n" for row in range(ROWS))
    return zipped({
        "suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\n",
        "scenarios/s.yaml": f"id: aaaaaaaa\nscenario: s\ncases:\n{cases}",
        "datasets/rows.csv": f"n,row\n{rows}",
    })  # fmt: skip


def send(url: str, media: str, body: bytes) -> bool:
    """False when nobody answers any more; a refusal is an answer."""
    request = urllib.request.Request(url, body, {"Content-Type": media}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            answer.read()
        return True
    except urllib.error.HTTPError as refused:
        if refused.code >= 500:
            raise
        return True
    except LOST:
        return False


@contextlib.contextmanager
def server(folder: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    with subprocess.Popen(SERVE, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            (address,) = re.findall(r"http://\S+/api/v1", process.stdout.readline())
            yield address, process
        finally:
            process.kill()


def busy(work: Callable[[int], bool], first: int, answered: list[int]) -> threading.Thread:
    """Goes on until nobody answers; the last of `answered` is what was answered last."""

    def go_on() -> None:
        number = first
        while work(number):
            answered.append(number)
            number += 1

    thread = threading.Thread(target=go_on)
    thread.start()
    return thread


def test_a_server_that_is_killed_leaves_everything_whole(tmp_path: Path) -> None:
    chance, saves = random.Random(7), 0
    for kill in range(KILLS):
        with server(tmp_path) as (address, process):
            kept = [kill * 100_000]
            assert send(f"{address}/suites?replace=true", "application/zip", suite(kept[0]))
            work = [
                busy(lambda n: send(f"{address}/suites?replace=true", "application/zip", suite(n)), kept[0] + 1, kept),
                busy(lambda n: send(f"{address}/runs", "application/json", b'{"suite": "order"}'), 0, []),
            ]
            time.sleep(chance.random() * 1.5)
            process.kill()
            for each in work:
                each.join()
        saves = looked_at(tmp_path / ".workbench", saves, kept[-1])


def looked_at(data: Path, before: int, kept: int) -> int:
    """Gives how many saves there are. `kept`: the number of the save that was answered last; one more may be there."""
    with Storage(f"sqlite:///{data}/workbench.db", data / "files") as storage:
        with storage.database.reading() as connection:
            assert connection.scalar(sa.text("PRAGMA integrity_check")) == "ok"
            assert connection.execute(sa.text("PRAGMA foreign_key_check")).all() == []
            saves: int = connection.scalar(sa.text("SELECT count(*) FROM saves")) or 0
        snapshot = storage.suites.get("order", "1")
        (scenario,) = snapshot.suite.scenarios.values()
        scripts = {step.script for case in scenario.cases for step in case.steps}  # type: ignore[union-attr]
        assert (len(scenario.cases), len(scripts)) == (CASES, 1)
        assert scripts <= {f"x = {kept}\n", f"x = {kept + 1}\n"}  # what was answered is not lost
        table = snapshot.datasets["rows"].table
        assert table is not None
        rows = list(storage.rows.read(table))
        assert len(rows) == ROWS
        assert {f"x = {row['n']}\n" for row in rows} == scripts
        storage.files.check(storage.rows.file_of(table, ".csv"))
        for run in storage.runs.all():
            assert len(storage.runs.cases(run.run)) == run.cases.total == CASES
            assert b"".join(storage.runs.events(run.run)).endswith(b"}\n")
    assert saves > before
    return saves
