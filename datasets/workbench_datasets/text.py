"""Bytes → text, when nobody says which encoding: byte order mark, UTF-8, UTF-16, GB18030, in this order."""

import codecs
from pathlib import Path

from workbench.errors import DatasetError

MAX_BYTES = 512 * 1024 * 1024
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(path: Path) -> str:
    """The file's text without a byte order mark. Raises DatasetError."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise DatasetError(f"{size} bytes, at most {MAX_BYTES} are read", where=path.name)
        content = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"cannot be read: {error.strerror or error}", where=path.name) from error
    return decode_bytes(content, path.name)


def decode_bytes(content: bytes, where: str) -> str:
    if not content:
        raise DatasetError("the file is empty", where=where)
    if content.startswith(b"PK\x03\x04"):
        raise DatasetError("this is a zip or .xlsx file, not text", where=where, hint="give it the suffix .xlsx")
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strict(content[len(mark) :], (encoding,), where)
    zeros_even, zeros_odd = content[0:4096:2].count(0), content[1:4096:2].count(0)
    if zeros_even or zeros_odd:
        return _strict(content, ("utf-16-be" if zeros_even > zeros_odd else "utf-16-le",), where)
    return _strict(content, ("utf-8", "gb18030"), where)


def _strict(content: bytes, encodings: tuple[str, ...], where: str) -> str:
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
    hint = "save it as UTF-8"
    raise DatasetError(f"neither {' nor '.join(encodings)} text", where=f"{where}:{line}", hint=hint)
