"""Launch a run: read the suite folder and all it names, freeze a plan, run it, keep what happened."""

import asyncio
import codecs
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct, field, structs

from workbench.engine import RunControl, Sink, Tools, run
from workbench.errors import DatasetError, PlanError, WorkbenchError
from workbench.files import Places, RunFolder, ScriptCheck, dataset_files, derive_missing_ids, read_suite, suite_tags
from workbench.model import json
from workbench.model.addresses import check_provider
from workbench.model.contract import Contract
from workbench.model.dataset import Dataset
from workbench.model.events import AnyEvent, CaseFinished
from workbench.model.json import Json
from workbench.model.plan import Refreshed, Remark, RunPlan
from workbench.model.result import RunSummary
from workbench.model.suite import Connection, Environment, Suite
from workbench.planning import (
    Ingredients,
    Selection,
    contradiction_findings,
    datasets_needed,
    environment_name,
    make_plan,
    planned_steps,
    request_findings,
)
from workbench.plugin_api import DatasetFormat, ParseLimits, Parser
from workbench.storage.vault import is_sealed
from workbench.usecases.maven import Fetch
from workbench.usecases.rare_collections import rare_collections
from workbench.usecases.registry_metadata import Metadata, with_metadata
from workbench.usecases.resolve import artifact_path, registry_address
from workbench.usecases.suite_contracts import suite_artifacts, suite_contracts
from workbench.usecases.tool_libraries import TOOLS, Find, address_of

_SQLITE = "sqlite:///"


class RunRequest(Struct, frozen=True, kw_only=True):
    """What a person asked for."""

    folder: Path
    selection: Selection = field(default_factory=Selection)
    environment: str = ""
    registries: tuple[str, ...] = ()  # instead of the environment's
    url: str = ""
    overrides: Mapping[str, Json] = field(default_factory=dict)
    confined: bool = False  # connections open no file outside of the suite: for who runs what others wrote
    context: Path | None = None  # a JSON file for every case, or a run whose cases are gone on with
    concurrency: int = 16
    refreshed: Refreshed | None = None  # what was fetched anew before
    schedule: str = ""  # that wants it


class Readers(Struct, frozen=True):
    """The plug-ins and limits that reading needs."""

    dataset_formats: Mapping[str, DatasetFormat]
    parsers: tuple[Parser, ...]
    limits: ParseLimits
    data_dir: Path
    seal: Callable[[Mapping[str, Json], tuple[str, ...]], Mapping[str, Json]]  # config with its secrets sealed
    fetch: Fetch | None = None  # of artifacts named by Maven coordinates
    tools: Find | None = None  # jars of tool libraries of the database
    metadata: Metadata | None = None  # what registries say of interfaces; None: they are not asked
    scripts: ScriptCheck | None = None  # what is wrong with one, to be told with what keeps a suite from running


def plan_run(request: RunRequest, readers: Readers) -> RunPlan:
    """Raises SuiteError, PlanError, DatasetError, ArtifactError: nothing has been called yet."""
    suite = derive_missing_ids(_read(request.folder, readers.scripts))
    created_us = time.time_ns() // 1000
    today = datetime.fromtimestamp(created_us / 1_000_000, UTC).date().isoformat()
    request = structs.replace(request, selection=structs.replace(request.selection, today=today))
    name = environment_name(suite, request.environment)
    environment = suite.file.environments.get(name, Environment())
    artifacts = suite_artifacts(suite.file, request.folder, readers.fetch)
    contracts = suite_contracts(suite.file, request.folder, artifacts, limits=readers.limits, parsers=readers.parsers)
    earlier = _earlier_run(request.context)
    plan = make_plan(
        suite,
        request.selection,
        Ingredients(
            run_id=new_run_id(),
            created_us=created_us,
            environment=name,
            registries=_registries(suite, environment, request, readers.data_dir),
            url=request.url,
            overrides=request.overrides,
            artifacts=artifacts,
            tls=_tls(environment, request.folder),
            connections=_connections(environment, request.folder),
            files_in=str(request.folder.absolute()) if request.confined else "",
            tools=_tools(suite, request.folder, readers.tools),
            contracts=contracts,
            datasets=_datasets(suite, request, readers),
            context=_context_file(request.context) if request.context and earlier is None else {},
            concurrency=request.concurrency,
        ),
    )
    plan = structs.replace(plan, remarks=tuple(_remarks(suite, plan, contracts, request, readers.metadata)))
    plan = structs.replace(plan, refreshed=request.refreshed, schedule=request.schedule)
    if earlier is not None:
        plan = structs.replace(plan, contexts=_contexts(earlier, plan))
    secrets_ = tuple(dict.fromkeys((*plan.secrets, *(key for key, value in plan.config.items() if is_sealed(value)))))
    return structs.replace(plan, secrets=secrets_, config=readers.seal(plan.config, secrets_)) if secrets_ else plan


def _remarks(
    suite: Suite, plan: RunPlan, contracts: Mapping[str, Contract], request: RunRequest, ask: Metadata | None
) -> Iterator[Remark]:
    """What contracts say of the steps, what contracts and registries say against each other, and tags by which nothing
    can be selected; each at its line."""
    places = Places(request.folder, Path() if request.confined else None)  # of the server's folders nothing is told
    steps = list(planned_steps(suite, plan))
    told = with_metadata(plan, contracts, ask) if ask else contracts
    for found in (*request_findings(steps, plan, contracts), *contradiction_findings(steps, plan, told)):
        error = found.error
        message = f"{error.where}: {error.message}" if error.where else error.message  # $[0].amount: …
        yield Remark(places.where(found.file, found.path), message, error.hint, found.mistake)
    for tag in suite_tags(suite):
        yield Remark(places.where(tag.file, tag.place), tag.error.message, tag.error.hint)


async def execute(
    plan: RunPlan, tools: Tools, folder: RunFolder, listeners: Iterable[Sink] = (), control: RunControl | None = None
) -> RunSummary:
    """Run the plan; each event is written to the run folder and told to the listeners."""
    heard = tuple(listeners)

    def sink(event: AnyEvent) -> None:
        folder.append((event,))
        for listener in heard:
            listener(event)

    try:
        with rare_collections():
            return await run(plan, tools, sink, control)
    finally:
        await asyncio.to_thread(folder.close)


def _read(folder: Path, scripts: ScriptCheck | None) -> Suite:
    """A wrong script alone is its step's error: the other cases run. With other mistakes it is told at once."""
    try:
        return read_suite(folder)
    except WorkbenchError:
        if scripts is not None:
            read_suite(folder, scripts=scripts)
        raise


def new_run_id() -> str:
    """Sorts by time; four random characters keep two runs of one second apart."""
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"


def _tls(environment: Environment, folder: Path) -> dict[str, str]:
    files = structs.asdict(environment.tls) if environment.tls else {}
    return {name: str(artifact_path(text, folder)) for name, text in files.items() if text}


def _connections(environment: Environment, folder: Path) -> dict[str, Connection]:
    """Files of SQLite are relative to the suite."""
    files = {name: each for name, each in environment.connections.items() if each.url.startswith(_SQLITE)}
    return {
        name: structs.replace(each, url=f"{_SQLITE}{(folder / each.url.removeprefix(_SQLITE)).absolute()}")
        for name, each in files.items()
        if not each.url.removeprefix(_SQLITE).startswith("$")
    }


def _tools(suite: Suite, folder: Path, find: Find | None) -> dict[str, tuple[str, ...]]:
    """Jars by the name of the dependency. `tools://NAME` is of the dependency's version, unless it says another."""
    found: dict[str, tuple[str, ...]] = {}
    for alias, each in suite.file.dependencies.items():
        for text in each.tool:
            if text.startswith(TOOLS) and find is not None:
                name, version = address_of(text.removeprefix(TOOLS))
                paths = find(name, version or each.version)
            else:
                paths = (artifact_path(text, folder),)
            found[alias] = (*found.get(alias, ()), *map(str, paths))
    return found


def _registries(
    suite: Suite, environment: Environment, request: RunRequest, data_dir: Path
) -> dict[str, tuple[str, ...]]:
    if request.url:
        check_provider(request.url, where="--url")
        return {}

    def resolve(text: str) -> str:
        return registry_address(text, data_dir)

    common = tuple(map(resolve, request.registries or environment.registries))
    own = {} if request.registries else environment.subsystem_registries
    names = (suite.file.subsystem, *suite.file.dependencies)
    return {name: tuple(map(resolve, own[name])) if name in own else common for name in names}


def _datasets(suite: Suite, request: RunRequest, readers: Readers) -> dict[str, Dataset]:
    """Those that selected cases name. One that is absent is left out: its cases end in ERROR / DATA."""
    files = dataset_files(request.folder)
    needed = sorted(datasets_needed(suite, request.selection) & files.keys())
    return {name: read_dataset(files[name], readers.dataset_formats) for name in needed}


def read_dataset(path: Path, formats: Mapping[str, DatasetFormat]) -> Dataset:
    """Raises DatasetError, also for cells that cannot be trusted at all."""
    reader = formats.get(path.suffix.lower())
    if reader is None:
        raise DatasetError(f"no reader for {path.suffix} files", where=str(path), hint=f"use {', '.join(formats)}")
    dataset = reader.read(path)
    fatal = [problem for problem in dataset.problems if problem.fatal]
    if fatal:
        more = f" (and {len(fatal) - 1} more)" if len(fatal) > 1 else ""
        raise DatasetError(f"{fatal[0].message}{more}", where=fatal[0].where)
    return dataset


def _earlier_run(path: Path | None) -> RunFolder | None:
    return RunFolder.open(path) if path is not None and path.is_dir() else None


def _contexts(earlier: RunFolder, plan: RunPlan) -> dict[str, Mapping[str, Json]]:
    """What each case, and each row of it, held in its context at the end of that run."""
    planned = {item.id for item in plan.items}
    kept = {
        event.result.item: json.loads(event.result.context)
        for event in earlier.events()
        if isinstance(event, CaseFinished) and event.result.item in planned
    }
    if not kept:
        hint = "its cases and rows are found by their ids; the run has others"
        raise PlanError("that run has none of the selected cases", where=str(earlier.path), hint=hint)
    return kept


def _context_file(path: Path) -> dict[str, Json]:
    try:
        value = json.loads(path.read_bytes().removeprefix(codecs.BOM_UTF8), where=str(path))
    except OSError as error:
        raise PlanError(f"cannot read the context: {error.strerror}", where=str(path)) from error
    if not isinstance(value, dict):
        raise PlanError("the context must be a JSON object", where=str(path))
    return value
