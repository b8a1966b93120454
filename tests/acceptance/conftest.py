"""Runs suite folders against real providers in this process, with everything a user's run has."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.app import Application
from workbench.engine import RunControl
from workbench.files import RunFolder
from workbench.model.events import AnyEvent, CaseFinished, StepFinished
from workbench.model.result import CaseResult, RunSummary, StepResult
from workbench.settings import Settings
from workbench.usecases.launch_run import RunRequest, execute, plan_run

ORDER = "com.example.order.BizOrderAiFacade"
TRADE = "com.example.trade.TransAiFacade"
NOTIFY = "com.example.notify.MessageNotifyAiFacade"


class Outcome:
    def __init__(self, summary: RunSummary, folder: RunFolder) -> None:
        self.summary = summary
        self.folder = folder
        self.events: list[AnyEvent] = list(folder.events())

    @property
    def cases(self) -> list[CaseResult]:
        return [event.result for event in self.events if isinstance(event, CaseFinished)]

    @property
    def case(self) -> CaseResult:
        (only,) = self.cases
        return only

    @property
    def steps(self) -> list[StepResult]:
        return [event.result for event in self.events if isinstance(event, StepFinished)]

    @property
    def judged(self) -> tuple[str, str]:
        """Verdict and cause of the only case."""
        case = self.case
        return case.verdict.value, case.failure.cause.value if case.failure else ""

    def __repr__(self) -> str:
        return "\n".join(f"{case.name} {case.verdict} {case.failure}" for case in self.cases)


class WriteSuite:
    """Writes a suite folder of one scenario with one case of the given steps (YAML, as a tester writes it)."""

    def __init__(self, folder: Path, registry: str) -> None:
        self.folder, self.registry = folder, registry

    def __call__(self, steps: str, *, head: str = "", case: str = "", scenario: str = "") -> Path:
        (self.folder / "scenarios").mkdir(parents=True, exist_ok=True)
        (self.folder / "suite.yaml").write_text(
            f"suite: live\nsubsystem: order\nartifacts: [samples://order-api-1.0.0.jar]\n"
            "dependencies:\n"
            "  trade: {artifacts: [samples://trade-api-1.0.0.jar]}\n"
            "  notify: {artifacts: [samples://notify-api-1.0.0.jar]}\n"
            "  tool-util: {tool: [samples://tool-util-1.0.0.jar]}\n"
            "defaults: {step: 60s, hook: 60s}\n"  # what says no other time passes on a busy machine too
            f"environments:\n  live:\n    registries: ['{self.registry}']\n{head}"
        )
        body = "\n".join(f"      {line}" for line in steps.strip("\n").splitlines())
        extra = "".join(f"    {line}\n" for line in case.strip("\n").splitlines())
        (self.folder / "scenarios" / "one.yaml").write_text(
            f"id: scen0001\nscenario: one\n{scenario}cases:\n"
            f"  - id: case0001\n    case: one\n{extra}    steps:\n{body}\n"
        )
        return self.folder


@pytest.fixture
def write_suite(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Path]:
    return WriteSuite(tmp_path / "suite", request.getfixturevalue("sample_world").registry)


@pytest.fixture
def run_live(tmp_path: Path) -> Callable[..., Outcome]:
    """run_live(folder, control=…, listener=…, environment=…): a whole run with its own JVMs, all gone afterwards."""
    settings = Settings(data_dir=tmp_path / "data")

    def live(
        folder: Path, *, control: RunControl | None = None, listener: Any = None, app_seen: Any = None, **request: Any
    ) -> Outcome:
        async def go() -> Outcome:
            async with Application(settings, brief=True) as app:
                plan = plan_run(RunRequest(folder=folder, **request), app.readers())
                kept = RunFolder.create(settings.runs_dir, plan)
                if app_seen is not None:
                    app_seen(app)
                listeners = () if listener is None else (listener,)
                summary = await execute(plan, app.tools(plan), kept, listeners, control)
            return Outcome(summary, RunFolder.open(kept.path))

        before = set(threading.enumerate())
        outcome = asyncio.run(go())
        for thread in set(threading.enumerate()) - before:
            thread.join(60)  # one that has handed over its result needs a moment to end
            assert not thread.is_alive(), thread.name
        return outcome

    return live


@pytest.fixture
def own_provider(start_provider: Callable[..., Any], zookeeper: Any, write_suite: WriteSuite) -> Callable[..., Any]:
    """own_provider("trade", delay_ms=3000): a provider of this test's own, in a registry that the suite then uses."""
    write_suite.registry = zookeeper.address

    def started(service: str, **options: Any) -> Any:
        return start_provider(service, registry=zookeeper.address, **options)

    return started
