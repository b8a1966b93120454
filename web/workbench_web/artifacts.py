"""Which files and registries a request may name: what was uploaded, samples, Maven coordinates, addresses; never a path
of the server."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from msgspec import Struct

from workbench.errors import NotFoundError, UsageError
from workbench.model.addresses import ZOOKEEPER
from workbench.settings import Settings
from workbench.storage import Storage
from workbench.usecases.maven import coordinates
from workbench.usecases.resolve import SAMPLES
from workbench_web.uploads import Upload

SCHEME: Final = "artifact:"
_ADDRESS = re.compile(r"artifact:([0-9a-f]{64})/([^/\\\x00-\x1f]{1,200})")
_NAME = re.compile(r"(?!\.)[^/\\\x00-\x1f]{1,200}")
_SAMPLE = re.compile(r"samples://[\w.-]+")
_HOST = re.compile(r"(\[[^\]/\s]+\]|[\w.-]+):\d{1,5}(,(\[[^\]/\s]+\]|[\w.-]+):\d{1,5})*(/[^\s?]*)?")


class Artifact(Struct, frozen=True):
    """A file that was uploaded. `address`: what other requests name it by."""

    address: str
    name: str
    sha256: str
    size: int


def keep(name: str, upload: Upload, storage: Storage, rooms: Path) -> Artifact:
    """Put it into the file store. Raises UsageError for a name that is none."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no file name", where="name", hint="as it should be called: order-api-1.0.0.jar")
    with upload.folder(name, rooms) as path:
        sha256, size = storage.files.put(path)
    return Artifact(f"{SCHEME}{sha256}/{name}", name, sha256, size)


def allowed(texts: Iterable[str], storage: Storage, settings: Settings) -> tuple[str, ...]:
    """The same artifacts as the use cases know them. Raises UsageError for what is no address of one, NotFoundError."""
    return tuple(_allowed(text, storage, settings) for text in texts)


def _allowed(text: str, storage: Storage, settings: Settings) -> str:
    if _SAMPLE.fullmatch(text) or ("/" not in text and coordinates(text)):
        return text
    found = _ADDRESS.fullmatch(text)
    if found is None or not _NAME.fullmatch(found[2]):
        hint = f"upload it with POST /artifacts and give its address, or {SAMPLES}NAME, or GROUP:ARTIFACT:VERSION"
        raise UsageError("this is no address of an artifact", where=text[:80], hint=hint)
    sha256, name = found.groups()
    path = settings.data_dir / "artifacts" / sha256 / name
    if not storage.files.has(sha256):
        raise NotFoundError(f"{name} is not here", where=text[:80], hint="upload it with POST /artifacts")
    storage.files.bring(sha256, path, link=True)
    return str(path.absolute())


def registry(text: str) -> str:
    """The address of a registry. Raises UsageError for a file and for what is none."""
    if text == SAMPLES or text.startswith(ZOOKEEPER) or _HOST.fullmatch(text):
        return text
    hint = f"write {ZOOKEEPER}HOST:PORT[,HOST:PORT][/ROOT], or {SAMPLES}"
    raise UsageError("this is no address of a registry", where=text[:80] or "registry", hint=hint)


def source(text: str, storage: Storage, settings: Settings) -> str:
    """An artifact or a registry."""
    if text == SAMPLES or text.startswith(ZOOKEEPER):
        return text
    return _allowed(text, storage, settings)
