"""What the handlers work with: one of each for as long as the server lives."""

import getpass
from types import TracebackType
from typing import Self

from workbench.app import Application
from workbench.settings import Settings
from workbench.storage import Storage


class Desk:
    """Settings, application and database of one server. A context manager: it opens the database, and lets go of it."""

    def __init__(self, settings: Settings) -> None:
        """Raises StorageError for a database URL that cannot be used."""
        self.settings = settings
        self.app = Application(settings)
        self.storage: Storage = self.app.storage()
        self.author = _user()

    def __enter__(self) -> Self:
        """Raises StorageError for a database that has to be upgraded."""
        self.storage.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.storage.close()

    def end_streams(self) -> None:
        """End the answers that go on by themselves."""


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "unknown"
