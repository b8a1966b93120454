"""Files by content: kept once, whole or not at all, and checked."""

import errno
from pathlib import Path

import pytest

from workbench.errors import StorageError
from workbench.storage.filestore import FileStore, digest

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "store")


def test_the_same_bytes_are_kept_once(store: FileStore, tmp_path: Path) -> None:
    for name in ("a.jar", "b.jar"):
        (tmp_path / name).write_bytes(b"abc" * 1_000_000)
    (tmp_path / "empty").touch()
    sha256, size = store.put(tmp_path / "a.jar")
    assert store.put(tmp_path / "b.jar") == (sha256, size) == (digest(tmp_path / "a.jar"), 3_000_000)
    assert store.put(tmp_path / "empty") == (EMPTY, 0)
    assert sorted(path.name for path in store.folder.rglob("*") if path.is_file()) == sorted([sha256, EMPTY])
    assert store.path(sha256).stat().st_mode & 0o777 == 0o444


@pytest.mark.parametrize("link", [True, False])
def test_files_come_back(store: FileStore, tmp_path: Path, link: bool) -> None:
    source, target = tmp_path / "a", tmp_path / "deep" / "b"
    source.write_bytes(b"abc")
    sha256, _ = store.put(source)
    store.bring(sha256, target, link=link)
    assert target.read_bytes() == b"abc"
    assert (target.stat().st_ino == store.path(sha256).stat().st_ino) is link
    first = target.stat().st_mtime_ns
    store.bring(sha256, target)
    assert target.stat().st_mtime_ns == first


def test_what_is_missing_or_damaged_is_told(store: FileStore, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="not in the file store"):
        store.path(EMPTY)
    (tmp_path / "a").write_bytes(b"abc")
    sha256, _ = store.put(tmp_path / "a")
    store.check(sha256)
    store.path(sha256).chmod(0o644)
    store.path(sha256).write_bytes(b"abd")
    with pytest.raises(StorageError, match="have changed"):
        store.check(sha256)


def test_a_full_disk_leaves_nothing(store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"abc")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        store.put(tmp_path / "a")
    assert not [path for path in store.folder.rglob("*") if path.is_file()]
    with pytest.raises(StorageError, match="No such file"):
        store.put(tmp_path / "b")
