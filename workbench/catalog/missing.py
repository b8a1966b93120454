"""What a suite lacks of freshly generated cases: whole scenarios, and cases of methods that came later."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from workbench.catalog.generate import free_slug
from workbench.errors import UsageError
from workbench.model.suite import Case, DubboStep, Scenario
from workbench.model.targets import MethodTarget, parse_target


class Missing(Struct, frozen=True):
    """By file slug: scenarios that are new, cases for scenarios that are there (none where nothing is missing)."""

    scenarios: Mapping[str, Scenario]
    cases: Mapping[str, tuple[Case, ...]]


def missing_cases(known: Mapping[str, Scenario], fresh: Mapping[str, Scenario]) -> Missing:
    """`fresh` as `generate_cases` made them: a scenario an interface, a case a method.

    An interface's scenario is known by its calls, in the file of its usual name or with the interface as description:
    a chain of several interfaces is not the place for atomic cases. A method that is called anywhere in it, also
    without its parameter types, has its case.
    """
    scenarios: dict[str, Scenario] = {}
    cases: dict[str, tuple[Case, ...]] = {}
    for slug, scenario in fresh.items():
        home = _home(slug, scenario, known)
        if home is None:
            step = _first(scenario)
            taken = known.keys() | scenarios.keys()
            scenarios[free_slug(parse_target(step.dubbo).interface, (step.group, step.version), taken)] = scenario
        else:
            called = list(_calls(known[home]))
            cases[home] = tuple(case for case in scenario.cases if not _has(called, case))
    return Missing(scenarios, cases)


def _home(slug: str, fresh: Scenario, known: Mapping[str, Scenario]) -> str | None:
    step = _first(fresh)
    return next(
        (name for name in (slug, *sorted(known)) if name in known and _fits(name == slug, step, known[name])), None
    )


def _fits(same_file: bool, step: DubboStep, known: Scenario) -> bool:
    interface = parse_target(step.dubbo).interface
    described = known.description == interface
    if not same_file and not described:
        return False
    calls = [(call, target) for call, target in _calls(known) if target.interface == interface]
    if not calls:
        return described
    return any(_same(call.group, step.group) and _same(call.version, step.version) for call, _ in calls)


def _same(one: str, other: str) -> bool:
    return one == other or "${" in one


def _first(scenario: Scenario) -> DubboStep:
    step = scenario.cases[0].steps[0]
    assert isinstance(step, DubboStep)
    return step


def _calls(scenario: Scenario) -> Iterator[tuple[DubboStep, MethodTarget]]:
    inside = [step for case in scenario.cases for step in (*case.setup, *case.steps, *case.teardown)]
    for step in (*scenario.setup, *inside, *scenario.teardown):
        if isinstance(step, DubboStep):
            try:
                yield step, parse_target(step.dubbo)
            except UsageError:
                continue  # reading the suite for a run tells it, with its line


def _has(calls: list[tuple[DubboStep, MethodTarget]], case: Case) -> bool:
    step = case.steps[0]
    wanted = parse_target(step.dubbo) if isinstance(step, DubboStep) else None
    return any(wanted is not None and target.may_be(wanted) for _, target in calls)
