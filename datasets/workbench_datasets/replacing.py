"""Files that are either the old one or the whole new one, never a half."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.errors import DatasetError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the place of `path` when all went well. Raises DatasetError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield draft
        os.replace(draft, path)
    except OSError as error:
        raise DatasetError(f"cannot be written: {error.strerror or error}", where=str(path)) from error
    finally:
        draft.unlink(missing_ok=True)
