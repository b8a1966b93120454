"""Files that are sent: streamed to disk, bounded, whole or not at all."""

import contextlib
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from workbench_web.problems import Refused

UPLOADS: Final = ("application/java-archive", "application/octet-stream", "application/zip")  # no other body is one
_BLOCK = 256 * 1024


class Upload:
    """The body of a request as a file, read once."""

    def __init__(self, stream: IO[bytes], length: int | None, limit: int) -> None:
        self._stream = stream
        self._length = length
        self._limit = limit
        self._kept: IO[bytes] | None = None

    @contextlib.contextmanager
    def folder(self, name: str, root: Path) -> Iterator[Path]:
        """The file, under that name in a folder of its own, which goes away again. Raises Refused when it is larger
        than the server takes, empty or cut off."""
        if self._length is not None and self._length > self._limit:
            raise self._too_large()
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".upload-", dir=root) as folder:
            path = Path(folder) / name
            self._write(path)
            yield path

    def digest(self) -> str:
        """SHA-256 of the file, which can be written all the same afterwards. Raises Refused when it is too large."""
        total, kept = hashlib.sha256(), tempfile.SpooledTemporaryFile(_BLOCK)  # noqa: SIM115 - closed by `close`
        self._kept = kept
        for block in self._blocks():
            total.update(block)
            kept.write(block)
        kept.seek(0)
        self._stream = kept
        return total.hexdigest()

    def close(self) -> None:
        """Let go of what `digest` has kept."""
        if self._kept is not None:
            self._kept.close()

    def _blocks(self) -> Iterator[bytes]:
        size = 0
        while block := self._stream.read(_BLOCK):
            size += len(block)
            if size > self._limit:
                raise self._too_large()
            yield block

    def _write(self, path: Path) -> None:
        size = 0
        with path.open("wb") as file:
            for block in self._blocks():
                size += file.write(block)
        if not size:
            raise Refused(422, "INVALID", "the body is empty", hint="send the file as the body")
        if self._length is not None and size != self._length:
            raise Refused(400, "CUT_OFF", f"{size} of {self._length} bytes came")

    def _too_large(self) -> Refused:
        hint = "the setting serve.upload_mb is the bound"
        return Refused(413, "TOO_LARGE", f"the upload is beyond {self._limit // (1024 * 1024)} MB", hint=hint)
