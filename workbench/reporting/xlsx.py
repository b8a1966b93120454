"""The report as a workbook: Summary, Cases, Steps, Failures. Text is written as text, never as a formula."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from workbench.errors import ReportError
from workbench.model.events import AnyEvent
from workbench.model.plan import Refreshed, RunPlan
from workbench.model.result import CaseResult, Verdict
from workbench.reporting.collect import Collector, reason
from workbench.reporting.follow import View
from workbench.reporting.model import CaseView, RunReport, ScenarioView
from workbench.reporting.plaintext import cut, rescued_note, view_text
from workbench.reporting.replacing import replacing

MAX_ROWS = 1_048_576
MAX_CELL = 32_000  # the format's bound is 32,767 UTF-16 units
_HALVES = re.compile("[\ud800-\udfff]")  # surrogates, which no file can hold
MAX_DETAIL = 8_000
_COLOURS = {
    Verdict.PASSED: "#1A7F37",
    Verdict.FAILED: "#C62828",
    Verdict.ERROR: "#A34A00",
    Verdict.TIMEOUT: "#6E40AA",
    Verdict.SKIPPED: "#5F6B76",
    Verdict.STOPPED: "#3E4C59",
}
_CASES = (
    ("Verdict", 10), ("Case", 34), ("Scenario", 26), ("Row", 6), ("Row values", 40), ("Side", 12), ("Cause", 20),
    ("Message", 60), ("Elapsed ms", 11), ("Steps", 7), ("Priority", 8), ("Tags", 20), ("Requirements", 20),
    ("Owner", 12), ("Flaky", 7), ("Item", 16),
)  # fmt: skip
_STEPS = (
    ("Item", 16), ("Case", 30), ("Phase", 10), ("Step", 26), ("Kind", 8), ("Verdict", 10), ("Target", 60),
    ("Elapsed ms", 11), ("Attempts", 9), ("Provider", 18), ("Mode", 9), ("Cause", 20), ("Message", 60),
)  # fmt: skip
_FAILURES = (
    ("Item", 16), ("Case", 30), ("Verdict", 10), ("Side", 12), ("Cause", 20), ("Message", 60), ("Hint", 40),
    ("Details", 100),
)  # fmt: skip

Cell = str | int | float | Verdict


class XlsxReporter:
    name = "xlsx"

    def write(self, plan: RunPlan, events: Iterable[AnyEvent], target: Path) -> None:
        """Memory stays flat: rows leave it as cases end. Raises ReportError when the file cannot be written."""
        with replacing(target) as draft:
            try:
                with xlsxwriter.Workbook(str(draft), {"constant_memory": True}) as book:
                    _write(book, plan, events)
            except XlsxWriterException as error:
                raise ReportError(f"cannot be written: {error}", where=str(target)) from error


def _write(book: Any, plan: RunPlan, events: Iterable[AnyEvent]) -> None:
    summary = _Sheet(book, "Summary", (("", 24), ("", 60), ("", 14), ("", 60)), header=False)
    cases, steps, failures = (
        _Sheet(book, name, columns) for name, columns in (("Cases", _CASES), ("Steps", _STEPS), ("Failures", _FAILURES))
    )
    collector = Collector(plan)
    for view in collector.views(events):
        if isinstance(view, CaseView):
            cases.add(_case(view))
        if _told(view).verdict not in (Verdict.PASSED, Verdict.SKIPPED):
            failures.add(_failure(view))
        for row in _steps(view):
            steps.add(row)
    _summary(summary, collector.report(), [sheet for sheet in (cases, steps, failures) if sheet.full])
    for sheet in (cases, steps, failures):
        sheet.close()


class _Sheet:
    """Rows go down one after the other."""

    def __init__(self, book: Any, name: str, columns: Sequence[tuple[str, int]], *, header: bool = True) -> None:
        self.name = name
        self.full = False
        self._sheet = book.add_worksheet(name)
        self._verdicts = {verdict: book.add_format({"font_color": colour}) for verdict, colour in _COLOURS.items()}
        self._bold = book.add_format({"bold": True})
        self._columns = len(columns)
        self._next = 0
        for at, (_, width) in enumerate(columns):
            self._sheet.set_column(at, at, width)
        if header:
            self._sheet.freeze_panes(1, 0)
            self.add([title for title, _ in columns], bold=True)

    def add(self, cells: Sequence[Cell], *, bold: bool = False) -> None:
        if self._next >= MAX_ROWS:
            self.full = True
            return
        for at, cell in enumerate(cells):
            style = self._bold if bold else self._verdicts.get(cell) if isinstance(cell, Verdict) else None
            if isinstance(cell, str):
                self._sheet.write_string(self._next, at, _held(str(cell)), style)
            else:
                self._sheet.write_number(self._next, at, cell, style)
        self._next += 1

    def close(self) -> None:
        if self._next > 1:
            self._sheet.autofilter(0, 0, self._next - 1, self._columns - 1)


def _held(text: str) -> str:
    """As much of a text as a cell holds."""
    text = _HALVES.sub("\ufffd", cut(text, MAX_CELL))
    return cut(text, MAX_CELL // 2) if text and max(text) > "\uffff" else text  # two units a character


def _case(view: CaseView) -> list[Cell]:
    result = view.result
    side, cause, failure = reason(view) if result.verdict is not Verdict.PASSED else ("", "", None)
    return [
        result.verdict, result.name, view.scenario, result.row + 1 if result.row >= 0 else "", result.row_values,
        side, cause, failure.message if failure else "", result.elapsed_us / 1000, result.steps, result.priority,
        ", ".join(result.tags), ", ".join(result.requirements), view.owner, "yes" if result.flaky else "", result.item,
    ]  # fmt: skip


def _steps(view: Any) -> Iterable[list[Cell]]:
    item = view.result.item if isinstance(view, CaseView) else view.id
    name = view.result.name if isinstance(view, CaseView) else view.name
    for step in view.steps:
        last = step.attempts[-1] if step.attempts else None
        yield [
            item, name, step.phase, step.name, step.kind, step.verdict, step.target, step.elapsed_us / 1000,
            len(step.attempts), last.provider if last else "", last.mode if last else "",
            step.failure.cause.value if step.failure else "", step.failure.message if step.failure else "",
        ]  # fmt: skip


def _told(view: View) -> CaseResult | ScenarioView:
    return view.result if isinstance(view, CaseView) else view


def _failure(view: View) -> list[Cell]:
    """Of a scenario: its teardown."""
    side, cause, failure = reason(view)
    message, hint = (failure.message, failure.hint) if failure else ("", "")
    if isinstance(view, CaseView):
        item, name = view.result.item, view.result.name
    else:
        item, name = view.id, f"teardown of {view.name}"
    return [item, name, _told(view).verdict, side, cause, message, hint, view_text(view, MAX_DETAIL)]


def _fetched(sheet: _Sheet, refreshed: Refreshed | None) -> None:
    """What was asked for anew before the run, and whom it hits."""
    if refreshed is None:
        return
    sheet.add([""])
    sheet.add(["Fetched before the run", "", "In the place of", "Of"], bold=True)
    for artifact in refreshed.artifacts:
        sheet.add([artifact.name, artifact.what, artifact.instead, artifact.dependency])
    for problem in refreshed.problems:
        sheet.add(["Not fetched", problem])
    for case in refreshed.flagged:
        sheet.add(["Flagged", case.name, case.severity, case.place])


def _summary(sheet: _Sheet, report: RunReport, full: Sequence[_Sheet]) -> None:
    rate = "" if report.rate is None else f"{report.rate} %"
    sheet.add(["Suite", report.suite], bold=True)
    sheet.add(["Verdict", report.verdict])
    if not report.finished:
        sheet.add(["Unfinished", "The run ended before all of its cases did; they are STOPPED."])
    if report.rescued:
        sheet.add(["Rescued", rescued_note(report)])
    for sheet_of in full:
        sheet.add(["Cut", f"The sheet {sheet_of.name} holds as many rows as a sheet can, not all."])
    for name, value in (
        ("Run", report.run), ("Subsystem", report.subsystem), ("Version", report.version),
        ("Environment", report.environment), ("Groups", ", ".join(report.groups)),
        ("Schedule", report.schedule),
        ("Elapsed ms", report.elapsed_us / 1000), ("Success rate", rate),
        ("Total cases", report.cases.total), ("Total steps", report.steps.total), ("Flaky cases", report.flaky),
        ("Failed teardowns", report.teardowns),
    ):  # fmt: skip
        sheet.add([name, value])
    for verdict in Verdict:
        sheet.add([verdict, getattr(report.cases, verdict.value.lower())])
    _fetched(sheet, report.refreshed)
    sheet.add([""])
    sheet.add(["Failures: side", "Message", "Cases", "Cause"], bold=True)
    for cluster in report.clusters:
        sheet.add([cluster.side, cluster.message, cluster.count, cluster.cause])
