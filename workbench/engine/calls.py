"""Builds the calls of steps: dubbo, http and tool here, sql and redis in sources.

What does not change between rows is made once."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from msgspec import structs

from workbench.engine.compiled import Prepared, Scope
from workbench.engine.declared import declared_types
from workbench.engine.sources import redis_call, sql_call
from workbench.errors import MethodError, SuiteError
from workbench.expr import Reference, RequestTemplate, TextTemplate, compile_json, compile_text
from workbench.model import json
from workbench.model.contract import Method
from workbench.model.near import did_you_mean
from workbench.model.plan import RunPlan, Target
from workbench.model.streams import request_types
from workbench.model.suite import AnyStep, DubboStep, HttpStep, RedisStep, SqlStep, ToolStep
from workbench.model.targets import MethodTarget, declared_method, parse_target, parse_tool_target
from workbench.plugin_api import DubboCall, HttpCall, ToolCall

_HTTP_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


class BuiltCall(NamedTuple):
    kind: str
    target: str
    prepare: Callable[[Scope], Prepared]
    references: frozenset[Reference]


CallingStep = DubboStep | HttpStep | ToolStep | SqlStep | RedisStep


class CallBuilder:
    def __init__(self, plan: RunPlan) -> None:
        self._plan = plan

    def declared(self, step: AnyStep) -> Callable[[str], str | None] | None:
        """Tells the Java type that the contract declares for a path like `response.data.amount`."""
        if not isinstance(step, DubboStep):
            return None
        target = self._plan.targets.get(step.subsystem or self._plan.subsystem)
        method = known_method(target, parse_target(step.dubbo)) if target else None
        return declared_types(method, target.contract.types) if target and method else None

    def build(self, step: CallingStep, where: str, timeout_ms: int) -> BuiltCall:
        if isinstance(step, DubboStep):
            return self._dubbo(step, where, timeout_ms)
        if isinstance(step, ToolStep):
            return self._tool(step, where, timeout_ms)
        if isinstance(step, SqlStep):
            return BuiltCall("sql", step.sql, *sql_call(self._plan, step, where, timeout_ms))
        if isinstance(step, RedisStep):
            return BuiltCall("redis", step.redis, *redis_call(self._plan, step, where, timeout_ms))
        return _http(step, where, timeout_ms)

    def _target(self, name: str, where: str) -> Target:
        if name not in self._plan.targets:
            hint = did_you_mean(name, self._plan.targets) or "declare it under `dependencies:` in suite.yaml"
            raise SuiteError(f"{name!r} is neither the suite's subsystem nor a dependency", where=where, hint=hint)
        return self._plan.targets[name]

    def _dubbo(self, step: DubboStep, where: str, timeout_ms: int) -> BuiltCall:
        target = self._target(step.subsystem or self._plan.subsystem, where)
        named = parse_target(step.dubbo, where=where)
        method = _method(step, where, target, named)
        request = _request(step, where, target, method)
        texts = _Texts(where, {name: getattr(step, name) for name in ("group", "version", "url", "tag")})
        attachments = _Texts(f"{where} attachments", step.attachments)
        make = _dubbo_maker(step, target, named, method, timeout_ms)

        if texts.constant and attachments.constant:
            fixed = make("", texts.render({}), attachments.render({}))
            prepare = _with_arguments(fixed, request)
        else:

            def prepare(scope: Scope) -> Prepared:
                arguments = request.render(scope)
                return Prepared(make(arguments, texts.render(scope), attachments.render(scope)), arguments)

        references = request.references | texts.references | attachments.references
        return BuiltCall("dubbo", step.dubbo, prepare, references)

    def _tool(self, step: ToolStep, where: str, timeout_ms: int) -> BuiltCall:
        named = parse_tool_target(step.tool, where=where)
        target = self._target(named.library, where)
        if not target.tool:
            hint = f"give dependencies.{named.library}.tool its jars in suite.yaml"
            raise SuiteError(f"{named.library} is no tool library", where=where, hint=hint)
        request = compile_json(step.request or "[]", where=f"{where} request")
        method = (named.library, target.tool, named.class_name, named.method, named.erased)

        def prepare(scope: Scope) -> Prepared:
            text = request.render(scope)
            return Prepared(ToolCall(*method, text, timeout_ms, target.timezone), text)

        return BuiltCall("tool", step.tool, prepare, request.references)


def known_method(target: Target, named: MethodTarget) -> Method | None:
    """The method in the contract; None when the contract has no (unique) such method: the provider will tell."""
    try:
        return declared_method(target.contract, named)
    except MethodError:
        return None


def _method(step: DubboStep, where: str, target: Target, named: MethodTarget) -> Method | None:
    """Raises MethodError, unless the step may be wrong on purpose."""
    if step.unchecked:
        return known_method(target, named)
    return declared_method(target.contract, named, where=f"{where} dubbo")


def _request(step: DubboStep, where: str, target: Target, method: Method | None) -> RequestTemplate:
    parameters = request_types(method, target.contract.types) if method else None
    text = step.request if step.request is not None else "[]"
    types, where = target.contract.types, f"{where} request"
    return compile_json(text, where=where, parameters=parameters, types=types, checked=not step.unchecked)


def _dubbo_maker(
    step: DubboStep, target: Target, named: MethodTarget, method: Method | None, timeout_ms: int
) -> Callable[[str, Mapping[str, str], Mapping[str, str]], DubboCall]:
    erased = method.erased if method else named.erased
    interface = named.interface

    def make(arguments: str, texts: Mapping[str, str], attachments: Mapping[str, str]) -> DubboCall:
        return DubboCall(
            interface,
            named.method,
            erased,
            arguments,
            target,
            timeout_ms,
            texts["group"] or target.group,
            texts["version"],
            step.protocol,
            texts["url"] or target.url,
            texts["tag"],
            attachments,
            step.serialization,
            step.mode,
            step.unchecked,
            step.oneway,
            step.show_classes,
        )

    return make


def _with_arguments(fixed: DubboCall, request: RequestTemplate) -> Callable[[Scope], Prepared]:
    """The commonest step: nothing but the arguments changes from row to row."""
    before = (fixed.interface, fixed.method, fixed.erased)
    after = structs.astuple(fixed)[len(before) + 1 :]

    def prepare(scope: Scope) -> Prepared:
        arguments = request.render(scope)
        return Prepared(DubboCall(*before, arguments, *after), arguments)

    return prepare


def _http(step: HttpStep, where: str, timeout_ms: int) -> BuiltCall:
    verb, _, address = step.http.strip().partition(" ")
    if verb.upper() not in _HTTP_METHODS or not address.strip():
        raise SuiteError(f"{step.http!r} is no HTTP request", where=where, hint="write it as: GET https://host/path")
    url = compile_text(address.strip(), where=f"{where} http")
    body = compile_json(step.request, where=f"{where} request") if step.request is not None else None
    headers, query, form = (_Texts(f"{where} {name}", getattr(step, name)) for name in ("headers", "query", "form"))

    def prepare(scope: Scope) -> Prepared:
        text = body.render(scope) if body else None
        call = HttpCall(
            verb.upper(),
            url.render(scope),
            headers.render(scope),
            query.render(scope),
            text,
            form.render(scope),
            timeout_ms,
        )
        return Prepared(call, _http_request(call, text))

    references = url.references | headers.references | query.references | form.references
    return BuiltCall("http", step.http, prepare, references | (body.references if body else frozenset()))


def _http_request(call: HttpCall, body: str | None) -> str:
    shown: dict[str, Any] = {"method": call.method, "url": call.url}
    shown |= {name: dict(value) for name in ("headers", "query", "form") if (value := getattr(call, name))}
    head = json.dumps(shown)
    return head if body is None else f'{head[:-1]},"body":{body}}}'


class _Texts:
    """A mapping of templates; rendered to the same dict again and again when nothing in it changes."""

    def __init__(self, where: str, texts: Mapping[str, str]) -> None:
        self._constant = {name: text for name, text in texts.items() if "$" not in text}
        self._templates: list[tuple[str, TextTemplate]] = [
            (name, compile_text(text, where=f"{where} {name}")) for name, text in texts.items() if "$" in text
        ]
        self.references: frozenset[Reference] = frozenset(
            reference for _, template in self._templates for reference in template.references
        )

    @property
    def constant(self) -> bool:
        return not self._templates

    def render(self, scope: Scope) -> Mapping[str, str]:
        if not self._templates:
            return self._constant
        return self._constant | {name: template.render(scope) for name, template in self._templates}
