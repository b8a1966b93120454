"""Suite folders as zips, for tests of the API."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)  # of no time: equal files, equal bytes
    return out.getvalue()


def unzipped(archive: bytes, folder: Path) -> None:
    """Its files, in a folder that is made."""
    with zipfile.ZipFile(io.BytesIO(archive)) as held:
        held.extractall(folder)
