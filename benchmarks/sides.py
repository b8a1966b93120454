"""The sides of a comparison: a plain Java consumer, and what the kernel says that a process has used."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from workbench.invokers.java import find_java

BENCH_JAR = Path(__file__).parent.parent / "bridge-java" / "bench" / "target" / "bench.jar"


class PlainJava:
    """bench.jar with 128 calls in flight, resting between measurements; Dubbo's own words go to a log in `folder`."""

    def __init__(self, folder: Path, *, mode: str = "generic", jvm: str = "-Xmx1g", **options: str) -> None:
        """`options`: url, interface, method, types, data and artifact of Bench.java."""
        self._log = folder / f"plain-java-{mode}.log"
        command = [str(find_java()), jvm, "-jar", str(BENCH_JAR), "--paced", "true", "--mode", mode]
        command += [part for name, value in options.items() for part in (f"--{name}", value)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def measure(self, seconds: float) -> dict[str, Any]:
        """Call for so long: calls, seconds, calls_per_s, cpu_us_per_call, failed. Blocks."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        while text := self._process.stdout.readline():
            if text.startswith("{"):
                return json.loads(text)  # type: ignore[no-any-return]
        raise SystemExit(f"bench.jar ended early: {self._log.read_text(errors='replace')[-2000:]}")

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def cpu_seconds(pid: int) -> float:
    """CPU time of a process, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
