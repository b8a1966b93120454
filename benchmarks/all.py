"""All benchmarks, one after the other; each prints ratios from one run. `make bench`."""

import subprocess
import sys
from pathlib import Path

NAMES = (
    *("start", "parse", "contract", "planning", "expr", "scripts", "engine", "engine --stored --cases 3334"),
    *("storage", "api", "datasets", "run"),
)


def main() -> int:
    worst = 0
    for name in NAMES:
        print(f"== {name}", flush=True)
        file, *options = name.split()
        command = [sys.executable, str(Path(__file__).parent / f"{file}.py"), *options]
        worst = max(worst, subprocess.run(command).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
