"""Live progress of a run on a terminal, and its summary. Listens to events; knows nothing of the engine."""

import os
import time
from collections import Counter
from collections.abc import Sequence
from typing import IO

from rich.console import Console
from rich.markup import escape as escape_markup
from rich.progress import BarColumn, Progress, TextColumn

from workbench.model.dataset import CellProblem
from workbench.model.events import AnyEvent, CaseFinished, RunStarted, ScenarioFinished, StepFinished
from workbench.model.plan import LeftOut, Refreshed, Remark
from workbench.model.result import CaseResult, Failure, RunSummary, Side, StepResult, Verdict
from workbench.model.words import plural
from workbench.reporting.collect import normalised

SIGNS = {
    Verdict.PASSED: ("✓", "green"),
    Verdict.FAILED: ("✕", "red"),
    Verdict.ERROR: ("!", "dark_orange"),
    Verdict.TIMEOUT: ("◷", "magenta"),
    Verdict.SKIPPED: ("–", "bright_black"),
    Verdict.STOPPED: ("■", "bright_blue"),
}
_REFRESH_S = 0.25
_DOUBTS = 10
_REMARKS = 100
_LINES = 12  # of a message
_SHOWN = 50  # failures told one by one; the report has all
# Control characters of an answer must not move the cursor or clear the screen; they are shown as pictures.
_PICTURES = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)} | {
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD),  # writing direction
}


def escape(text: str) -> str:
    """Text of a suite or an answer, as it can be shown on a terminal: neither markup nor control characters."""
    return escape_markup(text.translate(_PICTURES))


class RunConsole(Console):
    """A reader that goes away (`| head`) is no reason to stop a run."""

    def on_broken_pipe(self) -> None:
        to_nowhere(self.file)


def to_nowhere(stream: IO[str]) -> None:
    """What is written to it from now on is dropped, also by the interpreter's last flush."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


class LiveProgress:
    """A sink: one bar, counts, rate, time left; each failure is a line above it as it happens."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._counts: Counter[Verdict] = Counter()
        self._began = time.monotonic()
        self._next = 0.0
        self._total = 0
        self._failures: list[CaseResult] = []
        self._told: dict[tuple[str, str, str], str] = {}  # what was told in full, and of which case
        self._steps: dict[str, list[StepResult]] = {}
        self._bar = Progress(
            TextColumn("{task.fields[counts]}"),
            BarColumn(),
            TextColumn("{task.completed:.0f}/{task.total:.0f} · {task.fields[rate]} · {task.fields[left]} left"),
            console=console,
            auto_refresh=False,
            transient=True,
        )
        self._task = self._bar.add_task("", total=0, counts="", rate="", left="–")

    def __enter__(self) -> "LiveProgress":
        if self._console.is_terminal:
            self._bar.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._bar.stop()

    def __call__(self, event: AnyEvent) -> None:
        if isinstance(event, StepFinished):
            self._step(event)
        elif isinstance(event, CaseFinished):
            self._case(event.result)
        elif isinstance(event, ScenarioFinished):
            self._scenario(event)
        elif isinstance(event, RunStarted):
            self._total = event.items

    def _step(self, event: StepFinished) -> None:
        if event.result.failure is not None:
            self._steps.setdefault(event.item, []).append(event.result)

    def _case(self, result: CaseResult) -> None:
        self._counts[result.verdict] += 1
        steps = self._steps.pop(result.item, [])
        if result.failure is not None and result.verdict not in (Verdict.SKIPPED, Verdict.STOPPED):
            self._failures.append(result)
            if len(self._failures) <= _SHOWN:
                self._tell(result, steps)
        now = time.monotonic()
        if now >= self._next and self._console.is_terminal:
            self._next = now + _REFRESH_S
            self._draw(now)

    def _scenario(self, event: ScenarioFinished) -> None:
        """What failed around the cases. A teardown counts in the run's verdict, a setup through its cases."""
        for step in self._steps.pop(event.scenario, []):
            sign, colour = SIGNS[step.verdict]
            title = f"{step.phase} of scenario [bold]{escape(event.name or event.scenario)}[/]"
            self._console.print(f"[{colour}]{sign} {step.verdict}[/] {title}", soft_wrap=True)
            for line in failure_lines(step.failure, step):
                self._console.print(f"    {line}", soft_wrap=True)

    def _draw(self, now: float) -> None:
        done = self._counts.total()
        rate = done / max(0.001, now - self._began)
        left = (self._total - done) / rate if rate else 0.0
        self._bar.update(
            self._task,
            total=self._total,
            completed=done,
            counts=_counts(self._counts),
            rate=f"{rate:.0f} cases/s",
            left=f"{left:.0f} s",
        )
        self._bar.refresh()

    def _tell(self, result: CaseResult, steps: list[StepResult]) -> None:
        sign, colour = SIGNS[result.verdict]
        row = f" [bright_black]row {result.row + 1}[/]" if result.row >= 0 else ""
        self._console.print(f"[{colour}]{sign} {result.verdict}[/] [bold]{escape(result.name)}[/]{row}", soft_wrap=True)
        failed = next((step for step in steps if step.id == result.failed_step), None)
        before = self._as_before(result)
        if before:
            self._console.print(f"    [bright_black]as {escape(before)}[/]", soft_wrap=True)
            return
        for line in failure_lines(result.failure, failed):
            self._console.print(f"    {line}", soft_wrap=True)

    def _as_before(self, result: CaseResult) -> str:
        """The case that failed by the same and told it in full: a registry that is down is told once.

        Where the product is to blame every answer counts, so only what is the same to the letter is left out.
        """
        failure = result.failure
        if failure is None:
            return ""
        message = failure.message if failure.blamed is Side.PRODUCT else normalised(failure.message)
        key = (failure.title, message, failure.hint)
        told = self._told.setdefault(key, result.item)
        return "" if told == result.item else self._name(told)

    def _name(self, item: str) -> str:
        case = next(each for each in self._failures if each.item == item)
        return f"{case.name} row {case.row + 1}" if case.row >= 0 else case.name


def failure_lines(failure: Failure | None, step: StepResult | None) -> list[str]:
    """Cause and place, what happened, what to do: rich markup."""
    if failure is None:
        return []
    place = f" in step [bold]{escape(step.name)}[/]" if step else ""
    target = f" [bright_black]{escape(step.target)}[/]" if step and step.target else ""
    label = f"[bold]{escape(failure.label)}[/] · " if failure.label else ""
    lines = [f"{label}[bright_black]{failure.cause} · {failure.blamed}[/]{place}{target}"]
    told = failure.message.splitlines()
    lines += [escape(line) for line in told[:_LINES]]
    lines += [f"… {len(told) - _LINES} more lines; the report has all"] if len(told) > _LINES else []
    if step and step.attempts:
        failing = [each for each in step.attempts[-1].assertions if not each.passed][1:4]
        lines += [escape(each.message or each.text) for each in failing]
    if failure.hint:
        lines.append(f"[cyan]→ {escape(failure.hint)}[/]")
    return lines


def print_left_out(console: Console, cases: Sequence[LeftOut]) -> None:
    """Cases that are not run for their state: nobody is to take them for passed."""
    for state in dict.fromkeys(each.state for each in cases):
        own = [each for each in cases if each.state == state]
        names = ", ".join(
            f"{each.name} (until {each.until}, {each.owner})" if each.until else each.name for each in own[:_DOUBTS]
        )
        more = f" and {len(own) - _DOUBTS} more" if len(own) > _DOUBTS else ""
        console.print(f"left out, {state}: {escape(names)}{more}", soft_wrap=True)


def print_refreshed(console: Console, refreshed: Refreshed | None) -> None:
    """What was fetched before the run and whom it hits; what could not be asked is a warning."""
    if refreshed is None:
        return
    for each in refreshed.artifacts:
        instead = f" in the place of {each.instead}" if each.instead else ""
        console.print(f"fetched: {each.what:9} {escape(each.name + instead)}", soft_wrap=True)
    for problem in refreshed.problems:
        console.print(f"[yellow]warning[/]: not fetched: {escape(problem)}", soft_wrap=True)
    for case in refreshed.flagged[:_DOUBTS]:
        place = f" of {case.place}" if case.place else ""
        console.print(f"flagged: {escape(case.name + place)} ({case.severity})", soft_wrap=True)
    if len(refreshed.flagged) > _DOUBTS:
        rest = plural(len(refreshed.flagged) - _DOUBTS, "flagged case")
        console.print(f"flagged: {rest} more; the report lists all", soft_wrap=True)


def print_doubts(console: Console, problems: Sequence[CellProblem]) -> None:
    """Cells that may not hold what was typed; the first ones, since a column has thousands of them."""
    for problem in problems[:_DOUBTS]:
        console.print(f"[yellow]warning[/]: {escape(problem.where)}: {escape(problem.message)}", soft_wrap=True)
    if len(problems) > _DOUBTS:
        rest = plural(len(problems) - _DOUBTS, "doubtful cell")
        console.print(f"[yellow]warning[/]: {rest} more; the report lists all", soft_wrap=True)


def print_remarks(console: Console, remarks: Sequence[Remark]) -> None:
    """What contracts say of the steps, all at once: mistakes first, each at its line."""
    for each in sorted(remarks, key=lambda remark: not remark.mistake)[:_REMARKS]:
        sign = "[dark_orange]mistake[/]" if each.mistake else "[yellow]warning[/]"
        console.print(f"{sign}: {escape(each.where)}: {escape(each.message)}", soft_wrap=True)
        if each.hint:
            console.print(f"    [cyan]→ {escape(each.hint)}[/]", soft_wrap=True)
    if len(remarks) > _REMARKS:
        console.print(f"… {len(remarks) - _REMARKS} more; the report lists all", soft_wrap=True)


def print_summary(console: Console, summary: RunSummary, where: str) -> None:
    sign, colour = SIGNS[summary.verdict]
    seconds = summary.elapsed_us / 1_000_000
    cases, steps = summary.cases, summary.steps
    executed = cases.total - cases.skipped
    rate = f"{1000 * cases.passed // executed / 10} %" if executed else "–"  # rounded down: 99.96 is not 100
    teardowns = f" · {plural(summary.teardowns, 'failed teardown')}" if summary.teardowns else ""
    console.print(
        f"[{colour} bold]{sign} {summary.verdict}[/]  {plural(cases.total, 'case')}: "
        f"{_counts(Counter({Verdict[name.upper()]: getattr(cases, name) for name in cases.__struct_fields__}))}"
        f" · success rate {rate} · {plural(steps.total, 'step')}"
        f"{teardowns} · {seconds:.1f} s",
        soft_wrap=True,
    )
    console.print(f"[bright_black]results: {escape(where)}[/]", soft_wrap=True)


def _counts(counts: Counter[Verdict]) -> str:
    parts = [f"[{SIGNS[verdict][1]}]{counts[verdict]} {verdict.lower()}[/]" for verdict in Verdict if counts[verdict]]
    return " ".join(parts)
