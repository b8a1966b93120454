"""Bytes → text, when nobody says which encoding: byte order mark, UTF-8, UTF-16, GB18030, in this order.

A file is looked at in blocks before it is read, so that its encoding is known to hold to the end and no size matters.
"""

import codecs
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TextIO

from workbench.errors import DatasetError

MAX_BYTES = 512 * 1024 * 1024
GUESSED = "gb18030"  # what is no UTF-8 nearly always decodes as this, too
_BLOCK = 1024 * 1024
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(path: Path, most: int = MAX_BYTES) -> str:
    """The file's text without a byte order mark. Raises DatasetError, also beyond `most` bytes."""
    with opened_text(path, most) as (stream, _):
        return stream.read()


@contextmanager
def opened_text(path: Path, most: int = MAX_BYTES) -> Iterator[tuple[TextIO, str]]:
    """The file's text behind its byte order mark, line breaks as they are, and its encoding. Raises DatasetError."""
    try:
        size = path.stat().st_size
        if size > most:
            raise DatasetError(f"{size} bytes, at most {most} are read", where=path.name, hint="split the file")
        with path.open("rb") as raw:
            skipped, encoding = _encoding(raw, path.name)
        with path.open(encoding=encoding, newline="") as stream:
            stream.seek(skipped)
            yield stream, encoding
    except OSError as error:
        raise DatasetError(f"cannot be read: {error.strerror or error}", where=path.name) from error


def _encoding(raw: IO[bytes], where: str) -> tuple[int, str]:
    """(bytes of the mark, the encoding that the whole file is in)."""
    head = raw.read(_BLOCK)
    if not head:
        raise DatasetError("the file is empty", where=where)
    if head.startswith(b"PK\x03\x04"):
        raise DatasetError("this is a zip or .xlsx file, not text", where=where, hint="give it the suffix .xlsx")
    marked = next(((len(mark), encoding) for mark, encoding in _MARKS if head.startswith(mark)), None)
    skipped = marked[0] if marked else 0
    candidates = (marked[1],) if marked else _candidates(head)
    for encoding in candidates:
        raw.seek(skipped)
        line = _fault(raw, encoding, where, sure=marked is not None)
        if not line:
            return skipped, encoding
    raise DatasetError(f"neither {' nor '.join(candidates)} text", where=f"{where}:{line}", hint="save it as UTF-8")


def _candidates(head: bytes) -> Sequence[str]:
    """UTF-16 without a mark shows by its zeros: half of all bytes of Latin text, those of all breaks in any.

    A few zeros in what is UTF-8 are NUL characters."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if not even and not odd:
        return ("utf-8", GUESSED)
    if 4 * (even + odd) < len(head) and _is_utf8(head):
        return ("utf-8",)
    return ("utf-16-be" if even > odd else "utf-16-le",)


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _fault(raw: IO[bytes], encoding: str, where: str, *, sure: bool) -> int:
    """The first line that is not in the encoding; 0 when all are. Raises DatasetError for a NUL character where nothing
    says that this is text."""
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    while True:
        block = raw.read(_BLOCK)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            return line + error.object[: error.start].count(b"\n")
        if not sure and "\0" in text:
            line += text.count("\n", 0, text.index("\0"))
            hint = "is it text at all? save it as UTF-8 with a byte order mark"
            raise DatasetError("a NUL character", where=f"{where}:{line}", hint=hint)
        line += text.count("\n")
        if not block:
            return 0
