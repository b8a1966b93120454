"""All benchmarks, one after the other; each prints ratios from one run. `make bench`."""

import subprocess
import sys
from pathlib import Path

NAMES = ("start", "parse", "contract", "expr", "scripts", "engine", "storage", "api", "datasets", "run")


def main() -> int:
    worst = 0
    for name in NAMES:
        print(f"== {name}", flush=True)
        worst = max(worst, subprocess.run([sys.executable, str(Path(__file__).parent / f"{name}.py")]).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
