"""What is to be run, as a person wrote it: suite, scenarios, cases, steps.

These types are the form in files (reader and writer in workbench/files), in the database and in the API.
Payloads (`request`) are JSON *text* with `${…}` in its strings, so that no reader loses digits.
Ids are 8 base32 characters; history and merging hang on them.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import force_setattr

from workbench.model.json import Json

Priority = Literal["P0", "P1", "P2", "P3", "P4"]
CaseState = Literal["ready", "draft", "quarantined"]
Refresh = Literal["never", "snapshot", "always"]
Duration = str  # "500ms", "3s", "10m", "4h"; model.durations.millis() reads it
_MAX_ROWS, _MAX_BYTES = 1000, 1_048_576
Assertions = str | tuple[Json, ...] | None  # one assertion a line, or a list of lines and {path: {matcher: value}}


class Retry(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Repeat a call: at most `times` further attempts, until `until` holds, or without it until the step passes."""

    times: int = 1
    every: Duration = "500ms"
    until: str = ""


class Step(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """What all kinds of steps share. In files the kind is the one key of dubbo, http, tool, sql, redis, script, use."""

    id: str = ""
    step: str = ""  # its name
    description: str = ""
    comment: str = ""  # YAML comment standing before it
    disabled: bool = False
    when: str = ""  # condition; false → SKIPPED
    before: str = ""  # script, around each attempt
    after: str = ""
    request: str | None = None  # JSON text with ${…}
    extract: Mapping[str, str] = field(default_factory=dict)  # context key → path
    assert_: Assertions = field(default=None, name="assert")
    timeout: Duration = ""
    retry: Retry | None = None


class DubboStep(Step, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True, tag="dubbo"):
    dubbo: str  # com.example.trade.TransAiFacade#payOrder(com.example.trade.PayOrderRequest)
    subsystem: str = ""  # empty: the suite's own
    group: str = ""
    version: str = ""  # of the Dubbo service
    protocol: str = ""
    url: str = ""  # pinned instance, dubbo://host:port
    tag: str = ""
    attachments: Mapping[str, str] = field(default_factory=dict)
    serialization: str = ""
    mode: Literal["", "typed", "generic"] = ""
    unchecked: bool = False  # send the request without checking it against the contract (negative tests)
    oneway: bool = False  # send and do not wait for an answer
    show_classes: bool = False  # the response says the classes of values that no declared type tells


class HttpStep(Step, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True, tag="http"):
    """`request` is the body; the response is {status, headers, body, text}: body is parsed JSON, or null."""

    http: str  # 'GET https://…/${ctx.id}'
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)


class ToolStep(Step, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True, tag="tool"):
    """A static method, or an instance method of a class with a no-argument constructor, of a tool jar."""

    tool: str  # 'tool-util com.example.util.SignUtil#sign(java.lang.String)'


class SqlStep(Step, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True, tag="sql"):
    """`request` is an object: what stands for `:name` in the statement. The response is {columns, rows, count,
    affected}; several statements, separated by `;`, are one transaction, and the last one's rows are told."""

    sql: str  # name of a connection of the environment
    statement: str


class RedisStep(Step, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True, tag="redis"):
    """`request` is a command as a list, `["GET", "order:1"]`, and the response its reply; or a list of such commands,
    and a list of their replies."""

    redis: str  # name of a connection of the environment


class ScriptStep(Step, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True, tag="script"):
    script: str


class UseStep(Step, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True, tag="use"):
    """Shared steps, with parameters: `use: common.login` is group `login` of shared/common.yaml."""

    use: str
    with_: Mapping[str, Json] = field(default_factory=dict, name="with")


# What all steps have by their common type, and a kind has no use for: refused, lest it look as if it were checked.
UNREAD: Mapping[str, tuple[str, ...]] = {
    "script": ("request",),
    "use": ("before", "after", "request", "extract", "assert", "timeout", "retry"),
}
UNREAD_HINTS = {
    "script": "a script sends nothing: write the value into the script, or into the context before it",
    "use": "write it at the shared steps themselves, or at a step before or behind this one",
}
AnyStep = DubboStep | HttpStep | ToolStep | SqlStep | RedisStep | ScriptStep | UseStep


class Quarantine(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """Why a case is left out of runs for a while, and who brings it back."""

    owner: str
    until: str  # the last day, 2026-03-31; from the next on the case runs again
    reason: str = ""


class Case(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    id: str = ""
    case: str  # its name
    description: str = ""
    comment: str = ""
    disabled: bool = False
    state: CaseState = "ready"
    quarantine: Quarantine | None = None  # of a quarantined case
    priority: Priority = "P2"
    weight: int = 1
    tags: tuple[str, ...] = ()
    owner: str = ""
    requirements: tuple[str, ...] = ()
    dataset: str = ""  # once a row, ${row.*}
    on_failure: Literal["stop", "continue"] = "stop"
    timeout: Duration = ""
    before: str = ""  # scripts
    after: str = ""
    setup: tuple[AnyStep, ...] = ()  # steps
    steps: tuple[AnyStep, ...] = ()
    teardown: tuple[AnyStep, ...] = ()  # always run


def state_on(case: Case, day: str) -> CaseState:
    """The state that holds on a day (2026-03-31, UTC): a quarantine that is over makes the case ready again."""
    over = case.state == "quarantined" and case.quarantine is not None and case.quarantine.until < day
    return "ready" if over else case.state


class Scenario(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    id: str = ""
    scenario: str  # its name
    description: str = ""
    comment: str = ""
    disabled: bool = False
    serial: bool = False  # cases one after the other, each sees what earlier ones wrote
    tags: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    setup: tuple[AnyStep, ...] = ()
    teardown: tuple[AnyStep, ...] = ()
    cases: tuple[Case, ...] = ()


class SharedSteps(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """A group of steps used by `use:`; its parameters are read as `${param.<name>}`."""

    description: str = ""
    comment: str = ""
    parameters: Mapping[str, Json] = field(default_factory=dict)  # name → default; null = must be given
    steps: tuple[AnyStep, ...] = ()


class Tls(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """PEM files, relative to the suite, for providers that are reached over TLS."""

    trust: str = ""  # certificates of the authorities to believe; empty: those of the JVM
    certificate: str = ""  # chain that is shown to providers that ask for one
    key: str = ""  # its private key, without a password


class Connection(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """A database or a Redis that steps and scripts may ask. `${config.…}` may stand in `url` and `user`."""

    comment: str = ""
    url: str  # postgresql://HOST:PORT/DATABASE, mysql://…, mariadb://…, sqlite:///FILE, redis://HOST:PORT/0, rediss://…
    user: str = ""
    secret: str = ""  # the config key that holds the password
    writable: bool = False
    max_rows: int = _MAX_ROWS  # more of an answer are left out, with a warning
    max_bytes: int = _MAX_BYTES

    def __post_init__(self) -> None:
        # msgspec leaves a number out when it is the default's very object: equal content has to have equal bytes
        for name, default in (("max_rows", _MAX_ROWS), ("max_bytes", _MAX_BYTES)):
            if getattr(self, name) == default:
                force_setattr(self, name, default)


class Environment(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """Where a run goes. `registries` are addresses `zookeeper://host:port[,…][/root]`; `samples://` is the registry
    that `workbench samples up` started."""

    comment: str = ""
    registries: tuple[str, ...] = ()
    subsystem_registries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)  # subsystem → pinned dubbo://host:port
    hosts: Mapping[str, str] = field(default_factory=dict)  # registered host[:port] → reachable host[:port]
    consumer: str = ""  # application name that rules of the registry know the caller by; empty: dubbo-workbench
    tls: Tls | None = None
    connections: Mapping[str, Connection] = field(default_factory=dict)  # databases and Redis, by name
    config: Mapping[str, Json] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()  # config keys whose values are masked everywhere
    mask: tuple[str, ...] = ()  # paths whose values are masked in events and reports
    timezone: str = ""  # IANA name; empty: the machine's


class Dependency(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """A version of another subsystem (its API artifacts) or of a tool library (`tool`: its jars)."""

    comment: str = ""
    version: str = ""
    artifacts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    tool: tuple[str, ...] = ()


class Defaults(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """Time limits when a step, case or run names none."""

    step: Duration = "5s"
    hook: Duration = "10s"
    case: Duration = "10m"
    run: Duration = "4h"


CauseName = Literal[
    "ASSERTION",
    "PROVIDER_EXCEPTION",
    "TIMEOUT",
    "NO_PROVIDER",
    "VERSION_MISMATCH",
    "NO_METHOD",
    "NETWORK",
    "AUTH",
    "SERIALIZATION",
    "DATA",
    "CONFIG",
    "SCRIPT",
    "TOOL",
    "QUERY",
]
SideName = Literal["product", "environment", "case", "workbench"]


class CauseRule(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """A name of the suite's own for a kind of failure. All conditions that are given have to hold; a rule changes the
    cause and side that people see, never the verdict."""

    label: str
    comment: str = ""
    cause: tuple[CauseName, ...] = ()
    message: str = ""  # regular expressions, searched
    exception: str = ""
    side: SideName | None = None
    hint: str = ""


class CaseGroup(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """A named selection of cases, run and reported as one: `cases` in this order, then what meets the filter, if one is
    given. Several values of one kind: any of them; all kinds have to be met."""

    comment: str = ""
    description: str = ""
    owner: str = ""
    cases: tuple[str, ...] = ()  # ids, names or globs
    scenarios: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()  # with `!`: without it
    priorities: tuple[Priority, ...] = ()
    requirements: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


class SuiteFile(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """suite.yaml."""

    suite: str  # its name
    subsystem: str
    version: str = ""
    description: str = ""
    comment: str = ""
    owner: str = ""
    group: str = ""  # default Dubbo group of the subsystem's services
    artifacts: tuple[str, ...] = ()  # paths relative to the folder, or samples://NAME
    sources: tuple[str, ...] = ()
    refresh: Refresh = "never"  # before each run: newer snapshots of Maven coordinates, or newer releases too
    dependencies: Mapping[str, Dependency] = field(default_factory=dict)
    environments: Mapping[str, Environment] = field(default_factory=dict)
    default_environment: str = ""  # empty: the first
    config: Mapping[str, Json] = field(default_factory=dict)  # for every environment; an environment's own wins
    defaults: Defaults = field(default_factory=Defaults)
    causes: tuple[CauseRule, ...] = ()
    case_groups: Mapping[str, CaseGroup] = field(default_factory=dict)
    order: tuple[str, ...] = ()  # of the file alone: scenario files as they run, where that is not by their names


class Suite(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A whole suite folder, read. Keys of `scenarios` are file slugs, in running order, which `file.order` does not
    repeat."""

    file: SuiteFile
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    shared: Mapping[str, SharedSteps] = field(default_factory=dict)  # "common.login" → its steps
