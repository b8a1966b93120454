"""Ids of scenarios, cases and steps: what history and merging hang on."""

import hashlib
import secrets
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from workbench.files.layout import CASE_STEPS, SCENARIO_STEPS
from workbench.model.suite import AnyStep, Case, Scenario, Suite

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # 32, without i l o u, that are misread
LENGTH = 8


def new_id() -> str:
    """8 random characters, 40 bits; the first is a letter, so that no reader of YAML takes it for a number."""
    return secrets.choice(ALPHABET[10:]) + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))


def add_missing_ids(suite: Suite) -> Suite:
    """The same suite in which every scenario, case and step has an id. Ids that are there stay."""
    return _filled(suite, lambda _: new_id())


def derive_missing_ids(suite: Suite) -> Suite:
    """As `add_missing_ids`, for a run of files that lack them: the same names in the same order have the same ids."""
    return _filled(suite, _derived)


def _derived(text: str) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8])
    letters = ALPHABET[10:]
    return letters[number % len(letters)] + "".join(ALPHABET[number >> 5 * place & 31] for place in range(1, LENGTH))


def _filled(suite: Suite, make: Callable[[str], str]) -> Suite:
    fill = _Filler(set(_ids(suite)), make)
    return replace(
        suite,
        scenarios={slug: fill.scenario(scenario, slug) for slug, scenario in suite.scenarios.items()},
        shared={name: replace(group, steps=fill.steps(group.steps, name)) for name, group in suite.shared.items()},
    )


class _Filler:
    """Gives ids that nothing else in the suite has. A place is a path of names; several things may have the same."""

    def __init__(self, taken: set[str], make: Callable[[str], str]) -> None:
        self.taken = taken
        self.make = make
        self.times: dict[str, int] = {}

    def fresh(self, place: str) -> str:
        while True:
            nth = self.times[place] = self.times.get(place, 0) + 1
            candidate = self.make(f"{place} {nth}")
            if candidate not in self.taken:
                self.taken.add(candidate)
                return candidate

    def steps(self, steps: tuple[AnyStep, ...], place: str) -> tuple[AnyStep, ...]:
        return tuple(step if step.id else replace(step, id=self.fresh(f"{place}/step {step.step}")) for step in steps)

    def case(self, case: Case, place: str) -> Case:
        place = f"{place}/case {case.case}"
        parts = {name: self.steps(getattr(case, name), f"{place}/{name}") for name in CASE_STEPS}
        return replace(case, id=case.id or self.fresh(place), **parts)

    def scenario(self, scenario: Scenario, slug: str) -> Scenario:
        parts = {name: self.steps(getattr(scenario, name), f"{slug}/{name}") for name in SCENARIO_STEPS}
        cases = tuple(self.case(case, slug) for case in scenario.cases)
        return replace(scenario, id=scenario.id or self.fresh(slug), cases=cases, **parts)


def _ids(suite: Suite) -> Iterable[str]:
    for scenario in suite.scenarios.values():
        yield scenario.id
        yield from (step.id for step in (*scenario.setup, *scenario.teardown))
        for case in scenario.cases:
            yield case.id
            yield from (step.id for step in (*case.setup, *case.steps, *case.teardown))
    for group in suite.shared.values():
        yield from (step.id for step in group.steps)
