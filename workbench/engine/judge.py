"""From what happened to a verdict and its cause."""

import traceback
from pathlib import Path

from workbench.errors import (
    AssertionFailed,
    BindingError,
    BridgeError,
    ConfigMissingError,
    DataMissingError,
    ErrorGroup,
    JsonError,
    KeywordError,
    MethodError,
    RegistryError,
    ScriptError,
    StoppedError,
    UnknownNameError,
    WorkbenchError,
)
from workbench.model.result import VERDICT_OF, AssertionResult, Cause, Failure, Side, Verdict
from workbench.model.sentences import DIFFERENCES, EXPECTED
from workbench.model.words import clipped

_CAUSES: tuple[tuple[type[WorkbenchError], Cause], ...] = (
    (AssertionFailed, Cause.ASSERTION),
    (BindingError, Cause.SERIALIZATION),
    (JsonError, Cause.SERIALIZATION),
    (MethodError, Cause.NO_METHOD),
    (ConfigMissingError, Cause.CONFIG),
    (DataMissingError, Cause.DATA),
    (UnknownNameError, Cause.DATA),
    (StoppedError, Cause.STOPPED),
    (BridgeError, Cause.BRIDGE_LOST),
    (RegistryError, Cause.NETWORK),
    (ScriptError, Cause.SCRIPT),
    (KeywordError, Cause.SCRIPT),
)


def failure_of(error: Exception) -> Failure:
    """The failure that an error inside a step means. A call that failed inside a script keeps its own cause.

    What is no WorkbenchError is a defect of ours or of a plug-in: it ends this step and costs no other its result.
    """
    if not isinstance(error, WorkbenchError):
        return _defect(error)
    carried = getattr(error, "failure", None)
    if isinstance(carried, Failure):
        return carried
    cause = _cause_of(error)
    side = Side.CASE if cause is Cause.NO_METHOD else None  # the contract said so: no provider was asked
    return Failure(cause, _text_of(error), _hint_of(error), side=side)


def _defect(error: Exception) -> Failure:
    frames = traceback.extract_tb(error.__traceback__)
    place = f", at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return Failure(Cause.DEFECT, f"{type(error).__name__}: {error}{place}", _DEFECT_HINT)


_DEFECT_HINT = "a defect of the workbench or of a plug-in, not of the case: report it with the traceback"


def _hint_of(error: WorkbenchError) -> str:
    if isinstance(error, ErrorGroup):
        return next((hint for each in error.errors if (hint := _hint_of(each))), "")
    return error.hint


def _cause_of(error: WorkbenchError) -> Cause:
    if isinstance(error, ErrorGroup):
        causes = [_cause_of(each) for each in error.errors]
        return Cause.SERIALIZATION if Cause.SERIALIZATION in causes else causes[0]
    if isinstance(error, UnknownNameError) and error.params.get("root") == "config":
        return Cause.CONFIG
    return next((cause for kind, cause in _CAUSES if isinstance(error, kind)), Cause.SCRIPT)


def _text_of(error: WorkbenchError) -> str:
    if isinstance(error, ErrorGroup):
        return "\n".join(_text_of(each) for each in error.errors)
    return f"{error.where}: {error.message}" if error.where else error.message


def verdict_of(failure: Failure | None) -> Verdict:
    return Verdict.PASSED if failure is None else VERDICT_OF[failure.cause]


def failure_of_assertions(results: tuple[AssertionResult, ...]) -> Failure | None:
    """One failure for all that did not hold; the first speaks, the rest is counted."""
    failed = [result for result in results if not result.passed]
    if not failed:
        return None
    first, others = failed[0], len(failed) - 1
    more = f" (and {others} more)" if others else ""
    code, params = _told(first, others)
    return Failure(Cause.ASSERTION, f"{first.message or first.text}{more}", text_code=code, text_params=params)


def _told(result: AssertionResult, others: int) -> tuple[str, tuple[str, ...]]:
    """The sentence of a failed assertion in parts."""
    if not result.told:
        return "", ()
    wanted, found, reason = result.told
    if not result.differences:
        return EXPECTED, (result.path, str(others), wanted, found, reason)
    shown = result.differences[:_SHOWN_DIFFERENCES]
    places = [part for each in shown for part in (each.path, each.expected or "", each.actual or "")]
    left = len(result.differences) - len(shown)
    return DIFFERENCES, (result.path, str(others), reason, str(left), *(clipped(part, _SHOWN) for part in places))


_SHOWN = 200
_SHOWN_DIFFERENCES = 3
