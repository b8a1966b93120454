"""From a step as written to a step that runs: one small compiler a kind."""

from collections.abc import Callable, Iterator
from typing import Any

from workbench.engine.calls import CallBuilder, CallingStep
from workbench.engine.compiled import CompiledStep, Needs, Retries
from workbench.engine.names import NameCollector
from workbench.engine.ports import Scripts
from workbench.engine.sources import find_source
from workbench.errors import ErrorGroup, SuiteError, WorkbenchError
from workbench.expr import compile_assertions, compile_condition, compile_path, compile_value
from workbench.model.durations import millis
from workbench.model.near import did_you_mean
from workbench.model.plan import RunPlan
from workbench.model.suite import (
    UNREAD,
    UNREAD_HINTS,
    AnyStep,
    ScriptStep,
    SharedSteps,
    UseStep,
)

_MAX_NESTING = 8


class StepCompiler:
    """Compiles the steps of one case or scenario; `names` gathers what they read and write."""

    def __init__(self, plan: RunPlan, scripts: Scripts) -> None:
        self._plan = plan
        self._scripts = scripts
        self._calls = CallBuilder(plan)
        self.names = NameCollector()
        self._errors: list[WorkbenchError] = []

    def steps(self, steps: tuple[AnyStep, ...], phase: str = "steps") -> tuple[CompiledStep, ...]:
        """Those that compile; what is wrong with the others `throw` tells."""
        where = "" if phase == "steps" else f"{phase} "
        return tuple(self._each(steps, lambda number, step: f"{where}step {number} {step.step!r}", "", ()))

    def throw(self) -> None:
        """Raises what is wrong with any of the steps, all of it at once."""
        if len(self._errors) == 1:
            raise self._errors[0]
        if self._errors:
            raise ErrorGroup(self._errors)

    def _each(
        self,
        steps: tuple[AnyStep, ...],
        where: Callable[[int, AnyStep], str],
        prefix: str,
        stack: tuple[str, ...],
    ) -> Iterator[CompiledStep]:
        for number, step in enumerate(steps, 1):
            if step.disabled:
                continue
            try:
                yield self._step(step, where(number, step), prefix, stack)
            except WorkbenchError as error:
                self._errors.append(error)

    def script(self, source: str, where: str) -> Any:
        if not source.strip():
            return None
        program = self._scripts.compile(source, where=where)
        self.names.read_script(program)
        for verb, name in program.references:
            if verb == "sql" or verb == "redis":
                self.names.references.update(find_source(self._plan, name, verb, where).references)
        return program

    def _step(self, step: AnyStep, where: str, prefix: str, stack: tuple[str, ...]) -> CompiledStep:
        refuse_unread(step, where)
        common = self._common(step, where, prefix)
        if isinstance(step, ScriptStep):
            return CompiledStep(**common, kind="script", script=self.script(step.script, where))
        if isinstance(step, UseStep):
            return CompiledStep(**common, kind="use", target=step.use, **self._use(step, where, prefix, stack))
        return self._calling(step, common, where)

    def _common(self, step: AnyStep, where: str, prefix: str) -> dict[str, Any]:
        when = compile_condition(step.when, where=f"{where} when") if step.when.strip() else None
        self.names.read(when)
        timeout = step.timeout or self._plan.defaults.step
        return {
            "id": f"{prefix}{step.id}",
            "name": step.step or step.id,
            "where": where,
            "when": when,
            "before": self.script(step.before, f"{where} before"),
            "after": self.script(step.after, f"{where} after"),
            "timeout_ms": millis(timeout, where=f"{where} timeout"),
            **self._checks(step, where),
        }

    def _checks(self, step: AnyStep, where: str) -> dict[str, Any]:
        declared = self._calls.declared(step)
        assertions = compile_assertions(step.assert_, where=f"{where} assert", declared=declared)
        extract = tuple((key, compile_path(path, where=f"{where} extract {key}")) for key, path in step.extract.items())
        retries = _retries(step, where)
        for each in (*assertions, *(path for _, path in extract), retries.until):
            self.names.read(each)
        self.names.writes.update(step.extract)
        return {
            "assertions": assertions,
            "checks": tuple(assertion.check for assertion in assertions),
            "extract": extract,
            "retries": retries,
            "once": retries.times == 0 and retries.until is None,
            "expects_exception": any(assertion.on_exception for assertion in assertions),
        }

    def _calling(self, step: CallingStep, common: dict[str, Any], where: str) -> CompiledStep:
        built = self._calls.build(step, where, common["timeout_ms"])
        self.names.references.update(built.references)
        checks = (*common["assertions"], *(path for _, path in common["extract"]), common["retries"].until)
        roots = {reference.root for check in checks if check is not None for reference in check.references}
        scripted = common["before"] is not None or common["after"] is not None
        needs = Needs(request=scripted or "request" in roots, response=scripted or "response" in roots)
        return CompiledStep(**common, kind=built.kind, target=built.target, prepare=built.prepare, needs=needs)

    def _use(self, step: UseStep, where: str, prefix: str, stack: tuple[str, ...]) -> dict[str, Any]:
        shared = self._shared(step.use, where, stack)
        parameters = {**shared.parameters, **step.with_}
        missing = [name for name, default in parameters.items() if default is None and name not in step.with_]
        unknown = [name for name in step.with_ if name not in shared.parameters]
        if missing:
            raise SuiteError(f"{step.use} needs {', '.join(missing)}", where=where, hint="give it under `with:`")
        if unknown:
            hint = did_you_mean(unknown[0], shared.parameters)
            raise SuiteError(f"{step.use} has no parameter {unknown[0]!r}", where=where, hint=hint)
        templates = {name: compile_value(value, where=f"{where} with {name}") for name, value in parameters.items()}
        for template in templates.values():
            self.names.read(template)
        inner = self._each(
            shared.steps,
            lambda number, _: f"{where} → {step.use} step {number}",
            f"{prefix}{step.id}.",
            (*stack, step.use),
        )
        return {"inner": tuple(inner), "parameters": templates}

    def _shared(self, name: str, where: str, stack: tuple[str, ...]) -> SharedSteps:
        if name not in self._plan.shared:
            hint = did_you_mean(name, self._plan.shared)
            raise SuiteError(f"there are no shared steps {name!r}", where=where, hint=hint)
        if name in stack or len(stack) >= _MAX_NESTING:
            raise SuiteError(f"shared steps use themselves: {' → '.join((*stack, name))}", where=where)
        return self._plan.shared[name]


def refuse_unread(step: AnyStep, where: str) -> None:
    """What a step of this kind would never read must not look as if it were checked."""
    kind = str(step.__struct_config__.tag)
    for name in UNREAD.get(kind, ()):
        if getattr(step, "assert_" if name == "assert" else name):
            raise SuiteError(f"a {kind} step has no {name}", where=where, hint=UNREAD_HINTS[kind])


def _retries(step: AnyStep, where: str) -> Retries:
    if step.retry is None:
        return Retries()
    until = compile_condition(step.retry.until, where=f"{where} retry") if step.retry.until.strip() else None
    return Retries(step.retry.times, millis(step.retry.every, where=f"{where} retry"), until)
