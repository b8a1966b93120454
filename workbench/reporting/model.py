"""What all reports are made of: cases with their steps, and the figures of a run. Times are microseconds."""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal

from msgspec import Struct, field

from workbench.model.dataset import CellProblem
from workbench.model.plan import LeftOut, Refreshed, Remark
from workbench.model.result import CaseResult, Counts, Failure, LogEntry, StepResult, Times, Verdict


class CaseView(Struct, frozen=True, kw_only=True):
    """One case result with its steps in order. `finished` is false when the run ended before the case did."""

    result: CaseResult
    scenario: str  # its name
    file: str = ""  # of the scenario, in the suite
    owner: str = ""
    weight: int = 1
    position: int = 0  # in the plan
    steps: tuple[StepResult, ...] = ()
    log: tuple[LogEntry, ...] = ()  # of the case itself: what no step holds
    finished: bool = True


class ScenarioView(Struct, frozen=True, kw_only=True):
    """Setup and teardown of a scenario that has any. Verdict and failure are those of the after side alone."""

    id: str
    name: str  # of the scenario
    file: str = ""  # of the scenario, in the suite
    verdict: Verdict = Verdict.PASSED
    failure: Failure | None = None
    failed_step: str = ""
    steps: tuple[StepResult, ...] = ()
    log: tuple[LogEntry, ...] = ()
    finished: bool = True


class CauseCount(Struct, frozen=True):
    side: str
    cause: str
    count: int


class Cluster(Struct, frozen=True):
    """Cases that failed for one reason: the same side and cause, and the same message but for numbers and ids."""

    side: str
    cause: str
    verdict: Verdict  # the worst of them
    message: str  # of the first case, as it is
    hint: str
    count: int
    items: tuple[str, ...]  # of its cases; at most MAX_CLUSTER_ITEMS
    steps: tuple[str, ...]  # names of the failing steps, the most frequent first
    text_code: str = ""  # of the message, see model/sentences.py
    text_params: tuple[str, ...] = ()
    teardown: bool = False  # of scenarios, not of cases; `items` are the scenarios' ids


class SlowStep(Struct, frozen=True):
    elapsed_us: int  # without waiting: a slot or a first connection is nobody's slowness
    item: str
    case: str
    step: str
    step_id: str
    target: str
    verdict: Verdict


class TargetTime(Struct, frozen=True):
    """All calls of one method, URL or tool: `count` attempts, `bad` steps, times of the calls alone."""

    target: str
    kind: str
    count: int
    bad: int
    total_us: int
    max_us: int


class RunReport(Struct, frozen=True, kw_only=True):
    run: str
    suite: str
    subsystem: str
    version: str
    environment: str
    timezone: str
    verdict: Verdict
    finished: bool  # false: the events end before the run did
    rescued: bool = False  # the plan could not be read: cases that did not start are missing
    started_us: int
    elapsed_us: int
    planned: int  # case results that the plan holds
    cases: Counts
    steps: Counts
    flaky: int
    teardowns: int = 0  # scenarios whose teardown or after did not pass: part of the verdict, of no case
    times: Times
    causes: tuple[CauseCount, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    slowest: tuple[SlowStep, ...] = ()
    targets: tuple[TargetTime, ...] = ()
    groups: tuple[str, ...] = ()  # of cases, that were asked for
    left_out: tuple[LeftOut, ...] = ()  # cases that were selected and not run: drafts, quarantined ones
    schedule: str = ""  # by which it was started
    refreshed: Refreshed | None = None  # artifacts that were fetched anew before the run
    weights: tuple[int, int] = (0, 0)  # of the passed cases, of those that were to be judged
    targets_of: Mapping[str, str] = field(default_factory=dict)  # subsystem → version
    problems: tuple[CellProblem, ...] = ()  # doubtful cells of the datasets
    remarks: tuple[Remark, ...] = ()  # what contracts say of the steps

    @property
    def rate(self) -> Decimal | None:
        """Passed of all that were to be judged, in percent, rounded down: 100 means all. None when there are none."""
        return _percent(self.cases.passed, self.cases.total - self.cases.skipped)

    @property
    def weighted_rate(self) -> Decimal | None:
        """The same, each case counted with its weight."""
        return _percent(*self.weights)


def _percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_FLOOR) if whole > 0 else None
