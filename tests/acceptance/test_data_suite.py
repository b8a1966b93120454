"""The example examples/suites/order-data as a user runs it: on SQLite alone, and on PostgreSQL, MariaDB and Redis."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import databases
import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "suites" / "order-data"
SECRET = "s3cret-Pass"
pytestmark = pytest.mark.xdist_group("databases")
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    suite = tmp_path / "suite"
    shutil.copytree(EXAMPLE, suite, ignore=shutil.ignore_patterns("*.db"))

    def started(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "workbench", "--data-dir", str(tmp_path / "data"), "run", str(suite)]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=300)
        return done.returncode, done.stdout + done.stderr

    return started


def test_on_sqlite(run: Run, tmp_path: Path) -> None:
    code, told = run("--scenario", "orders", "--report", str(tmp_path / "report"), "--format", "junit,json")
    assert code == 0, told
    assert told.count("2 passed") == 1
    assert '<property name="requirement" value="REQ-1042"/>' in (tmp_path / "report" / "junit.xml").read_text()
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    times = report["run"]["times"]
    assert times["data"] > 0
    assert "call" not in times


def test_on_postgresql_mariadb_and_redis(run: Run, tmp_path: Path) -> None:
    with databases.redis() as cache:
        for server in (databases.postgresql, databases.mariadb):
            with server() as url:
                user, bare = (
                    url.partition("://")[2].partition("@")[0],
                    url.replace("workbench@", "").replace("root@", ""),
                )
                code, told = run(
                    *("--env", "team", "--set", f"ordersUrl={bare}", "--set", f"ordersUser={user}"),
                    *("--set", f"cacheUrl={cache}", "--set", f"ordersPassword={SECRET}"),
                )
                assert code == 0, told
                assert "3 passed" in told
    for file in (tmp_path / "data").rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file
