"""Methods of tool jars, run in a JVM of their own: one that ends or fills it harms no Dubbo call."""

from typing import Any

import msgspec

from workbench.errors import BridgeError
from workbench.invokers.bridge import Bridge
from workbench.invokers.dubbo import answer_of, request_of
from workbench.invokers.link import Reply
from workbench.model.result import Cause, Failure
from workbench.plugin_api import Answer, ToolCall


class ToolInvoker:
    """Sends ToolCalls; needs a Bridge of role `tools`. Overloads are chosen by `erased`, else by what fits."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    async def invoke(self, call: ToolCall) -> Answer:
        """Never raises but when cancelled."""
        request = request_of(call.arguments)
        if isinstance(request, Answer):
            return request
        try:
            link = self._bridge.running or await self._bridge.start()
        except BridgeError as error:
            return Answer(failure=Failure(Cause.BRIDGE_LOST, error.message, error.hint or error.where), mode="tool")
        line = link.line(_definition(call))
        return answer_of(_blamed(await link.send(line, call.timeout_ms, request, {}, ""), link.exit_code, call))

    async def close(self) -> None:
        await self._bridge.close()


def _definition(call: ToolCall) -> dict[str, Any]:
    return {
        "tool": call.tool,
        "jars": call.jars,
        "class": call.class_name,
        "method": call.method,
        "erased": call.erased,
        "timezone": call.timezone,
    }


def _blamed(reply: Reply, exit_code: int | None, call: ToolCall) -> Reply:
    """A JVM that ended by itself was ended by a tool: System.exit, or its memory. One that was killed was not."""
    if reply.failure is None or reply.failure[0] is not Cause.BRIDGE_LOST or exit_code is None or exit_code < 0:
        return reply
    message = f"{reply.failure[1]} while {call.class_name}#{call.method} was running"
    hint = "a tool called System.exit, or took all memory; the next call gets a fresh JVM. " + reply.failure[2]
    return msgspec.structs.replace(reply, mode="tool", failure=(Cause.TOOL, message, hint))
