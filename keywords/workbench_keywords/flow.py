"""Waiting, skipping, failing."""

from decimal import Decimal

from workbench.errors import AssertionFailed, KeywordError
from workbench.model.durations import millis
from workbench.plugin_api import StepScope, keyword

GROUP = "flow"


@keyword(GROUP)
def sleep(scope: StepScope, duration: str | int | Decimal) -> None:
    """Wait. The time is counted apart from the calls, and ends when the run is stopped.

    A step's `retry` with `until` is better than waiting for something to become true.

    duration: "500ms", "3s", "1m", or a number of seconds

    Example: $app.sleep("1ms")
    """
    wanted = millis(str(duration))
    if wanted < 0:
        raise KeywordError("a duration cannot be negative")
    scope.sleep(wanted / 1000)


@keyword(GROUP)
def skip(scope: StepScope, reason: str = "") -> None:
    """End the case as SKIPPED when this script is done.

    reason: shown in the report

    Example: $app.skip("not for this environment")
    """
    scope.skip(reason)


@keyword(GROUP, pure=True)
def fail(message: str = "failed by a script") -> None:
    """Fail the step as an assertion would.

    message: shown in the report

    Example: $app.fail("stock is negative") ✗
    """
    raise AssertionFailed(message)
