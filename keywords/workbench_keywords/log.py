"""Lines in the step's log, which reports show."""

from workbench.expr import to_text
from workbench.model.json import Json
from workbench.plugin_api import StepScope, keyword

GROUP = "log"


@keyword(GROUP)
def log(scope: StepScope, *values: Json) -> None:
    """Write values to the step's log; print() does the same.

    values: texts as they are, everything else as JSON

    Example: $app.log("paid", $app.getContext("paymentId"))
    """
    scope.log("INFO", _line(values))


@keyword(GROUP)
def logInfo(scope: StepScope, *values: Json) -> None:
    """Write values to the step's log.

    values: texts as they are, everything else as JSON

    Example: $app.logInfo("row", $app.getRow())
    """
    scope.log("INFO", _line(values))


@keyword(GROUP)
def logWarn(scope: StepScope, *values: Json) -> None:
    """Write values to the step's log as a warning.

    values: texts as they are, everything else as JSON

    Example: $app.logWarn("slow answer")
    """
    scope.log("WARN", _line(values))


@keyword(GROUP)
def logError(scope: StepScope, *values: Json) -> None:
    """Write values to the step's log as an error; the step does not fail by it.

    values: texts as they are, everything else as JSON

    Example: $app.logError("stock is negative", -1)
    """
    scope.log("ERROR", _line(values))


def _line(values: tuple[Json, ...]) -> str:
    return " ".join(to_text(value) for value in values)
