"""One attempt at a step: before → request → call → extract → after → assertions."""

import asyncio
from collections.abc import Mapping
from typing import Any

from workbench.engine.compiled import CompiledStep
from workbench.engine.judge import failure_of, failure_of_assertions, verdict_of
from workbench.engine.scope import KeywordScope, unknown_context
from workbench.engine.state import AttemptState, CaseState, ticks
from workbench.engine.threads import Overdue
from workbench.errors import CallFailed, ErrorGroup, UnknownNameError, WorkbenchError
from workbench.expr import MISSING
from workbench.model import json
from workbench.model.result import AssertionResult, Attempt, Cause, RemoteException, Side, Verdict
from workbench.model.sentences import told
from workbench.plugin_api import DATA_KINDS, Answer, Call

LATE_S = 1.0  # a script that computes is ended at its limit by the sandbox; what is later than this waits for a keyword
_ROOTS = ("request", "response", "exception", "elapsed", "attachments", "provider")
_SCALARS = frozenset({str, int, bool})
_THROWN = frozenset({Cause.PROVIDER_EXCEPTION, Cause.TOOL})


async def attempt(step: CompiledStep, case: CaseState, number: int) -> Attempt:
    """Never raises but for cancellation: what went wrong is the attempt's failure."""
    case.attempt = state = AttemptState(number)
    forget = case.scope.pop
    for root in _ROOTS:
        forget(root, None)
    try:
        if step.before is not None:
            state.before_call = step.prepare is not None
            await run_script(step.before, case, state, step.id)
            state.before_call = False
        if step.prepare is not None:
            call = _prepared(step, case, state)
            _answered(step, case, state, await case.run.invokers[step.kind].invoke(call))
        elif step.script is not None:
            await run_script(step.script, case, state, step.id, step.timeout_ms / 1000)
        if step.extract and state.failure is None:
            _extract(step, case, state)
    except Exception as error:  # also a defect of an invoker or keyword: it ends this step and no other
        state.fail(failure_of(_explained(error, case)), error)
    except asyncio.CancelledError:
        _count_cut(step, state)
        await _after(step, case, state)
        raise
    if step.after is not None:
        await _after(step, case, state)
    assertions = _check(step, case, state) if step.assertions and state.failure is None else ()
    if case.keeps_steps:
        case.scope["steps"][step.name] = {"request": state.decoded_request, "response": state.response}
    return finished(state, assertions)


async def run_script(
    program: Any,
    case: CaseState,
    state: AttemptState,
    step: str = "",
    seconds: float | None = None,
    *,
    patient: bool = False,
) -> None:
    """Raises what the script raises. Without `seconds` it has a hook's time."""
    run = case.run
    limit = run.hook_s if seconds is None else seconds
    began = ticks()
    scope = KeywordScope(case, state, step, patient=patient)
    try:
        await run.threads.run(lambda: run.tools.scripts.run(program, scope, seconds=limit), limit + LATE_S)
    except asyncio.CancelledError:
        scope.cut()  # its thread comes to its end, and nobody waits for it here
        scope.note_stuck()
        raise
    except Overdue:
        scope.note_stuck()
        scope.cut()
        raise _overdue(scope.keyword, limit) from None
    finally:
        state.script_us += (ticks() - began) // 1000


def _overdue(keyword: str, limit: float) -> CallFailed:
    what = f"the keyword {keyword}" if keyword else "the script"
    hint = "its thread is left behind; the keyword needs a time limit of its own, or the step a longer one"
    failure = told(Cause.TIMEOUT, "keyword-stuck", what, f"{limit:g}", hint=hint, side=Side.CASE)
    return CallFailed(failure.message, failure=failure)


def finished(state: AttemptState, assertions: tuple[AssertionResult, ...] = ()) -> Attempt:
    elapsed = (ticks() - state.began) // 1000
    answer = state.answer or _NO_ANSWER
    return Attempt(
        number=state.number,
        started_us=state.started_us,
        elapsed_us=elapsed,
        verdict=_PASSED if state.failure is None else verdict_of(state.failure),
        failure=state.failure,
        request=state.request,
        response=answer.response,
        exception=state.exception,
        attachments=answer.attachments,
        provider=answer.provider,
        mode=answer.mode,
        warnings=answer.warnings,
        assertions=assertions,
        extracted=state.extracted,
        log=tuple(state.log) if state.log else (),
        times=state.times(elapsed),
    )


_NO_ANSWER = Answer()
_PASSED = Verdict.PASSED  # looked up by the enumeration each time, before Python 3.12


def _prepared(step: CompiledStep, case: CaseState, state: AttemptState) -> Call:
    call, state.request = step.prepare(case.scope)  # type: ignore[misc]
    if step.needs.request or case.keeps_steps:
        case.scope["request"] = state.decoded_request = json.loads(state.request or "null")
    state.call_began = ticks()
    return call


def _answered(step: CompiledStep, case: CaseState, state: AttemptState, answer: Answer) -> None:
    around = (ticks() - state.call_began) // 1000
    elapsed = answer.elapsed_us
    state.answer = answer
    if step.kind in DATA_KINDS:
        state.data_us += elapsed or around
    else:
        state.call_us += elapsed or around
    if elapsed and around > elapsed:
        state.waiting_us += around - elapsed
    if answer.log:
        state.log.extend(answer.log)
    scope = case.scope
    scope["elapsed"] = (state.data_us if step.kind in DATA_KINDS else state.call_us) // 1000
    scope["attachments"] = answer.attachments
    if answer.provider:
        scope["provider"] = answer.provider
    _take(step, case, state, answer)


def _count_cut(step: CompiledStep, state: AttemptState) -> None:
    """The time of a call that was under way: nobody else knows it when no answer comes."""
    if not state.call_began or state.answer is not None:
        return
    around = (ticks() - state.call_began) // 1000
    if step.kind in DATA_KINDS:
        state.data_us += around
    else:
        state.call_us += around


def _take(step: CompiledStep, case: CaseState, state: AttemptState, answer: Answer) -> None:
    failure = answer.failure
    if failure is None:
        if step.needs.response or case.keeps_steps:
            case.scope["response"] = state.response = json.loads(answer.response or "null", where="response")
        return
    state.exception = answer.exception
    if answer.exception is not None:
        case.scope["exception"] = exception_value(answer.exception)
        if step.expects_exception and failure.cause in _THROWN:
            return
    state.failure = failure


def exception_value(exception: RemoteException) -> Mapping[str, Any]:
    """What `exception.…` reads: class, message, code, fields, causes."""
    return {
        "class": exception.class_name,
        "message": exception.message,
        "code": json.loads(exception.code) if exception.code is not None else None,
        "fields": json.loads(exception.fields),
        "causes": [exception_value(cause) for cause in exception.causes],
    }


def _extract(step: CompiledStep, case: CaseState, state: AttemptState) -> None:
    missing = []
    for key, path in step.extract:
        value = path.find(case.scope)
        if value is MISSING:
            missing.append(f"{key}: nothing at {path.text}")
            continue
        case.write(key, value)
        state.extracted[key] = json.dump_scalar(value) if type(value) in _SCALARS else json.dumps(value)
    if missing:
        state.failure = told(Cause.ASSERTION, "cannot-extract", "; ".join(missing), hint=_EXTRACT_HINT)


_EXTRACT_HINT = "look at the response: the field is not in this answer"


async def _after(step: CompiledStep, case: CaseState, state: AttemptState) -> None:
    if step.after is None:
        return
    try:
        await run_script(step.after, case, state, step.id, patient=True)
    except Exception as error:
        state.fail(failure_of(_explained(error, case)), error)


def _check(step: CompiledStep, case: CaseState, state: AttemptState) -> tuple[AssertionResult, ...]:
    if step.expects_exception and state.exception is None:
        state.failure = told(Cause.ASSERTION, "no-exception")
    try:
        scope = case.scope
        results = tuple([check(scope) for check in step.checks])
    except Exception as error:
        state.fail(failure_of(_explained(error, case)), error)
        return ()
    state.failure = state.failure or failure_of_assertions(results)
    return results


def _explained(error: Exception, case: CaseState) -> Exception:
    """An unknown context key, told with the case that would write it."""
    if isinstance(error, ErrorGroup):
        return ErrorGroup([each for one in error.errors if isinstance(each := _explained(one, case), WorkbenchError)])
    if not isinstance(error, UnknownNameError) or error.params.get("root") != "ctx":
        return error
    hint = unknown_context(case, str(error.params.get("name", ""))).hint
    return UnknownNameError(error.message, where=error.where, hint=hint, **error.params)
