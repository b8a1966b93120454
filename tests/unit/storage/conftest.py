"""A SQLite storage in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.storage import Storage


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path / "files") as opened:
        yield opened
