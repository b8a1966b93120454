"""Archive: the entries of one zip, read one by one within the budget.

zipfile reads the central directory; the bytes of an entry are read here, because zipfile's own reader costs
three times as much as parsing the class does.
"""

import struct
import zipfile
from pathlib import Path
from zipfile import ZipInfo

from workbench.errors import ArtifactError
from workbench_parsers.archives.budget import Budget
from workbench_parsers.archives.deflate import DEFLATE_ERRORS, crc32, inflate
from workbench_parsers.archives.layout import is_unsafe
from workbench_parsers.archives.source import ByteSource, BytesSource, FileSource, SourceFile, WindowSource

_LOCAL = struct.Struct("<26xHH")  # signature … length of name, length of extra field (APPNOTE 4.3.7)
_END = struct.Struct("<4s6xHLLH")  # signature … entries, bytes and offset of the directory, length of comment (4.3.16)
_ZIP64_END = struct.Struct("<4s28xQQ8x")  # signature … entries and bytes of the directory (4.3.14)
_ZIP64_RECORDS = 76  # bytes of that record and of its locator, which stand just before the end record
_END_SIGNATURE, _LOCAL_SIGNATURE, _DIRECTORY_SIGNATURE = b"PK\x05\x06", b"PK\x03\x04", b"PK\x01\x02"
_ENCRYPTED = 0x1
_USUAL_EXTRA = 64  # bytes of a local header's extra field
_STORED, _DEFLATED = 0, 8


class Archive:
    """`origin` names it as the contract does: `order-boot.jar!BOOT-INF/lib/order-api-1.0.0.jar`."""

    def __init__(self, source: ByteSource, origin: str, budget: Budget, *, path: str = "") -> None:
        self.origin, self._source, self._budget = origin, source, budget
        self.entries: dict[str, ZipInfo] = {}
        self.remarks: list[tuple[str, str]] = []  # place and what is odd about an entry's name
        for info in _directory(source, budget, path or origin):
            if not info.filename.endswith("/"):
                self._add(info, budget.limits.max_name)

    def _add(self, info: ZipInfo, longest: int) -> None:
        name = info.filename
        if not name:
            self.remarks.append((self.where(name), "not read: it has no name"))
        elif len(name) > longest:
            self.remarks.append((self.where(f"{name[:60]}…"), f"not read: its name is longer than max_name {longest}"))
        elif (".." in name or name[0] in "/\\" or name[1:2] == ":") and is_unsafe(name):
            self.remarks.append((self.where(name), "not read: its name points outside of the archive"))
        else:
            if name in self.entries:
                self.remarks.append((self.where(name), "stands twice in the archive; the last one counts"))
            self.entries[name] = info

    @classmethod
    def open(cls, path: Path, budget: Budget) -> "Archive":
        """Raises ArtifactError when the file is no zip archive, LimitError when it is too large a one."""
        source = FileSource(path)
        try:
            return cls(source, path.name, budget, path=str(path))
        except BaseException:
            source.close()
            raise

    def close(self) -> None:
        self._source.close()

    def where(self, name: str) -> str:
        return f"{self.origin}!{name}"

    def nested(self, name: str) -> "Archive":
        """The archive that is the entry `name`. A stored one, as Spring Boot has them, is read where it stands."""
        info, where = self.entries[name], self.where(name)
        if info.compress_type == _STORED and not info.flag_bits & _ENCRYPTED:
            self._budget.entry(info.file_size, info.compress_size, where)
            self._budget.spend(info.file_size, where)
            start = self._start(info)
            start += self._body_offset(info, self._source.read_at(start, _LOCAL.size))
            return Archive(WindowSource(self._source, start, info.file_size), where, self._budget)
        return Archive(BytesSource(self.read(name)), where, self._budget)

    def read(self, name: str) -> bytes:
        """The uncompressed bytes. Raises ArtifactError for damaged and encrypted entries, LimitError for bombs.

        Written out flat, and no place is spelt out before it is needed: this runs for every class.
        """
        info, budget = self.entries[name], self._budget
        size, packed_size = info.file_size, info.compress_size
        budget.entry(size, packed_size, self.origin, name)
        if info.flag_bits & _ENCRYPTED:
            raise ArtifactError("is encrypted", where=self.where(name), hint="give an archive without a password")
        data = self._packed(info, packed_size)
        if len(data) < packed_size:
            raise ArtifactError("is cut off", where=self.where(name))
        if info.compress_type != _STORED:
            data = self._inflate(info, data)
        budget.spend(len(data), self.origin, name)
        if len(data) != size or crc32(data) != info.CRC:
            reason = "its size or checksum is not what the archive's directory says"
            raise ArtifactError(reason, where=self.where(name))
        return data

    def _packed(self, info: ZipInfo, size: int) -> bytes:
        """The entry's bytes as they stand in the archive. One read does it but for unusually long local headers."""
        start = self._start(info)
        read = self._source.read_at(start, _LOCAL.size + len(info.filename) + _USUAL_EXTRA + size)
        body = self._body_offset(info, read)
        end = body + size
        return read[body:end] if end <= len(read) else self._source.read_at(start + body, size)

    def _start(self, info: ZipInfo) -> int:
        if info.header_offset < 0:  # zipfile moves all places by what stands before the archive, as the end record says
            raise ArtifactError("would stand before the archive's first byte", where=self.where(info.filename))
        return info.header_offset

    def _body_offset(self, info: ZipInfo, header: bytes) -> int:
        """From the local header on: its name and extra field may differ from the directory's."""
        if len(header) < _LOCAL.size or not header.startswith(_LOCAL_SIGNATURE):
            raise ArtifactError("has no header where the archive's directory says", where=self.where(info.filename))
        name, extra = _LOCAL.unpack_from(header)
        return int(_LOCAL.size + name + extra)

    def _inflate(self, info: ZipInfo, packed: bytes) -> bytes:
        if info.compress_type != _DEFLATED:
            reason = f"compression method {info.compress_type} is not supported"
            raise ArtifactError(reason, where=self.where(info.filename))
        try:
            # One byte more than declared is enough to see that the declaration is a lie.
            return inflate(packed, info.file_size + 1)
        except DEFLATE_ERRORS as error:
            raise ArtifactError(f"cannot be uncompressed: {error}", where=self.where(info.filename)) from error


def _directory(source: ByteSource, budget: Budget, where: str) -> list[ZipInfo]:
    _check_end(source, budget, where)
    try:
        with zipfile.ZipFile(SourceFile(source)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError) as error:
        raise _no_archive(where, str(error)) from error
    except (struct.error, ValueError, IndexError, OverflowError, OSError) as error:  # of zipfile on damaged headers
        raise _no_archive(where, f"damaged directory ({error})") from error
    budget.entries(len(infos), where)
    return infos


def _check_end(source: ByteSource, budget: Budget, where: str) -> None:
    """Look at the end record before zipfile reads and decodes a directory of any length."""
    start = max(0, source.size - _END.size - 0xFFFF)
    tail = source.read_at(start, _END.size + 0xFFFF)
    at = tail.rfind(_END_SIGNATURE)
    if at < 0 or len(tail) - at < _END.size:
        raise _no_archive(where, "it has no end record: cut off, or another kind of file")
    _, count, size, _, _ = _END.unpack_from(tail, at)
    end = start + at
    if count == 0xFFFF or size == 0xFFFFFFFF:
        count, size, end = _zip64_end(source, end) or (count, size, end)
    budget.entries_expected(count, where)
    budget.entry(size, size, where)
    # The count may lie, so the headers themselves are counted (a name that holds the signature only adds to it).
    directory = source.read_at(max(0, end - size), min(size, end))
    budget.entries_expected(directory.count(_DIRECTORY_SIGNATURE), where)


def _zip64_end(source: ByteSource, end: int) -> tuple[int, int, int] | None:
    """Count, size and end of the directory as the zip64 records say (APPNOTE 4.3.14 and 4.3.15)."""
    record = source.read_at(max(0, end - _ZIP64_RECORDS), _ZIP64_END.size)
    if end < _ZIP64_RECORDS or record[:4] != b"PK\x06\x06":
        return None
    _, count, size = _ZIP64_END.unpack(record)
    return count, size, end - _ZIP64_RECORDS


def _no_archive(where: str, reason: str) -> ArtifactError:
    hint = "give a jar or war as Maven or Gradle built it; download or build it again if it was cut off"
    return ArtifactError(f"is no readable zip archive: {reason}", where=where, hint=hint)
