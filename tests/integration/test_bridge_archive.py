"""The archive of the bridge's classes: made by a training run, used by the next start."""

import asyncio
import shutil
from pathlib import Path

import pytest

from workbench.errors import BridgeError
from workbench.invokers import Bridge
from workbench.invokers.archive import archive_options, create_archive
from workbench.invokers.java import find_jar, find_java


def test_an_archive_is_made_and_used(tmp_path: Path) -> None:
    jar = tmp_path / "bridge.jar"
    shutil.copy(find_jar(), jar)
    java = find_java()
    assert archive_options(java, jar) == []
    archive = create_archive(java, jar)
    assert archive.stat().st_size > 1_000_000
    assert archive_options(java, jar) == [f"-XX:SharedArchiveFile={archive}"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([jar.name, archive.name])

    async def start() -> bytes:
        bridge = Bridge("calls", tmp_path / "log", jar=jar)
        await bridge.start()
        maps = mapped_files(bridge.pid)
        await bridge.close()
        return maps

    assert str(archive).encode() in asyncio.run(start())


def mapped_files(pid: int | None) -> bytes:
    return Path(f"/proc/{pid}/maps").read_bytes()


def test_a_jar_that_cannot_be_trained(tmp_path: Path) -> None:
    jar = tmp_path / "bridge.jar"
    jar.write_text("no jar")
    with pytest.raises(BridgeError):
        create_archive(jar=jar)
    assert list(tmp_path.iterdir()) == [jar]


# makes the file that it is asked for, without the training of seconds
QUICK_JAVA = """#!/bin/sh
for each; do case "$each" in -XX:ArchiveClassesAtExit=*) echo archive > "${each#*=}";; esac; done
"""


def test_a_package_that_cannot_be_written_has_its_archive_in_the_users_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jar = tmp_path / "installed" / "bridge.jar"
    jar.parent.mkdir()
    shutil.copy(find_jar(), jar)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("workbench.invokers.archive._writable", lambda folder: False)  # root may write anywhere
    java = tmp_path / "java"
    java.write_text(QUICK_JAVA)
    java.chmod(0o755)
    archive = create_archive(java, jar)
    assert archive.parent == tmp_path / "cache" / "dubbo-workbench"
    assert [path.name for path in jar.parent.iterdir()] == ["bridge.jar"]
    assert archive_options(java, jar) == [f"-XX:SharedArchiveFile={archive}"]
    jar.touch()
    assert archive_options(java, jar) == [], "another jar now: the JVM would not take it"
