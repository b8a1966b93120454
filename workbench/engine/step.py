"""One step: its condition, its attempts, its result as an event."""

import asyncio
import contextlib
from typing import Any

from msgspec.structs import replace

from workbench.engine.attempt import attempt, finished
from workbench.engine.compiled import CompiledStep
from workbench.engine.judge import failure_of, verdict_of
from workbench.engine.state import CaseState, now_us, ticks
from workbench.model.events import StepFinished, StepStarted
from workbench.model.result import Attempt, Cause, Failure, StepResult, Times, Verdict, worst
from workbench.model.sentences import told

_GOOD = (Verdict.PASSED, Verdict.SKIPPED)


async def run_step(step: CompiledStep, case: CaseState, phase: str, parent: str = "") -> list[StepResult]:
    """Run it and tell the sink. The results of a `use` step are those of its inner steps, then its own."""
    if case.stopped:
        return [skip_step(step, case, phase, parent, Failure(Cause.STOPPED, case.run.control.reason))]
    try:
        skipped = step.when is not None and not step.when.holds(case.scope)
    except Exception as error:
        return [skip_step(step, case, phase, parent, failure_of(error))]
    if skipped:
        return [skip_step(step, case, phase, parent, None)]
    case.run.sink(StepStarted(at_us=now_us(), item=case.item, step=step.id, name=step.name))
    if step.kind == "use":
        return await _use(step, case, phase, parent)
    return [await _once(step, case, phase, parent) if step.once else await _attempts(step, case, phase, parent)]


def skip_step(step: CompiledStep, case: CaseState, phase: str, parent: str, failure: Failure | None) -> StepResult:
    """A step that did not run: its condition did not hold, the run was stopped, or an earlier step failed."""
    verdict = verdict_of(failure) if failure else Verdict.SKIPPED
    now = now_us()
    return _tell(case, StepResult(**_head(step, phase, parent), verdict=verdict, started_us=now, failure=failure))


async def _once(step: CompiledStep, case: CaseState, phase: str, parent: str) -> StepResult:
    """The commonest step: one attempt, which decides."""
    try:
        last = await attempt(step, case, 1)
    except asyncio.CancelledError:
        cut = case.attempt
        started, began = (cut.started_us, cut.began) if cut is not None else (now_us(), ticks())
        case.interrupted.append(_tell(case, _interrupted(step, case, phase, parent, started, began, [])))
        raise
    result = StepResult(
        id=step.id,
        name=step.name,
        kind=step.kind,
        target=step.target,
        phase=phase,
        parent=parent,
        verdict=last.verdict,
        started_us=last.started_us,
        elapsed_us=last.elapsed_us,
        failure=last.failure,
        attempts=(last,),
        times=last.times,
    )
    case.run.sink(StepFinished(at_us=now_us(), item=case.item, result=result))
    return result


async def _attempts(step: CompiledStep, case: CaseState, phase: str, parent: str) -> StepResult:
    started, began = now_us(), ticks()
    attempts: list[Attempt] = []
    try:
        for number in range(1, step.retries.times + 2):
            last = await attempt(step, case, number)
            attempts.append(last)
            again = number <= step.retries.times and not case.stopped and not case.skip
            done, last = _settled(step, case, last, again)
            attempts[-1] = last
            if done:
                break
            await _pause(case, step.retries.pause_ms)
    except asyncio.CancelledError:
        case.interrupted.append(_tell(case, _interrupted(step, case, phase, parent, started, began, attempts)))
        raise
    return _tell(case, _result(step, phase, parent, started, began, attempts))


def _settled(step: CompiledStep, case: CaseState, last: Attempt, again: bool) -> tuple[bool, Attempt]:
    """Whether this attempt decides, and the attempt as it is kept."""
    until = step.retries.until
    if until is None:
        return not again or last.verdict in _GOOD, last
    if last.failure is not None and last.failure.cause is not Cause.ASSERTION:
        return not again, last
    try:
        held = until.holds(case.scope)
    except Exception as error:
        return not again, _with_failure(last, failure_of(error))
    if held:
        return True, last
    note = f"until {until.text}: does not hold yet"
    if again:
        return False, _with_failure(last, None, note)
    return True, _with_failure(last, last.failure or told(Cause.ASSERTION, "never-held", until.text), note)


def _with_failure(last: Attempt, failure: Failure | None, note: str = "") -> Attempt:
    warnings = (*last.warnings, note) if note else last.warnings
    return replace(last, failure=failure, verdict=verdict_of(failure), warnings=warnings)


async def _pause(case: CaseState, millis: int) -> None:
    """Ends early when the run is stopped."""
    if case.after_side:
        await asyncio.sleep(millis / 1000)
        return
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(case.run.stopping.wait(), millis / 1000)


async def _use(step: CompiledStep, case: CaseState, phase: str, parent: str) -> list[StepResult]:
    started, began = now_us(), ticks()
    results: list[StepResult] = []
    outer = case.scope.get("param")

    def whole(failure: Failure | None) -> StepResult:
        return StepResult(
            **_head(step, phase, parent),
            verdict=worst([*(each.verdict for each in results), *([verdict_of(failure)] if failure else [])]),
            started_us=started,
            elapsed_us=(ticks() - began) // 1000,
            failure=failure,
        )

    try:
        parameters = {name: template.render(case.scope) for name, template in step.parameters.items()}
    except Exception as error:
        return [skip_step(step, case, phase, parent, failure_of(error))]
    case.scope["param"] = parameters
    try:
        for inner in step.inner:
            bad = next((each for each in results if each.verdict not in _GOOD), None)
            if bad is not None or case.skip:
                results.append(skip_step(inner, case, phase, step.id, None))
            else:
                results += await run_step(inner, case, phase, step.id)
    except asyncio.CancelledError:
        case.interrupted[:0] = results
        case.interrupted.append(_tell(case, whole(case.cut_failure())))
        raise
    finally:
        case.scope["param"] = outer
    failure = next((each.failure for each in results if each.failure), None)
    return [*results, _tell(case, whole(failure))]


def _result(
    step: CompiledStep, phase: str, parent: str, started: int, began: int, attempts: list[Attempt]
) -> StepResult:
    last = attempts[-1]
    elapsed = (ticks() - began) // 1000
    return StepResult(
        **_head(step, phase, parent),
        verdict=last.verdict,
        started_us=started,
        elapsed_us=elapsed,
        failure=last.failure,
        flaky=last.verdict is Verdict.PASSED and any(each.verdict not in _GOOD for each in attempts),
        attempts=tuple(attempts),
        times=last.times if len(attempts) == 1 else _total(attempts, elapsed),
    )


def _total(attempts: list[Attempt], elapsed: int) -> Times:
    total = Times()
    for each in attempts:
        total = total.plus(each.times)
    pauses = max(0, elapsed - sum(each.elapsed_us for each in attempts))
    return total.plus(Times(waiting=pauses))


def _interrupted(
    step: CompiledStep, case: CaseState, phase: str, parent: str, started: int, began: int, attempts: list[Attempt]
) -> StepResult:
    """Cut off by the case's time limit or by a second stop."""
    failure = case.cut_failure()
    if case.attempt is not None and case.attempt.number > len(attempts):
        case.attempt.failure = failure
        attempts = [*attempts, finished(case.attempt)]
    elapsed = (ticks() - began) // 1000
    return StepResult(
        **_head(step, phase, parent),
        verdict=verdict_of(failure),
        started_us=started,
        elapsed_us=elapsed,
        failure=failure,
        attempts=tuple(attempts),
        times=attempts[0].times if step.once and attempts else _total(attempts, elapsed),
    )


def _head(step: CompiledStep, phase: str, parent: str) -> dict[str, Any]:
    return {
        "id": step.id,
        "name": step.name,
        "kind": step.kind,
        "target": step.target,
        "phase": phase,
        "parent": parent,
    }


def _tell(case: CaseState, result: StepResult) -> StepResult:
    case.run.sink(StepFinished(at_us=now_us(), item=case.item, result=result))
    return result
