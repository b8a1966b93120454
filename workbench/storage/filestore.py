"""Artifacts and data files by content: the name of a file is the SHA-256 of its bytes.

A file is written once and never changed; it is there whole or not at all, and the same bytes are kept once.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import IO

from workbench.errors import StorageError

_BLOCK = 1024 * 1024
_DRAFT = ".new-"


class FileStore:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, path: Path) -> tuple[str, int]:
        """Keep a copy of the file; gives (SHA-256, bytes). Raises StorageError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=_DRAFT, dir=self.folder)
        except OSError as error:
            raise _refused(error, self.folder) from error
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                sha256, size = _copy(path, target)
            self._settle(draft, sha256)
        except OSError as error:
            raise _refused(error, path) from error
        finally:
            draft.unlink(missing_ok=True)
        return sha256, size

    def _settle(self, draft: Path, sha256: str) -> None:
        """A file that is there is as if put now, so that it is not collected before it is named; unless it is just
        being collected: then it is put again."""
        place = self._place(sha256)
        try:
            os.utime(place)
        except (FileNotFoundError, PermissionError):  # or it is another user's of a shared store
            place.parent.mkdir(exist_ok=True)
            draft.chmod(0o444)
            os.replace(draft, place)

    def has(self, sha256: str) -> bool:
        return self._place(sha256).is_file()

    def path(self, sha256: str) -> Path:
        """The file with that content. Raises StorageError when it is not there."""
        place = self._place(sha256)
        if not place.is_file():
            hint = "restore it from a backup, or import its suite again"
            raise StorageError(f"the file {sha256[:12]}… is not in the file store", where=str(self.folder), hint=hint)
        return place

    def bring(self, sha256: str, target: Path, *, link: bool = False) -> None:
        """Write the content to `target`, whole or not at all; one that is already so is not touched.

        `link`: without a copy where the file system can, for who will only read it.
        """
        source = self.path(sha256)
        if target.is_file() and digest(target) == sha256:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            if not (link and _linked(source, draft)):
                shutil.copyfile(source, draft)
            os.replace(draft, target)
        finally:
            draft.unlink(missing_ok=True)

    def check(self, sha256: str) -> None:
        """Raises StorageError when the file is missing or its bytes are others than its name says."""
        place = self.path(sha256)
        if digest(place) != sha256:
            raise StorageError("the bytes of this file have changed", where=str(place), hint="restore it from a backup")

    def sweep(self, needed: Collection[str], before_us: int, *, dry_run: bool = False) -> tuple[int, int]:
        """Remove files that are not needed and were last put before a time (microseconds since 1970); gives how many,
        and their bytes."""
        count = size = 0
        for place in sorted(self.folder.glob(f"??/{'?' * 64}")):
            held = _age(place)
            if place.name in needed or held is None or held[0] >= before_us:
                continue
            if dry_run or self._remove(place, before_us):
                count, size = count + 1, size + held[1]
        return count, size

    def _remove(self, place: Path, before_us: int) -> bool:
        """One that is put again in this moment stays."""
        aside = place.with_name(f".gone-{place.name}")
        try:
            os.replace(place, aside)
        except FileNotFoundError:
            return False
        held = _age(aside)
        if held is not None and held[0] >= before_us:
            os.replace(aside, place)
            return False
        aside.unlink(missing_ok=True)
        return True

    def sweep_drafts(self, before_us: int, *, dry_run: bool = False) -> int:
        """Remove what was begun before that time and never finished; gives how many."""
        old = [
            path
            for pattern in (f"{_DRAFT}*", "??/.gone-*")
            for path in self.folder.glob(pattern)
            if (held := _age(path)) is not None and held[0] < before_us
        ]
        for path in () if dry_run else old:
            path.unlink(missing_ok=True)
        return len(old)

    def _place(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256


def digest(path: Path) -> str:
    """SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _age(path: Path) -> tuple[int, int] | None:
    """When a file was last put (microseconds since 1970), and its bytes; None: it is gone."""
    try:
        told = path.stat()
    except FileNotFoundError:
        return None
    return told.st_mtime_ns // 1000, told.st_size


def _linked(source: Path, target: Path) -> bool:
    try:
        target.hardlink_to(source)
    except OSError:  # another file system, or one without links
        return False
    return True


def _copy(path: Path, target: IO[bytes]) -> tuple[str, int]:
    total, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        while block := source.read(_BLOCK):
            total.update(block)
            size += len(block)
            target.write(block)
    target.flush()
    os.fsync(target.fileno())
    return total.hexdigest(), size


def _refused(error: OSError, path: Path) -> StorageError:
    return StorageError(f"cannot be kept: {error.strerror}", where=str(error.filename or path))
