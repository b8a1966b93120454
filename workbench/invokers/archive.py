"""Class data sharing for the bridge: classes read and checked once, for all later starts (1.3 s of CPU less).

An archive fits one jar and one Java; another Java ignores it. `make bridge` makes it with
`python -m workbench.invokers.archive`, `workbench doctor` where there is none; without one the bridge works all the
same. It lies beside the jar, or in the user's cache where an installed package cannot be written to.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from workbench.errors import BridgeError
from workbench.invokers.java import find_jar, find_java, java_environ, java_release

GC = "-XX:+UseSerialGC"  # of both runs: an archive fits one collector
_TRAINING_S = 180


def archive_paths(java: Path, jar: Path) -> tuple[Path, Path]:
    """Where it may lie: beside the jar, and in the user's cache (the JVM wants the jar's very path, size and time)."""
    name = f"{jar.stem}-java{java_release(java)}"
    stat = jar.stat()
    place = hashlib.sha256(f"{jar.resolve()} {stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:16]
    return jar.with_name(f"{name}.jsa"), cache_dir() / f"{name}-{place}.jsa"


def cache_dir() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dubbo-workbench"


def find_archive(java: Path, jar: Path) -> Path | None:
    """The archive that a start would use: one that is not older than the jar."""
    written = jar.stat().st_mtime
    return next((path for path in archive_paths(java, jar) if path.is_file() and path.stat().st_mtime >= written), None)


def archive_options(java: Path, jar: Path) -> list[str]:
    """JVM options that use the archive, when there is one."""
    archive = find_archive(java, jar)
    return [f"-XX:SharedArchiveFile={archive}"] if archive else []


def create_archive(java: Path | None = None, jar: Path | None = None) -> Path:
    """Make the archive by a training run of some seconds. Raises BridgeError."""
    java, jar = java or find_java(), jar or find_jar()
    beside, cached = archive_paths(java, jar)
    target = beside if _writable(jar.parent) else cached
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="bridge-archive-", dir=target.parent))
    except OSError as error:
        message = f"no archive of the bridge's classes could be made: {error.strerror}"
        raise BridgeError(message, where=str(target.parent)) from error
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
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            env=java_environ(),
            timeout=_TRAINING_S,
            check=False,
        )
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


def _writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK)


if __name__ == "__main__":
    print(create_archive())
