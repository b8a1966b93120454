"""HTTP requests from scripts. The answer is an object: status, headers, body (parsed JSON, or null), text."""

from workbench.model.json import Json
from workbench.plugin_api import StepScope, keyword

GROUP = "http"


@keyword(GROUP)
def http(scope: StepScope, method: str, url: str, options: dict[str, Json] | None = None) -> Json:
    """Send an HTTP request and give its answer: {status, headers, body, text}.

    method: GET, POST, PUT, DELETE, …
    url: the address
    options: headers, query, form, body (any JSON value), timeout ("3s")

    Example: $app.http("DELETE", "http://ship.test/orders/1", {"headers": {"X-Reason": "test"}})
    """
    return scope.http(method, url, options or {})


@keyword(GROUP)
def httpGet(scope: StepScope, url: str, options: dict[str, Json] | None = None) -> Json:
    """Send a GET request and give its answer: {status, headers, body, text}.

    url: the address
    options: headers, query, timeout

    Example: $app.httpGet("http://ship.test/status", {"query": {"id": "1"}})
    """
    return scope.http("GET", url, options or {})


@keyword(GROUP)
def httpPost(scope: StepScope, url: str, body: Json, options: dict[str, Json] | None = None) -> Json:
    """Send a POST request with a JSON body and give its answer: {status, headers, body, text}.

    url: the address
    body: any JSON value
    options: headers, query, timeout

    Example: $app.httpPost("http://ship.test/orders", {"id": 9007199254740993})
    """
    return scope.http("POST", url, {**(options or {}), "body": body})


@keyword(GROUP)
def httpPut(scope: StepScope, url: str, body: Json, options: dict[str, Json] | None = None) -> Json:
    """Send a PUT request with a JSON body and give its answer: {status, headers, body, text}.

    url: the address
    body: any JSON value
    options: headers, query, timeout

    Example: $app.httpPut("http://ship.test/orders/1", {"state": "SENT"})
    """
    return scope.http("PUT", url, {**(options or {}), "body": body})
