"""What a keyword sees and does: the StepScope of plugin_api over the state of a case.

Its methods are called on script threads while the case's coroutine waits, so nothing here races with the engine.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workbench.engine.calls import known_method
from workbench.engine.sources import Family, find_source
from workbench.engine.state import MAX_LOG_LINES, AttemptState, CaseState, now_us, ticks
from workbench.errors import CallFailed, KeywordError, StoppedError, UnknownNameError
from workbench.model import json
from workbench.model.durations import millis
from workbench.model.events import LogLine
from workbench.model.json import Json
from workbench.model.near import did_you_mean
from workbench.model.plan import Target
from workbench.model.result import LogEntry, RemoteException
from workbench.model.targets import parse_target, parse_tool_target
from workbench.plugin_api import (
    DATA_KINDS,
    Answer,
    Call,
    DataSource,
    DubboCall,
    HttpCall,
    RedisCall,
    SqlCall,
    ToolCall,
)

_DUBBO_OPTIONS = frozenset(
    {
        *("subsystem", "group", "version", "protocol", "url", "tag"),
        *("attachments", "timeout", "mode", "serialization", "oneway"),
    }
)
_SLICE_S = 0.2  # how soon a sleeping script notices that its case was cut off
_HTTP_OPTIONS = frozenset({"headers", "query", "form", "body", "timeout"})


class KeywordScope:
    """`patient`: of an after script, whose sleeps go on when the run is stopped.

    `cut` when a time limit or a second stop ends the script: it goes no further, not even to its next keyword.
    """

    def __init__(self, case: CaseState, attempt: AttemptState, step: str = "", *, patient: bool = False) -> None:
        self._case = case
        self._attempt = attempt
        self._step = step
        self._patient = patient or case.after_side
        self._cut = False
        self.keyword = ""  # that is at work
        self._end: Callable[[], None] | None = None
        self._lock = threading.Lock()

    @property
    def row(self) -> Mapping[str, Json]:
        return self._case.scope["row"]  # type: ignore[no-any-return]

    @property
    def config(self) -> Mapping[str, Json]:
        return self._case.run.config

    @property
    def environment(self) -> str:
        return self._case.run.plan.environment

    @property
    def timezone(self) -> str:
        return self._case.run.plan.timezone

    @property
    def request(self) -> Json:
        return self._attempt.decoded_request

    @property
    def response(self) -> Json:
        return self._attempt.response

    @property
    def exception(self) -> RemoteException | None:
        return self._attempt.exception

    def check(self, keyword: str = "") -> None:
        """Called before every keyword: a script whose case was cut off goes no further."""
        self._check_stop()
        self.keyword = keyword

    def came_back(self) -> None:
        self.keyword = ""

    def cut_with(self, end: Callable[[], None] | None) -> None:
        """How the script that runs now is ended; None when it has come to its end. Called by the script engine."""
        with self._lock:
            self._end = end
            if self._cut and end is not None:
                end()

    def cut(self) -> None:
        with self._lock:
            self._cut = True
            if self._end is not None:
                self._end()

    def get_context(self, key: str) -> Json:
        try:
            return self._case.context[key]
        except KeyError:
            raise unknown_context(self._case, key) from None

    def has_context(self, key: str) -> bool:
        return key in self._case.context

    def set_context(self, key: str, value: Json) -> None:
        self._check_stop()
        self._case.write(key, value)

    def remove_context(self, key: str) -> None:
        self._check_stop()
        self._case.remove(key)

    def context(self) -> Mapping[str, Json]:
        return dict(self._case.context)

    def note_stuck(self) -> None:
        """Tell in the step's log which keyword was under way when nobody could wait for it any longer."""
        if self.keyword:
            text = f"the keyword {self.keyword} was still at work; its thread is not waited for"
            self._attempt.log.append(LogEntry(now_us(), "WARN", text))

    def log(self, level: str, text: str) -> None:
        if self._cut:
            return
        if len(self._attempt.log) > MAX_LOG_LINES:
            return
        full = len(self._attempt.log) == MAX_LOG_LINES
        entry = LogEntry(now_us(), level, f"… more than {MAX_LOG_LINES} lines, the rest is left out" if full else text)
        self._attempt.log.append(entry)
        event = LogLine(at_us=entry.at_us, item=self._case.item, step=self._step, entry=entry)
        run = self._case.run
        run.loop.call_soon_threadsafe(run.tell_line, event, self._attempt)

    def sleep(self, seconds: float) -> None:
        began = ticks()
        end = began + int(seconds * 1e9)
        try:
            while (left := end - ticks()) > 0:
                if self._paused(min(left / 1e9, _SLICE_S)) or self._cut:
                    raise StoppedError("the run was stopped, or the case reached its time limit, during a sleep")
        finally:
            self._attempt.sleep_us += (ticks() - began) // 1000

    def _paused(self, seconds: float) -> bool:
        """True when the run was stopped meanwhile, and that ends this script."""
        if not self._patient:
            return self._case.run.control.wait(seconds)
        time.sleep(seconds)
        return False

    def skip(self, reason: str) -> None:
        self._case.skip = reason or "skipped by a script"

    def invoke(self, target: str, arguments: Sequence[Json], options: Mapping[str, Json]) -> Json:
        _known(options, _DUBBO_OPTIONS)
        plan = self._case.run.plan
        subsystem = str(options.get("subsystem") or plan.subsystem)
        return self._call("dubbo", self._dubbo_call(target, self._target(subsystem), arguments, options))

    def call_tool(self, library: str, target: str, arguments: Sequence[Json]) -> Json:
        named = parse_tool_target(f"{library} {target}")
        plan = self._case.run.plan
        jars, timeout = self._target(library).tool, millis(plan.defaults.step)
        text = json.dumps(list(arguments))
        call = ToolCall(library, jars, named.class_name, named.method, named.erased, text, timeout, plan.timezone)
        return self._call("tool", call)

    def http(self, method: str, url: str, options: Mapping[str, Json]) -> Json:
        _known(options, _HTTP_OPTIONS)
        body = json.dumps(options["body"]) if "body" in options else None
        headers, query, form = (_texts(options.get(name)) for name in ("headers", "query", "form"))
        return self._call("http", HttpCall(method.upper(), url, headers, query, body, form, self._timeout(options)))

    def sql(self, connection: str, statement: str, parameters: Mapping[str, Json], timeout: str = "") -> Json:
        limit = self._timeout({"timeout": timeout})
        return self._call("sql", SqlCall(self._source(connection, "sql"), statement, json.dumps(parameters), limit))

    def redis(self, connection: str, commands: Sequence[Json], timeout: str = "") -> Json:
        limit = self._timeout({"timeout": timeout})
        return self._call("redis", RedisCall(self._source(connection, "redis"), json.dumps(list(commands)), limit))

    def _source(self, name: str, family: Family) -> DataSource:
        run = self._case.run
        if (family, name) not in run.sources:
            run.sources[family, name] = find_source(run.plan, name, family)
        return run.sources[family, name].resolved(self._case.scope)

    def _dubbo_call(
        self, text: str, target: Target, arguments: Sequence[Json], options: Mapping[str, Json]
    ) -> DubboCall:
        named = parse_target(text)
        method = known_method(target, named)
        given = {name: str(options.get(name) or "") for name in ("group", "version", "protocol", "url", "tag", "mode")}
        return DubboCall(
            named.interface,
            named.method,
            method.erased if method else named.erased,
            json.dumps(list(arguments)),
            target,
            self._timeout(options),
            given["group"] or target.group,
            given["version"],
            given["protocol"],
            given["url"] or target.url,
            given["tag"],
            _texts(options.get("attachments")),
            str(options.get("serialization") or ""),
            given["mode"],
            oneway=options.get("oneway") is True,
        )

    def _timeout(self, options: Mapping[str, Json]) -> int:
        return millis(str(options.get("timeout") or self._case.run.plan.defaults.step))

    def _target(self, name: str) -> Target:
        targets = self._case.run.plan.targets
        if name not in targets:
            raise KeywordError(f"{name!r} is neither the subsystem nor a dependency", hint=did_you_mean(name, targets))
        return targets[name]

    def _call(self, kind: str, call: Call) -> Json:
        self._check_stop()
        run = self._case.run
        began = ticks()
        future = asyncio.run_coroutine_threadsafe(_invoked(run.invokers[kind], call), run.loop)
        answer = future.result()
        spent = (ticks() - began) // 1000
        if kind in DATA_KINDS:
            self._attempt.data_us += spent
            for warning in answer.warnings:
                self.log("WARN", warning)
        else:
            self._attempt.call_us += spent
        self._attempt.script_us -= spent
        self._attempt.log.extend(answer.log)
        if answer.failure is not None:
            raise CallFailed(answer.failure.message, failure=answer.failure, hint=answer.failure.hint)
        return json.loads(answer.response) if answer.response is not None else None

    def _check_stop(self) -> None:
        if self._cut:
            raise StoppedError("the run was stopped, or the case reached its time limit")


async def _invoked(invoker: Any, call: Call) -> Answer:
    answer: Answer = await invoker.invoke(call)
    return answer


def unknown_context(case: CaseState, key: str) -> UnknownNameError:
    """Names the case that writes the key, when only another one does."""
    writer = case.run.writers.get(key)
    if writer:
        hint = f"case {writer!r} writes it; cases do not see each other unless the scenario says `serial: true`"
    else:
        hint = did_you_mean(key, case.context)
    return UnknownNameError(f"the context has no {key!r}", hint=hint, root="ctx", name=key)


def _known(options: Mapping[str, Json], known: frozenset[str]) -> None:
    for name in options:
        if name not in known:
            raise KeywordError(f"unknown option {name!r}", hint=did_you_mean(name, known))


def _texts(value: Json) -> Mapping[str, str]:
    return {str(name): text if isinstance(text, str) else json.dumps(text) for name, text in (value or {}).items()}
