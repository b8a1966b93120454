"""Compiles the cases and scenarios of a plan. What is wrong with a case becomes its failure: the others still run."""

from workbench.engine.compile_step import StepCompiler
from workbench.engine.compiled import CompiledCase, CompiledScenario, Hooks, Uses
from workbench.engine.judge import failure_of
from workbench.engine.ports import Scripts
from workbench.model.durations import millis
from workbench.model.near import did_you_mean
from workbench.model.plan import PlannedCase, PlannedScenario, RunPlan
from workbench.model.result import Cause, Failure
from workbench.model.sentences import told
from workbench.model.suite import Case


def compile_case(plan: RunPlan, planned: PlannedCase, scripts: Scripts) -> CompiledCase:
    case = planned.case
    compiler = StepCompiler(plan, scripts)
    try:
        hooks = _hooks(compiler, case)
        steps = compiler.steps(case.steps)
        timeout = millis(case.timeout or plan.defaults.case, where="timeout")
        compiler.throw()
    except Exception as error:
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
        hooks = _hooks(compiler, planned)
        compiler.throw()
    except Exception as error:
        return CompiledScenario(plan=planned, failure=failure_of(error))
    return CompiledScenario(plan=planned, hooks=hooks, failure=_missing_in_scenario(plan, compiler.names.uses()))


def _hooks(compiler: StepCompiler, owner: Case | PlannedScenario) -> Hooks:
    return Hooks(
        before=compiler.script(owner.before, "before"),
        after=compiler.script(owner.after, "after"),
        setup=compiler.steps(owner.setup, "setup"),
        teardown=compiler.steps(owner.teardown, "teardown"),
    )


def missing_names(plan: RunPlan, case: Case, uses: Uses) -> Failure | None:
    """A column or config key that the case reads and that does not exist, found before any call."""
    unknown = _missing_config(plan, uses)
    if unknown:
        return unknown
    if not case.dataset:
        reads = sorted(uses.columns)
        hint = "name a dataset under `dataset:`"
        return told(Cause.DATA, "no-dataset-named", reads[0], hint=hint) if reads else None
    dataset = plan.datasets.get(case.dataset)
    if dataset is None:
        hint = did_you_mean(case.dataset, plan.datasets)
        return told(Cause.DATA, "no-dataset", repr(case.dataset), hint=hint)
    if not dataset.rows:
        hint = "a case without rows tests nothing: add rows, or disable it"
        return told(Cause.DATA, "no-rows", case.dataset, hint=hint)
    columns = [column.name for column in dataset.columns]
    absent = sorted(uses.columns.difference(columns))
    if not absent:
        return None
    hint = did_you_mean(absent[0], columns)
    return told(Cause.DATA, "no-column", case.dataset, _list(absent), hint=hint)


def _missing_config(plan: RunPlan, uses: Uses) -> Failure | None:
    unknown = sorted(uses.config - plan.config.keys())
    if not unknown:
        return None
    hint = did_you_mean(unknown[0], plan.config) if plan.config else ""
    hint = hint or "add it to `config:` in suite.yaml, or give --set KEY=VALUE"
    return told(Cause.CONFIG, "no-config", plan.environment or "-", _list(unknown), hint=hint)


def _missing_in_scenario(plan: RunPlan, uses: Uses) -> Failure | None:
    """What the hooks of a scenario read and cannot have."""
    if uses.columns:
        hint = "rows belong to cases: read it in the case's own setup or before"
        return told(Cause.DATA, "hook-reads-row", min(uses.columns), hint=hint)
    return _missing_config(plan, uses)


def _list(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names)
