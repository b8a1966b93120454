"""What one run, one case and one attempt keep while they go on."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.engine.control import RunControl
from workbench.engine.ports import Sink, Tools
from workbench.engine.threads import ScriptThreads
from workbench.model.json import Json
from workbench.model.plan import RunPlan
from workbench.model.result import Failure, LogEntry, RemoteException, Times
from workbench.plugin_api import Answer

MAX_LOG_LINES = 1_000  # of one attempt


def now_us() -> int:
    return time.time_ns() // 1000


def ticks() -> int:
    """A monotonic clock in nanoseconds, for durations."""
    return time.perf_counter_ns()


@dataclass(slots=True)
class RunState:
    plan: RunPlan
    tools: Tools
    sink: Sink
    control: RunControl
    threads: ScriptThreads
    loop: asyncio.AbstractEventLoop
    config: Mapping[str, Json]  # with secrets opened
    environment: Mapping[str, Json]
    hook_s: float  # time limit of before and after scripts
    stopping: asyncio.Event  # set on the loop when the run is stopped
    writers: Mapping[str, str] = field(default_factory=dict)  # context key → a case that writes it


@dataclass(slots=True)
class AttemptState:
    """One attempt while it goes on."""

    number: int
    started_us: int = field(default_factory=now_us)
    began: int = field(default_factory=ticks)
    request: str | None = None
    decoded_request: Json = None
    response: Json = None  # decoded, when somebody reads it
    answer: Answer | None = None
    failure: Failure | None = None
    exception: RemoteException | None = None
    extracted: dict[str, str] = field(default_factory=dict)
    log: list[LogEntry] = field(default_factory=list)
    call_us: int = 0
    sleep_us: int = 0
    data_us: int = 0
    script_us: int = 0
    waiting_us: int = 0
    cut: bool = False  # a time limit or a second stop ended it: a script still under way ends at its next keyword

    def times(self, elapsed_us: int) -> Times:
        script = max(0, self.script_us - self.sleep_us)
        known = self.call_us + self.data_us + self.sleep_us + script + self.waiting_us
        return Times(self.call_us, self.data_us, self.sleep_us, script, self.waiting_us, max(0, elapsed_us - known))


@dataclass(slots=True)
class CaseState:
    """One case with one row (or a scenario's setup and teardown) while it goes on."""

    run: RunState
    item: str
    scope: dict[str, Any]  # roots of expressions
    context: dict[str, Json]  # scope["ctx"]
    keeps_steps: bool = False
    attempt: AttemptState | None = None  # the one under way
    skip: str = ""  # why $app.skip ended the case
    written: set[str] = field(default_factory=set)

    def write(self, key: str, value: Json) -> None:
        self.context[key] = value
        self.written.add(key)
