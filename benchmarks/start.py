"""How fast things start: `workbench --help`, and the bridge from cold start to the first answer of a provider.

    python benchmarks/start.py [--registry ADDRESS]

Without a registry the sample world is started on free ports, and stopped afterwards. Wall time, because that is what
a person waits; best and median of several rounds, since other work on the machine only ever adds to it. CPU time is
shown next to it, and a bare `python -c pass`: what that takes is not ours.
"""

import argparse
import asyncio
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from workbench.invokers import Bridge
from workbench.settings import Settings
from workbench.usecases.check_health import GOOD_START_MS, check_health
from workbench.usecases.samples import SampleWorld

HELP_LIMIT_MS = 300
HELP_ROUNDS, COLD_ROUNDS = 11, 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--registry", default="")
    registry = parser.parse_args().registry
    bare = _rounds(HELP_ROUNDS, lambda: _process("-c", "pass"))
    shown = _rounds(HELP_ROUNDS, lambda: _process("-m", "workbench", "--help"))
    print(f"python -c pass               {_words(bare)}")
    print(f"workbench --help             {_words(shown)}, limit {HELP_LIMIT_MS} ms: {_verdict(shown, HELP_LIMIT_MS)}")
    with tempfile.TemporaryDirectory() as name:
        world = SampleWorld(Path(name))
        try:
            address = registry or world.up().registry
            cold = _rounds(COLD_ROUNDS, lambda: _cold_start(Path(name), address))
        finally:
            world.down()
    print(f"cold start to first answer   {_words(cold)}, limit {GOOD_START_MS} ms: {_verdict(cold, GOOD_START_MS)}")


class Round(NamedTuple):
    """Milliseconds."""

    wall: float
    cpu: float  # of child processes


def _rounds(count: int, work: Callable[[], float | None]) -> list[Round]:
    """`work` may give its own wall time."""
    rounds = []
    for _ in range(count):
        began, used = time.perf_counter(), _cpu_ms()
        measured = work()
        wall = (time.perf_counter() - began) * 1000 if measured is None else measured
        rounds.append(Round(wall, _cpu_ms() - used))
    return rounds


def _cpu_ms() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) * 1000


def _process(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


def _cold_start(folder: Path, registry: str) -> float:
    """As the doctor measures it: JVM, Dubbo, connection and one answer of a real provider."""
    health = asyncio.run(check_health(Settings(data_dir=folder), Bridge("calls", folder / "log"), registry))
    check = next(one for one in health.checks if one.name == "first answer")
    if not check.ok:
        sys.exit(f"no first answer: {check.found}")
    return check.elapsed_ms


def _words(rounds: list[Round]) -> str:
    walls, cpu = [one.wall for one in rounds], min(one.cpu for one in rounds)
    return f"best {min(walls):5.0f} ms, median {statistics.median(walls):5.0f} ms (CPU {cpu:.0f})"


def _verdict(rounds: list[Round], limit: float) -> str:
    walls = [one.wall for one in rounds]
    return "kept" if statistics.median(walls) < limit else "kept at best" if min(walls) < limit else "MISSED"


if __name__ == "__main__":
    main()
