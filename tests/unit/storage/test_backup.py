"""Backup and restore of SQLite: whole, checked, and beside those who go on working."""

import errno
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from storage_contract import LI, case, snapshot

from workbench.errors import StorageError, UsageError
from workbench.storage import Snapshot, Storage, StoredFile


@pytest.fixture
def held(storage: Storage, tmp_path: Path) -> Snapshot:
    """A suite with a dataset, of which an older revision names another file."""
    names = []
    for text in ("old", "new"):
        (tmp_path / text).write_text(text)
        names.append(StoredFile("datasets/rows.csv", *storage.files.put(tmp_path / text)))
    for each in names:
        given = replace(snapshot(case("a")), datasets={"rows": each})
        storage.suites.put(given, LI)
    return given


def other(tmp_path: Path) -> Storage:
    return Storage(f"sqlite:///{tmp_path}/there/other.db", tmp_path / "there" / "files")


def test_a_backup_holds_all_and_comes_back(storage: Storage, held: Snapshot, tmp_path: Path) -> None:
    with storage.database.writing() as connection:  # somebody is saving
        connection.execute(sa.text("DELETE FROM entries"))
        assert storage.backup(tmp_path / "b") == 2
        connection.rollback()
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == ["files", "workbench.db"]
    empty = other(tmp_path)
    assert empty.restore(tmp_path / "b") == 2
    with empty as opened:
        assert opened.suites.get("order", "1.0.0") == held
        opened.files.check(held.datasets["rows"].sha256)
        (found,) = opened.history.find("a")
        assert len(opened.history.revisions(found)) == 1


def test_what_is_there_is_not_written_over(storage: Storage, held: Snapshot, tmp_path: Path) -> None:
    storage.backup(tmp_path / "b")
    with pytest.raises(UsageError, match="something already"):
        storage.backup(tmp_path / "b")
    storage.suites.put(snapshot(case("new")), LI)
    with pytest.raises(UsageError, match="holds something"):
        storage.restore(tmp_path / "b")
    with storage.database.reading() as reader:  # somebody looks
        before = reader.scalar(sa.text("SELECT count(*) FROM revisions"))
        storage.restore(tmp_path / "b", replace=True)
        assert reader.scalar(sa.text("SELECT count(*) FROM revisions")) == before
    assert storage.suites.get("order", "1.0.0") == held


def test_a_damaged_backup_changes_nothing(storage: Storage, held: Snapshot, tmp_path: Path) -> None:
    storage.backup(tmp_path / "b")
    target = other(tmp_path)
    (file,) = (path for path in (tmp_path / "b/files").rglob(held.datasets["rows"].sha256))
    file.chmod(0o644)
    file.write_text("other")
    with pytest.raises(StorageError, match="have changed"):
        target.restore(tmp_path / "b")
    database = tmp_path / "b/workbench.db"
    raw = bytearray(database.read_bytes())
    raw[4096:12288] = b"\xff" * 8192
    database.write_bytes(raw)
    with pytest.raises(StorageError, match=r"damaged|malformed"):
        target.restore(tmp_path / "b")
    database.write_text("no database")
    with pytest.raises(StorageError, match="not a database"):
        target.restore(tmp_path / "b")
    with pytest.raises(UsageError, match="no backup"):
        target.restore(tmp_path)
    assert not (tmp_path / "there").exists()


def test_a_backup_that_fails_leaves_nothing(storage: Storage, held: Snapshot, tmp_path: Path, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        storage.backup(tmp_path / "b")
    assert {path.name for path in tmp_path.iterdir()} <= {"files", "old", "new", "w.db", "w.db-shm", "w.db-wal"}
    with pytest.raises(StorageError, match="no database yet"):
        other(tmp_path).backup(tmp_path / "b")


def test_a_file_that_is_missing_is_told(storage: Storage, held: Snapshot, tmp_path: Path) -> None:
    storage.files.path(held.datasets["rows"].sha256).unlink()
    with pytest.raises(StorageError, match="not in the file store"):
        storage.backup(tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_a_backup_is_one_file_that_any_sqlite_reads(storage: Storage, held: Snapshot, tmp_path: Path) -> None:
    storage.backup(tmp_path / "b")
    (tmp_path / "b/workbench.db").chmod(0o444)
    (tmp_path / "b").chmod(0o555)
    connection = sqlite3.connect(f"file:{tmp_path}/b/workbench.db?mode=ro", uri=True)
    assert connection.execute("SELECT count(*) FROM versions").fetchone() == (1,)
    connection.close()
    (tmp_path / "b").chmod(0o755)
