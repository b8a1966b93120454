"""What contracts say of the Dubbo steps of a plan: every mistake of every step, before anything is called.

The engine meets the same mistakes one case at a time, and ends these cases; here a tester has all of them at once.
What is only known with a row or an answer at hand is told when it is rendered. Pure: the caller knows the lines.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from workbench.errors import ErrorGroup, MethodError, UsageError, WorkbenchError
from workbench.expr import compile_json
from workbench.model.contract import Contract
from workbench.model.plan import RunPlan, Target
from workbench.model.streams import request_types
from workbench.model.suite import AnyStep, Case, DubboStep, Scenario, Suite, UseStep
from workbench.model.targets import MethodTarget, declared_method, find_interface, parse_target

Path = tuple[str | int, ...]
_AROUND = ("setup", "teardown")
_WHOLE = ("setup", "steps", "teardown")


class PlacedStep(NamedTuple):
    """A step that may run, and where it stands: scenarios/pay.yaml, ("cases", 0, "steps", 2)."""

    file: str
    path: Path
    step: AnyStep


class Finding(NamedTuple):
    """`mistake`: the cases with this step cannot run; without it the call only goes unchecked."""

    file: str
    path: Path
    error: WorkbenchError
    mistake: bool = True


def planned_steps(suite: Suite, plan: RunPlan) -> Iterator[PlacedStep]:
    """The enabled steps of what was selected, and of the shared groups that these use, each once."""
    used: list[str] = []
    for placed in _own_steps(suite, plan):
        if isinstance(placed.step, UseStep):
            used.append(placed.step.use)
        yield placed
    seen: set[str] = set()
    while used:
        name = used.pop()
        if name in seen or name not in suite.shared:
            continue
        seen.add(name)
        file, _, group = name.partition(".")
        for number, step in enumerate(suite.shared[name].steps):
            if not step.disabled:
                used += [step.use] if isinstance(step, UseStep) else []
                yield PlacedStep(f"shared/{file}.yaml", (group, "steps", number), step)


def request_findings(
    steps: Iterable[PlacedStep], plan: RunPlan, contracts: Mapping[str, Contract]
) -> Iterator[Finding]:
    """`contracts`: by subsystem, whole, so that near names are known. Steps of a subsystem without one are passed
    over, and so are those that are unchecked."""
    strange: set[str] = set()
    for placed in steps:
        step = placed.step
        if not isinstance(step, DubboStep) or step.unchecked:
            continue
        subsystem = step.subsystem or plan.subsystem
        contract = contracts.get(subsystem, Contract())
        if not contract.interfaces or subsystem not in plan.targets:
            continue
        named = parse_target(step.dubbo)
        if contract.interface(named.interface) is None:
            if named.interface not in strange:
                strange.add(named.interface)
                yield Finding(placed.file, (*placed.path, "dubbo"), _unknown(contract, named, subsystem), mistake=False)
        else:
            yield from _mistakes(placed, step, named, contract, plan.targets[subsystem])


def _own_steps(suite: Suite, plan: RunPlan) -> Iterator[PlacedStep]:
    cases = {planned.case.id: planned.case for planned in plan.cases}
    scenarios = {planned.id: planned for planned in plan.scenarios}
    for slug, scenario in suite.scenarios.items():
        if scenario.id not in scenarios:
            continue
        file, planned = f"scenarios/{slug}.yaml", scenarios[scenario.id]
        yield from _listed(file, (), scenario, _AROUND, {step.id for step in (*planned.setup, *planned.teardown)})
        for number, case in enumerate(scenario.cases):
            chosen = cases.get(case.id)
            if chosen is not None:
                ids = {step.id for step in (*chosen.setup, *chosen.steps, *chosen.teardown)}
                yield from _listed(file, ("cases", number), case, _WHOLE, ids)


def _listed(
    file: str, path: Path, owner: Scenario | Case, phases: tuple[str, ...], ids: set[str]
) -> Iterator[PlacedStep]:
    for phase in phases:
        for number, step in enumerate(getattr(owner, phase)):
            if step.id in ids and not step.disabled:
                yield PlacedStep(file, (*path, phase, number), step)


def _unknown(contract: Contract, named: MethodTarget, subsystem: str) -> WorkbenchError:
    """Not a mistake: a registry may offer what no artifact holds."""
    message = f"no contract of {subsystem} has {named.interface}: its requests are sent unchecked"
    try:
        full = find_interface(contract, named.interface).name
        return MethodError(message, hint=f"write its full name: {full}")
    except UsageError as error:
        return MethodError(message, hint=error.hint)


def _mistakes(
    placed: PlacedStep, step: DubboStep, named: MethodTarget, contract: Contract, target: Target
) -> Iterator[Finding]:
    try:
        method = declared_method(contract, named)
    except MethodError as error:
        yield Finding(placed.file, (*placed.path, "dubbo"), error)
        return
    parameters = request_types(method, target.contract.types) if method else None
    if parameters is None:
        return
    place = (*placed.path, "request")
    try:
        compile_json(
            step.request if step.request is not None else "[]", parameters=parameters, types=target.contract.types
        )
    except ErrorGroup as group:
        yield from (Finding(placed.file, place, error) for error in group.errors)
    except WorkbenchError as error:
        yield Finding(placed.file, place, error)
