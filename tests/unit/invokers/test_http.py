"""HTTP steps: bodies stay exact, failures have causes."""

import asyncio
import socket
from collections.abc import Callable, Iterator

import httpx
import pytest

from workbench.invokers import HttpInvoker
from workbench.model.json import loads
from workbench.model.result import Cause
from workbench.plugin_api import Answer, HttpCall

Handler = Callable[[httpx.Request], httpx.Response]
URL = "http://shop.test/orders"


def ask(call: HttpCall, handler: Handler) -> Answer:
    async def go() -> Answer:
        invoker = HttpInvoker(httpx.MockTransport(handler))
        answer = await invoker.invoke(call)
        await invoker.close()
        return answer

    return asyncio.run(go())


def test_a_json_body_keeps_every_digit() -> None:
    text = '{"amount":5000000000.10,"id":123456789012345678901234567890}'
    answer = ask(HttpCall("GET", URL), lambda _: httpx.Response(200, text=text, headers={"X-Trace": "t"}))
    assert answer.response is not None
    assert f'"body":{text}' in answer.response
    response = loads(answer.response)
    assert (response["status"], response["text"], response["headers"]["x-trace"]) == (200, text, "t")
    assert response["elapsed"] >= 0
    assert answer.mode == "http"


@pytest.mark.parametrize("text", ["", "<html>", "{", '{"a":NaN}'])
def test_what_is_not_json_has_no_body(text: str) -> None:
    response = loads(ask(HttpCall("GET", URL), lambda _: httpx.Response(200, text=text)).response or "")
    assert response["body"] is None
    assert response["text"] == text


def test_a_bad_status_is_an_answer() -> None:
    answer = ask(HttpCall("GET", URL), lambda _: httpx.Response(503, json={"why": "closed"}))
    assert answer.failure is None
    assert loads(answer.response or "")["body"] == {"why": "closed"}


def test_method_query_headers_and_body_are_sent_as_written() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    call = HttpCall(
        "PUT", URL + "?a=1", {"X-Trace": "t", "Content-Type": "application/vnd.x+json"}, {"b": "2 3"}, "[1.10]"
    )
    ask(call, handler)
    request = seen[0]
    assert (request.method, dict(request.url.params)) == ("PUT", {"a": "1", "b": "2 3"})
    assert request.content == b"[1.10]"
    assert (request.headers["x-trace"], request.headers["content-type"]) == ("t", "application/vnd.x+json")


def test_a_json_body_has_its_content_type_and_a_form_its_own() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    ask(HttpCall("POST", URL, body="{}"), handler)
    ask(HttpCall("POST", URL, form={"user": "bob"}), handler)
    assert [request.headers["content-type"] for request in seen] == [
        "application/json",
        "application/x-www-form-urlencoded",
    ]


def test_redirects_are_followed() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/orders":
            return httpx.Response(302, headers={"location": "/new"})
        return httpx.Response(200, text=request.url.path)

    assert loads(ask(HttpCall("GET", URL), handler).response or "")["text"] == "/new"


def refuse(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("connection refused")


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        (HttpCall("GET", URL), Cause.NETWORK),
        (HttpCall("GET", "ftp://x/"), Cause.SERIALIZATION),
        (HttpCall("GET", "no url"), Cause.SERIALIZATION),
        (HttpCall("GET", "http://[::1"), Cause.SERIALIZATION),
        (HttpCall("GET", URL, {"X": "line\nbreak"}), Cause.NETWORK),
        (HttpCall("POST", URL, body='"\ud800"'), Cause.SERIALIZATION),
    ],
)
def test_failures_have_causes(call: HttpCall, cause: Cause) -> None:
    answer = ask(call, refuse)
    assert answer.failure is not None
    assert answer.failure.cause is cause


@pytest.fixture
def deaf() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_server_that_says_nothing_in_time(deaf: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")  # not for loopback

    async def go() -> Answer:
        invoker = HttpInvoker()
        answer = await invoker.invoke(HttpCall("GET", f"http://127.0.0.1:{deaf}/", timeout_ms=150))
        await invoker.close()
        return answer

    answer = asyncio.run(go())
    assert answer.failure is not None
    assert answer.failure.cause is Cause.TIMEOUT
    assert "150 ms" in answer.failure.message
