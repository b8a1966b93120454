"""How quickly the HTTP API answers about an installation of 16,271 cases in 247 subsystems, on SQLite.

    python benchmarks/api.py [--subsystems N]

One subsystem has 5,000 cases, as the largest of a real installation does; the others share the rest. Each request goes
over a socket to the server in a process of its own, as an administrator with a token. Wall time at the client, best and
median of several rounds; the limit is for the median.
"""

import argparse
import http.client
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from storage import BENCH, CASES, LARGE, SUBSYSTEMS, _suite

from workbench.storage import Snapshot, Storage

LIMIT_S = 0.1
ROUNDS = 15
ASKED = {
    "list: subsystems, 247 of them": "/subsystems?limit=1000",
    "list: first 100 of 5,000 cases": "/suites/large@1/cases",
    "list: sorted by name, the last 100": "/suites/large@1/cases?sort=-name&offset=4900",
    "list: filtered by text and tag": "/suites/large@1/cases?q=case%204&tag=smoke",
    "list: scenarios": "/suites/large@1/scenarios",
    "search: in every case": "/search?q=bizOrder",
    "search: in one case": "/search?q=large4711",
    "search: in none": "/search?q=nowhere%20to%20be%20found",
    "search: an amount": "/search?q=5000000000.10",
    "open: a case": "/suites/large@1/cases/largec4711",
    "open: its revisions": "/suites/large@1/cases/largec4711/revisions",
    "open: a version's counts": "/suites/large@1",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subsystems", type=int, default=SUBSYSTEMS)
    count = parser.parse_args().subsystems
    with tempfile.TemporaryDirectory() as name:
        token = _filled(Path(name), count)
        server = _served(Path(name))
        try:
            _measure(server, token)
        finally:
            server.terminate()
            server.communicate()


def _filled(root: Path, count: int) -> str:
    rest = CASES - LARGE
    with Storage(f"sqlite:///{root}/workbench.db", root / "files") as storage:
        storage.suites.put(Snapshot(_suite("large", LARGE)), BENCH)
        for number in range(count - 1):
            size = rest // (count - 1) + (number < rest % (count - 1))
            storage.suites.put(Snapshot(_suite(f"sub{number}", size)), BENCH)
        storage.people.add("bench", BENCH, administrator=True)
        cases = sum(each.cases for each in storage.suites.versions())
        print(f"{cases} cases in {count} subsystems, {(root / 'workbench.db').stat().st_size / 1e6:.0f} MB")
        return storage.access.make_token("bench", "bench", "administer", 3600, BENCH)[0]


def _served(root: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "workbench", "--data-dir", str(root), "serve", "--port", "0"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _measure(server: "subprocess.Popen[str]", token: str) -> None:
    assert server.stdout is not None
    host = server.stdout.readline().split("http://")[1].split("/")[0]
    connection = http.client.HTTPConnection(host)
    for what, path in ASKED.items():
        times = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            connection.request("GET", f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            body = answer.read()
            times.append(time.perf_counter() - begun)
            assert answer.status == 200, body
        median = statistics.median(times)
        verdict = "kept" if median < LIMIT_S else "MISSED"
        print(
            f"{what:40} best {min(times) * 1000:6.1f} ms, median {median * 1000:6.1f} ms, limit {verdict}", flush=True
        )


if __name__ == "__main__":
    main()
