"""What the HTML page shows: a head with the figures, a row a case, and a detail a case.

Details of cases that did not pass, or passed only after a failed attempt, are whole; those of passed ones are whole
while the page stays small, then they shrink to their steps' names and times. Payloads are texts, so that the browser
loses no digit.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from workbench.errors import JsonError
from workbench.model import json
from workbench.model.plan import RunPlan
from workbench.model.result import (
    AssertionResult,
    Attempt,
    Failure,
    LogEntry,
    RemoteException,
    StepResult,
    Verdict,
    worst,
)
from workbench.model.words import clipped
from workbench.reporting.collect import reason
from workbench.reporting.follow import View
from workbench.reporting.marks import MAX_TEXT, payload, places
from workbench.reporting.model import CaseView, RunReport, ScenarioView

MAX_FAILED_BYTES = 48 * 1024 * 1024
MAX_PASSED_BYTES = 4 * 1024 * 1024
MAX_COMPACT_BYTES = 16 * 1024 * 1024
MAX_LOG = 500
MAX_LINE = 4_000
MAX_DIFFERENCES = 200
MAX_MESSAGE = 600
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def script_text(value: Any) -> str:
    """JSON that can stand in a script element whatever is in it."""
    return msgspec.json.encode(value).decode().translate(_ESCAPES)


class Page:
    """Takes cases as they pass by; then `rows` and `details` belong together by position."""

    def __init__(self, plan: RunPlan) -> None:
        self._order = {scenario.id: at for at, scenario in enumerate(plan.scenarios)}
        self._entries: list[tuple[tuple[int, int], dict[str, Any], str]] = []
        self._failed = self._passed = self._compact = 0
        self.shortened = 0  # cases whose detail is not whole

    def add(self, view: View) -> None:
        if isinstance(view, ScenarioView):
            self._add((self._order.get(view.id, 0), -1), _hook_row(view), view)
        else:
            self._add((self._order.get(view.result.scenario, 0), view.position), _row(view), view)

    def rows(self) -> list[dict[str, Any]]:
        self._entries.sort(key=lambda entry: entry[0])
        return [row for _, row, _ in self._entries]

    def details(self) -> Iterable[str]:
        return (detail for _, _, detail in self._entries)

    def _add(self, key: tuple[int, int], row: dict[str, Any], view: View) -> None:
        text = self._detail(view, bad=row["verdict"] not in ("PASSED", "SKIPPED") or row.get("flaky", False))
        self._entries.append((key, row, text))

    def _detail(self, view: View, *, bad: bool) -> str:
        """Whole, compact or nothing, as the bounds allow."""
        spent = self._failed if bad else self._passed
        if spent < (MAX_FAILED_BYTES if bad else MAX_PASSED_BYTES):
            text = script_text(_detail(view, whole=True))
            if bad:
                self._failed += len(text)
            else:
                self._passed += len(text)
            return text
        self.shortened += 1
        if self._compact >= MAX_COMPACT_BYTES:
            return "null"
        text = script_text(_detail(view, whole=False))
        self._compact += len(text)
        return text


def head(report: RunReport, page: Page) -> dict[str, Any]:
    """The figures, as the page's script reads them."""
    figures: dict[str, Any] = msgspec.to_builtins(report)
    figures["rate"] = None if report.rate is None else str(report.rate)
    figures["shortened"] = page.shortened
    for cluster, of in zip(figures["clusters"], report.clusters, strict=True):
        cluster["text"] = [of.text_code, *of.text_params] if of.text_code else []
    return figures


def _row(view: CaseView) -> dict[str, Any]:
    result = view.result
    side, cause, failure = reason(view) if result.verdict is not Verdict.PASSED else ("", "", None)
    failed = next((step.name for step in view.steps if step.id == result.failed_step), "")
    row = {
        "item": result.item, "name": result.name, "scenario": view.scenario, "scenarioId": result.scenario,
        "file": view.file, "verdict": result.verdict.value, "us": result.elapsed_us, "steps": result.steps,
        "row": result.row + 1 if result.row >= 0 else 0, "values": _values(result.row_values),
        "rowName": result.row_name, "priority": result.priority, "tags": result.tags, "owner": view.owner,
        "requirements": result.requirements, "side": side, "cause": cause, "step": failed,
        "message": clipped(failure.message if failure else "", MAX_MESSAGE), "text": _text(failure),
        "flaky": result.flaky, "unfinished": not view.finished,
    }  # fmt: skip
    return {key: value for key, value in row.items() if value or key == "us"}


def _hook_row(view: ScenarioView) -> dict[str, Any]:
    verdict = worst([view.verdict, *(step.verdict for step in view.steps)])
    bad = next((step for step in view.steps if step.id == view.failed_step), None) or next(
        (step for step in view.steps if step.verdict is verdict and step.failure), None
    )
    failure = view.failure or (bad.failure if bad else None)
    side, cause, _ = reason(view)
    row: dict[str, Any] = {
        "hook": True, "item": view.id, "name": "", "scenario": view.name, "scenarioId": view.id,
        "verdict": verdict.value, "us": sum(step.elapsed_us for step in view.steps), "steps": len(view.steps),
    }  # fmt: skip
    row |= {"side": side, "cause": cause, "step": bad.name if bad else ""}
    row |= {"message": clipped(failure.message if failure else "", MAX_MESSAGE), "text": _text(failure)}
    return {key: value for key, value in row.items() if value or key in ("us", "name")}


def _values(text: str) -> list[tuple[str, str]]:
    """Row values as they are read: texts without quotes, everything else as JSON."""
    try:
        row = json.loads(text) if text else {}
    except JsonError:
        return [("", clipped(text, MAX_MESSAGE))]
    entries = row.items() if isinstance(row, dict) else []
    shown = [(key, value if isinstance(value, str) else json.dumps(value)) for key, value in entries]
    return [(clipped(key, 200), clipped(value, MAX_MESSAGE)) for key, value in shown]


def _detail(view: View, *, whole: bool) -> dict[str, Any]:
    steps = [_step(step, whole=whole) for step in view.steps]
    if not whole:
        return {"steps": steps, "compact": True}
    detail: dict[str, Any] = {"steps": steps, "log": _log(view.log)}
    if isinstance(view, CaseView):
        detail["context"] = payload(view.result.context) if view.result.context != "{}" else None
        if view.result.failure and not view.result.failed_step:
            detail["failure"] = _failure(view.result.failure)
    elif view.failure and not view.failed_step:
        detail["failure"] = _failure(view.failure)
    return detail


def _step(step: StepResult, *, whole: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": step.id, "name": step.name, "kind": step.kind, "verdict": step.verdict.value, "target": step.target,
        "phase": step.phase, "us": step.elapsed_us, "parent": step.parent, "flaky": step.flaky,
        "failure": _failure(step.failure),
    }  # fmt: skip
    if whole:
        shown["attempts"] = [_attempt(attempt) for attempt in step.attempts]
    return {key: value for key, value in shown.items() if value}


def _text(failure: Failure | None) -> list[str]:
    """Code and parameters of a message of ours: from these the page makes it in its language."""
    if failure is None or not failure.text_code:
        return []
    return [failure.text_code, *(clipped(each, MAX_MESSAGE) for each in failure.text_params)]


def _failure(failure: Failure | None) -> dict[str, Any] | None:
    if failure is None:
        return None
    shown = {
        "cause": failure.title,
        "typed": failure.cause.value if failure.label else "",
        "message": clipped(failure.message, MAX_TEXT),
        "text": _text(failure),
        "hint": failure.hint,
    }
    return {key: value for key, value in shown.items() if value}


def _attempt(attempt: Attempt) -> dict[str, Any]:
    exception = attempt.exception
    shown: dict[str, Any] = {
        "number": attempt.number, "verdict": attempt.verdict.value, "us": attempt.elapsed_us,
        "started": attempt.started_us, "failure": _failure(attempt.failure), "provider": attempt.provider,
        "mode": attempt.mode, "warnings": attempt.warnings, "attachments": list(attempt.attachments.items()),
        "request": payload(attempt.request, places(attempt.assertions, "request")),
        "response": payload(attempt.response, places(attempt.assertions, "response")),
        "exception": _exception(exception), "assertions": [_assertion(each) for each in attempt.assertions],
        "extracted": [(key, clipped(text, MAX_LINE)) for key, text in attempt.extracted.items()],
        "log": _log(attempt.log), "times": msgspec.to_builtins(attempt.times),
    }  # fmt: skip
    return {key: value for key, value in shown.items() if value}


def _assertion(assertion: AssertionResult) -> dict[str, Any]:
    shown: dict[str, Any] = {"text": clipped(assertion.text, MAX_LINE), "passed": assertion.passed}
    if not assertion.passed:
        shown |= {
            "path": assertion.path, "expected": payload(assertion.expected), "actual": payload(assertion.actual),
            "message": clipped(assertion.message, MAX_LINE), "typeOnly": assertion.type_only,
            "differences": [
                {"path": each.path, "expected": _value(each.expected), "actual": _value(each.actual)}
                for each in assertion.differences[:MAX_DIFFERENCES]
            ],
            "moreDifferences": max(len(assertion.differences) - MAX_DIFFERENCES, 0),
        }  # fmt: skip
    return {key: value for key, value in shown.items() if value or key == "passed"}


def _value(text: str | None) -> str | None:
    return None if text is None else clipped(text, MAX_LINE)


def _exception(exception: RemoteException | None) -> dict[str, Any] | None:
    if exception is None:
        return None
    return {
        "class": exception.class_name, "message": exception.message, "code": exception.code,
        "fields": payload(exception.fields) if exception.fields != "{}" else None,
        "causes": [_exception(cause) for cause in exception.causes], "stack": clipped(exception.stack, MAX_TEXT),
    }  # fmt: skip


def _log(entries: tuple[LogEntry, ...]) -> list[tuple[int, str, str]]:
    """(microseconds, level, text); the first ones of very many."""
    shown = [(entry.at_us, entry.level, clipped(entry.text, MAX_LINE)) for entry in entries[:MAX_LOG]]
    if len(entries) > MAX_LOG:
        shown.append((entries[-1].at_us, "info", f"… {len(entries) - MAX_LOG} more lines"))
    return shown
