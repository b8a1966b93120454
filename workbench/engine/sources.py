"""Connections of the environment, from the plan's words to what a call carries: names filled in, password opened."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from workbench.engine.compiled import Prepared, Scope
from workbench.errors import ConfigMissingError, SuiteError
from workbench.expr import Reference, RequestTemplate, TextTemplate, compile_json, compile_text
from workbench.expr.numbers import to_text
from workbench.model import json
from workbench.model.near import did_you_mean
from workbench.model.plan import RunPlan
from workbench.model.suite import Connection, RedisStep, SqlStep
from workbench.plugin_api import DataSource, RedisCall, SqlCall

Family = Literal["sql", "redis"]
_REDIS = ("redis", "rediss", "unix")
_SPLICED = "a value never becomes part of the SQL: write :name there, and the value under request"


class Source:
    """One connection; what its `${config.…}` say is the same for the whole run."""

    def __init__(self, name: str, connection: Connection, url: TextTemplate, user: TextTemplate, root: str) -> None:
        self._name, self._connection, self._url, self._user, self._root = name, connection, url, user, root
        self._made: DataSource | None = None
        self.references = url.references | user.references

    def resolved(self, scope: Mapping[str, Any]) -> DataSource:
        """Raises UnknownNameError."""
        if self._made is None:
            asked = self._connection
            self._made = DataSource(
                self._name,
                self._url.render(scope),
                self._user.render(scope),
                to_text(scope["config"][asked.secret]) if asked.secret else "",
                asked.writable,
                asked.max_rows,
                asked.max_bytes,
                self._root,
            )
        return self._made


def find_source(plan: RunPlan, name: str, family: Family, where: str = "") -> Source:
    """Raises ConfigMissingError for what the environment has not, SuiteError for a Redis where SQL is spoken."""
    if name not in plan.connections:
        environment = f"environment {plan.environment or '-'}"
        hint = did_you_mean(name, plan.connections) or f"define it under `environments.{plan.environment}.connections`"
        raise ConfigMissingError(f"{environment} has no connection {name!r}", where=where, hint=hint)
    connection = plan.connections[name]
    scheme = connection.url.partition("://")[0]
    if "$" not in scheme and (scheme in _REDIS) != (family == "redis"):
        other = "a Redis" if scheme in _REDIS else "a database"
        raise SuiteError(f"the connection {name} is {other}: {scheme}://…", where=where)
    if connection.secret and connection.secret not in plan.config:
        hint = did_you_mean(connection.secret, plan.config) or "add it to `config:`, or give --set KEY=VALUE"
        raise ConfigMissingError(f"the connection {name} wants the config key {connection.secret!r}", hint=hint)
    return Source(name, connection, compile_text(connection.url), compile_text(connection.user), plan.files_in)


Built = tuple[Callable[[Scope], Prepared], frozenset[Reference]]


def sql_call(plan: RunPlan, step: SqlStep, where: str, timeout_ms: int) -> Built:
    """How the call of a sql step is made, and what it reads."""
    source = find_source(plan, step.sql, "sql", where)
    if "${" in step.statement:
        raise SuiteError("there is a ${…} in the statement", where=f"{where} statement", hint=_SPLICED)
    request = compile_json(step.request or "{}", where=f"{where} request")
    head = f'{{"statement":{json.dumps(step.statement)},"parameters":'

    def prepare(scope: Scope) -> Prepared:
        parameters = request.render(scope)
        call = SqlCall(source.resolved(scope), step.statement, parameters, timeout_ms)
        return Prepared(call, f"{head}{parameters}}}")

    return prepare, request.references | source.references


def redis_call(plan: RunPlan, step: RedisStep, where: str, timeout_ms: int) -> Built:
    source = find_source(plan, step.redis, "redis", where)
    if step.request is None:
        raise SuiteError("a redis step wants its command", where=where, hint='request: \'["GET", "order:1"]\'')
    request: RequestTemplate = compile_json(step.request, where=f"{where} request")

    def prepare(scope: Scope) -> Prepared:
        commands = request.render(scope)
        return Prepared(RedisCall(source.resolved(scope), commands, timeout_ms), commands)

    return prepare, request.references | source.references
