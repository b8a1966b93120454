"""What a suite lacks of freshly generated cases: whole scenarios, and cases of methods that came later."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from workbench.catalog.generate import free_slug
from workbench.errors import UsageError
from workbench.model.suite import Case, DubboStep, Scenario
from workbench.model.targets import MethodTarget, parse_target


class Missing(Struct, frozen=True):
    """By file slug: scenarios that are new, cases for scenarios that are there (none where nothing is missing)."""

    scenarios: Mapping[str, Scenario]
    cases: Mapping[str, tuple[Case, ...]]
    withheld: tuple[str, ...] = ()  # methods whose case somebody deleted


def method_key(case: Case) -> str:
    """Which method a generated case is for: `com.x.Facade#pay(long)`, with group and version as Dubbo writes them."""
    step = case.steps[0]
    assert isinstance(step, DubboStep)
    interface, _, method = step.dubbo.partition("#")
    group, version = (f"{step.group}/" if step.group else ""), (f":{step.version}" if step.version else "")
    return f"{group}{interface}{version}#{method}"


def missing_cases(
    known: Mapping[str, Scenario], fresh: Mapping[str, Scenario], made: frozenset[str] = frozenset()
) -> Missing:
    """`made`: keys of methods that had a case before; what of them is not there any more was deleted and stays so.

    `fresh` as `generate_cases` made them: a scenario an interface, a case a method.

    An interface's scenario is known by its calls, in the file of its usual name or with the interface as description:
    a chain of several interfaces is not the place for atomic cases. A method that is called anywhere in it, also
    without its parameter types, has its case.
    """
    scenarios: dict[str, Scenario] = {}
    cases: dict[str, tuple[Case, ...]] = {}
    withheld: list[str] = []

    def wanted(lacking: Iterable[Case]) -> tuple[Case, ...]:
        found = tuple(lacking)
        withheld.extend(key for case in found if (key := method_key(case)) in made)
        return tuple(case for case in found if method_key(case) not in made)

    for slug, scenario in fresh.items():
        home = _home(slug, scenario, known)
        if home is None:
            step = _first(scenario)
            taken = known.keys() | scenarios.keys()
            if new := wanted(scenario.cases):
                home = free_slug(parse_target(step.dubbo).interface, (step.group, step.version), taken)
                scenarios[home] = replace(scenario, cases=new)
        else:
            called = list(_calls(known[home]))
            cases[home] = wanted(case for case in scenario.cases if not _has(called, case))
    return Missing(scenarios, cases, tuple(withheld))


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
