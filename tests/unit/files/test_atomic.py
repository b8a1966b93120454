"""Files that are there whole or not at all: whose they are, and what they leave behind."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.files.atomic import write_bytes


@pytest.fixture
def umask() -> Iterator[int]:
    before = os.umask(0o027)
    yield 0o027
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_is_for_whom_new_files_are(tmp_path: Path, umask: int) -> None:
    assert write_bytes(tmp_path / "a", b"1")
    assert mode(tmp_path / "a") == 0o666 & ~umask


@pytest.mark.parametrize("kept", [0o600, 0o444, 0o664])
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path, umask: int, kept: int) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "a").chmod(kept)
    assert write_bytes(tmp_path / "a", b"2")
    assert ((tmp_path / "a").read_bytes(), mode(tmp_path / "a")) == (b"2", kept)


def test_other_threads_never_see_another_umask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two that read it by setting it, one would find the other's 0 and leave that for good."""
    monkeypatch.setattr(os, "umask", lambda mask: pytest.fail("the whole process has one"))
    write_bytes(tmp_path / "a", b"1")


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"1")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_bytes(tmp_path / "a", b"2")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a", b"1")]
