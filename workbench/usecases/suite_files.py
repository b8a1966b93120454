"""Files of a stored suite: where they stand in a folder."""

from pathlib import Path, PurePosixPath

from workbench.errors import StorageError
from workbench.storage import StoredFile


def inside(file: StoredFile) -> Path:
    """Its path relative to the suite's folder. Raises StorageError for one that leads out of it."""
    path = PurePosixPath(file.path)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise StorageError("this path leads out of the suite's folder", where=file.path)
    return Path(*path.parts)
