"""What happened: verdicts, causes, results of cases, steps and attempts.

Payload values are JSON texts. Times are integer microseconds. Results are trees, so none has to be looked at by the
collector of cycles (`gc=False`): a run makes ten of them a step.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct, field


class Verdict(StrEnum):
    PASSED = "PASSED"
    FAILED = "FAILED"  # the product answered wrongly
    ERROR = "ERROR"  # could not be judged
    TIMEOUT = "TIMEOUT"
    SKIPPED = "SKIPPED"
    STOPPED = "STOPPED"


class Side(StrEnum):
    """Who has to look at it."""

    PRODUCT = "product"
    ENVIRONMENT = "environment"
    CASE = "case"
    WORKBENCH = "workbench"


class Cause(StrEnum):
    ASSERTION = "ASSERTION"
    PROVIDER_EXCEPTION = "PROVIDER_EXCEPTION"
    TIMEOUT = "TIMEOUT"
    NO_PROVIDER = "NO_PROVIDER"
    VERSION_MISMATCH = "VERSION_MISMATCH"
    NO_METHOD = "NO_METHOD"
    NETWORK = "NETWORK"
    AUTH = "AUTH"
    SERIALIZATION = "SERIALIZATION"
    DATA = "DATA"
    CONFIG = "CONFIG"
    SCRIPT = "SCRIPT"
    TOOL = "TOOL"  # a tool jar's method threw, or is not there
    QUERY = "QUERY"  # a database or Redis refused a statement or command
    BRIDGE_LOST = "BRIDGE_LOST"
    WORKER_LOST = "WORKER_LOST"
    NO_WORKER = "NO_WORKER"
    DEFECT = "DEFECT"  # of the workbench or a plug-in; the traceback is in the step's log
    STOPPED = "STOPPED"


_PRODUCT = {Cause.ASSERTION, Cause.PROVIDER_EXCEPTION, Cause.TIMEOUT}
_CASE = {Cause.SERIALIZATION, Cause.DATA, Cause.CONFIG, Cause.SCRIPT, Cause.TOOL, Cause.QUERY}
_ENVIRONMENT = {Cause.NO_PROVIDER, Cause.VERSION_MISMATCH, Cause.NO_METHOD, Cause.NETWORK, Cause.AUTH}
SIDE_OF = {
    cause: Side.PRODUCT
    if cause in _PRODUCT
    else Side.CASE
    if cause in _CASE
    else Side.ENVIRONMENT
    if cause in _ENVIRONMENT
    else Side.WORKBENCH
    for cause in Cause
}
VERDICT_OF = dict.fromkeys(Cause, Verdict.ERROR) | {
    Cause.ASSERTION: Verdict.FAILED,
    Cause.PROVIDER_EXCEPTION: Verdict.FAILED,
    Cause.TIMEOUT: Verdict.TIMEOUT,
    Cause.STOPPED: Verdict.STOPPED,
}
# Worst first. STOPPED outranks the good ones only: a failure found before the stop stays visible.
SEVERITY = (Verdict.ERROR, Verdict.TIMEOUT, Verdict.FAILED, Verdict.STOPPED, Verdict.PASSED, Verdict.SKIPPED)


class RemoteException(Struct, frozen=True, gc=False, omit_defaults=True):
    """An exception of a provider or tool: `exception.class` … in assertions."""

    class_name: str = field(name="class")
    message: str | None = None
    code: str | None = None  # JSON text of a field or getter `code`, when it has one
    fields: str = "{}"  # JSON text of an object: custom fields
    causes: tuple["RemoteException", ...] = ()  # the chain, outermost first; each without causes of its own
    stack: str = ""


class Failure(Struct, frozen=True, gc=False, omit_defaults=True):
    """Why a call or step did not succeed."""

    cause: Cause
    message: str
    hint: str = ""
    label: str = ""  # the suite's own name for it, by a CauseRule
    side: Side | None = None  # by a CauseRule; None: that of the cause
    text_code: str = ""  # of the message, when it is one of ours (see sentences.py)
    text_params: tuple[str, ...] = ()

    @property
    def blamed(self) -> Side:
        """Who has to look at it."""
        return self.side or SIDE_OF[self.cause]

    @property
    def title(self) -> str:
        """The cause as people see it."""
        return self.label or self.cause.value


class Difference(Struct, frozen=True, gc=False, omit_defaults=True):
    """One place where expected and actual differ; None = absent there. Values are JSON texts."""

    path: str
    expected: str | None = None
    actual: str | None = None


class AssertionResult(Struct, frozen=True, gc=False, omit_defaults=True):
    text: str  # as written: response.code == "0000"
    passed: bool
    path: str = ""
    operator: str = ""
    expected: str | None = None  # JSON text
    actual: str | None = None  # JSON text; None = absent
    message: str = ""
    differences: tuple[Difference, ...] = ()
    type_only: bool = False  # same value, other type: "5" against 5
    told: tuple[str, ...] = ()  # of the message: what was wanted, what was found, why


class LogEntry(Struct, frozen=True, gc=False, omit_defaults=True):
    at_us: int
    level: str
    text: str


class Times(Struct, frozen=True, gc=False, omit_defaults=True):
    """Where the time of an attempt, step or case went, in microseconds."""

    call: int = 0
    data: int = 0  # sql, redis
    sleep: int = 0
    script: int = 0
    waiting: int = 0  # for a slot, a retry's pause, a thread
    engine: int = 0  # the rest

    def plus(self, other: "Times") -> "Times":
        return Times(
            self.call + other.call,
            self.data + other.data,
            self.sleep + other.sleep,
            self.script + other.script,
            self.waiting + other.waiting,
            self.engine + other.engine,
        )


def total_times(parts: Sequence[Times]) -> Times:
    if len(parts) == 1:
        return parts[0]
    return Times(
        sum([each.call for each in parts]),
        sum([each.data for each in parts]),
        sum([each.sleep for each in parts]),
        sum([each.script for each in parts]),
        sum([each.waiting for each in parts]),
        sum([each.engine for each in parts]),
    )


class Attempt(Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    number: int = 1
    started_us: int
    elapsed_us: int = 0
    verdict: Verdict
    failure: Failure | None = None
    request: str | None = None  # JSON text as sent
    response: str | None = None  # JSON text as received
    exception: RemoteException | None = None  # also when it was expected
    attachments: Mapping[str, str] = field(default_factory=dict)  # of the answer
    provider: str = ""  # [::1]:20881
    mode: str = ""  # typed, generic, http, tool
    warnings: tuple[str, ...] = ()
    assertions: tuple[AssertionResult, ...] = ()
    extracted: Mapping[str, str] = field(default_factory=dict)  # key → JSON text
    log: tuple[LogEntry, ...] = ()
    times: Times = field(default_factory=Times)


class StepResult(Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    id: str
    name: str
    kind: str
    verdict: Verdict
    target: str = ""  # com.example.trade.TransAiFacade#payOrder(…), GET …, tool …
    phase: str = "steps"  # setup, steps, teardown
    parent: str = ""  # id of the `use` step it belongs to
    started_us: int = 0
    elapsed_us: int = 0
    failure: Failure | None = None
    flaky: bool = False  # passed after a failed attempt
    attempts: tuple[Attempt, ...] = ()
    times: Times = field(default_factory=Times)


class CaseResult(Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """One result a dataset row; the steps come in events of their own."""

    item: str  # Item.id
    case: str
    scenario: str
    name: str
    verdict: Verdict
    row: int = -1
    row_values: str = ""  # JSON text of the row
    row_name: str = ""
    priority: str = ""
    tags: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    started_us: int = 0
    elapsed_us: int = 0
    failure: Failure | None = None  # of the worst step, or of the case itself
    failed_step: str = ""  # its id
    flaky: bool = False
    steps: int = 0  # how many were executed
    context: str = "{}"  # JSON text: what the case's context held at its end
    times: Times = field(default_factory=Times)


class Counts(Struct, frozen=True, gc=False, omit_defaults=True):
    passed: int = 0
    failed: int = 0
    error: int = 0
    timeout: int = 0
    skipped: int = 0
    stopped: int = 0

    @property
    def total(self) -> int:
        return self.passed + self.failed + self.error + self.timeout + self.skipped + self.stopped


class RunSummary(Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    verdict: Verdict
    cases: Counts
    steps: Counts
    started_us: int
    elapsed_us: int
    times: Times = field(default_factory=Times)
    teardowns: int = 0  # scenarios whose teardown or after did not pass; they count in the verdict
    blocked: bool = False  # environment or workbench stood in the way of every case: nothing could be judged


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of a whole made of parts; an empty whole has passed."""
    return min(verdicts, key=SEVERITY.index, default=Verdict.PASSED)
