"""An invoker without an outside: answers out of a script or a table. For tests of whatever needs an invoker."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from workbench.model.result import Cause, Failure
from workbench.plugin_api import Answer, DubboCall, HttpCall, RedisCall, SqlCall, ToolCall

Script = Callable[[Any], Answer]


class MockInvoker:
    """Answers at once. `calls` holds all that was asked, in order.

    A mapping answers by `Interface#method`, `Class#method`, `GET url` or a connection.
    What it does not name is NO_METHOD.
    """

    def __init__(self, script: Script | Mapping[str, Answer], *, delay_s: float = 0) -> None:
        self._script = script if callable(script) else _from_table(script)
        self._delay_s = delay_s
        self._closed = False
        self.calls: list[Any] = []

    async def invoke(self, call: Any) -> Answer:
        """What the script raises passes through: it is a mistake in the test."""
        if self._closed:
            return Answer(failure=Failure(Cause.BRIDGE_LOST, "the mock is closed"))
        self.calls.append(call)
        if self._delay_s:
            await asyncio.sleep(self._delay_s)
        return self._script(call)

    async def close(self) -> None:
        self._closed = True


def call_name(call: Any) -> str:
    """`com.example.Facade#method`, `com.example.Util#method` or `GET http://…`."""
    if isinstance(call, DubboCall):
        return f"{call.interface}#{call.method}"
    if isinstance(call, ToolCall):
        return f"{call.class_name}#{call.method}"
    if isinstance(call, SqlCall | RedisCall):
        return call.source.name
    assert isinstance(call, HttpCall)
    return f"{call.method} {call.url}"


def _from_table(table: Mapping[str, Answer]) -> Script:
    def answer(call: Any) -> Answer:
        name = call_name(call)
        missing = Failure(Cause.NO_METHOD, f"the mock knows no {name}", "it knows " + ", ".join(table))
        return table.get(name) or Answer(failure=missing)

    return answer
