"""Plans of a few steps, run by the real engine over an invoker that answers from a script."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from workbench import plugins
from workbench.engine import RunControl, Tools, run
from workbench.model.dataset import Column, Dataset
from workbench.model.events import AnyEvent, CaseFinished, StepFinished
from workbench.model.plan import Item, PlannedCase, PlannedScenario, RunPlan, Target
from workbench.model.result import CaseResult, RunSummary, StepResult
from workbench.model.suite import AnyStep, Case
from workbench.plugin_api import Answer, Call, DubboCall
from workbench.scripts import ScriptEngine

Reply = Callable[[Any], Answer | float]


class Scripted:
    """An invoker that gives what `reply` says; a number is a delay in seconds before an empty answer."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.calls: list[Call] = []
        self.running = 0
        self.most = 0

    async def invoke(self, call: Call) -> Answer:
        self.calls.append(call)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            answer = self.reply(call)
            await asyncio.sleep(answer if isinstance(answer, float) else 0)
            return Answer("null") if isinstance(answer, float) else answer
        finally:
            self.running -= 1

    async def close(self) -> None: ...


class Outcome:
    def __init__(self, summary: RunSummary, events: list[AnyEvent], invoker: Scripted) -> None:
        self.summary, self.events, self.invoker = summary, events, invoker

    @property
    def cases(self) -> list[CaseResult]:
        return [event.result for event in self.events if isinstance(event, CaseFinished)]

    @property
    def steps(self) -> list[StepResult]:
        return [event.result for event in self.events if isinstance(event, StepFinished)]

    @property
    def case(self) -> CaseResult:
        (only,) = self.cases
        return only

    @property
    def step(self) -> StepResult:
        (only,) = self.steps
        return only

    def named(self, name: str) -> StepResult:
        return next(step for step in self.steps if step.name == name)

    @property
    def requests(self) -> list[str]:
        return [call.arguments for call in self.invoker.calls if isinstance(call, DubboCall)]


@pytest.fixture(scope="session")
def scripts() -> Any:
    engine = ScriptEngine(plugins.keywords())
    yield engine
    engine.close()


class _Scripts:
    """The engine's port over the real script engine."""

    def __init__(self, engine: ScriptEngine) -> None:
        self._engine = engine

    def compile(self, source: str, *, where: str = "") -> Any:
        return self._engine.compile(source, where=where)

    def run(self, script: Any, scope: Any, *, seconds: float) -> None:
        self._engine.run(script, scope)


@pytest.fixture
def play(scripts: ScriptEngine) -> Callable[..., Outcome]:
    """Runs cases: play(step, step, reply=…) or play(cases=[…], scenario={…}, …)."""

    def played(
        *steps: AnyStep,
        reply: Reply = lambda call: Answer(call.arguments),
        cases: list[Case] | None = None,
        scenario: Mapping[str, Any] | None = None,
        rows: list[dict[str, Any]] | None = None,
        control: RunControl | None = None,
        **plan: Any,
    ) -> Outcome:
        chosen = cases or [Case(id="case1", case="a case", steps=steps, dataset="rows" if rows is not None else "")]
        datasets = {} if rows is None else {"rows": dataset(rows)}
        frozen = RunPlan(
            id="run1",
            created_us=0,
            suite="suite",
            subsystem="order",
            targets={"order": Target(registries=("zookeeper://127.0.0.1:1",)), **plan.pop("targets", {})},
            scenarios=(PlannedScenario(id="scenario", name="a scenario", **(scenario or {})),),
            cases=tuple(PlannedCase(scenario="scenario", case=case) for case in chosen),
            datasets=datasets,
            items=tuple(
                Item(case.id, row) for case in chosen for row in (range(len(rows)) if rows and case.dataset else [-1])
            ),
            **plan,
        )
        invoker, events = Scripted(reply), list[AnyEvent]()
        tools = Tools(
            dict.fromkeys(("dubbo", "tool", "http", "sql", "redis"), invoker),
            _Scripts(scripts),
            plugins.pure_functions(),
        )
        summary = asyncio.run(run(frozen, tools, events.append, control))
        return Outcome(summary, events, invoker)

    return played


def dataset(rows: list[dict[str, Any]]) -> Dataset:
    names = dict.fromkeys(name for row in rows for name in row)
    places = tuple(f"rows!row {number}" for number in range(2, len(rows) + 2))
    return Dataset("rows", tuple(Column(name) for name in names), tuple(rows), row_names=places)
