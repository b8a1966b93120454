"""Look for subsystems, versions and cases: filtered, sorted, a page at a time."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Struct

from workbench.model import json
from workbench.storage import Storage, VersionInfo
from workbench.usecases.export_suite import parse_address

T = TypeVar("T")
CaseSort = Literal[
    "position", "name", "priority", "owner", "saved", "-position", "-name", "-priority", "-owner", "-saved"
]


class Page(Struct, Generic[T], frozen=True):
    """`total`: of all pages; `offset`: of the first item in them."""

    items: tuple[T, ...]
    total: int
    offset: int
    limit: int


class SubsystemRow(Struct, frozen=True):
    """Counts are of the newest version."""

    subsystem: str
    versions: int
    newest: str
    scenarios: int
    cases: int


class CaseRow(Struct, frozen=True, kw_only=True):
    """A case in a list. `position`: of the case in its scenario; `saved_us`, `author`: of the revision it has here."""

    id: str
    name: str
    scenario: str
    scenario_name: str
    slug: str
    position: int
    priority: str
    tags: tuple[str, ...]
    owner: str
    requirements: tuple[str, ...]
    dataset: str
    disabled: bool
    steps: int
    revision: int
    author: str
    saved_us: int


class CaseFilter(Struct, frozen=True, kw_only=True):
    """All that are given have to hold. `tags`: `smoke` wants the tag (of the case or its scenario), `!slow` forbids it;
    `text` stands in a name, id, tag, owner, requirement or the target of a step."""

    text: str = ""
    scenario: str = ""  # id or slug
    tags: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    owner: str | None = None
    disabled: bool | None = None


class CaseHit(Struct, frozen=True):
    subsystem: str
    version: str
    id: str
    name: str


class _Step(Struct, frozen=True):
    step: str = ""
    dubbo: str = ""
    http: str = ""
    tool: str = ""
    use: str = ""


class _Case(Struct, frozen=True, kw_only=True):
    """What a list needs of a case; the rest is passed over unread."""

    case: str
    priority: str = "P2"
    tags: tuple[str, ...] = ()
    owner: str = ""
    requirements: tuple[str, ...] = ()
    dataset: str = ""
    disabled: bool = False
    steps: tuple[_Step, ...] = ()


class _Scenario(Struct, frozen=True, kw_only=True):
    scenario: str
    tags: tuple[str, ...] = ()
    disabled: bool = False


class ScenarioRow(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    slug: str
    tags: tuple[str, ...]
    disabled: bool
    cases: int
    revision: int
    author: str
    saved_us: int


_cases = msgspec.json.Decoder(_Case)
_scenarios = msgspec.json.Decoder(_Scenario)


def subsystems(
    storage: Storage, text: str, offset: int, limit: int, only: frozenset[str] | None = None
) -> Page[SubsystemRow]:
    """By name; `text` stands in it. `only`: of these; None: of all."""
    by_name: dict[str, list[VersionInfo]] = {}
    for each in storage.suites.versions():
        by_name.setdefault(each.subsystem, []).append(each)
    wanted = text.casefold()
    rows = [
        SubsystemRow(name, len(found), found[-1].version, found[-1].scenarios, found[-1].cases)
        for name, found in by_name.items()
        if wanted in name.casefold() and (only is None or name in only)
    ]
    return page_of(rows, offset, limit)


def versions(storage: Storage, subsystem: str) -> tuple[VersionInfo, ...]:
    """Oldest first. Raises NotFoundError for an unknown subsystem."""
    storage.suites.latest(subsystem)
    return tuple(storage.suites.versions(subsystem))


def scenarios(storage: Storage, address: str) -> tuple[ScenarioRow, ...]:
    """In running order. Raises NotFoundError."""
    subsystem, version = parse_address(address, storage)
    counts: dict[str, int] = {}
    for case in storage.listing.documents(subsystem, version, "case"):
        counts[case.scenario] = counts.get(case.scenario, 0) + 1
    rows = []
    for each in storage.listing.documents(subsystem, version, "scenario"):
        head = _scenarios.decode(each.body)
        rows.append(
            ScenarioRow(
                id=each.key,
                name=head.scenario,
                slug=each.slug,
                tags=head.tags,
                disabled=head.disabled,
                cases=counts.get(each.key, 0),
                revision=each.revision,
                author=each.author,
                saved_us=each.saved_us,
            )
        )
    return tuple(rows)


def cases(storage: Storage, address: str, wanted: CaseFilter, sort: CaseSort, offset: int, limit: int) -> Page[CaseRow]:
    """Cases of a version, in running order unless sorted otherwise. Raises NotFoundError."""
    subsystem, version = parse_address(address, storage)
    heads = {
        each.key: (number, each.slug, _scenarios.decode(each.body))
        for number, each in enumerate(storage.listing.documents(subsystem, version, "scenario"))
    }
    found: list[tuple[int, CaseRow]] = []
    for each in storage.listing.documents(subsystem, version, "case"):
        place, slug, scenario = heads[each.scenario]
        case = _cases.decode(each.body)
        row = CaseRow(
            id=each.key, name=case.case, scenario=each.scenario, scenario_name=scenario.scenario, slug=slug,
            position=each.position, priority=case.priority, tags=case.tags, owner=case.owner,
            requirements=case.requirements, dataset=case.dataset, disabled=case.disabled or scenario.disabled,
            steps=len(case.steps), revision=each.revision, author=each.author, saved_us=each.saved_us,
        )  # fmt: skip
        if _wanted(row, case, scenario, wanted):
            found.append((place, row))
    name = sort.removeprefix("-")
    found.sort(key=lambda pair: (pair[0], pair[1].position))
    if name != "position":
        key = _KEYS[name]
        found.sort(key=lambda pair: key(pair[1]), reverse=sort != name)
    elif sort != name:
        found.reverse()
    return page_of([row for _, row in found], offset, limit)


_KEYS: Mapping[str, Callable[[CaseRow], Any]] = {
    "name": lambda row: row.name.casefold(),
    "priority": attrgetter("priority"),
    "owner": lambda row: row.owner.casefold(),
    "saved": attrgetter("saved_us"),
}


def _wanted(row: CaseRow, case: _Case, scenario: _Scenario, wanted: CaseFilter) -> bool:
    tags = {tag.casefold() for tag in (*scenario.tags, *case.tags)}
    needed = [tag.casefold() for tag in wanted.tags if not tag.startswith("!")]
    forbidden = [tag[1:].casefold() for tag in wanted.tags if tag.startswith("!")]
    return (
        wanted.scenario in ("", row.scenario, row.slug)
        and (not wanted.priorities or row.priority in wanted.priorities)
        and wanted.owner in (None, row.owner)
        and wanted.disabled in (None, row.disabled)
        and (not needed or any(tag in tags for tag in needed))
        and not any(tag in tags for tag in forbidden)
        and _holds(wanted.text.casefold(), row, case)
    )


def _holds(text: str, row: CaseRow, case: _Case) -> bool:
    if not text:
        return True
    steps = (part for step in case.steps for part in (step.step, step.dubbo, step.http, step.tool, step.use))
    own = (row.name, row.id, row.owner, row.scenario_name, *row.tags, *row.requirements)
    return any(text in part.casefold() for part in (*own, *steps))


def search(storage: Storage, text: str, offset: int, limit: int, only: frozenset[str] | None = None) -> Page[CaseHit]:
    """Cases of the newest versions that hold the text anywhere: requests, scripts, assertions too. `only`: of these
    subsystems; None: of all."""
    hits, total = storage.listing.search(text, limit, offset, only)
    items = tuple(CaseHit(each.subsystem, each.version, each.key, json.loads(each.body)["case"]) for each in hits)
    return Page(items, total, offset, limit)


def page_of(rows: Sequence[T], offset: int, limit: int) -> Page[T]:
    return Page(tuple(rows[offset : offset + limit]), len(rows), offset, limit)
