"""Report files that are either the old one or the whole new one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.errors import ReportError


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path beside `target` to write to; it takes the place of `target` when all went well. Raises ReportError."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield draft
        os.replace(draft, target)
    except OSError as error:
        raise ReportError(f"cannot be written: {error.strerror or error}", where=str(target)) from error
    finally:
        draft.unlink(missing_ok=True)
