"""Is this file a workbook that is safe to open? Looked at before any library reads it.

An .xlsx file is a zip of XML parts. Refused with the reason: other formats under this suffix, password-protected
files, truncated or oversized archives, and parts with a document type (entities could grow without end).
"""

import re
import zipfile
import zlib
from pathlib import Path

from workbench.errors import DatasetError

MAX_PARTS = 10_000
MAX_TOTAL = 1024 * 1024 * 1024
MAX_RATIO = 200
RATIO_FROM = 64 * 1024 * 1024  # tables of equal rows shrink well: only what would be large is suspicious
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_CHUNK = 1024 * 1024


def check_package(path: Path) -> None:
    """Raises DatasetError."""
    try:
        with path.open("rb") as file:
            _check_head(path, file.read(8))
        with zipfile.ZipFile(path) as archive:
            _check_sizes(path, archive)
            _scan(path, archive)
    except OSError as error:
        raise DatasetError(f"cannot be read: {error.strerror or error}", where=path.name) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise broken(path, error) from error


def broken(path: Path, error: Exception) -> DatasetError:
    return DatasetError(
        f"the workbook is damaged ({error or type(error).__name__})",
        where=path.name,
        hint="open it in Excel or LibreOffice and save it again as .xlsx",
    )


def _check_head(path: Path, head: bytes) -> None:
    if head == _OLE:
        encrypted = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
        message = "the workbook is protected by a password" if encrypted else "this is an old .xls workbook"
        hint = "remove the password and save it again" if encrypted else "save it as .xlsx"
        raise DatasetError(message, where=path.name, hint=hint)
    if not head:
        raise DatasetError("the file is empty", where=path.name)
    if not head.startswith(b"PK"):
        hint = "save it as .xlsx, or give it the suffix .csv if it is text"
        raise DatasetError("this is not an .xlsx workbook", where=path.name, hint=hint)


def _check_sizes(path: Path, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise DatasetError(f"{len(parts)} parts, at most {MAX_PARTS} are read", where=path.name)
    total = sum(part.file_size for part in parts)
    if total > MAX_TOTAL:
        raise DatasetError(f"unpacks to {total} bytes, at most {MAX_TOTAL} are read", where=path.name)
    for part in parts:
        if part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise DatasetError("grows suspiciously when unpacked", where=f"{path.name}!{part.filename}")


def _scan(path: Path, archive: zipfile.ZipFile) -> None:
    """Read every XML part once in pieces: checksums are verified too."""
    for part in archive.infolist():
        if not part.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(part) as stream:
            tail = b""
            while chunk := stream.read(_CHUNK):
                piece = tail + chunk
                if _DOCTYPE.search(piece):
                    raise DatasetError("the part declares a document type", where=f"{path.name}!{part.filename}")
                tail = piece[-16:]
