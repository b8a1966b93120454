"""Subsystems, versions and what they hold: whole suites in and out, and new versions.

Each writing transaction first locks the row of its subsystem, so writers of one suite come one after the other and
never wait for each other in a circle.
"""

import time
from collections.abc import Callable, Collection, Iterable, Sequence

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError

from workbench.errors import NotFoundError, UsageError
from workbench.model.near import did_you_mean
from workbench.model.origin import Origin
from workbench.storage.ancestry import Versions, link
from workbench.storage.audit import note
from workbench.storage.author import Author, refuse_outsider, refuse_stale
from workbench.storage.content import Document, Snapshot, documents_of, snapshot_of
from workbench.storage.database import Database
from workbench.storage.journal import last_save
from workbench.storage.keys import new_keys
from workbench.storage.people import belong, group_of
from workbench.storage.save import Change, Save
from workbench.storage.state import Piece, digest_of, piece_of
from workbench.storage.tables import KEY, NAME, PRESENT, documents, entries, revisions, subsystems, versions
from workbench.storage.vault import Vault

Check = Callable[[Snapshot, Snapshot], None]
"""Is shown what a version was and is to become, before that is saved; what it raises takes the save back."""


class VersionInfo(Struct, frozen=True):
    subsystem: str
    version: str
    created_us: int  # microseconds since 1970, UTC
    scenarios: int
    cases: int


class Suites:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def put(self, snapshot: Snapshot, author: Author, *, dry_run: bool = False) -> list[Change]:
        """Make the version that the suite names hold exactly this; what is new of it becomes revisions.

        `dry_run`: tell the changes and take them back. Subsystem and version are made when there are none. Raises
        UsageError for names and keys that are too long.
        """
        wanted = [piece_of(each) for each in documents_of(snapshot, self._vault)]
        file = snapshot.suite.file
        check_names(file.subsystem, file.version, author)
        check_keys(wanted)
        with self._database.writing() as connection:
            subsystem_id = lock_subsystem(connection, file.subsystem, author)
            version_id = make_version(connection, subsystem_id, file.version)
            save = Save(connection, subsystem_id, version_id, author, "import")
            changes = save.put(wanted)
            if dry_run:
                connection.rollback()
            return changes

    def get(self, subsystem: str, version: str) -> Snapshot:
        """What a version holds, its secrets sealed. Raises UsageError for names that do not exist."""
        with self._database.reading() as connection:
            version_id = find_version(connection, subsystem, version)
            return snapshot_of(read_documents(connection, version_id), subsystem, version)

    def get_with_origin(self, subsystem: str, version: str) -> tuple[Snapshot, Origin]:
        """The same, and what tells it from what the version becomes later."""
        while True:
            with self._database.reading() as connection:
                version_id = find_version(connection, subsystem, version)
                save = last_save(connection, version_id)
                found = read_documents(connection, version_id)
            with self._database.reading() as connection:  # a reader of many statements may see a save in their midst
                if last_save(connection, version_id) == save:
                    digest = digest_of(subsystem, version, found)
                    return snapshot_of(found, subsystem, version), Origin(subsystem, version, save, digest)

    def hashes(self, subsystem: str, version: str) -> dict[tuple[str, str], str]:
        """(kind, key) → content hash, of a version: equal in every database that holds the same."""
        with self._database.reading() as connection:
            query = sa.select(documents.c.kind, documents.c.key, revisions.c.hash).select_from(_joined())
            rows = connection.execute(query.where(entries.c.version_id == find_version(connection, subsystem, version)))
            return {(row.kind, row.key): row.hash for row in rows}

    def versions(self, subsystem: str = "") -> list[VersionInfo]:
        """All versions, or those of a subsystem, oldest first."""
        counts = [
            sa.func.count(sa.case((documents.c.kind == kind, 1))).label(name)
            for kind, name in (("scenario", "scenarios"), ("case", "cases"))
        ]
        named = (subsystems.c.name.label("subsystem"), versions.c.name, versions.c.created_us)
        query = (
            sa.select(*named, *counts)
            .select_from(subsystems.join(versions).outerjoin(entries).outerjoin(documents, _of_entry()))
            .group_by(subsystems.c.name, versions.c.id, versions.c.name, versions.c.created_us, versions.c.position)
            .order_by(subsystems.c.name, versions.c.position)
            .where(PRESENT)
        )
        if subsystem:
            query = query.where(subsystems.c.name == subsystem)
        with self._database.reading() as connection:
            return [VersionInfo(*row) for row in connection.execute(query)]

    def latest(self, subsystem: str) -> str:
        """The newest version. Raises UsageError for a subsystem that has none."""
        with self._database.reading() as connection:
            found = newest_version(connection, subsystem)
            if found is None:
                raise _unknown("subsystem", subsystem, connection.scalars(sa.select(subsystems.c.name)).all())
            return found

    def new_version(self, subsystem: str, source: str, name: str, author: Author, behind: str = "") -> None:
        """A version that holds what `source` holds; no document is copied. It is the newest, or stands behind another
        one. Raises UsageError when it is there."""
        check_names(subsystem, name, author)
        with self._database.writing() as connection:
            source_id = find_version(connection, subsystem, source)
            subsystem_id = lock_subsystem(connection, subsystem, author)
            same = sa.and_(versions.c.subsystem_id == subsystem_id, versions.c.name == name)
            if connection.scalar(sa.select(versions.c.id).where(same)):
                raise UsageError(f"{subsystem}@{name} is already there", hint="choose another name")
            version_id = make_version(connection, subsystem_id, name)
            if behind:
                others = [each for each in version_names(connection, subsystem_id) if each != name]
                place = others.index(_known(subsystem, behind, others)) + 1
                _place(connection, subsystem_id, [*others[:place], name, *others[place:]])
            held = [column for column in entries.c if column.name != "version_id"]
            copied = sa.select(sa.literal(version_id), *held).where(entries.c.version_id == source_id)
            connection.execute(sa.insert(entries).from_select(["version_id", *(each.name for each in held)], copied))
            link(connection, Versions(source_id, version_id))
            came = {"source": f"{subsystem}@{source}"}
            note(connection, author, "version-made", f"{subsystem}@{name}", subsystem=subsystem, after=came)

    def order(self, subsystem: str, names: Sequence[str], author: Author) -> None:
        """Put the versions in order, oldest first: the last one is the newest. Raises UsageError when `names` are not
        all of them, each once, StaleError; what is seen are the names as they stood."""
        with self._database.writing() as connection:
            self._check(connection, subsystem)
            subsystem_id = lock_subsystem(connection, subsystem, author)
            before = version_names(connection, subsystem_id)
            refuse_stale(author, before, subsystem)
            if sorted(names) != sorted(before):
                odd = sorted({*names} ^ {*before}) or sorted(each for each in {*names} if list(names).count(each) > 1)
                hint = f"name all of them, each once: {' '.join(before)}"
                raise UsageError(f"these are not the versions of {subsystem}: {', '.join(odd)}", hint=hint)
            if list(names) != before:
                _place(connection, subsystem_id, names)
                note(connection, author, "versions-ordered", subsystem, subsystem=subsystem, before=before, after=names)

    @staticmethod
    def _check(connection: sa.Connection, subsystem: str) -> None:
        """Raises NotFoundError for a subsystem that is not there."""
        known = connection.scalars(sa.select(subsystems.c.name)).all()
        if subsystem not in known:
            raise _unknown("subsystem", subsystem, known)


def version_names(connection: sa.Connection, subsystem_id: str) -> list[str]:
    """Oldest first."""
    query = sa.select(versions.c.name).where(versions.c.subsystem_id == subsystem_id, PRESENT)
    return list(connection.scalars(query.order_by(versions.c.position)))


def _known(subsystem: str, name: str, names: Collection[str]) -> str:
    if name not in names:
        raise _unknown(f"version of {subsystem}", name, names)
    return name


def _place(connection: sa.Connection, subsystem_id: str, names: Sequence[str]) -> None:
    of_subsystem = versions.c.subsystem_id == subsystem_id
    for position, name in enumerate(names):
        connection.execute(sa.update(versions).where(of_subsystem, versions.c.name == name).values(position=position))


def snapshot_digest(snapshot: Snapshot, vault: Vault) -> str:
    """SHA-256 of all that a version holds, its names and places too."""
    file = snapshot.suite.file
    return digest_of(file.subsystem, file.version, documents_of(snapshot, vault))


def check_names(subsystem: str, version: str, author: Author | None = None) -> None:
    """Raises UsageError for names that a database would cut, or that could not stand in SUBSYSTEM@VERSION."""
    for what, name in (("subsystem", subsystem), ("version", version), ("author", author.name if author else "")):
        check_name(what, name)
    if not subsystem:
        raise UsageError("the suite names no subsystem", hint="write subsystem: NAME into suite.yaml")


def check_name(what: str, name: str, where: str = "") -> None:
    """The same of one name; `where`: of the field that it stands in. Raises UsageError."""
    if len(name) > NAME or name != name.strip() or not name.isprintable() or ("@" in name and what != "author"):
        hint = f"up to {NAME} characters in one line, without @ or blanks around"
        raise UsageError(f"{name!r} cannot be the name of a {what} in the database", where=where, hint=hint)


def check_keys(wanted: Iterable[Piece]) -> None:
    """Raises UsageError for keys that are too long."""
    for each in wanted:
        if len(each.key) > KEY or len(each.name) > KEY:
            raise UsageError(f"the {each.kind} {each.key[:40]}… has too long a name", hint=f"up to {KEY} characters")


def newest_version(connection: sa.Connection, subsystem: str) -> str | None:
    """Its name; None for a subsystem that has none."""
    query = sa.select(versions.c.name).join(subsystems).where(subsystems.c.name == subsystem, PRESENT)
    found: str | None = connection.scalar(query.order_by(versions.c.position.desc()).limit(1))
    return found


def find_version(connection: sa.Connection, subsystem: str, version: str) -> str:
    """Its id. Raises UsageError with near names."""
    query = sa.select(versions.c.id, versions.c.name).join(subsystems).where(subsystems.c.name == subsystem, PRESENT)
    found: dict[str, str] = {row.name: row.id for row in connection.execute(query)}
    if not found:
        raise _unknown("subsystem", subsystem, connection.scalars(sa.select(subsystems.c.name)).all())
    if version not in found:
        raise _unknown(f"version of {subsystem}", version, list(found))
    return found[version]


def _unknown(what: str, name: str, known: Collection[str]) -> NotFoundError:
    hint = did_you_mean(name, known) or f"there are: {', '.join(sorted(known)[:10])}"
    if not known:
        hint = "nothing is stored yet: workbench import SUITE"
    return NotFoundError(f"there is no {what} {name!r} in the database", hint=hint)


def lock_subsystem(connection: sa.Connection, name: str, author: Author) -> str:
    """Its id, made when there is none; its row is locked to the end of the transaction.

    The one door to all that is written of a subsystem. Raises DeniedError for an author who may not change it.
    """
    locked = sa.select(subsystems.c.id).where(subsystems.c.name == name).with_for_update()
    found: str | None = connection.scalar(locked)
    if found is None:
        row = {"id": new_keys(1)[0], "name": name, "created_us": time.time_ns() // 1000}
        try:
            with connection.begin_nested():
                connection.execute(sa.insert(subsystems), row)
        except IntegrityError:  # somebody made it at the same time
            found = str(connection.scalar(locked))
        else:
            found = str(row["id"])
            if author.home:
                belong(connection, found, author.home)
    refuse_stranger(connection, name, author)
    return found


def refuse_stranger(connection: sa.Connection, subsystem: str, author: Author) -> None:
    """Raises DeniedError for an author who may not change the subsystem."""
    if author.groups is not None:
        refuse_outsider(author, group_of(connection, subsystem), subsystem)


def make_version(connection: sa.Connection, subsystem_id: str, name: str) -> str:
    """Its id, made as the newest when there is none."""
    query = sa.select(versions.c.id, versions.c.name, versions.c.position)
    found = {row.name: row for row in connection.execute(query.where(versions.c.subsystem_id == subsystem_id))}
    if name in found:
        return str(found[name].id)
    key, position = new_keys(1)[0], max((row.position for row in found.values()), default=-1) + 1
    row = {"id": key, "subsystem_id": subsystem_id, "name": name, "position": position}
    connection.execute(sa.insert(versions), row | {"created_us": time.time_ns() // 1000})
    return key


def _of_entry() -> sa.ColumnElement[bool]:
    return sa.and_(documents.c.id == entries.c.document_id)


def _joined() -> sa.FromClause:
    return entries.join(documents, _of_entry()).join(revisions, revisions.c.id == entries.c.revision_id)


def held_snapshot(connection: sa.Connection, version_id: str, subsystem: str, version: str) -> Snapshot | None:
    """What the version holds in this transaction, its secrets sealed; None where that is no suite."""
    try:
        return snapshot_of(read_documents(connection, version_id), subsystem, version)
    except NotFoundError:
        return None


def read_documents(connection: sa.Connection, version_id: str) -> list[Document]:
    scenario = documents.alias("scenario")
    place = (scenario.c.key.label("scenario"), entries.c.position, entries.c.name)
    query = (
        sa.select(documents.c.kind, documents.c.key, revisions.c.body, *place)
        .select_from(_joined().outerjoin(scenario, scenario.c.id == entries.c.scenario_id))
        .where(entries.c.version_id == version_id)
        .order_by(documents.c.kind, documents.c.key)
    )
    return [
        Document(kind=kind, key=key, body=body, scenario=scenario or "", position=position, name=name)
        for kind, key, body, scenario, position, name in connection.execute(query)
    ]
