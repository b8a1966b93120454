"""What every database must keep when what nobody needs is collected: a class of tests, inherited once a database."""

import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from storage_contract import LI, case, snapshot

from workbench.errors import StorageError
from workbench.model.dataset import Column
from workbench.model.library import Library
from workbench.storage import Storage, StoredFile, StoredTable
from workbench.storage.libraries import LibraryFile
from workbench.storage.rows import CHUNK
from workbench.storage.tables_rows import renderings, row_chunks
from workbench.usecases.tables import bring_file, store_dataset

COLUMNS = (Column("id"),)


def table(storage: Storage, start: int, count: int = CHUNK + 1) -> StoredTable:
    return storage.rows.put(COLUMNS, ({"id": str(start + number)} for number in range(count)))


def put(storage: Storage, folder: Path, text: str) -> str:
    (folder / "file").write_text(text)
    return storage.files.put(folder / "file")[0]


def save(storage: Storage, version: str, *held: StoredTable, artifacts: tuple[str, ...] = ()) -> None:
    given = snapshot(case("a"), version=version)
    files = {f"d{at}": StoredFile(f"datasets/d{at}.json", "", 0, each) for at, each in enumerate(held)}
    jars = tuple(StoredFile(f"lib/{each}.jar", each, 1) for each in artifacts)
    storage.suites.put(replace(given, datasets=files, artifacts=jars), LI)


def clear(storage: Storage) -> None:
    """Other tests have used the same store."""
    shutil.rmtree(storage.files.folder, ignore_errors=True)


def age(storage: Storage) -> None:
    """As if all of it had been put long ago."""
    with storage.database.writing() as connection:
        connection.execute(sa.update(row_chunks).values(used_us=0))
        connection.execute(sa.update(renderings).values(created_us=0))
    for path in storage.files.folder.glob("**/*"):
        if path.is_file():
            os.utime(path, (1, 1))


class CollectContract:
    def test_what_is_reachable_stays_and_the_rest_goes(self, storage: Storage, tmp_path: Path) -> None:
        clear(storage)
        first, second, lost = (table(storage, start) for start in (0, CHUNK, 10 * CHUNK))
        jars = [put(storage, tmp_path, text) for text in ("old", "new", "tool", "upload")]
        save(storage, "1", first, artifacts=(jars[0],))
        save(storage, "1", second, artifacts=(jars[1],))  # the first ones are history now
        storage.suites.new_version("order", "1", "2", LI)
        save(storage, "2")  # all of it lies in the trash of 2
        storage.libraries.put("sign", "1", (LibraryFile("sign.jar", jars[2], 1),), Library(), LI)
        (tmp_path / "datasets").mkdir()
        path = tmp_path / "datasets" / "kept.csv"
        path.write_bytes(b"id\r\n007\r\n")
        kept = store_dataset(path, tmp_path, storage)
        path.write_bytes(b"id\r\n008\r\n")
        store_dataset(path, tmp_path, storage)  # of a save that never came
        assert kept.table is not None
        save(storage, "3", kept.table)
        (storage.files.folder / ".new-cut").write_text("half")
        fresh = storage.collect(LI)
        assert (fresh.files, fresh.chunks, fresh.drafts) == (0, 0, 0)  # all of it was put just now
        age(storage)
        told = storage.collect(LI, dry_run=True)
        assert (told.files, told.bytes, told.chunks, told.rows, told.drafts) == (2, 6 + 9, 3, CHUNK + 2, 1)
        assert storage.collect(LI, dry_run=True) == told
        done = storage.collect(LI)
        assert done == replace(told, dry_run=False)
        assert storage.collect(LI) == replace(done, files=0, bytes=0, chunks=0, rows=0, drafts=0)
        for each, start in ((first, 0), (second, CHUNK)):
            assert [row["id"] for row in storage.rows.read(each)] == [str(start + at) for at in range(CHUNK + 1)]
        with pytest.raises(StorageError, match="are not in the database"):
            list(storage.rows.read(lost))
        for sha256 in jars[:3]:
            storage.files.check(sha256)
        assert not storage.files.has(jars[3])
        bring_file(kept, storage, tmp_path / "out.csv")
        assert (tmp_path / "out.csv").read_bytes() == b"id\r\n007\r\n"
        assert table(storage, 10 * CHUNK) == lost  # it can be put again
        assert len(list(storage.rows.read(lost))) == CHUNK + 1

    def test_what_is_used_again_is_not_collected(self, storage: Storage, tmp_path: Path) -> None:
        """Old and needed by nobody, until somebody puts the same again."""
        clear(storage)
        one, jar = table(storage, 0), put(storage, tmp_path, "jar")
        path = tmp_path / "d.csv"
        path.write_text("id\n1\n")
        known = store_dataset(path, tmp_path, storage)
        age(storage)
        assert table(storage, 0) == one
        assert put(storage, tmp_path, "jar") == jar
        assert store_dataset(path, tmp_path, storage) == known
        found = storage.collect(LI)
        assert (found.files, found.chunks) == (0, 0)

    def test_others_go_on_putting_and_saving_meanwhile(self, storage: Storage, tmp_path: Path) -> None:
        """Again and again the same rows and files, each time as old as the first time, and named only at the end."""
        tables = [table(storage, number * CHUNK, 3) for number in range(6)]
        age(storage)
        ends = time.monotonic() + 1

        def work(number: int) -> list[tuple[StoredTable, str]]:
            held: list[tuple[StoredTable, str]] = []
            folder = tmp_path / str(number)
            folder.mkdir()
            for at in range(6):
                made = table(storage, at * CHUNK, 3)
                sha256 = put(storage, folder, f"jar {at}")
                held.append((made, sha256))
            save(storage, str(number), *(each for each, _ in held), artifacts=tuple(sha256 for _, sha256 in held))
            return held

        def sweep(_: int) -> None:
            while time.monotonic() < ends:
                storage.collect(LI)

        with ThreadPoolExecutor(3) as pool:
            sweeping = pool.submit(sweep, 0)
            found = [each for held in pool.map(work, range(2)) for each in held]
            sweeping.result()
        assert {made.hash for made, _ in found} == {each.hash for each in tables}
        storage.collect(LI)
        for made, sha256 in found:
            assert len(list(storage.rows.read(made))) == 3
            storage.files.check(sha256)
