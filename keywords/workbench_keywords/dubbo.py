"""Calls of Dubbo methods from scripts."""

from workbench.model.json import Json
from workbench.plugin_api import StepScope, keyword

GROUP = "dubbo"


@keyword(GROUP)
def invoke(scope: StepScope, target: str, request: Json = None, options: dict[str, Json] | None = None) -> Json:
    """Call a Dubbo method in the case's environment and give its response.

    A call that fails ends the script with that failure, as it would end a step.

    target: com.example.trade.TransAiFacade#payOrder(com.example.trade.PayOrderRequest)
    request: the list of arguments, or the only argument, when that is no list; nothing for a method without any
    options: subsystem, group, version, url, tag, attachments, timeout, mode

    Example: $app.invoke("com.example.trade.TransAiFacade#query(java.lang.String)", "P-1001", {"subsystem": "trade"})
    """
    arguments = request if isinstance(request, list) else [] if request is None else [request]
    return scope.invoke(target, arguments, options or {})
