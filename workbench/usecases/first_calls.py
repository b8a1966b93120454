"""Which Dubbo services a plan's steps will call: what can be connected to before the first step runs."""

from collections.abc import Iterable, Iterator
from typing import Any

from workbench.errors import WorkbenchError
from workbench.expr import compile_text
from workbench.model.plan import RunPlan
from workbench.model.suite import AnyStep, DubboStep, UseStep
from workbench.model.targets import parse_target
from workbench.plugin_api import DubboCall


def dubbo_services(plan: RunPlan) -> tuple[DubboCall, ...]:
    """One call for each service of the plan's enabled Dubbo steps, never to be sent.

    Left out are steps that only the run itself can place, like those with `version: ${row.version}`, and broken ones.
    """
    scope = {"config": plan.config, "env": {"name": plan.environment, "timezone": plan.timezone}}
    services = {}
    for step in _steps(plan):
        call = _service(plan, step, scope)
        if call is not None:
            key = (
                step.subsystem,
                call.interface,
                call.group,
                call.version,
                call.protocol,
                call.url,
                call.serialization,
            )
            services[(*key, call.mode)] = call
    return tuple(services.values())


def _service(plan: RunPlan, step: DubboStep, scope: dict[str, Any]) -> DubboCall | None:
    target = plan.targets.get(step.subsystem or plan.subsystem)
    if target is None:
        return None
    try:
        named = parse_target(step.dubbo)
        group, version, url = (compile_text(text).render(scope) for text in (step.group, step.version, step.url))
    except WorkbenchError:  # the step itself says what is wrong with it
        return None
    return DubboCall(
        interface=named.interface,
        method=named.method,
        erased=named.erased,
        arguments="[]",
        target=target,
        group=group or target.group,
        version=version,
        protocol=step.protocol,
        url=url or target.url,
        serialization=step.serialization,
        mode=step.mode,
    )


def _steps(plan: RunPlan) -> Iterator[DubboStep]:
    """Also of shared steps, each group once."""
    seen: set[str] = set()
    for scenario in plan.scenarios:
        yield from _dubbo(plan, (*scenario.setup, *scenario.teardown), seen)
    for planned in plan.cases:
        case = planned.case
        if not case.disabled:
            yield from _dubbo(plan, (*case.setup, *case.steps, *case.teardown), seen)


def _dubbo(plan: RunPlan, steps: Iterable[AnyStep], seen: set[str]) -> Iterator[DubboStep]:
    for step in steps:
        if step.disabled:
            continue
        if isinstance(step, DubboStep):
            yield step
        elif isinstance(step, UseStep) and step.use in plan.shared and step.use not in seen:
            seen.add(step.use)
            yield from _dubbo(plan, plan.shared[step.use].steps, seen)
