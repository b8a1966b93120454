"""Files that are there whole or not at all."""

import contextlib
import os
import secrets
from pathlib import Path

_ANYBODYS = 0o666  # less the umask, which the system takes off: it is the process's, and to read it is to set it


def write_text(path: Path, text: str) -> bool:
    """Write UTF-8 through a temporary file and a rename; False when the file already holds this text."""
    return write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes) -> bool:
    """The same for bytes; the permissions of a file that is replaced stay."""
    path = Path(os.path.realpath(path))  # a link stays a link
    mode = None
    with contextlib.suppress(FileNotFoundError):
        if path.read_bytes() == data:
            return False
        mode = path.stat().st_mode & 0o777
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ANYBODYS if mode is None else mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return True
