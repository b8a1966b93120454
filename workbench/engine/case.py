"""One case with one row: before, setup, steps, teardown, after; and the same around a scenario's cases."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from workbench.engine.attempt import finished, run_script
from workbench.engine.compiled import CompiledCase, CompiledStep, Hooks
from workbench.engine.judge import failure_of, verdict_of
from workbench.engine.state import AttemptState, CaseState, now_us, ticks
from workbench.engine.step import run_step, skip_step
from workbench.model import json
from workbench.model.events import CaseFinished, CaseStarted, StepFinished
from workbench.model.json import Json
from workbench.model.plan import Item, PlannedCase, RunPlan, result_without_steps
from workbench.model.result import SEVERITY, CaseResult, Cause, Failure, StepResult, Times, Verdict, total_times
from workbench.model.sentences import told

_PASSED, _SKIPPED = _GOOD = (Verdict.PASSED, Verdict.SKIPPED)
WATCHED_S = 60.0  # limits from here on are kept to the second
_COUNTED = frozenset({"setup", "steps", "teardown"})


class Tally:
    """The step results of a case, and what they amount to."""

    __slots__ = ("bad", "results")

    def __init__(self) -> None:
        self.results: list[StepResult] = []
        self.bad: StepResult | None = None  # the first of the worst

    def add(self, results: list[StepResult]) -> None:
        self.results += results
        for each in results:
            if each.verdict in _GOOD:
                continue
            if self.bad is None or SEVERITY.index(each.verdict) < SEVERITY.index(self.bad.verdict):
                self.bad = each

    def executed(self) -> int:
        """How many steps ran, `use` steps counted by what is in them."""
        skipped = _SKIPPED
        return sum(
            [each.verdict is not skipped and each.phase in _COUNTED and each.kind != "use" for each in self.results]
        )

    def times(self) -> Times:
        return total_times([each.times for each in self.results])


async def run_before(hooks: Hooks, case: CaseState, tally: Tally) -> None:
    """The before script and the setup steps; stops at the first that fails."""
    if hooks.before is not None:
        tally.add([await run_hook("before", hooks.before, case)])
    await run_steps(hooks.setup, case, tally, "setup")


async def run_after(hooks: Hooks, case: CaseState, tally: Tally) -> None:
    """Always all of it, whatever failed."""
    case.after_side = True
    for step in hooks.teardown:
        tally.add(await run_step(step, case, "teardown"))
    if hooks.after is not None:
        tally.add([await run_hook("after", hooks.after, case)])


async def run_hook(phase: str, program: Any, case: CaseState) -> StepResult:
    """A before or after script, reported like a script step."""
    state = AttemptState(1)
    case.attempt = state
    try:
        await run_script(program, case, state, phase, patient=phase == "after")
    except Exception as error:
        state.fail(failure_of(error), error)
    except asyncio.CancelledError:
        state.failure = case.cut_failure()
        case.interrupted.append(_tell_hook(phase, case, state))
        raise
    return _tell_hook(phase, case, state)


def _tell_hook(phase: str, case: CaseState, state: AttemptState) -> StepResult:
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


async def bounded(case: CaseState, seconds: float, tally: Tally, side: Coroutine[Any, Any, None]) -> bool:
    """Go through one side, before or after, within a time limit; False when it was cut off.

    A long limit has no timer of its own, which would cost more than a step's events: the run's watch looks after it.
    """
    watched, loop, task = seconds >= WATCHED_S, case.run.loop, asyncio.current_task()
    assert task is not None
    cancelling = task.cancelling()
    case.task, case.was_cut = task, False
    case.deadline = loop.time() + seconds if watched else None
    timer = None if watched else loop.call_later(seconds, case.cut)
    try:
        await side
    except asyncio.CancelledError:
        if not case.was_cut or task.uncancel() > cancelling:  # somebody else's doing, or theirs as well
            raise
        tally.add(case.interrupted)
        case.interrupted = []
        return False
    finally:
        case.task = case.deadline = None
        if timer is not None:
            timer.cancel()
    return True


async def run_steps(
    steps: tuple[CompiledStep, ...], case: CaseState, tally: Tally, phase: str, go_on: bool = False
) -> None:
    for step in steps:
        if case.skip or (tally.bad is not None and not go_on and not case.stopped):
            tally.add([skip_step(step, case, phase, "", None)])
        else:
            tally.add(await run_step(step, case, phase))


class CaseRun:
    """Runs one item."""

    def __init__(self, compiled: CompiledCase, item: Item, state: CaseState) -> None:
        self.compiled = compiled
        self.item = item
        self.state = state
        self._tally = Tally()
        self._timed_out = False

    async def run(self) -> CaseResult:
        case, run = self.compiled.case, self.state.run
        started, began = now_us(), ticks()
        run.sink(
            CaseStarted(
                at_us=started, item=self.state.item, case=case.id, scenario=self.compiled.scenario, name=case.case
            )
        )
        failure = self.compiled.failure or self._missing_cells()
        try:
            if failure is None:
                await self._sides()
            result = self._result(failure, started, (ticks() - began) // 1000)
        except Exception as error:  # a defect outside of the steps costs this case, not the run
            result = without_steps(
                run.plan, self.compiled, self.item, failure_of(error), started, (ticks() - began) // 1000
            )
        run.sink(CaseFinished(at_us=now_us(), result=result))
        return result

    async def _sides(self) -> None:
        hooks, state, tally = self.compiled.hooks, self.state, self._tally
        seconds = self.compiled.timeout_ms / 1000
        self._timed_out = not await bounded(state, seconds, tally, self._main())
        if (hooks.teardown or hooks.after is not None) and not await bounded(
            state, seconds, tally, run_after(hooks, state, tally)
        ):
            self._timed_out = True

    async def _main(self) -> None:
        compiled, state, tally = self.compiled, self.state, self._tally
        await run_before(compiled.hooks, state, tally)
        go_on = compiled.case.on_failure == "continue" and tally.bad is None
        await run_steps(compiled.steps, state, tally, "steps", go_on)

    def _missing_cells(self) -> Failure | None:
        if not self.compiled.uses.columns:
            return None
        row = self.state.scope["row"].keys()
        if row >= self.compiled.uses.columns:
            return None
        missing = sorted(self.compiled.uses.columns - row)
        return told(Cause.DATA, "row-lacks", ", ".join(missing)) if missing else None

    def _result(self, failure: Failure | None, started: int, elapsed: int) -> CaseResult:
        case, tally, state = self.compiled.case, self._tally, self.state
        bad = tally.bad
        executed = tally.executed()
        verdict, why = self._verdict(failure, bad, executed)
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
            steps=executed,
            context=_context(state),
            times=tally.times(),
        )

    def _verdict(
        self, failure: Failure | None, bad: StepResult | None, executed: int
    ) -> tuple[Verdict, Failure | None]:
        if failure is not None:
            return verdict_of(failure), failure
        if self._timed_out and bad is None:
            control = self.state.run.control
            why = Failure(Cause.STOPPED, control.reason) if control.stopped else told(Cause.TIMEOUT, "case-too-long")
            return verdict_of(why), why
        if bad is not None:
            return bad.verdict, bad.failure
        if self.state.skip:
            return Verdict.SKIPPED, Failure(Cause.SCRIPT, self.state.skip)
        return (_PASSED if executed else _SKIPPED), None


def without_steps(
    plan: RunPlan, compiled: CompiledCase, item: Item, failure: Failure, started: int, elapsed: int = 0
) -> CaseResult:
    planned = PlannedCase(scenario=compiled.scenario, case=compiled.case)
    return result_without_steps(
        plan, planned, item, verdict_of(failure), failure, started_us=started, elapsed_us=elapsed
    )


def _row_name(state: CaseState, dataset: str, row: int) -> str:
    if row < 0:
        return ""
    names = state.run.plan.datasets[dataset].row_names
    return names[row] if row < len(names) else ""


def _context(state: CaseState) -> str:
    """All of it, also what the scenario's setup and earlier serial cases wrote: `--step --context` goes on from it."""
    kept: dict[str, Json] = {key: state.context[key] for key in sorted(state.context)}
    return json.dumps(kept) if kept else "{}"
