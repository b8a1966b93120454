"""What one run, one case and one attempt keep while they go on."""

import asyncio
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.engine.control import RunControl
from workbench.engine.ports import Sink, Tools
from workbench.engine.sources import Source
from workbench.engine.threads import ScriptThreads
from workbench.model.events import LogLine
from workbench.model.json import Json
from workbench.model.plan import RunPlan
from workbench.model.result import Cause, Failure, LogEntry, RemoteException, StepResult, Times
from workbench.model.sentences import told
from workbench.plugin_api import Answer, Invoker

MAX_LOG_LINES = 1_000  # of one attempt
_LIMIT_HINT = "raise the case's `timeout:`"


def now_us() -> int:
    return time.time_ns() // 1000


ticks = time.perf_counter_ns  # a monotonic clock in nanoseconds, for durations


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
    invokers: Mapping[str, Invoker] = field(default_factory=dict)  # by step kind
    sources: dict[tuple[str, str], Source] = field(default_factory=dict)  # that keywords have asked for
    writers: Mapping[str, str] = field(default_factory=dict)  # context key → a case that writes it
    learn: Callable[[str, str | None, str | None], None] | None = None  # of the masking, when it has rules

    def tell_line(self, line: LogLine, attempt: "AttemptState") -> None:
        """A line as it is written. With masking rules those before a call wait for the step's result, which has them:
        only the call tells what is personal in them."""
        if self.learn is not None:
            if attempt.before_call:
                return
            self.learn(line.item, attempt.request, attempt.answer.response if attempt.answer else None)
        self.sink(line)


class AttemptState:
    """One attempt while it goes on. Most of it keeps its default most of the time, so that making one is cheap."""

    request: str | None = None
    decoded_request: Json = None
    response: Json = None  # decoded, when somebody reads it
    answer: Answer | None = None
    failure: Failure | None = None
    exception: RemoteException | None = None
    before_call = False  # the before script of a step that calls is under way
    call_began = 0
    call_us = 0
    sleep_us = 0
    data_us = 0
    script_us = 0
    waiting_us = 0

    def __init__(self, number: int) -> None:
        self.number = number
        self.started_us = now_us()
        self.began = ticks()
        self.extracted: dict[str, str] = {}
        self.log: list[LogEntry] = []

    def fail(self, failure: Failure, error: Exception) -> None:
        """The first failure stands; the traceback of a defect goes to the log."""
        self.failure = self.failure or failure
        if failure.cause is Cause.DEFECT:
            self.log.append(LogEntry(now_us(), "ERROR", "".join(traceback.format_exception(error))))

    def times(self, elapsed_us: int) -> Times:
        script = max(0, self.script_us - self.sleep_us) if self.script_us else 0
        known = self.call_us + self.data_us + self.sleep_us + script + self.waiting_us
        return Times(self.call_us, self.data_us, self.sleep_us, script, self.waiting_us, max(0, elapsed_us - known))


@dataclass(slots=True, eq=False)
class CaseState:
    """One case with one row (or a scenario's setup and teardown) while it goes on."""

    run: RunState
    item: str
    scope: dict[str, Any]  # roots of expressions
    context: dict[str, Json]  # scope["ctx"]
    keeps_steps: bool = False
    attempt: AttemptState | None = None  # the one under way
    skip: str = ""  # why $app.skip ended the case
    written: set[str] = field(default_factory=set)  # keys that were set or removed
    after_side: bool = False  # teardown and after: only a time limit or a further stop ends what is under way
    task: asyncio.Task[Any] | None = None  # that goes through the side under way
    was_cut: bool = False  # that side
    deadline: float | None = None  # of that side by the loop's clock, when the run's watch has to look after it
    interrupted: list[StepResult] = field(default_factory=list)  # what a cut left behind

    @property
    def stopped(self) -> bool:
        """No new step is to start. The after side has to be gone through all the same."""
        return self.run.control.stopped and not self.after_side

    def cut(self) -> None:
        """End what is under way at once; called on the event loop."""
        if self.task is not None and not self.was_cut:
            self.was_cut = True
            self.task.cancel()

    def cut_failure(self) -> Failure:
        """Why something was cut off: a stop, or the time limit."""
        if self.stopped or self.run.control.hard:
            return Failure(Cause.STOPPED, self.run.control.reason)
        if self.after_side:
            return told(Cause.TIMEOUT, "after-limit", hint=_LIMIT_HINT)
        return told(Cause.TIMEOUT, "case-limit", hint=_LIMIT_HINT)

    def write(self, key: str, value: Json) -> None:
        self.context[key] = value
        self.written.add(key)

    def remove(self, key: str) -> None:
        """The key is written all the same: later serial cases shall not see it either."""
        if key in self.context:
            del self.context[key]
            self.written.add(key)
