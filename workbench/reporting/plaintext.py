"""A case or teardown that did not pass, as plain text: for JUnit viewers and spreadsheet cells."""

from collections.abc import Iterator, Sequence

from workbench.model.result import AssertionResult, Attempt, LogEntry, RemoteException, StepResult, Verdict
from workbench.model.words import plural
from workbench.reporting.follow import View
from workbench.reporting.model import CaseView, RunReport

MAX_PAYLOAD = 4_000
MAX_LOG = 50
MAX_STACK = 30
ABSENT = "(absent)"


def view_text(view: View, limit: int) -> str:
    """Steps in order, the bad ones with all that is known of them; cut after `limit` characters."""
    return cut("\n".join(_lines(view)), limit)


def cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 40]}\n… {len(text) - limit + 40} characters left out"


def rescued_note(report: RunReport) -> str:
    """Of a report that was made without the run's plan."""
    missing = report.planned - report.cases.total
    told = f", {plural(missing, 'planned case')} that did not start {'is' if missing == 1 else 'are'} missing"
    return f"plan.json could not be read; this is made from the results that are there{told if missing > 0 else ''}"


def _lines(view: View) -> Iterator[str]:
    if isinstance(view, CaseView) and view.result.row_values:
        yield f"row {view.result.row + 1}: {cut(view.result.row_values, MAX_PAYLOAD)}"
    for number, step in enumerate(view.steps, 1):
        yield f"{number}. {step.name}: {step.verdict} in {step.elapsed_us / 1000:.1f} ms  {step.target}".rstrip()
        if step.verdict not in (Verdict.PASSED, Verdict.SKIPPED):
            yield from (f"   {line}" for line in _step(step))
    told = view.result if isinstance(view, CaseView) else view
    if told.failure and not told.failed_step:
        yield told.failure.message
    yield from _log(view.log)


def _step(step: StepResult) -> Iterator[str]:
    if step.failure:
        label = f"{step.failure.label} · " if step.failure.label else ""
        yield f"{label}{step.failure.cause}: {step.failure.message}"
        yield from ([f"hint: {step.failure.hint}"] if step.failure.hint else [])
    if len(step.attempts) > 1:
        yield f"attempt {len(step.attempts)}, the last:"
    for attempt in step.attempts[-1:]:
        yield from _attempt(attempt)


def _attempt(attempt: Attempt) -> Iterator[str]:
    for name, value in (("provider", attempt.provider), ("request", attempt.request), ("response", attempt.response)):
        if value:
            yield f"{name}: {cut(value, MAX_PAYLOAD)}"
    for assertion in attempt.assertions:
        if not assertion.passed:
            yield from _assertion(assertion)
    if attempt.exception:
        yield from _exception(attempt.exception)
    yield from _log(attempt.log)


def _assertion(assertion: AssertionResult) -> Iterator[str]:
    yield f"✕ {assertion.text}"
    if assertion.differences:
        for each in assertion.differences:
            yield f"  {each.path}: expected {each.expected or ABSENT}, actual {each.actual or ABSENT}"
    else:
        yield f"  expected {assertion.expected or ABSENT}"
        yield f"  actual   {assertion.actual or ABSENT}" + ("  (another type)" if assertion.type_only else "")


def _exception(exception: RemoteException) -> Iterator[str]:
    for prefix, each in (("", exception), *(("caused by ", cause) for cause in exception.causes)):
        yield f"{prefix}{each.class_name}: {each.message}" if each.message is not None else prefix + each.class_name
        if each.fields not in ("", "{}"):
            yield f"  fields: {cut(each.fields, MAX_PAYLOAD)}"
    stack = exception.stack.splitlines()
    yield from stack[:MAX_STACK]
    yield from [f"… {len(stack) - MAX_STACK} more lines"] if len(stack) > MAX_STACK else []


def _log(entries: Sequence[LogEntry]) -> Iterator[str]:
    """The last ones: what was written last is nearest to the failure."""
    if len(entries) > MAX_LOG:
        yield f"… {len(entries) - MAX_LOG} earlier lines"
    yield from map(log_line, entries[-MAX_LOG:])


def log_line(entry: LogEntry) -> str:
    return f"[{entry.level}] {entry.text}"
