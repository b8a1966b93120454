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
# What a reader holds in memory as a whole, by its content type in [Content_Types].xml: shared texts, and the rest.
MAX_TEXTS = 256 * 1024 * 1024
MAX_WHOLE = 16 * 1024 * 1024
_TYPES_PART = "[Content_Types].xml"
_WHOLE = ("styles+xml", "sheet.main+xml", "sheet.macroEnabled.main+xml", "theme+xml", "core-properties+xml",
          "extended-properties+xml", "custom-properties+xml")  # fmt: skip
_TEXTS = "sharedStrings+xml"
_OVERRIDE = re.compile(r"""<(?:\w+:)?Override\b[^>]*>""")
_ATTRIBUTE = re.compile(r"""(PartName|ContentType)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".svg", ".tif", ".tiff", ".bmp", ".wdp")
SAVE_AGAIN = "open it in Excel or LibreOffice and save it again as .xlsx"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# also in UTF-16, where every second byte is a zero
_DOCTYPE = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)", re.I)
_NOTHING = re.compile(rb"(?!)")
_CHUNK = 1024 * 1024


def check_package(path: Path) -> None:
    """Raises DatasetError."""
    try:
        with path.open("rb") as file:
            _check_head(path, file.read(8))
        with zipfile.ZipFile(path) as archive:
            _check_sizes(path, archive)
            _check_whole(path, archive)
            _scan(path, archive)
    except OSError as error:
        raise DatasetError(f"cannot be read: {error.strerror or error}", where=path.name) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise broken(path, error) from error


def broken(path: Path, error: Exception) -> DatasetError:
    return DatasetError(
        f"the workbook is damaged ({error or type(error).__name__})",
        where=path.name,
        hint=SAVE_AGAIN,
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
    if len({part.filename for part in parts}) < len(parts):
        raise DatasetError("two parts of one name", where=path.name, hint=SAVE_AGAIN)
    total = sum(part.file_size for part in parts)
    if total > MAX_TOTAL:
        raise DatasetError(f"unpacks to {total} bytes, at most {MAX_TOTAL} are read", where=path.name)
    for part in parts:
        if part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise DatasetError("grows suspiciously when unpacked", where=f"{path.name}!{part.filename}")


def _check_whole(path: Path, archive: zipfile.ZipFile) -> None:
    """Parts that a reader does not stream have bounds of their own."""
    sizes = {part.filename: part.file_size for part in archive.infolist()}
    bounds = {name: MAX_WHOLE for name in sizes if name.endswith(".rels") or name in (_TYPES_PART, "xl/styles.xml")}
    if sizes.get(_TYPES_PART, 0) <= MAX_WHOLE:
        bounds |= _told(archive)
    for name, most in bounds.items():
        if sizes.get(name, 0) > most:
            message = f"this part unpacks to {sizes[name]} bytes, at most {most} are read"
            raise DatasetError(message, where=f"{path.name}!{name}")


def _told(archive: zipfile.ZipFile) -> dict[str, int]:
    """Part → its bound, of those whose content type has one."""
    if _TYPES_PART not in archive.namelist():
        return {}
    found = {}
    for override in _OVERRIDE.findall(archive.read(_TYPES_PART).decode(errors="replace")):
        said = {name: one or other for name, one, other in _ATTRIBUTE.findall(override)}
        part, kind = said.get("PartName", "").lstrip("/"), said.get("ContentType", "")
        if kind.endswith(_TEXTS):
            found[part] = MAX_TEXTS
        elif kind.endswith(_WHOLE):
            found[part] = MAX_WHOLE
    return found


def _scan(path: Path, archive: zipfile.ZipFile) -> None:
    """Read every part once in pieces: checksums are verified too. Pictures may declare what they like; a sheet that is
    named like one is refused by the reader of sheets."""
    for part in archive.infolist():
        pattern = _NOTHING if part.filename.lower().endswith(_PICTURES) else _DOCTYPE
        with archive.open(part) as stream:
            tail = b""
            while chunk := stream.read(_CHUNK):
                piece = tail + chunk
                if pattern.search(piece):
                    raise DatasetError("the part declares a document type", where=f"{path.name}!{part.filename}")
                tail = piece[-32:]
