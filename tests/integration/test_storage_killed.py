"""Whatever ends a writer in the middle of a save, the database opens and holds whole saves only."""

import os
import subprocess
import sys
import time
from pathlib import Path

import sqlalchemy as sa

from workbench.storage import Storage

KILLS = 3
# Saves for ever: each time all ten cases get the same new script, so that half a save would show.
WRITER = """
import itertools, sys
from pathlib import Path
from storage_contract import LI, case, snapshot
from workbench.storage import Storage

with Storage(sys.argv[1], Path(sys.argv[2])) as storage:
    print("writes", flush=True)
    for number in itertools.count(int(sys.argv[3])):
        storage.suites.put(snapshot(*(case(f"c{each}", script=f"x = {number}") for each in range(10))), LI)
        if number % 1000 == 2:
            print("saved", flush=True)
"""


REVISIONS = """
SELECT count(*) FROM revisions JOIN documents ON documents.id = document_id WHERE kind = 'case' GROUP BY document_id
"""


def test_a_writer_that_is_killed_leaves_whole_saves(tmp_path: Path) -> None:
    url, revisions = f"sqlite:///{tmp_path}/w.db", 0
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1] / "support")}
    for kill in range(KILLS):
        command = [sys.executable, "-c", WRITER, url, str(tmp_path), str(kill * 1000)]
        with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            assert [writer.stdout.readline() for _ in range(2)] == ["writes\n", "saved\n"]
            time.sleep(0.013 * kill)  # somewhere in the next saves
            writer.kill()
        with Storage(url, tmp_path) as storage, storage.database.reading() as connection:
            assert connection.scalar(sa.text("PRAGMA integrity_check")) == "ok"
            scenario = storage.suites.get("order", "1.0.0").suite.scenarios["pay"]
            assert len(scenario.cases) == 10
            assert len({step.script for case in scenario.cases for step in case.steps}) == 1
            counts = connection.scalars(sa.text(REVISIONS)).all()
            assert len(set(counts)) == 1
            assert counts[0] > revisions
            revisions = counts[0]
