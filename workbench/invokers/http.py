"""HTTP steps over httpx. The answer is `{status, headers, body, text, elapsed}`; a status is never a failure by itself.

`body` is the response's JSON just as it came, digit for digit, or null when it is not JSON; `text` is the decoded
text; `elapsed` is milliseconds; names in `headers` are in lower case, several values joined by ", ".
"""

import asyncio
import time
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx
from msgspec import Raw

from workbench.errors import JsonError
from workbench.model import json
from workbench.model.result import Cause, Failure
from workbench.plugin_api import Answer, HttpCall

_MOST_BYTES = 64 * 1024 * 1024
_LIMITS = httpx.Limits(max_connections=256, max_keepalive_connections=64, keepalive_expiry=5)


class HttpInvoker:
    """One pool of connections for addresses behind proxies of the environment, one without them for loopback."""

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """`transport`: for tests, instead of the network."""
        self._transport = transport
        self._clients: dict[bool, httpx.AsyncClient] = {}
        self._closed = False

    async def invoke(self, call: HttpCall) -> Answer:
        """Never raises but when cancelled."""
        if self._closed:
            return _failed(Cause.BRIDGE_LOST, "the HTTP invoker is closed", "")
        began = time.perf_counter_ns()
        try:
            response, content = await self._send(call)
        except (TimeoutError, httpx.TimeoutException):
            message = f"no answer within {call.timeout_ms} ms from {call.url}"
            return _failed(Cause.TIMEOUT, message, "raise the step's timeout", began)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeEncodeError, ValueError) as error:
            message = f"{call.method} {call.url} cannot be sent: {error}"
            return _failed(Cause.SERIALIZATION, message, "check url, headers and body", began)
        except httpx.HTTPError as error:
            message = f"{call.url} cannot be reached: {str(error) or type(error).__name__}"
            return _failed(Cause.NETWORK, message, "check that the server runs and that the address is right", began)
        return _answer(response, content, (time.perf_counter_ns() - began) // 1000)

    async def _send(self, call: HttpCall) -> tuple[httpx.Response, bytes]:
        headers = {"content-type": "application/json"} if call.body is not None else {}
        headers |= {name.lower(): value for name, value in call.headers.items()}
        url = httpx.URL(call.url).copy_merge_params(dict(call.query))
        if url.scheme not in ("http", "https") or not url.host:
            raise httpx.InvalidURL("it has to begin with http:// or https:// and a host")
        async with (
            asyncio.timeout(call.timeout_ms / 1000),  # of the whole; httpx's own is for each read
            self._client(call.url).stream(
                call.method,
                url,
                headers=headers,
                content=call.body.encode() if call.body is not None else None,
                data=dict(call.form) or None,
                timeout=None,
            ) as response,
        ):
            return response, await _read(response)

    def _client(self, url: str) -> httpx.AsyncClient:
        loopback = _is_loopback(url)
        client = self._clients.get(loopback)
        if client is None:
            client = self._clients[loopback] = httpx.AsyncClient(
                follow_redirects=True, trust_env=not loopback, limits=_LIMITS, transport=self._transport
            )
        return client

    async def close(self) -> None:
        self._closed = True
        clients, self._clients = self._clients, {}
        for client in clients.values():
            await client.aclose()


async def _read(response: httpx.Response) -> bytes:
    chunks: list[bytes] = []
    left = _MOST_BYTES
    async for chunk in response.aiter_bytes():
        chunks.append(chunk)
        left -= len(chunk)
        if left < 0:
            raise httpx.DecodingError(f"the answer is longer than {_MOST_BYTES} bytes")
    return b"".join(chunks)


def _answer(response: httpx.Response, content: bytes, elapsed_us: int) -> Answer:
    text = _text(response, content)
    answer = {
        "status": response.status_code,
        "headers": {name: ", ".join(response.headers.get_list(name)) for name in response.headers},
        "body": _body(text),
        "text": text,
        "elapsed": elapsed_us // 1000,
    }
    return Answer(
        response=json.dumps(answer), elapsed_us=elapsed_us, provider=response.url.netloc.decode(), mode="http"
    )


def _text(response: httpx.Response, content: bytes) -> str:
    try:
        return content.decode(response.encoding or "utf-8", "replace").removeprefix("\ufeff")
    except LookupError:  # a charset that nobody knows
        return content.decode("utf-8", "replace")


def _body(text: str) -> Raw:
    try:
        json.loads(text)
    except JsonError:
        return Raw(b"null")
    return Raw(text)


def _failed(cause: Cause, message: str, hint: str, began: int | None = None) -> Answer:
    elapsed_us = 0 if began is None else (time.perf_counter_ns() - began) // 1000
    return Answer(failure=Failure(cause, message, hint), elapsed_us=elapsed_us, mode="http")


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
