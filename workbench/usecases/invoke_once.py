"""Call one Dubbo method: `workbench invoke`."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from workbench.discovery.asking import Ask
from workbench.discovery.explain import explain
from workbench.errors import JsonError, RegistryError, UsageError
from workbench.expr.request import compile_json
from workbench.model import json
from workbench.model.addresses import PROTOCOLS, SERIALIZATIONS, check_provider
from workbench.model.contract import Contract, Method
from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.model.streams import request_types
from workbench.model.targets import MethodTarget, find_interface, find_method
from workbench.model.words import plural
from workbench.model.zones import unknown_zone
from workbench.plugin_api import Answer, DubboCall, Invoker
from workbench.settings import Settings
from workbench.usecases.import_artifact import import_artifact
from workbench.usecases.list_services import list_services
from workbench.usecases.maven import fetcher
from workbench.usecases.resolve import artifact_paths, registry_address

# Causes that a look into the registry can explain.
_EXPLAINABLE = frozenset({Cause.NO_PROVIDER, Cause.VERSION_MISMATCH})


class InvokeRequest(Struct, frozen=True, kw_only=True):
    """What a person asked for. `data` is JSON text: a list of arguments, or the one argument when it is no list.

    `artifacts` and `sources` are paths or samples://NAME.
    """

    target: MethodTarget
    data: str
    registry: str = ""
    url: str = ""
    artifacts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    group: str = ""
    version: str = ""
    tag: str = ""
    protocol: str = ""
    serialization: str = ""
    timeout_ms: int = 5000
    oneway: bool = False
    consumer: str = ""
    hosts: Mapping[str, str] = field(default_factory=dict)
    trust: str = ""  # PEM files for TLS
    certificate: str = ""
    key: str = ""
    attachments: Mapping[str, str] = field(default_factory=dict)
    timezone: str = ""  # of times that name none; empty: the machine's
    data_from: str = ""  # the file that `data` was read from, for errors
    generic: bool = False
    unchecked: bool = False
    show_classes: bool = False


class Invocation(Struct, frozen=True, kw_only=True):
    """What was sent and what came back; `request` is JSON text as sent."""

    target: str
    request: str
    answer: Answer


async def invoke_once(
    request: InvokeRequest, invoker: Invoker, settings: Settings, ask: Ask | None = None
) -> Invocation:
    """Resolve the method, check the arguments, call. A failure of the call is in the answer.

    `ask`: see list_services; it may block, so all that comes before the call happens on a thread.
    Raises UsageError (which method?), JsonError and ErrorGroup of BindingErrors (the arguments), RegistryError.
    """
    _check(request)
    call = await asyncio.to_thread(prepare, request, settings, ask)
    answer = await invoker.invoke(call)
    target = MethodTarget(call.interface, call.method, call.erased)
    explained = await asyncio.to_thread(_explained, answer, request, call, settings, ask)
    return Invocation(target=str(target), request=call.arguments, answer=explained)


def _check(request: InvokeRequest) -> None:
    """Raises UsageError for what no call can be made of."""
    if not request.registry and not request.url:
        raise UsageError(
            "no provider to call", hint="give --registry zookeeper://HOST:PORT, or --url dubbo://HOST:PORT"
        )
    if request.url:
        check_provider(request.url, where="--url")
    _known("--protocol", f"protocol {request.protocol}", request.protocol, PROTOCOLS)
    _known("--serialization", f"serialization {request.serialization}", request.serialization, SERIALIZATIONS)
    if hint := unknown_zone(request.timezone):
        raise UsageError(f"there is no time zone {request.timezone!r}", where="--timezone", hint=hint)


def _known(where: str, what: str, name: str, names: Sequence[str]) -> None:
    if name and name not in names:
        raise UsageError(f"there is no {what} here", where=where, hint=f"write {' or '.join(names)}")


def prepare(request: InvokeRequest, settings: Settings, ask: Ask | None = None) -> DubboCall:
    """The call as it will be sent."""
    paths = artifact_paths(request.artifacts, fetcher(settings))
    contract = _contract(request, settings, paths, ask)
    interface, method = _method(request.target, contract, must_have=bool(paths))
    erased = method.erased if method else request.target.erased
    parameters = request_types(method, contract.types) if method else None
    arguments = _arguments(request, parameters if method else erased)
    if parameters is not None and not request.unchecked:
        compile_json(arguments, where="--data", parameters=parameters, types=contract.types)
    return DubboCall(
        interface=interface,
        method=request.target.method,
        erased=erased,
        arguments=arguments,
        target=_target(request, interface, settings, paths, contract),
        timeout_ms=request.timeout_ms,
        group=request.group,
        version=request.version,
        protocol=request.protocol,
        url=request.url,
        tag=request.tag,
        attachments=request.attachments,
        serialization=request.serialization,
        mode="generic" if request.generic else "",
        unchecked=request.unchecked,
        oneway=request.oneway,
        show_classes=request.show_classes,
    )


def _target(
    request: InvokeRequest, interface: str, settings: Settings, paths: Sequence[Path], contract: Contract
) -> Target:
    """Where the call goes: to the URL, to what the registry offers, or to the first of a file that fits."""
    registry = registry_address(request.registry, settings.data_dir) if request.registry and not request.url else ""
    listed = _listed(request, interface, settings) if registry and "://" not in registry else ""
    return Target(
        registries=(registry,) if registry else (),
        url=listed,
        artifacts=tuple(map(str, paths)),
        contract=contract,
        timezone=request.timezone,
        hosts=request.hosts,
        consumer=request.consumer,
        tls=tls_files(request),
    )


def _listed(request: InvokeRequest, interface: str, settings: Settings) -> str:
    """URL of the first provider in a registry that is a file; "" when none fits, which `explain` will tell."""
    service = list_services(settings, request.registry).service(interface)
    wanted = (request.group, request.version)
    return next((one.url for one in service.providers if (one.group, one.version) == wanted), "") if service else ""


def tls_files(request: InvokeRequest) -> dict[str, str]:
    """As a Target has them. Raises ArtifactError."""
    files = {"trust": request.trust, "certificate": request.certificate, "key": request.key}
    (*paths,) = artifact_paths(text for text in files.values() if text)
    return dict(zip((name for name, text in files.items() if text), map(str, paths), strict=True))


def _contract(request: InvokeRequest, settings: Settings, paths: Sequence[Path], ask: Ask | None) -> Contract:
    """From artifacts; without them from the registry, but only when the parameter types are to be found there."""
    if paths:
        sources = artifact_paths(request.sources, fetcher(settings, sources=True))
        named = (request.target.interface,) if "." in request.target.interface else ()
        found = import_artifact(paths, sources=sources, interfaces=named, limits=settings.parse_limits)
        if named and not found.interface(named[0]):  # then its near names are wanted
            return import_artifact(paths, sources=sources, limits=settings.parse_limits)
        return found
    if request.registry and request.target.erased is None:
        return list_services(settings, request.registry, interfaces=(request.target.interface,), ask=ask).contract()
    return Contract()


def _method(target: MethodTarget, contract: Contract, *, must_have: bool) -> tuple[str, Method | None]:
    """Interface and method as the contract has them; with an artifact it must be there. Without parameter types the
    provider takes its one method of that name."""
    if must_have or contract.interfaces:
        interface = find_interface(contract, target.interface)
        return interface.name, find_method(contract, target)
    if "." not in target.interface:
        hint = "write its full name, or give the API jar with --artifact"
        raise UsageError(f"nothing tells which interface {target.interface} is", where=str(target), hint=hint)
    return target.interface, None


def _arguments(request: InvokeRequest, wanted: Sequence[str] | None) -> str:
    """The data as a list of arguments, each number as it was written; `wanted`: their types, when they are known."""
    text = request.data.strip()
    if not text:
        if wanted is not None and not wanted:
            return "[]"
        hint = f"`workbench template '{request.target}' --artifact JAR` makes one"
        raise UsageError("no arguments", where="--data", hint=hint)
    try:
        value = json.loads(text, where=request.data_from or "--data")
    except JsonError as error:
        quote = "" if request.data_from else "quote it for the shell: '…'"
        raise JsonError(error.message, where=error.where, hint=error.hint or quote) from error
    if not isinstance(value, list):
        text = f"[{text}]"
    elif wanted is not None and len(value) != len(wanted) and not request.unchecked:
        hint = "a list in --data is the list of arguments; a list as the one argument is written [[…]]"
        raise UsageError(f"{plural(len(value), 'argument')} given, {len(wanted)} wanted", where="--data", hint=hint)
    return text


def _explained(answer: Answer, request: InvokeRequest, call: DubboCall, settings: Settings, ask: Ask | None) -> Answer:
    """With what the registry tells about a call that found no provider."""
    failure = answer.failure
    if failure is None or failure.cause not in _EXPLAINABLE or not request.registry or request.url:
        return answer
    try:
        view = list_services(settings, request.registry, ask=ask)
    except RegistryError as error:
        message = f"{failure.message}; {error.message}"
        return replace(answer, failure=replace(failure, cause=Cause.NETWORK, message=message, hint=error.hint))
    reason = explain(view, call.interface, group=call.group, version=call.version, tag=call.tag)
    return replace(answer, failure=reason) if reason else answer
