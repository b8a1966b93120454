"""What the handlers work with: one of each for as long as the server lives."""

import contextlib
import getpass
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from workbench.app import Application
from workbench.settings import Settings
from workbench.storage import Storage
from workbench_web.repeats import Repeats


class Desk:
    """Settings, application and database of one server. A context manager: it opens the database, and lets go of it."""

    def __init__(self, settings: Settings) -> None:
        """Raises StorageError for a database URL that cannot be used."""
        self.settings = settings
        self.app = Application(settings)
        self.storage: Storage = self.app.storage()
        self.repeats = Repeats(settings.data_dir / "answers")
        self.author = _user()

    def __enter__(self) -> Self:
        """Raises StorageError for a database that has to be upgraded."""
        self.storage.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.storage.close()

    @property
    def room_root(self) -> Path:
        """Where what is only needed for one request is put."""
        return self.settings.data_dir / "tmp"

    @contextlib.contextmanager
    def room(self, name: str) -> Iterator[Path]:
        """An empty folder, for as long as the request lasts."""
        self.room_root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=self.room_root) as folder:
            yield Path(folder)

    def end_streams(self) -> None:
        """End the answers that go on by themselves."""


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "unknown"
