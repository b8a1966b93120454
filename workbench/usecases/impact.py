"""Which cases call what changed: by the methods that their steps name, also in setups, shared steps and scripts."""

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from workbench.model.contract import Contract
from workbench.model.contract_diff import SEVERITIES, Change, ContractDiff, Severity
from workbench.model.suite import AnyStep, Case, DubboStep, ScriptStep, Suite, UseStep
from workbench.usecases.references import steps_of

_NAMED = re.compile(r"([A-Za-z_][\w.]*(?:\$\w+)*)#(\w+)(?:\(([\w.$,\[\] ]*)\))?")
Use = tuple[str, str, str, str]  # (subsystem or "" for the own one, interface, method, its types or "" for any)


class InterfaceState(Struct, frozen=True, omit_defaults=True):
    """What became of an interface. `worst`: of the changes that touch it, `changes`: their numbers."""

    name: str
    state: str  # new, updated, removed, unchanged
    worst: Severity | None = None
    changes: tuple[int, ...] = ()


def interfaces_of(old: Contract, new: Contract, diff: ContractDiff) -> tuple[InterfaceState, ...]:
    """Every interface of both sides: what is gone first, then by name."""
    before, after = ({each.name for each in contract.interfaces} for contract in (old, new))
    touched = touching(diff)
    found = []
    for name in sorted(before | after):
        numbers = tuple(sorted({number for (one, _), numbers in touched.items() if one == name for number in numbers}))
        worst = _worst(diff, numbers)
        if name not in after or name not in before:
            found.append(InterfaceState(name, "removed" if name in before else "new", worst, numbers))
        else:
            found.append(InterfaceState(name, "updated" if numbers else "unchanged", worst, numbers))
    return tuple(sorted(found, key=lambda each: (_ORDER.index(each.state), each.name)))


_ORDER = ("removed", "updated", "new", "unchanged")


def touching(diff: ContractDiff) -> dict[tuple[str, str], list[int]]:
    """(interface, signature of a method or "" for all of it) → numbers of the changes that touch it."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, change in enumerate(diff.changes):
        for place in _places(change):
            interface, _, signature = place.partition("#")
            found.setdefault((interface, signature), []).append(number)
    return found


def _places(change: Change) -> Iterable[str]:
    """`com.x.Facade`, or `com.x.Facade#pay(com.x.Req)`: of a change in a type the methods that carry it."""
    own = [change.place] if change.element == "interface" or "#" in change.place else []
    return dict.fromkeys((*own, *change.methods))


def hit_cases(suite: Suite, diff: ContractDiff, dependency: str = "") -> dict[str, tuple[int, ...]]:
    """Id of a case → numbers of the changes in the contract of `dependency` ("": the own one) that hit it."""
    touched = touching(diff)
    found = {}
    for case, uses in uses_of(suite).items():
        wanted = {use[1:] for use in uses if use[0] == dependency}
        numbers = {
            number
            for (interface, signature), each in touched.items()
            for number in each
            if any(_meets(use, interface, signature) for use in wanted)
        }
        if numbers:
            found[case] = tuple(sorted(numbers))
    return found


def severities_of(diff: ContractDiff, hits: Mapping[str, tuple[int, ...]]) -> dict[str, Severity]:
    return {case: _worst(diff, numbers) or "compatible" for case, numbers in hits.items()}


def _worst(diff: ContractDiff, numbers: Iterable[int]) -> Severity | None:
    found = {diff.changes[number].severity for number in numbers}
    return next((severity for severity in SEVERITIES if severity in found), None)


def _meets(use: tuple[str, str, str], interface: str, signature: str) -> bool:
    name, method, types = use
    if name != interface:
        return False
    if not signature:
        return True
    called, _, rest = signature.partition("(")
    return method == called and (not types or types == rest.removesuffix(")"))


def uses_of(suite: Suite) -> dict[str, set[Use]]:
    """Id of a case → the methods that it calls, its scenario's setup and teardown among them."""
    own = suite.file.subsystem
    shared = _shared(suite)
    found: dict[str, set[Use]] = {}
    for scenario in suite.scenarios.values():
        around = _uses(steps_of(scenario), own, shared) | _named(scenario.before) | _named(scenario.after)
        for case in scenario.cases:
            found[case.id] = around | _of_case(case, own, shared)
    return found


def _of_case(case: Case, own: str, shared: Mapping[str, set[Use]]) -> set[Use]:
    return _uses(steps_of(case), own, shared) | _named(case.before) | _named(case.after)


def _shared(suite: Suite) -> dict[str, set[Use]]:
    """Groups may use groups: gone through until nothing is new."""
    own = suite.file.subsystem
    found: dict[str, set[Use]] = {name: set() for name in suite.shared}
    while True:
        again = {name: _uses(group.steps, own, found) for name, group in suite.shared.items()}
        if again == found:
            return found
        found = again


def _uses(steps: Iterable[AnyStep], own: str, shared: Mapping[str, set[Use]]) -> set[Use]:
    found: set[Use] = set()
    for step in steps:
        found |= _named(step.before) | _named(step.after)
        if isinstance(step, DubboStep):
            place = "" if step.subsystem in ("", own) else step.subsystem
            found |= {(place, *use[1:]) for use in _named(step.dubbo)}
        elif isinstance(step, ScriptStep):
            found |= _named(step.script)
        elif isinstance(step, UseStep):
            found |= shared.get(step.use, set())
    return found


def _named(text: str) -> set[Use]:
    return set(_targets(text)) if "#" in text else set()


def _targets(text: str) -> Iterator[Use]:
    for found in _NAMED.finditer(text):
        yield "", found[1], found[2], (found[3] or "").replace(" ", "")
