"""What is there: the cases of a version, and cases of all subsystems that hold a text.

What a version holds changes with a save only, and what a revision holds never: heads that were read once are kept in
memory, until the version has another save.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from workbench.model import json
from workbench.storage.database import Database
from workbench.storage.heads import CaseHead, ScenarioHead, decode_case, decode_scenario
from workbench.storage.journal import last_save
from workbench.storage.state import bodies_of, chunks
from workbench.storage.suites import find_version
from workbench.storage.tables import PRESENT, documents, entries, heads, revisions, subsystems, versions

_KEPT = 40_000  # heads, of all versions together


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


class ListedScenario(Struct, frozen=True):
    """A scenario as a version holds it; `slug`: name of its file."""

    key: str
    position: int
    slug: str
    revision: int
    author: str
    saved_us: int
    head: ScenarioHead


class ListedCase(Struct, frozen=True):
    """A case as a version holds it. `words`: what is looked for in a list, `tags`: its own and its scenario's; both in
    small letters."""

    key: str
    position: int
    revision: int
    author: str
    saved_us: int
    head: CaseHead
    home: ListedScenario
    words: str
    tags: frozenset[str]


class _Version(NamedTuple):
    """What a version holds after a save: cases in running order, and the same by revision."""

    save: int
    scenarios: Sequence[ListedScenario]
    cases: Sequence[ListedCase]
    by_revision: Mapping[str, ListedCase]


class Hit(Struct, frozen=True):
    subsystem: str
    version: str
    key: str
    body: str


class Listing:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Version] = OrderedDict()  # by version, the one that was asked for last at the end

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

    def scenarios(self, subsystem: str, version: str) -> Sequence[ListedScenario]:
        """In running order. Raises NotFoundError for names that do not exist."""
        return self._version(subsystem, version).scenarios

    def cases(self, subsystem: str, version: str) -> Sequence[ListedCase]:
        """In running order. Raises NotFoundError for names that do not exist."""
        return self._version(subsystem, version).cases

    def _version(self, subsystem: str, version: str) -> _Version:
        with self._database.reading() as connection:
            version_id = find_version(connection, subsystem, version)
            save = last_save(connection, version_id)
            with self._lock:
                before = self._kept.get(version_id)
                if before is not None and before.save == save:
                    self._kept.move_to_end(version_id)
                    return before
            found = _read(connection, version_id, save, before.by_revision if before else {})
        with self._lock:
            self._kept[version_id] = found
            self._kept.move_to_end(version_id)
            total = sum(len(each.cases) for each in self._kept.values())
            while total > _KEPT and len(self._kept) > 1:
                total -= len(self._kept.popitem(last=False)[1].cases)
        return found

    def search(
        self, text: str, limit: int, offset: int = 0, only: frozenset[str] | None = None
    ) -> tuple[list[Hit], int]:
        """Cases of the newest versions whose document holds the text, small and capital letters (of ASCII) alike; and
        how many there are. `only`: of these subsystems; None: of all."""
        matches = (entries.c.scenario_id.is_not(None), self._holds(json.dumps(text)[1:-1]))
        with self._database.reading() as connection:
            newest = _newest(connection, only)
            counts = _counts(connection, newest, matches)
            covered, start = _covered([name for name in newest if name in counts], counts, offset, limit)
            page = _matching(connection, covered, matches)[start : start + limit]
            bodies = bodies_of(connection, [row.revision_id for row in page])
            keys = _keys(connection, [row.document_id for row in page])
        hits = [Hit(*newest[row.version_id], keys[row.document_id], bodies[row.revision_id]) for row in page]
        return hits, sum(counts.values())

    def _holds(self, needle: str) -> sa.ColumnElement[bool]:
        body = revisions.c.body
        if self._database.is_sqlite:  # its LIKE does not tell small letters from capital ones, without a copy of both
            return body.contains(needle, autoescape=True)
        return body.icontains(needle, autoescape=True)


def _newest(connection: sa.Connection, only: frozenset[str] | None) -> dict[str, tuple[str, str]]:
    """Id → (subsystem, version), of the newest versions, by subsystem."""
    query = sa.select(versions.c.id, subsystems.c.name, versions.c.name.label("version")).join(subsystems)
    rows = connection.execute(query.where(PRESENT).order_by(subsystems.c.name, versions.c.position))
    last = {row.name: row for row in rows if only is None or row.name in only}
    return {row.id: (row.name, row.version) for row in last.values()}


Where = Sequence[sa.ColumnElement[bool]]


def _counts(connection: sa.Connection, names: Collection[str], where: Where) -> dict[str, int]:
    """Version → how many of its cases match, of those that have one."""
    query = sa.select(entries.c.version_id, sa.func.count().label("number")).select_from(_revised()).where(*where)
    query = query.group_by(entries.c.version_id)
    found: dict[str, int] = {}
    for chunk in chunks(list(names)):
        rows = connection.execute(query.where(entries.c.version_id.in_(chunk)))
        found |= {row.version_id: row.number for row in rows}
    return found


def _covered(names: Sequence[str], counts: Mapping[str, int], offset: int, limit: int) -> tuple[list[str], int]:
    """The versions that a page shows something of, and how many of their cases stand before the page."""
    covered: list[str] = []
    passed = start = 0
    for name in names:
        end = passed + counts[name]
        if end > offset and passed < offset + limit:
            start = offset - passed if not covered else start
            covered.append(name)
        passed = end
    return covered, start


def _matching(connection: sa.Connection, names: Sequence[str], where: Where) -> list[Any]:
    """Rows of entries, in the order of the versions, then as they were made."""
    order = {name: number for number, name in enumerate(names)}
    columns = (entries.c.version_id, entries.c.document_id, entries.c.revision_id)
    query = sa.select(*columns).select_from(_revised()).where(*where)
    rows = [row for chunk in chunks(names) for row in connection.execute(query.where(entries.c.version_id.in_(chunk)))]
    return sorted(rows, key=lambda row: (order[row.version_id], row.document_id))


def _revised() -> sa.FromClause:
    return entries.join(revisions, revisions.c.id == entries.c.revision_id)


def _keys(connection: sa.Connection, document_ids: Sequence[str]) -> dict[str, str]:
    query = sa.select(documents.c.id, documents.c.key)
    found: dict[str, str] = {}
    for chunk in chunks(document_ids):
        found |= {row.id: row.key for row in connection.execute(query.where(documents.c.id.in_(chunk)))}
    return found


def _read(connection: sa.Connection, version_id: str, save: int, known: Mapping[str, ListedCase]) -> _Version:
    """`known`: cases by revision, whose heads need not be read again."""
    columns = (documents.c.id, documents.c.key, entries.c.position, entries.c.name)
    held = (revisions.c.number, revisions.c.author, revisions.c.created_us, heads.c.head)
    query = sa.select(*columns, *held).select_from(_held().join(heads, heads.c.revision_id == revisions.c.id))
    of_scenarios = query.where(entries.c.version_id == version_id, documents.c.kind == "scenario")
    homes = {
        row.id: ListedScenario(*row[1:-1], decode_scenario(row.head))
        for row in connection.execute(of_scenarios.order_by(entries.c.position))
    }
    by_revision: dict[str, ListedCase] = {}
    places = sa.select(entries.c.revision_id, entries.c.scenario_id, entries.c.position).where(
        entries.c.version_id == version_id, entries.c.scenario_id.is_not(None)
    )
    rows: list[Any] = list(connection.execute(places))
    fresh = _fresh(connection, version_id, {row.revision_id for row in rows} - set(known))
    for row in rows:
        by_revision[row.revision_id] = _case(row, homes[row.scenario_id], fresh.get(row.revision_id), known)
    order = {home.key: number for number, home in enumerate(homes.values())}
    cases = sorted(by_revision.values(), key=lambda case: (order[case.home.key], case.position))
    return _Version(save, list(homes.values()), cases, by_revision)


def _fresh(connection: sa.Connection, version_id: str, wanted: set[str]) -> dict[str, Any]:
    """Revision → key, number, author, time and head."""
    columns = (revisions.c.id, documents.c.key, revisions.c.number, revisions.c.author, revisions.c.created_us)
    joined = revisions.join(documents, documents.c.id == revisions.c.document_id).join(heads)
    query = sa.select(*columns, heads.c.head).select_from(joined)
    if len(wanted) > 1000:  # a version that is new here
        all_ = query.join(entries, entries.c.revision_id == revisions.c.id).where(entries.c.version_id == version_id)
        return {row.id: row for row in connection.execute(all_.where(entries.c.scenario_id.is_not(None)))}
    return {
        row.id: row
        for chunk in chunks(sorted(wanted))
        for row in connection.execute(query.where(revisions.c.id.in_(chunk)))
    }


def _case(place: Any, home: ListedScenario, row: Any, known: Mapping[str, ListedCase]) -> ListedCase:
    if row is None:
        old = known[place.revision_id]
        if old.home.head == home.head:
            return replace(old, position=place.position, home=home)
        own = (old.key, place.position, old.revision, old.author, old.saved_us, old.head)
    else:
        own = (row.key, place.position, row.number, row.author, row.created_us, decode_case(row.head))
    head = own[-1]
    tags = frozenset(tag.casefold() for tag in (*home.head.tags, *head.tags))
    return ListedCase(*own, home, _words(own[0], head, home), tags)


def _words(key: str, head: CaseHead, home: ListedScenario) -> str:
    steps = (part for step in head.steps for part in (step.step, step.dubbo, step.http, step.tool, step.use) if part)
    own = (head.case, key, head.owner, home.head.scenario, *head.tags, *head.requirements)
    return "\0".join((*own, *steps)).casefold()


def _held() -> sa.FromClause:
    return entries.join(documents, documents.c.id == entries.c.document_id).join(
        revisions, revisions.c.id == entries.c.revision_id
    )
