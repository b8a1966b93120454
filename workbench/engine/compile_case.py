"""Compiles the cases and scenarios of a plan. What is wrong with a case becomes its failure: the others still run."""

from workbench.engine.compile_step import StepCompiler
from workbench.engine.compiled import CompiledCase, CompiledScenario, Hooks, Uses
from workbench.engine.judge import failure_of
from workbench.engine.ports import Scripts
from workbench.errors import WorkbenchError
from workbench.model.durations import millis
from workbench.model.near import did_you_mean
from workbench.model.plan import PlannedCase, PlannedScenario, RunPlan
from workbench.model.result import Cause, Failure
from workbench.model.suite import Case


def compile_case(plan: RunPlan, planned: PlannedCase, scripts: Scripts) -> CompiledCase:
    case = planned.case
    compiler = StepCompiler(plan, scripts)
    try:
        hooks = _hooks(compiler, case)
        steps = compiler.steps(case.steps)
        timeout = millis(case.timeout or plan.defaults.case, where="timeout")
    except WorkbenchError as error:
        return CompiledCase(case=case, scenario=planned.scenario, failure=failure_of(error))
    uses = compiler.names.uses()
    return CompiledCase(
        case=case,
        scenario=planned.scenario,
        hooks=hooks,
        steps=steps,
        uses=uses,
        failure=missing_names(plan, case, uses),
        timeout_ms=timeout,
        keeps_steps=compiler.names.reads_steps,
    )


def compile_scenario(plan: RunPlan, planned: PlannedScenario, scripts: Scripts) -> CompiledScenario:
    compiler = StepCompiler(plan, scripts)
    try:
        return CompiledScenario(plan=planned, hooks=_hooks(compiler, planned))
    except WorkbenchError as error:
        return CompiledScenario(plan=planned, failure=failure_of(error))


def _hooks(compiler: StepCompiler, owner: Case | PlannedScenario) -> Hooks:
    return Hooks(
        before=compiler.script(owner.before, "before"),
        after=compiler.script(owner.after, "after"),
        setup=compiler.steps(owner.setup, "setup"),
        teardown=compiler.steps(owner.teardown, "teardown"),
    )


def missing_names(plan: RunPlan, case: Case, uses: Uses) -> Failure | None:
    """A column or config key that the case reads and that does not exist, found before any call."""
    unknown = sorted(uses.config - plan.config.keys())
    if unknown:
        hint = did_you_mean(unknown[0], plan.config) or "add it to `config:` in suite.yaml"
        return Failure(Cause.CONFIG, f"environment {plan.environment or '-'} has no config key {_list(unknown)}", hint)
    if not case.dataset:
        reads = sorted(uses.columns)
        hint = "name a dataset under `dataset:`"
        return Failure(Cause.DATA, f"the case reads ${{row.{reads[0]}}} but has no dataset", hint) if reads else None
    dataset = plan.datasets.get(case.dataset)
    if dataset is None:
        return Failure(Cause.DATA, f"there is no dataset {case.dataset!r}", did_you_mean(case.dataset, plan.datasets))
    columns = [column.name for column in dataset.columns]
    absent = sorted(uses.columns.difference(columns))
    if not absent:
        return None
    hint = did_you_mean(absent[0], columns)
    return Failure(Cause.DATA, f"dataset {case.dataset} has no column {_list(absent)}", hint)


def _list(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names)
