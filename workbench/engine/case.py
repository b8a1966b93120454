"""One case with one row: before, setup, steps, teardown, after; and the same around a scenario's cases."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from workbench.engine.attempt import finished, run_script
from workbench.engine.compiled import CompiledCase, CompiledStep, Hooks
from workbench.engine.judge import failure_of, verdict_of
from workbench.engine.state import AttemptState, CaseState, now_us, ticks
from workbench.engine.step import run_step, skip_step
from workbench.errors import WorkbenchError
from workbench.model import json
from workbench.model.events import CaseFinished, CaseStarted, StepFinished
from workbench.model.json import Json
from workbench.model.plan import Item
from workbench.model.result import SEVERITY, CaseResult, Cause, Failure, StepResult, Times, Verdict, worst

_GOOD = (Verdict.PASSED, Verdict.SKIPPED)
_COUNTED = frozenset({"setup", "steps", "teardown"})


@dataclass(slots=True)
class Tally:
    """The step results of a case, and what they amount to."""

    results: list[StepResult] = field(default_factory=list)

    def add(self, results: list[StepResult]) -> None:
        self.results += results

    @property
    def bad(self) -> StepResult | None:
        failing = [each for each in self.results if each.verdict not in _GOOD]
        return min(failing, key=lambda each: SEVERITY.index(each.verdict), default=None)

    def counted(self) -> list[StepResult]:
        return [each for each in self.results if each.phase in _COUNTED and each.kind != "use"]

    def times(self) -> Times:
        total = Times()
        for each in self.results:
            total = total.plus(each.times)
        return total


async def run_before(hooks: Hooks, case: CaseState, tally: Tally) -> None:
    """The before script and the setup steps; stops at the first that fails."""
    if hooks.before is not None:
        tally.add([await run_hook("before", hooks.before, case)])
    await run_steps(hooks.setup, case, tally, "setup")


async def run_after(hooks: Hooks, case: CaseState, tally: Tally) -> None:
    """Always all of it, whatever failed."""
    for step in hooks.teardown:
        tally.add(await run_step(step, case, "teardown"))
    if hooks.after is not None:
        tally.add([await run_hook("after", hooks.after, case)])


async def run_hook(phase: str, program: Any, case: CaseState) -> StepResult:
    """A before or after script, reported like a script step."""
    state = AttemptState(1)
    case.attempt = state
    try:
        await run_script(program, case, state, phase)
    except WorkbenchError as error:
        state.failure = failure_of(error)
    last = finished(state)
    result = StepResult(
        id=f"{case.item}.{phase}",
        name=phase,
        kind="script",
        verdict=last.verdict,
        phase=phase,
        started_us=last.started_us,
        elapsed_us=last.elapsed_us,
        failure=last.failure,
        attempts=(last,),
        times=last.times,
    )
    case.run.sink(StepFinished(at_us=now_us(), item=case.item, result=result))
    return result


async def run_steps(
    steps: tuple[CompiledStep, ...], case: CaseState, tally: Tally, phase: str, go_on: bool = False
) -> None:
    for step in steps:
        if case.skip or (tally.bad is not None and not go_on and not case.run.control.stopped):
            tally.add([skip_step(step, case, phase, "", None)])
        else:
            tally.add(await run_step(step, case, phase))


class CaseRun:
    """Runs one item. `cut` ends it at once, from the event loop."""

    def __init__(self, compiled: CompiledCase, item: Item, state: CaseState) -> None:
        self.compiled = compiled
        self.item = item
        self.state = state
        self._limit: asyncio.Timeout | None = None
        self._tally = Tally()
        self._timed_out = False

    def cut(self) -> None:
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time())

    async def run(self) -> CaseResult:
        case, run = self.compiled.case, self.state.run
        started, began = now_us(), ticks()
        run.sink(
            CaseStarted(
                at_us=started, item=self.state.item, case=case.id, scenario=self.compiled.scenario, name=case.case
            )
        )
        failure = self.compiled.failure or self._missing_cells()
        if failure is None:
            await self._parts()
        result = self._result(failure, started, (ticks() - began) // 1000)
        run.sink(CaseFinished(at_us=now_us(), result=result))
        return result

    async def _parts(self) -> None:
        compiled, state, tally = self.compiled, self.state, self._tally
        try:
            async with asyncio.timeout(compiled.timeout_ms / 1000) as self._limit:
                await run_before(compiled.hooks, state, tally)
                go_on = compiled.case.on_failure == "continue" and tally.bad is None
                await run_steps(compiled.steps, state, tally, "steps", go_on)
        except TimeoutError:
            self._timed_out = True
            if state.attempt is not None:
                state.attempt.cut = True
        finally:
            self._limit = None
        await run_after(compiled.hooks, state, tally)

    def _missing_cells(self) -> Failure | None:
        if not self.compiled.uses.columns:
            return None
        missing = sorted(self.compiled.uses.columns - self.state.scope["row"].keys())
        return Failure(Cause.DATA, f"the row has no value for {', '.join(missing)}") if missing else None

    def _result(self, failure: Failure | None, started: int, elapsed: int) -> CaseResult:
        case, tally, state = self.compiled.case, self._tally, self.state
        bad = tally.bad
        verdict, why = self._verdict(failure, bad)
        counted = tally.counted()
        return CaseResult(
            item=state.item,
            case=case.id,
            scenario=self.compiled.scenario,
            name=case.case,
            verdict=verdict,
            row=self.item.row,
            row_values=json.dumps(state.scope["row"]) if self.item.row >= 0 else "",
            row_name=_row_name(state, case.dataset, self.item.row),
            priority=case.priority,
            tags=case.tags,
            requirements=case.requirements,
            started_us=started,
            elapsed_us=elapsed,
            failure=why,
            failed_step=bad.id if bad is not None and failure is None else "",
            flaky=any(each.flaky for each in tally.results),
            steps=sum(each.verdict is not Verdict.SKIPPED for each in counted),
            context=_context(state),
            times=tally.times(),
        )

    def _verdict(self, failure: Failure | None, bad: StepResult | None) -> tuple[Verdict, Failure | None]:
        if failure is not None:
            return verdict_of(failure), failure
        if self._timed_out and bad is None:
            cut = Cause.STOPPED if self.state.run.control.stopped else Cause.TIMEOUT
            why = Failure(cut, self.state.run.control.reason or "the case ran longer than its time limit")
            return verdict_of(why), why
        if bad is not None:
            return bad.verdict, bad.failure
        if self.state.skip:
            return Verdict.SKIPPED, Failure(Cause.SCRIPT, self.state.skip)
        executed = [each.verdict for each in self._tally.counted() if each.verdict is not Verdict.SKIPPED]
        return (worst(executed), None) if executed else (Verdict.SKIPPED, None)


def _row_name(state: CaseState, dataset: str, row: int) -> str:
    if row < 0:
        return ""
    names = state.run.plan.datasets[dataset].row_names
    return names[row] if row < len(names) else ""


def _context(state: CaseState) -> str:
    if not state.written:
        return "{}"
    kept: dict[str, Json] = {key: state.context[key] for key in sorted(state.written) if key in state.context}
    return json.dumps(kept)
