"""Class data sharing for the bridge: classes read and checked once, for all later starts (1.3 s of CPU less).

An archive fits one jar and one Java; another Java ignores it. `make bridge` makes it with
`python -m workbench.invokers.archive`; without one the bridge works all the same.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from workbench.errors import BridgeError
from workbench.invokers.java import find_jar, find_java, java_release

GC = "-XX:+UseSerialGC"  # of both runs: an archive fits one collector
_TRAINING_S = 180


def archive_path(java: Path, jar: Path) -> Path:
    return jar.with_name(f"{jar.stem}-java{java_release(java)}.jsa")


def archive_options(java: Path, jar: Path) -> list[str]:
    """JVM options that use the archive, when there is one that is not older than the jar."""
    archive = archive_path(java, jar)
    fresh = archive.is_file() and archive.stat().st_mtime >= jar.stat().st_mtime
    return [f"-XX:SharedArchiveFile={archive}"] if fresh else []


def create_archive(java: Path | None = None, jar: Path | None = None) -> Path:
    """Make the archive beside the jar by a training run of some seconds. Raises BridgeError."""
    java, jar = java or find_java(), jar or find_jar()
    target = archive_path(java, jar)
    folder = Path(tempfile.mkdtemp(prefix="bridge-archive-", dir=jar.parent))
    try:
        new = folder / "new.jsa"
        command: list[str | Path] = [
            java,
            GC,
            "-XX:-UsePerfData",
            f"-XX:ArchiveClassesAtExit={new}",
            "-jar",
            jar,
            "train",
            folder / "x",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_TRAINING_S, check=False)
        if done.returncode != 0 or not new.is_file():
            tail = " | ".join((done.stderr or done.stdout).splitlines()[-3:])
            raise BridgeError(f"no archive of the bridge's classes could be made: {tail}", where=str(jar))
        new.replace(target)
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"no archive of the bridge's classes could be made: {error}"
        raise BridgeError(message, where=str(jar)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return target


if __name__ == "__main__":
    print(create_archive())
