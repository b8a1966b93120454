"""The versions of a subsystem renamed, put into the trash and brought back; what they hold stays as it is.

A version in the trash gives its name free: it is kept under one that no version can have.
"""

import time

import sqlalchemy as sa
from msgspec import Struct

from workbench.errors import NotFoundError, UsageError
from workbench.model.near import did_you_mean
from workbench.storage.audit import note
from workbench.storage.author import Author, refuse_stale
from workbench.storage.database import Database
from workbench.storage.suites import check_names, find_version, lock_subsystem, version_names
from workbench.storage.tables import subsystems, versions


class RemovedVersion(Struct, frozen=True):
    subsystem: str
    version: str
    removed_us: int  # microseconds since 1970, UTC
    author: str


class Releases:
    def __init__(self, database: Database) -> None:
        self._database = database

    def rename(self, subsystem: str, version: str, name: str, author: Author) -> None:
        """Raises UsageError for a name that is taken or none, NotFoundError, DeniedError, StaleError; what is seen are
        the names of all versions, as they stand."""
        with self._database.writing() as connection:
            subsystem_id, version_id = _locked(connection, subsystem, version, author)
            _refuse_taken(connection, subsystem_id, subsystem, name, author)
            connection.execute(sa.update(versions).where(versions.c.id == version_id).values(name=name))
            place = f"{subsystem}@{name}"
            note(connection, author, "version-renamed", place, subsystem=subsystem, before=version, after=name)

    def remove(self, subsystem: str, version: str, author: Author) -> None:
        """Into the trash. Raises NotFoundError, DeniedError, StaleError as above."""
        with self._database.writing() as connection:
            _, version_id = _locked(connection, subsystem, version, author)
            gone = {"name": f"@{version_id}", "removed_name": version, "removed_us": time.time_ns() // 1000}
            gone["removed_by"] = author.name
            connection.execute(sa.update(versions).where(versions.c.id == version_id).values(gone))
            note(connection, author, "version-removed", f"{subsystem}@{version}", subsystem=subsystem, before=version)

    def restore(self, subsystem: str, version: str, author: Author, name: str = "") -> str:
        """Bring the one that was last removed under that name back to its place; gives its name, which `name` can
        change. Raises NotFoundError with near names, UsageError for a name that is taken."""
        with self._database.writing() as connection:
            subsystem_id = _subsystem(connection, subsystem, author)
            found = [row for row in _removed(connection, subsystem) if row.removed_name == version]
            if not found:
                known = [row.removed_name for row in _removed(connection, subsystem)]
                hint = did_you_mean(version, known) or f"in it are: {', '.join(known) or 'none'}"
                raise NotFoundError(f"there is no version {version!r} of {subsystem} in the trash", hint=hint)
            _refuse_taken(connection, subsystem_id, subsystem, name or version, author)
            back = {"name": name or version, "removed_name": "", "removed_us": 0, "removed_by": ""}
            connection.execute(sa.update(versions).where(versions.c.id == found[0].id).values(back))
            place = f"{subsystem}@{name or version}"
            note(connection, author, "version-restored", place, subsystem=subsystem, before=version, after=back["name"])
        return name or version

    def removed(self, subsystem: str) -> list[RemovedVersion]:
        """The trash of a subsystem, or with "" of all; last removed first."""
        with self._database.reading() as connection:
            return [
                RemovedVersion(row.subsystem, row.removed_name, row.removed_us, row.removed_by)
                for row in _removed(connection, subsystem)
            ]


def _removed(connection: sa.Connection, subsystem: str) -> list[sa.Row[tuple[str, str, str, int, str]]]:
    columns = (versions.c.removed_name, versions.c.removed_us, versions.c.removed_by)
    query = sa.select(versions.c.id, subsystems.c.name.label("subsystem"), *columns).join(subsystems)
    query = query.where(versions.c.removed_us > 0).order_by(versions.c.removed_us.desc())
    return list(connection.execute(query.where(subsystems.c.name == subsystem) if subsystem else query))


def _subsystem(connection: sa.Connection, subsystem: str, author: Author) -> str:
    """Its id; the lock. Raises NotFoundError for one that is not there, which a lock would make."""
    if connection.scalar(sa.select(subsystems.c.id).where(subsystems.c.name == subsystem)) is None:
        raise NotFoundError(f"there is no subsystem {subsystem!r} in the database", hint="`workbench db list`")
    return lock_subsystem(connection, subsystem, author)


def _locked(connection: sa.Connection, subsystem: str, version: str, author: Author) -> tuple[str, str]:
    find_version(connection, subsystem, version)
    subsystem_id = lock_subsystem(connection, subsystem, author)
    refuse_stale(author, version_names(connection, subsystem_id), subsystem)
    return subsystem_id, find_version(connection, subsystem, version)


def _refuse_taken(connection: sa.Connection, subsystem_id: str, subsystem: str, name: str, author: Author) -> None:
    check_names(subsystem, name, author)
    if not name:
        raise UsageError("a version needs a name", where=subsystem)
    if name in version_names(connection, subsystem_id):
        raise UsageError(f"{subsystem}@{name} is already there", hint="choose another name")
