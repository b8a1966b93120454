"""What is there: the cases of a version, and cases of all subsystems that hold a text."""

import sqlalchemy as sa
from msgspec import Struct

from workbench.model import json
from workbench.storage.database import Database
from workbench.storage.state import bodies_of
from workbench.storage.suites import find_version
from workbench.storage.tables import documents, entries, revisions, subsystems, versions


class Listed(Struct, frozen=True):
    """A document as a version holds it. `body`: JSON text; `slug`: name of its file; `scenario`: id of a case's."""

    key: str
    scenario: str
    position: int
    slug: str
    revision: int
    hash: str
    author: str
    saved_us: int  # microseconds since 1970, UTC
    body: str


class Hit(Struct, frozen=True):
    subsystem: str
    version: str
    key: str
    body: str


class Listing:
    def __init__(self, database: Database) -> None:
        self._database = database

    def check(self, subsystem: str, version: str) -> None:
        """Raises NotFoundError, with near names, for a version that does not exist."""
        with self._database.reading() as connection:
            find_version(connection, subsystem, version)

    def documents(self, subsystem: str, version: str, kind: str) -> list[Listed]:
        """All of a kind, in their order inside their scenarios. Raises NotFoundError for names that do not exist."""
        scenario = documents.alias("scenario")
        held = (revisions.c.number, revisions.c.hash, revisions.c.author, revisions.c.created_us, revisions.c.body)
        query = (
            sa.select(documents.c.key, scenario.c.key, entries.c.position, entries.c.name, *held)
            .select_from(_held().outerjoin(scenario, scenario.c.id == entries.c.scenario_id))
            .order_by(entries.c.position)
        )
        with self._database.reading() as connection:
            of_version = entries.c.version_id == find_version(connection, subsystem, version)
            rows = connection.execute(query.where(of_version, documents.c.kind == kind))
            return [Listed(row[0], row[1] or "", *row[2:]) for row in rows]

    def search(
        self, text: str, limit: int, offset: int = 0, only: frozenset[str] | None = None
    ) -> tuple[list[Hit], int]:
        """Cases of the newest versions whose document holds the text, small and capital letters (of ASCII) alike; and
        how many there are. `only`: of these subsystems; None: of all."""
        other = versions.alias()
        newest = sa.select(sa.func.max(other.c.position)).where(other.c.subsystem_id == versions.c.subsystem_id)
        needle = json.dumps(text)[1:-1]
        found = (
            sa.select(subsystems.c.name, versions.c.name.label("version"), documents.c.key, revisions.c.id)
            .select_from(_held().join(versions, versions.c.id == entries.c.version_id).join(
                subsystems, subsystems.c.id == versions.c.subsystem_id))
            .where(documents.c.kind == "case", versions.c.position == newest.scalar_subquery())
            .where(self._holds(needle))
        )  # fmt: skip
        if only is not None:
            found = found.where(subsystems.c.name.in_(sorted(only)))
        page = found.add_columns(sa.func.count().over()).order_by(subsystems.c.name, documents.c.key)
        with self._database.reading() as connection:
            rows = connection.execute(page.limit(limit).offset(offset)).all()
            if rows or not offset:
                bodies = bodies_of(connection, [row.id for row in rows])  # not sooner: they would be sorted along
                hits = [Hit(row.name, row.version, row.key, bodies[row.id]) for row in rows]
                return hits, rows[0][-1] if rows else 0
            return [], connection.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0

    def _holds(self, needle: str) -> sa.ColumnElement[bool]:
        body = revisions.c.body
        if self._database.is_sqlite:  # its LIKE does not tell small letters from capital ones, without a copy of both
            return body.contains(needle, autoescape=True)
        return body.icontains(needle, autoescape=True)


def _held() -> sa.FromClause:
    return entries.join(documents, documents.c.id == entries.c.document_id).join(
        revisions, revisions.c.id == entries.c.revision_id
    )
