"""Dubbo calls over the bridge. What went wrong with a call is judged in Java, next to where it happened.

Generic answers have no `class` keys (MapWriter.java says why), so that assertions hold for typed and generic calls.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import msgspec

from workbench.errors import BridgeError
from workbench.invokers.bridge import Bridge
from workbench.invokers.declared import chosen, declared, lacking
from workbench.invokers.link import Link, Reply, Request
from workbench.model.plan import Target
from workbench.model.result import Cause, Failure, LogEntry
from workbench.plugin_api import Answer, DubboCall

_KNOWN_LIMIT = 4096
_UNTOLD = "untold"  # the bridge's answer to a call that can only go generically, and wants what the contract declares
_NO_METHOD: dict[str, Any] = {"method": "", "erased": (), "parameters": None, "types": {}, "prepare": True}


class _Lines(msgspec.Struct):
    """The lines of a link that are known here."""

    link: Link | None
    # what a call says about its line → (line, the Target whose id is in the key, so that the id stays its own)
    numbers: dict[tuple[Any, ...], tuple[int, Target]] = {}
    untold: set[tuple[Any, ...]] = set()  # what goes generically though there are artifacts


class DubboInvoker:
    """Sends DubboCalls. The bridge belongs to whoever made it; `close` closes it all the same, once is enough."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        # of the link asked last; in one attribute: threads may ask of two links at once, while a JVM is replaced
        self._known = _Lines(None)

    async def invoke(self, call: DubboCall) -> Answer:
        """Never raises but when cancelled."""
        request = request_of(call.arguments)
        if isinstance(request, Answer):
            return request
        if not (call.url or call.target.url or call.target.registries):
            return _nowhere(call)
        link = self._bridge.running
        if link is None:
            try:
                link = await self._bridge.start()
            except BridgeError as error:
                return Answer(failure=Failure(Cause.BRIDGE_LOST, error.message, error.hint or error.where))
        line = self._line(link, call)
        reply = await link.send(line, call.timeout_ms, request, call.attachments, call.tag)
        if reply.mode == _UNTOLD:  # nothing was called
            line = self._line(link, call, untold=True)
            reply = await link.send(line, call.timeout_ms, request, call.attachments, call.tag)
        return answer_of(reply)

    async def prepare(self, calls: Sequence[DubboCall], timeout_s: float = 10.0) -> None:
        """Start the JVM, load classes and connect for these calls, all at once, so that no call has to wait for it.

        Nothing is called. What is wrong is left for the calls to tell; what is not ready in time, they wait for.
        """
        with contextlib.suppress(BridgeError, TimeoutError):
            async with asyncio.timeout(timeout_s):
                link = await self._bridge.start()
                places = {msgspec.json.encode(place): place for call in calls if (place := _place(call))}
                lines = [link.line(place) for place in places.values()]
                await asyncio.gather(*(link.send(line, int(timeout_s * 1000), (b"[]", 2), {}, "") for line in lines))

    def _line(self, link: Link, call: DubboCall, *, untold: bool = False) -> int:
        """`untold`: the bridge can call it generically only, and has to be told what the contract declares."""
        lines = self._known
        if lines.link is not link or len(lines.numbers) > _KNOWN_LIMIT:
            self._known = lines = _Lines(link)
        key = _key(call)
        if untold:
            lines.untold.add(key)
        told = key in lines.untold or _generic(call)
        if told:
            key = (*key, chosen(call))
        known = lines.numbers.get(key)
        if known is not None:
            return known[0]
        line = link.line(_definition(call, told=told))
        lines.numbers[key] = (line, call.target)
        return line

    async def close(self) -> None:
        await self._bridge.close()


def _generic(call: DubboCall) -> bool:
    mode = call.mode or ("generic" if call.unchecked else "")
    return mode == "generic" or not call.target.artifacts


def _key(call: DubboCall) -> tuple[Any, ...]:
    """What a call says about its line, but for what its arguments add to a generic one."""
    return (
        id(call.target), call.interface, call.method, call.erased, call.group, call.version, call.protocol,
        call.url, call.serialization, call.mode, call.unchecked, call.oneway, call.show_classes,
    )  # fmt: skip


def _definition(call: DubboCall, *, told: bool = False) -> dict[str, Any]:
    """`told`: with what the contract declares; else with a note that there is more to tell."""
    target = call.target
    told = told or lacking(call)
    url = call.url or target.url
    return {
        "interface": call.interface,
        "method": call.method,
        "erased": call.erased if call.erased is not None else _from_contract(call),
        "registries": () if url else target.registries,
        "url": url,
        "hosts": target.hosts,
        "group": call.group or target.group,
        "version": call.version,
        "protocol": call.protocol,
        "artifacts": target.artifacts,
        "serialization": call.serialization,
        "mode": call.mode or ("generic" if call.unchecked else ""),
        "timezone": target.timezone,
        **(declared(call) if told else {"untold": call.target.contract.interface(call.interface) is not None}),
        "oneway": call.oneway,
        "stating": call.show_classes,
        "consumer": target.consumer,
        "tls": target.tls,
    }


def _place(call: DubboCall) -> dict[str, Any] | None:
    """What all methods of an interface have in common; None when nothing says where it is."""
    definition = _definition(call)
    known = definition["url"] or definition["registries"]
    return {**definition, **_NO_METHOD} if known else None


def _from_contract(call: DubboCall) -> tuple[str, ...] | None:
    """The parameter types, when the contract has exactly one method of the name."""
    interface = call.target.contract.interface(call.interface)
    found = [method.erased for method in interface.methods if method.name == call.method] if interface else []
    return found[0] if len(found) == 1 else None


def _nowhere(call: DubboCall) -> Answer:
    message = f"nothing says where {call.interface} is: neither a registry nor a url"
    return Answer(failure=Failure(Cause.CONFIG, message, "give the environment a registry, or the step a url"))


def request_of(arguments: str) -> Request | Answer:
    """The arguments as they go out. Java reads them, and tells what is wrong with them as JSON."""
    if arguments.isascii():
        return arguments.encode(), len(arguments)
    try:
        return arguments.encode(), len(arguments.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        message = "the request holds a lone surrogate, which is half a character"
        return Answer(failure=Failure(Cause.SERIALIZATION, message, "mend the request"))


def answer_of(reply: Reply) -> Answer:
    if reply.failure is None:
        log = _log(reply) if reply.log else ()
        text = str(reply.response, "utf-8")
        return Answer(
            text, None, None, reply.elapsed_us, reply.provider, reply.mode, reply.attachments, reply.warnings, log
        )
    cause, message, hint = reply.failure
    return Answer(
        failure=Failure(cause, message, hint),
        exception=reply.exception,
        elapsed_us=reply.elapsed_us,
        provider=reply.provider,
        mode=reply.mode,
        attachments=reply.attachments,
        warnings=reply.warnings,
        log=_log(reply),
    )


def _log(reply: Reply) -> tuple[LogEntry, ...]:
    return tuple(LogEntry(at_us, level, text) for at_us, level, text in reply.log)
