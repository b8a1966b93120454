"""Tool libraries: jars in the file store under a name and a version, with what they offer; and who mentions them."""

import contextlib
import time
import zlib
from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import UNSET, Struct
from sqlalchemy.exc import IntegrityError

from workbench.errors import NotFoundError, UsageError
from workbench.model import json
from workbench.model.library import Library
from workbench.model.near import did_you_mean
from workbench.storage.audit import note
from workbench.storage.author import Author, refuse_outsider, refuse_stale
from workbench.storage.content import decode
from workbench.storage.database import Database
from workbench.storage.keys import new_keys
from workbench.storage.people import Home, belong_library, library_homes
from workbench.storage.tables import PRESENT, documents, entries, libraries, revisions, subsystems, versions


class LibraryFile(Struct, frozen=True, omit_defaults=True):
    """`sources`: a sources jar, for names and Javadoc; it is not run."""

    name: str
    sha256: str
    size: int
    sources: bool = False


class LibraryInfo(Struct, frozen=True, kw_only=True):
    name: str
    version: str
    files: tuple[LibraryFile, ...]
    author: str
    created_us: int  # microseconds since 1970, UTC
    message: str = ""
    group: str = ""  # that the library belongs to


class Mention(Struct, frozen=True):
    """A document of a version, with its model, that holds a text somewhere."""

    subsystem: str
    version: str
    kind: str
    key: str
    body: Any


_files = json.decoder_for(tuple[LibraryFile, ...])
_offer = msgspec.json.Decoder(Library)
_INFO = (libraries.c.name, libraries.c.version, libraries.c.files, libraries.c.author, libraries.c.created_us)


class Libraries:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self,
        name: str,
        version: str,
        files: tuple[LibraryFile, ...],
        offer: Library,
        author: Author,
        *,
        replace: bool = False,
    ) -> bool:
        """Keep a version of a library; False when it is there already, with the same files.

        A new library belongs to the author's home. Raises UsageError when it holds other files, unless `replace`: runs
        name a version, and trust it; DeniedError, StaleError.
        """
        row = {
            "files": json.dumps(files),
            "offer": zlib.compress(msgspec.json.encode(offer)),
            "author": author.name,
            "created_us": time.time_ns() // 1000,
            "message": author.message,
        }
        here = (libraries.c.name == name) & (libraries.c.version == version)
        with self._database.writing() as connection:
            _admit(connection, name, author)
            known = connection.scalar(sa.select(libraries.c.files).where(here).with_for_update())
            if known == row["files"]:
                return False
            if known is not None and not replace:
                hint = "give the new files a version of their own, or --replace for a snapshot"
                raise UsageError(f"{name}@{version} is there with other files", hint=hint)
            refuse_stale(author, _info(connection, name, version), f"{name}@{version}")
            if known is not None:
                connection.execute(sa.update(libraries).where(here).values(row))
            else:
                head = {"id": new_keys(1)[0], "name": name, "version": version}
                connection.execute(sa.insert(libraries).values(head | row))
            before = UNSET if known is None else json.loads(known)
            note(connection, author, "library-kept", f"{name}@{version}", before=before, after=files)
        return True

    def all(self, name: str = "") -> list[LibraryInfo]:
        """By name, the newest version of each first."""
        with self._database.reading() as connection:
            return _read(connection, libraries.c.name == name if name else sa.true())

    def get(self, name: str, version: str = "") -> LibraryInfo:
        """`version` empty: the newest. Raises NotFoundError with near names."""
        found = self.all(name)
        if not found:
            hint = did_you_mean(name, {each.name for each in self.all()}) or "`workbench tools add` brings one"
            raise NotFoundError(f"there is no tool library {name!r}", hint=hint)
        for each in found:
            if not version or each.version == version:
                return each
        known = ", ".join(each.version for each in found)
        raise NotFoundError(f"there is no {name}@{version}", hint=f"there is {known}")

    def offer(self, info: LibraryInfo) -> Library:
        query = sa.select(libraries.c.offer).where(libraries.c.name == info.name, libraries.c.version == info.version)
        with self._database.reading() as connection:
            packed = connection.scalar(query)
        return _offer.decode(zlib.decompress(packed)) if packed else Library()

    def remove(self, info: LibraryInfo, author: Author) -> None:
        """Its files stay in the store: plans of earlier runs may name them. Raises DeniedError, StaleError."""
        with self._database.writing() as connection:
            here = (libraries.c.name == info.name) & (libraries.c.version == info.version)
            connection.execute(sa.select(libraries.c.id).where(here).with_for_update())
            _admit(connection, info.name, author)
            refuse_stale(author, _info(connection, info.name, info.version), f"{info.name}@{info.version}")
            connection.execute(sa.delete(libraries).where(here))
            if not _read(connection, libraries.c.name == info.name):
                belong_library(connection, info.name, "")
            note(connection, author, "library-removed", f"{info.name}@{info.version}", before=info.files)

    def home(self, name: str) -> Home:
        """Whose a library is. Raises NotFoundError."""
        return Home(self.get(name).group)

    def give(self, name: str, group: str, author: Author) -> None:
        """Let a library, with all its versions, belong to a group; "": to none. Raises NotFoundError, StaleError."""
        self.get(name)
        with self._database.writing() as connection:
            connection.execute(sa.select(libraries.c.id).where(libraries.c.name == name).with_for_update())
            before = library_homes(connection).get(name, "")
            refuse_stale(author, Home(before), name)
            if before != group:
                belong_library(connection, name, group)
                note(connection, author, "library-given", name, before={"group": before}, after={"group": group})

    def mentions(self, text: str) -> Iterator[Mention]:
        """Suites, shared steps, scenarios and cases of all versions whose JSON holds the text, version by version."""
        query = (
            sa.select(subsystems.c.name, versions.c.name, documents.c.kind, documents.c.key, revisions.c.body)
            .select_from(
                entries.join(documents, documents.c.id == entries.c.document_id)
                .join(revisions, revisions.c.id == entries.c.revision_id)
                .join(versions, versions.c.id == entries.c.version_id)
                .join(subsystems, subsystems.c.id == versions.c.subsystem_id)
            )
            .where(PRESENT, documents.c.kind.in_(("suite", "shared", "scenario", "case")))
            .where(revisions.c.body.contains(json.dumps(text)[1:-1], autoescape=True))
            .order_by(subsystems.c.name, versions.c.position, documents.c.kind, documents.c.key)
        )
        with self._database.reading() as connection:
            for subsystem, version, kind, key, body in connection.execute(query):
                yield Mention(subsystem, version, kind, key, decode(kind, body, f"{subsystem}@{version}"))


def _admit(connection: sa.Connection, name: str, author: Author) -> None:
    """Raises DeniedError for who may not change the library; a new one belongs to their home."""
    if author.home and connection.scalar(sa.select(libraries.c.id).where(libraries.c.name == name).limit(1)) is None:
        with contextlib.suppress(IntegrityError), connection.begin_nested():  # somebody made it at the same time
            belong_library(connection, name, author.home)
    if author.groups is not None:
        refuse_outsider(author, library_homes(connection).get(name, ""), name)


def _info(connection: sa.Connection, name: str, version: str) -> LibraryInfo | None:
    found = _read(connection, (libraries.c.name == name) & (libraries.c.version == version))
    return found[0] if found else None


def _read(connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[LibraryInfo]:
    homes = library_homes(connection)
    query = sa.select(*_INFO, libraries.c.message).where(where)
    return [
        LibraryInfo(
            name=row.name,
            version=row.version,
            files=_files.decode(row.files),
            author=row.author,
            created_us=row.created_us,
            message=row.message,
            group=homes.get(row.name, ""),
        )
        for row in connection.execute(query.order_by(libraries.c.name, libraries.c.created_us.desc()))
    ]
