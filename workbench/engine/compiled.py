"""A case, compiled once and run for every row: templates, paths, assertions and scripts are ready to use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from workbench.expr import Assertion, Condition, Path, ValueTemplate
from workbench.model.plan import PlannedScenario
from workbench.model.result import AssertionResult, Failure
from workbench.model.suite import Case
from workbench.plugin_api import Call

Scope = dict[str, Any]


class Prepared(NamedTuple):
    """A call that is ready to go, and its request as JSON text for the report."""

    call: Call
    request: str | None


class Retries(NamedTuple):
    times: int = 0
    pause_ms: int = 500
    until: Condition | None = None


class Needs(NamedTuple):
    """What has to be decoded for this step; what nobody reads stays text."""

    request: bool = False
    response: bool = False


NO_RETRIES = Retries()
NO_NEEDS = Needs()


@dataclass(slots=True, frozen=True, kw_only=True)
class CompiledStep:
    id: str
    name: str
    kind: str
    target: str = ""
    where: str = ""
    when: Condition | None = None
    before: Any = None  # a Program
    after: Any = None
    script: Any = None  # of a script step
    prepare: Callable[[Scope], Prepared] | None = None  # of a step that calls
    extract: tuple[tuple[str, Path], ...] = ()
    assertions: tuple[Assertion, ...] = ()
    checks: tuple[Callable[[Scope], AssertionResult], ...] = ()  # of the assertions
    expects_exception: bool = False
    retries: Retries = NO_RETRIES
    once: bool = True  # no retries, no `until`
    timeout_ms: int = 5000
    needs: Needs = NO_NEEDS
    inner: tuple["CompiledStep", ...] = ()  # of a use step
    parameters: Mapping[str, ValueTemplate] = field(default_factory=dict)


@dataclass(slots=True, frozen=True, kw_only=True)
class Hooks:
    """What stands around the steps of a case or the cases of a scenario."""

    before: Any = None
    after: Any = None
    setup: tuple[CompiledStep, ...] = ()
    teardown: tuple[CompiledStep, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.before or self.after or self.setup or self.teardown)


class Uses(NamedTuple):
    """Names that a case reads and writes, found without running it."""

    columns: frozenset[str] = frozenset()  # row columns without a default
    config: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()  # context keys


NO_USES = Uses()
NO_HOOKS = Hooks()


@dataclass(slots=True, frozen=True, kw_only=True)
class CompiledCase:
    case: Case
    scenario: str
    hooks: Hooks = NO_HOOKS
    steps: tuple[CompiledStep, ...] = ()
    uses: Uses = NO_USES
    failure: Failure | None = None  # found before any call: every row of the case ends with it
    timeout_ms: int = 600_000
    keeps_steps: bool = False  # some expression reads ${steps.…}


@dataclass(slots=True, frozen=True, kw_only=True)
class CompiledScenario:
    plan: PlannedScenario
    hooks: Hooks = NO_HOOKS
    failure: Failure | None = None
