"""What a run will do, frozen: all that an engine or a worker needs, and nothing else.

Each case stands once; `items` say which case runs with which row. JSON-able both ways with msgspec.
"""

from collections.abc import Mapping

from msgspec import Struct, field

from workbench.model import json
from workbench.model.contract import Contract
from workbench.model.dataset import Dataset
from workbench.model.json import Json
from workbench.model.result import CaseResult, Failure, Verdict
from workbench.model.suite import AnyStep, Case, CauseRule, Connection, Defaults, SharedSteps


class Target(Struct, frozen=True, omit_defaults=True):
    """How a subsystem is reached and bound."""

    registries: tuple[str, ...] = ()
    url: str = ""  # pinned by --url or the environment
    hosts: Mapping[str, str] = field(default_factory=dict)
    group: str = ""
    version: str = ""  # of the subsystem, for reports
    artifacts: tuple[str, ...] = ()  # absolute paths of API artifacts: typed calls; none: generic ones
    tool: tuple[str, ...] = ()  # absolute paths of a tool library's jars
    contract: Contract = field(default_factory=Contract)
    timezone: str = ""  # in which times that say none are read and written; empty: the machine's
    consumer: str = ""  # application name of the caller; empty: dubbo-workbench
    tls: Mapping[str, str] = field(default_factory=dict)  # trust, certificate, key: absolute paths of PEM files


class PlannedScenario(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A scenario without its cases."""

    id: str
    name: str
    file: str = ""
    serial: bool = False
    before: str = ""
    after: str = ""
    setup: tuple[AnyStep, ...] = ()
    teardown: tuple[AnyStep, ...] = ()


class PlannedCase(Struct, frozen=True, omit_defaults=True, kw_only=True):
    scenario: str  # its id
    case: Case


class LeftOut(Struct, frozen=True, omit_defaults=True):
    """A case that was selected, and is not run for its state."""

    case: str
    name: str
    state: str
    owner: str = ""  # who brings a quarantined case back
    until: str = ""


class Remark(Struct, frozen=True, omit_defaults=True):
    """What is to be told of the suite before it runs. `mistake`: cases end because of it."""

    where: str  # file:line:column of the suite, or what it is about
    message: str
    hint: str = ""
    mistake: bool = False


class Item(Struct, frozen=True, omit_defaults=True):
    """One case result to be: a case, and the row of its dataset (-1: none)."""

    case: str
    row: int = -1

    @property
    def id(self) -> str:
        return self.case if self.row < 0 else f"{self.case}#{self.row + 1}"


class Renewed(Struct, frozen=True, omit_defaults=True):
    """An artifact that was asked for anew. `what`: renewed (other bytes under its name), replaced (a newer release, in
    the place of `instead`), unchanged, kept (a repository did not answer). `dependency`: whose it is; "": the own."""

    name: str
    what: str
    dependency: str = ""
    instead: str = ""
    sha256: str = ""


class FlaggedCase(Struct, frozen=True, omit_defaults=True):
    """`place`: SUBSYSTEM@VERSION of a case that is not this version's, "" for one that is."""

    case: str
    name: str
    severity: str
    place: str = ""


class Refreshed(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What was fetched before the run, and which cases that hits. `saves` of the version; `problems`: what could not
    be asked."""

    artifacts: tuple[Renewed, ...] = ()
    flagged: tuple[FlaggedCase, ...] = ()
    saves: tuple[int, ...] = ()
    problems: tuple[str, ...] = ()


class RunPlan(Struct, frozen=True, omit_defaults=True, kw_only=True):
    id: str
    created_us: int  # microseconds since 1970, UTC
    suite: str
    subsystem: str
    version: str = ""
    environment: str = ""
    timezone: str = ""
    config: Mapping[str, Json] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()  # config keys
    mask: tuple[str, ...] = ()
    defaults: Defaults = field(default_factory=Defaults)
    causes: tuple[CauseRule, ...] = ()
    concurrency: int = 16
    targets: Mapping[str, Target] = field(default_factory=dict)  # by subsystem or tool library name
    connections: Mapping[str, Connection] = field(default_factory=dict)  # the environment's
    files_in: str = ""  # the folder that files of SQLite have to lie in; empty: anywhere
    scenarios: tuple[PlannedScenario, ...] = ()
    cases: tuple[PlannedCase, ...] = ()
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    shared: Mapping[str, SharedSteps] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    groups: tuple[str, ...] = ()  # of cases, that were asked for
    owner: str = ""  # of the suite: that of cases that name none
    left_out: tuple[LeftOut, ...] = ()
    remarks: tuple[Remark, ...] = ()
    refreshed: Refreshed | None = None  # None: nothing was asked for anew
    schedule: str = ""  # by which it was started; empty: by a person or program
    rescued: bool = False  # made of the events of a run whose plan cannot be read; never written
    context: Mapping[str, Json] = field(default_factory=dict)  # that every case begins with: `--context FILE`
    contexts: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)  # by item: `--context RUN`


def result_without_steps(
    plan: RunPlan,
    planned: PlannedCase,
    item: Item,
    verdict: Verdict,
    failure: Failure | None = None,
    *,
    started_us: int = 0,
    elapsed_us: int = 0,
) -> CaseResult:
    """What can be told of a case of which no step was: its place, its row, why it has none."""
    case = planned.case
    dataset = plan.datasets.get(case.dataset)
    row = dataset.rows[item.row] if dataset and 0 <= item.row < len(dataset.rows) else None
    return CaseResult(
        item=item.id,
        case=case.id,
        scenario=planned.scenario,
        name=case.case,
        verdict=verdict,
        row=item.row,
        row_values="" if row is None else json.dumps(row),
        row_name=dataset.row_names[item.row] if dataset and 0 <= item.row < len(dataset.row_names) else "",
        priority=case.priority,
        tags=case.tags,
        requirements=case.requirements,
        started_us=started_us,
        elapsed_us=elapsed_us,
        failure=failure,
    )
