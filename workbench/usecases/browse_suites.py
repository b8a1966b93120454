"""Look for subsystems, versions and cases: filtered, sorted, a page at a time."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar

from msgspec import Struct

from workbench.model import json
from workbench.model.suite import CaseState
from workbench.storage import ListedCase, Storage, VersionInfo
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
    state: CaseState
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
    states: tuple[CaseState, ...] = ()


class CaseHit(Struct, frozen=True):
    subsystem: str
    version: str
    id: str
    name: str


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


def subsystems(storage: Storage, only: frozenset[str] | None = None) -> list[SubsystemRow]:
    """By name. `only`: of these; None: of all."""
    by_name: dict[str, list[VersionInfo]] = {}
    for each in storage.suites.versions():
        by_name.setdefault(each.subsystem, []).append(each)
    return [
        SubsystemRow(name, len(found), found[-1].version, found[-1].scenarios, found[-1].cases)
        for name, found in by_name.items()
        if only is None or name in only
    ]


def versions(storage: Storage, subsystem: str) -> tuple[VersionInfo, ...]:
    """Oldest first. Raises NotFoundError for an unknown subsystem."""
    storage.suites.latest(subsystem)
    return tuple(storage.suites.versions(subsystem))


def scenarios(storage: Storage, address: str) -> tuple[ScenarioRow, ...]:
    """In running order. Raises NotFoundError."""
    subsystem, version = parse_address(address, storage)
    counts = Counter(case.home.key for case in storage.listing.cases(subsystem, version))
    return tuple(
        ScenarioRow(
            id=each.key, name=each.head.scenario, slug=each.slug, tags=each.head.tags, disabled=each.head.disabled,
            cases=counts[each.key], revision=each.revision, author=each.author, saved_us=each.saved_us,
        )
        for each in storage.listing.scenarios(subsystem, version)
    )  # fmt: skip


def cases(storage: Storage, address: str, wanted: CaseFilter, sort: CaseSort, offset: int, limit: int) -> Page[CaseRow]:
    """Cases of a version, in running order unless sorted otherwise. Raises NotFoundError."""
    found = [each for each in storage.listing.cases(*parse_address(address, storage)) if _wanted(each, wanted)]
    name = sort.removeprefix("-")
    if name != "position":
        found.sort(key=_KEYS[name], reverse=sort != name)
    elif sort != name:
        found.reverse()
    page = page_of(found, offset, limit)
    return Page(tuple(map(_row, page.items)), page.total, offset, limit)


def _row(case: ListedCase) -> CaseRow:
    head, home = case.head, case.home
    return CaseRow(
        id=case.key, name=head.case, scenario=home.key, scenario_name=home.head.scenario, slug=home.slug,
        position=case.position, priority=head.priority, tags=head.tags, owner=head.owner, state=head.state,
        requirements=head.requirements, dataset=head.dataset, disabled=head.disabled or home.head.disabled,
        steps=len(head.steps), revision=case.revision, author=case.author, saved_us=case.saved_us,
    )  # fmt: skip


_KEYS: Mapping[str, Callable[[ListedCase], Any]] = {
    "name": lambda case: case.head.case.casefold(),
    "priority": lambda case: case.head.priority,
    "owner": lambda case: case.head.owner.casefold(),
    "saved": lambda case: case.saved_us,
}


def _wanted(case: ListedCase, wanted: CaseFilter) -> bool:
    head, home = case.head, case.home
    return (
        wanted.scenario in ("", home.key, home.slug)
        and (not wanted.priorities or head.priority in wanted.priorities)
        and wanted.owner in (None, head.owner)
        and (not wanted.states or head.state in wanted.states)
        and wanted.disabled in (None, head.disabled or home.head.disabled)
        and (not wanted.tags or _tagged(case.tags, wanted.tags))
        and (not wanted.text or wanted.text.casefold() in case.words)
    )


def _tagged(tags: frozenset[str], wanted: Iterable[str]) -> bool:
    needed = [tag.casefold() for tag in wanted if not tag.startswith("!")]
    forbidden = [tag[1:].casefold() for tag in wanted if tag.startswith("!")]
    return (not needed or any(tag in tags for tag in needed)) and not any(tag in tags for tag in forbidden)


def search(storage: Storage, text: str, offset: int, limit: int, only: frozenset[str] | None = None) -> Page[CaseHit]:
    """Cases of the newest versions that hold the text anywhere: requests, scripts, assertions too. `only`: of these
    subsystems; None: of all."""
    hits, total = storage.listing.search(text, limit, offset, only)
    items = tuple(CaseHit(each.subsystem, each.version, each.key, json.loads(each.body)["case"]) for each in hits)
    return Page(items, total, offset, limit)


def page_of(rows: Sequence[T], offset: int, limit: int) -> Page[T]:
    return Page(tuple(rows[offset : offset + limit]), len(rows), offset, limit)
