"""Whose cases a change of a contract hits: those of the version itself, and of what depends on it."""

from typing import NamedTuple

from msgspec import Struct

from workbench.model.contract_diff import SEVERITIES, ContractDiff, Severity
from workbench.model.suite import Suite
from workbench.storage import Impact, Spread, Storage
from workbench.usecases.impact import hit_cases, severities_of


class HitCase(Struct, frozen=True):
    """`changes`: numbers in the comparison."""

    id: str
    name: str
    severity: Severity
    changes: tuple[int, ...]


class Dependent(Struct, frozen=True):
    """A version of another subsystem that depends on the changed one, as `dependency`; and its cases that are hit."""

    subsystem: str
    version: str
    dependency: str
    cases: tuple[HitCase, ...]


class Hits(NamedTuple):
    """Cases of one suite: as they are told, gravest first, and as they are kept."""

    cases: tuple[HitCase, ...]
    impact: Impact

    @classmethod
    def of(cls, suite: Suite, diff: ContractDiff, dependency: str, body: str) -> "Hits":
        """`body`: the comparison, JSON."""
        hits = hit_cases(suite, diff, dependency)
        severities = severities_of(diff, hits)
        names = {case.id: case.case for scenario in suite.scenarios.values() for case in scenario.cases}
        cases = [HitCase(case, names[case], severities[case], numbers) for case, numbers in hits.items()]
        ordered = tuple(sorted(cases, key=lambda case: (SEVERITIES.index(case.severity), case.id)))
        return cls(ordered, Impact(dependency, body, hits, severities))


class HitDependent(NamedTuple):
    told: Dependent
    spread: Spread


def hit_dependents(
    subsystem: str, version: str, diff: ContractDiff, body: str, storage: Storage
) -> tuple[HitDependent, ...]:
    """Of versions that depend on this one, those with cases that the change hits."""
    if not diff.changes:
        return ()
    found = []
    for name, other, dependency in storage.impacts.dependents(subsystem, version):
        hits = Hits.of(storage.suites.get(name, other).suite, diff, dependency, body)
        if hits.cases:
            told = Dependent(name, other, dependency, hits.cases)
            found.append(HitDependent(told, Spread(name, other, hits.impact)))
    return tuple(found)
