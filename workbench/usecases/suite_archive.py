"""A suite folder as a zip, to be sent: packed always the same way, unpacked within bounds."""

import errno
import lzma
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from workbench.errors import LimitError, SuiteError
from workbench.files.layout import SUITE_FILE
from workbench.plugin_api import ParseLimits

_BLOCK = 256 * 1024
_TIME = (1980, 1, 1, 0, 0, 0)
_LONGEST = 255  # bytes of a name in a folder, on all file systems
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, EOFError, RuntimeError, ValueError,
)  # fmt: skip


def pack(folder: Path, out: Path) -> None:
    """All files of the folder; the same files give the same bytes."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                info.file_size = path.stat().st_size  # tells whether it takes more than a zip had once
                with path.open("rb") as source, archive.open(info, "w") as target:
                    shutil.copyfileobj(source, target, _BLOCK)


def unpack(source: Path, folder: Path, limits: ParseLimits, *, holds: str = SUITE_FILE) -> Path:
    """Gives the folder that holds suite.yaml, or the file that `holds` names: `folder`, or the one folder in it.

    Raises SuiteError for what is no such archive, LimitError for one beyond the limits.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            entries = [info for info in archive.infolist() if not info.is_dir()]
            _check(entries, limits)
            for info in entries:
                _extract(archive, info, folder, limits)
    except _BROKEN as error:
        raise _unreadable(error) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # else a place before the file's beginning, as its directory says
            raise
        raise _unreadable(error) from error
    places = sorted(folder.glob(holds)) or sorted(folder.glob(f"*/{holds}"))
    if len(places) > 1:
        raise SuiteError(f"the archive has {len(places)} {holds}", hint="one folder an archive")
    if not places:
        raise SuiteError(f"the archive has no {holds}", hint="zip the folder that has it, one an archive")
    return places[0].parent


def _check(entries: list[zipfile.ZipInfo], limits: ParseLimits) -> None:
    if len(entries) > limits.max_entries:
        raise LimitError(f"{len(entries)} files in the archive", hint=f"up to {limits.max_entries} are read")
    total = sum(info.file_size for info in entries)
    if total > limits.max_total_bytes:
        raise LimitError(f"{total} bytes in the archive", hint=f"up to {limits.max_total_bytes} are read")
    for info in entries:
        if len(info.filename) > limits.max_name or info.file_size > limits.max_entry_bytes:
            raise LimitError("this file, or its name, is too large", where=info.filename[:80])


def _inside(info: zipfile.ZipInfo) -> Path:
    name = info.filename
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name or "\0" in info.orig_filename:
        raise SuiteError("this path leads out of the suite's folder", where=name[:80])
    if any(len(part.encode(errors="replace")) > _LONGEST for part in path.parts):
        raise LimitError(f"a name in this path is longer than {_LONGEST} bytes", where=name[:80])
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise SuiteError("this is a link or a device, and no file", where=name[:80], hint="put the file itself there")
    return Path(*path.parts)


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, folder: Path, limits: ParseLimits) -> None:
    """What an entry claims to be is not believed: it is counted."""
    target, size = folder / _inside(info), 0
    with archive.open(info) as source, _new(target, info) as file:
        while block := _read(source):
            size += len(block)
            if size > info.file_size or size > limits.max_entry_bytes:
                raise LimitError("this file is larger than it says", where=info.filename[:80])
            file.write(block)


def _new(target: Path, info: zipfile.ZipInfo) -> IO[bytes]:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return target.open("xb")
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        message = "the archive has two files, or a file and a folder, of this name"
        raise SuiteError(message, where=info.filename[:80]) from error
    except UnicodeEncodeError as error:
        raise SuiteError("this path cannot be written", where=ascii(info.filename[:80])) from error


def _read(source: IO[bytes]) -> bytes:
    try:
        return source.read(_BLOCK)
    except OSError as error:  # of bz2's stream; the archive itself is a file of ours
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> SuiteError:
    return SuiteError(f"this is no zip that can be read: {error}", hint="zip the suite's folder")
