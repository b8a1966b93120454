"""Where an archive's bytes stand: a file, a part of a file (an archive stored in another one), or memory."""

import io
import os
from pathlib import Path
from typing import Protocol

from workbench.errors import ArtifactError


class ByteSource(Protocol):
    @property
    def size(self) -> int: ...

    def read_at(self, offset: int, length: int) -> bytes:
        """At most `length` bytes; fewer where the source ends."""
        ...

    def close(self) -> None: ...


class FileSource:
    """Reads by position; not a memory map, in which a file that shrinks under us would end the process."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("rb", buffering=0)
            self.size = os.fstat(self._file.fileno()).st_size
        except OSError as error:
            raise ArtifactError(f"cannot be opened: {error.strerror or error}", where=str(path)) from error

    def read_at(self, offset: int, length: int) -> bytes:
        try:
            return os.pread(self._file.fileno(), length, offset)
        except (OSError, OverflowError) as error:  # a place before the file's begin, or a disk that fails
            raise ArtifactError(f"cannot be read at byte {offset}: {error}", where=str(self._file.name)) from error

    def close(self) -> None:
        self._file.close()


class WindowSource:
    """A part of another source."""

    def __init__(self, parent: ByteSource, offset: int, size: int) -> None:
        self._parent, self._offset, self.size = parent, offset, size

    def read_at(self, offset: int, length: int) -> bytes:
        return self._parent.read_at(self._offset + offset, max(0, min(length, self.size - offset)))

    def close(self) -> None: ...


class BytesSource:
    def __init__(self, data: bytes) -> None:
        self._data, self.size = data, len(data)

    def read_at(self, offset: int, length: int) -> bytes:
        return self._data[offset : offset + length]

    def close(self) -> None: ...


class SourceFile(io.RawIOBase):
    """The face of a ByteSource that zipfile wants."""

    def __init__(self, source: ByteSource) -> None:
        self._source, self._at = source, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._source.size}[whence]
        if start + offset < 0:
            raise OSError("seek before the start")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._source.read_at(self._at, len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
