"""Values that later steps of the case read: `${ctx.key}`."""

from workbench.model.json import Json
from workbench.plugin_api import StepScope, keyword

GROUP = "context"


@keyword(GROUP)
def addContext(scope: StepScope, key: str, value: Json) -> None:
    """Keep a value under a name for the later steps of this case; in a scenario's setup, for all its cases.

    key: the name, read as `${ctx.key}` or with getContext
    value: any JSON value; numbers keep all their digits

    Example: $app.addContext("orderId", 9007199254740993)
    """
    scope.set_context(key, value)


@keyword(GROUP)
def getContext(scope: StepScope, key: str, *default: Json) -> Json:
    """Give the value that was kept under a name.

    An unknown name is an error, unless a default is given.

    key: the name
    default: what to give when there is no such name

    Example: $app.getContext("paymentId") → "P-1001"
    Example: $app.getContext("coupon", "none") → "none"
    """
    return default[0] if default and not scope.has_context(key) else scope.get_context(key)


@keyword(GROUP)
def hasContext(scope: StepScope, key: str) -> bool:
    """Say whether a value is kept under a name.

    key: the name

    Example: $app.hasContext("paymentId") → true
    """
    return scope.has_context(key)


@keyword(GROUP)
def removeContext(scope: StepScope, key: str) -> None:
    """Forget the value under a name; a name that is not there is no error.

    key: the name

    Example: $app.removeContext("paymentId")
    """
    scope.remove_context(key)


@keyword(GROUP)
def allContext(scope: StepScope) -> dict[str, Json]:
    """Give all kept values as one object.

    Example: $app.allContext() → {"paymentId": "P-1001"}
    """
    return dict(scope.context())
