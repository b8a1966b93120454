"""The only way out of the engine: typed events, in order. One a line in events.jsonl.

`context` of a CaseFinished and payloads inside results are JSON texts. `at_us` is microseconds since 1970, UTC.
"""

from msgspec import Struct, json

from workbench.model.result import CaseResult, Failure, LogEntry, RunSummary, StepResult, Verdict


class Event(Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True, tag_field="event"):
    at_us: int


class RunStarted(Event, frozen=True, omit_defaults=True, kw_only=True, tag="run-started"):
    run: str
    suite: str
    subsystem: str = ""
    version: str = ""
    environment: str = ""
    items: int = 0


class ScenarioFinished(Event, frozen=True, omit_defaults=True, kw_only=True, tag="scenario-finished"):
    """The steps of setup and teardown come before it as StepFinished with `item` = the scenario's id.

    `verdict` is that of its after side alone: a setup that fails speaks through the scenario's cases.
    """

    scenario: str
    name: str = ""
    verdict: Verdict = Verdict.PASSED
    failure: Failure | None = None
    failed_step: str = ""  # its id


class CaseStarted(Event, frozen=True, omit_defaults=True, kw_only=True, tag="case-started"):
    item: str
    case: str
    scenario: str
    name: str


class StepStarted(Event, frozen=True, omit_defaults=True, kw_only=True, tag="step-started"):
    item: str
    step: str
    name: str


class LogLine(Event, frozen=True, omit_defaults=True, kw_only=True, tag="log"):
    item: str
    step: str = ""
    entry: LogEntry


class StepFinished(Event, frozen=True, omit_defaults=True, kw_only=True, tag="step-finished"):
    item: str
    result: StepResult


class CaseFinished(Event, frozen=True, omit_defaults=True, kw_only=True, tag="case-finished"):
    result: CaseResult


class RunFinished(Event, frozen=True, omit_defaults=True, kw_only=True, tag="run-finished"):
    run: str
    summary: RunSummary


AnyEvent = (
    RunStarted | ScenarioFinished | CaseStarted | StepStarted | LogLine | StepFinished | CaseFinished | RunFinished
)

encoder = json.Encoder()
decoder: json.Decoder[AnyEvent] = json.Decoder(AnyEvent)
