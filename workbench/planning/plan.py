"""Suite + selection + datasets + environment → a frozen RunPlan. No I/O: everything read is handed in."""

import re
from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct, field

from workbench.errors import PlanError
from workbench.expr import compile_path
from workbench.model import json
from workbench.model.contract import Contract
from workbench.model.dataset import Dataset
from workbench.model.json import Json
from workbench.model.near import did_you_mean
from workbench.model.plan import Item, LeftOut, PlannedCase, PlannedScenario, RunPlan, Target
from workbench.model.suite import AnyStep, Case, Connection, Environment, Scenario, Suite, UseStep
from workbench.model.words import plural
from workbench.model.zones import unknown_zone
from workbench.planning.selection import Selection, left_out, select, steps_named
from workbench.planning.trim import trim

# in the suite as JSON text: ${config.key}, ${config["key"]}, $app.getConfig("key")
_READ = re.compile(r"""\bconfig\.([\w-]+)|(?:\bconfig\[|getConfig\()\s*\\*["']([^"'\\]+)""")
_READ_BY_VARIABLE = re.compile(r"""getConfig\(\s*(?!\\*["'])|\bconfig\[\s*(?!\\*["'])""")


class Ingredients(Struct, frozen=True, kw_only=True):
    """What a plan is made of, besides the suite. Paths are absolute, registries resolved.

    `artifacts`, `tools` and `contracts` are by subsystem or tool library name.
    """

    run_id: str
    created_us: int
    environment: str = ""
    registries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    url: str = ""  # --url: pins every subsystem
    overrides: Mapping[str, Json] = field(default_factory=dict)  # --set
    artifacts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tools: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tls: Mapping[str, str] = field(default_factory=dict)  # the environment's, absolute paths
    connections: Mapping[str, Connection] = field(default_factory=dict)  # those whose paths were made absolute
    files_in: str = ""  # see RunPlan
    contracts: Mapping[str, Contract] = field(default_factory=dict)
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    context: Mapping[str, Json] = field(default_factory=dict)
    concurrency: int = 16


def make_plan(suite: Suite, selection: Selection, given: Ingredients) -> RunPlan:
    """Raises PlanError for a selection that meets nothing."""
    chosen = list(select(suite, selection))
    environment = suite.file.environments.get(given.environment, Environment())
    _check(given.environment, environment)
    _check_overrides(suite, given.overrides)
    cases = tuple(PlannedCase(scenario=scenario.id, case=_narrowed(case, selection)) for _, scenario, case in chosen)
    file = suite.file
    return RunPlan(
        id=given.run_id,
        created_us=given.created_us,
        suite=file.suite,
        subsystem=file.subsystem,
        version=file.version,
        environment=given.environment,
        timezone=environment.timezone,
        config={**file.config, **environment.config, **given.overrides},
        secrets=environment.secrets,
        connections={**environment.connections, **given.connections},
        files_in=given.files_in,
        mask=environment.mask,
        defaults=file.defaults,
        causes=file.causes,
        concurrency=given.concurrency,
        targets=_targets(suite, environment, given, list(_texts(suite))),
        scenarios=tuple(_scenarios(chosen, selection)),
        cases=cases,
        datasets=given.datasets,
        shared=suite.shared,
        items=tuple(item for planned in cases for item in _items(planned.case, given.datasets)),
        groups=selection.groups,
        owner=file.owner,
        left_out=tuple(_left_out(case) for case in left_out(suite, selection)),
        context=given.context,
    )


def _left_out(case: Case) -> LeftOut:
    told = case.quarantine
    return LeftOut(case.id, case.case, case.state, told.owner if told else "", told.until if told else "")


def _check(name: str, environment: Environment) -> None:
    """What every case would stumble over. Raises ExpressionError, PlanError."""
    where = f"suite.yaml environments.{name}"
    for rule in environment.mask:
        compile_path(rule, where=f"{where}.mask")
    if hint := unknown_zone(environment.timezone):
        raise PlanError(f"there is no time zone {environment.timezone!r}", where=f"{where}.timezone", hint=hint)


def _check_overrides(suite: Suite, overrides: Mapping[str, Json]) -> None:
    """A key of --set that neither a config nor a text of the suite names would do nothing. Raises PlanError."""
    file = suite.file
    known = {*file.config, *(key for each in file.environments.values() for key in each.config)}
    unknown = [key for key in overrides if key not in known]
    text = json.dumps([suite.scenarios, suite.shared]) if unknown else ""
    if not unknown or _READ_BY_VARIABLE.search(text):
        return
    read = {name for pair in _READ.findall(text) for name in pair if name}
    for key in unknown:
        if key not in read:
            near = did_you_mean(key, known | read)
            hint = near or (f"it knows {plural(len(known | read), 'other key')}" if known | read else "it reads none")
            raise PlanError(f"nothing in the suite reads the config key {key!r}", where="--set", hint=hint)


def environment_name(suite: Suite, wanted: str) -> str:
    """The environment to use: the wanted one, the suite's default, or its first. Raises PlanError."""
    names = list(suite.file.environments)
    name = wanted or suite.file.default_environment or (names[0] if names else "")
    if name and name not in names:
        hint = did_you_mean(name, names) or "suite.yaml names none"
        raise PlanError(f"the suite has no environment {name!r}", hint=hint)
    return name


def datasets_needed(suite: Suite, selection: Selection) -> set[str]:
    return {case.dataset for _, _, case in select(suite, selection) if case.dataset}


def _narrowed(case: Case, selection: Selection) -> Case:
    """With --step only the named steps stay; a case on its own still has its before and after."""
    if not selection.step:
        return case
    return msgspec.structs.replace(case, steps=tuple(steps_named(case, selection.step)), setup=(), teardown=())


def _scenarios(chosen: list[tuple[str, Scenario, Case]], selection: Selection) -> Iterator[PlannedScenario]:
    seen = set()
    for slug, scenario, _ in chosen:
        if scenario.id in seen:
            continue
        seen.add(scenario.id)
        alone = bool(selection.step)
        yield PlannedScenario(
            id=scenario.id,
            name=scenario.scenario,
            file=f"scenarios/{slug}.yaml",
            serial=scenario.serial,
            before=scenario.before,
            after=scenario.after,
            setup=() if alone else scenario.setup,
            teardown=() if alone else scenario.teardown,
        )


def _items(case: Case, datasets: Mapping[str, Dataset]) -> Iterator[Item]:
    dataset = datasets.get(case.dataset) if case.dataset else None
    if dataset is None or not dataset.rows:
        yield Item(case.id)
        return
    for row in range(len(dataset.rows)):
        yield Item(case.id, row)


def _targets(suite: Suite, environment: Environment, given: Ingredients, texts: list[str]) -> dict[str, Target]:
    file = suite.file
    names = {file.subsystem: file.version} | {name: each.version for name, each in file.dependencies.items()}
    return {
        name: Target(
            registries=given.registries.get(name, ()),
            url=given.url or environment.urls.get(name, ""),
            hosts=environment.hosts,
            group=file.group if name == file.subsystem else "",
            version=version,
            artifacts=given.artifacts.get(name, ()),
            tool=given.tools.get(name, ()),
            contract=trim(given.contracts.get(name, Contract()), texts),
            timezone=environment.timezone,
            consumer=environment.consumer,
            tls=given.tls,
        )
        for name, version in names.items()
    }


def _texts(suite: Suite) -> Iterator[str]:
    """Every place that may name an interface or a class: targets, requests, scripts."""
    for scenario in suite.scenarios.values():
        yield from (scenario.before, scenario.after)
        for step in (*scenario.setup, *scenario.teardown):
            yield from _step_texts(step)
        for case in scenario.cases:
            yield from (case.before, case.after)
            for step in (*case.setup, *case.steps, *case.teardown):
                yield from _step_texts(step)
    for shared in suite.shared.values():
        for step in shared.steps:
            yield from _step_texts(step)


def _step_texts(step: AnyStep) -> Iterator[str]:
    yield from (step.before, step.after, step.request or "")
    if not isinstance(step, UseStep):
        yield str(getattr(step, step.__struct_config__.tag))  # type: ignore[arg-type]
