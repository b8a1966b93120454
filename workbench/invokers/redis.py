"""redis steps and `$app.redis`: commands as lists, replies as JSON, exactly as the server gives them.

Replies are whole numbers, texts, lists and null; HGETALL and the like give an object. What is no UTF-8 comes as base64,
with a warning. Which commands only read is asked of the server (COMMAND INFO).
"""

import asyncio
import base64
import contextlib
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from workbench.errors import ConfigMissingError, JsonError, KeywordError, WorkbenchError
from workbench.model import json
from workbench.model.json import Json
from workbench.model.result import Cause, Failure, Side
from workbench.plugin_api import Answer, DataSource, RedisCall

MOST_CONNECTIONS = 8  # to one server, of one run
_PAIRS = frozenset({"HGETALL", "CONFIG GET"})  # flat lists of names and values
_HARMLESS = frozenset({"PING", "ECHO", "TIME", "INFO", "DBSIZE", "COMMAND"})  # not flagged as reading: they read no key
# They leave a connection in a state that others do not expect, or never come to an end.
_STATEFUL = frozenset(
    {
        *("SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "MONITOR", "SYNC", "PSYNC", "SELECT", "AUTH", "HELLO", "QUIT"),
        *("MULTI", "EXEC", "WATCH", "CLIENT", "RESET"),
    }
)
_WRITE_HINT = "the connection only reads; `writable: true` on it lets changes through"
_SHAPE = "redis://HOST:PORT/0, or rediss://… for TLS"


class RedisInvoker:
    """Keeps at most MOST_CONNECTIONS to each server; `close` leaves none behind."""

    def __init__(self) -> None:
        self._slots: dict[DataSource, asyncio.Semaphore] = {}
        self._idle: dict[DataSource, list[Any]] = {}
        self._used: set[Any] = set()
        self._reading: dict[DataSource, dict[str, bool]] = {}
        self._closed = False

    async def invoke(self, call: RedisCall) -> Answer:
        """Never raises but when cancelled."""
        if self._closed:
            return Answer(failure=Failure(Cause.STOPPED, "the run is over, and its connections are closed"))
        began = time.perf_counter_ns()
        slots = self._slots.setdefault(call.source, asyncio.Semaphore(MOST_CONNECTIONS))
        try:
            async with asyncio.timeout(call.timeout_ms / 1000), slots:
                began = time.perf_counter_ns()
                return await self._asked(call, began)
        except TimeoutError:
            message = f"no answer within {call.timeout_ms} ms from {call.source.name}"
            return _failed(Failure(Cause.TIMEOUT, message, "raise the step's timeout", side=Side.ENVIRONMENT), began)
        except WorkbenchError as error:
            return _failed(_ours(error), began)

    async def _asked(self, call: RedisCall, began: int) -> Answer:
        commands, several = _commands(call.commands)
        connection = self._taken(call.source)
        good = False
        try:
            await connection.connect()
            if not call.source.writable:
                await self._refuse_writing(connection, call.source, commands)
            replies = [await _sent(connection, each) for each in commands]
            good = True
        except _errors().ResponseError as error:
            good = True  # the server spoke; the line is as good as before
            return _failed(_refused(error, call.source), began)
        except (_errors().RedisError, OSError) as error:
            return _failed(_lost(error, call.source), began)
        finally:
            self._used.discard(connection)
            if good and not self._closed:
                self._idle.setdefault(call.source, []).append(connection)
            else:
                await _end(connection)
        return _answer(call.source, commands, replies, several, began)

    def _taken(self, source: DataSource) -> Any:
        idle = self._idle.get(source)
        connection = idle.pop() if idle else _made(source)
        self._used.add(connection)
        return connection

    async def _refuse_writing(self, connection: Any, source: DataSource, commands: Sequence[list[Any]]) -> None:
        known = self._reading.setdefault(source, dict.fromkeys(_HARMLESS, True))
        for command in commands:
            name = str(command[0]).upper()
            inner = f"{name}|{command[1]}".upper() if len(command) > 1 else name  # MEMORY USAGE, OBJECT ENCODING …
            if name not in known and inner not in known:
                await connection.send_command("COMMAND", "INFO", name, inner)
                whole, part = await connection.read_response()
                name = inner if part and inner != name else name
                known[name] = _only_reads(part or whole)
            name = inner if inner in known else name
            if not known[name]:
                raise KeywordError(f"{source.name} only reads: {name} is not let through", hint=_WRITE_HINT)

    async def close(self) -> None:
        self._closed = True
        idle, self._idle = self._idle, {}
        for connection in (*self._used, *(each for several in idle.values() for each in several)):
            await _end(connection)


def _errors() -> Any:
    from redis import exceptions

    return exceptions


def _made(source: DataSource) -> Any:
    """A connection that is not open yet. Raises ConfigMissingError."""
    try:
        import redis.asyncio.connection as wire
    except ModuleNotFoundError as error:
        raise ConfigMissingError(
            "the driver redis is not installed", hint="pip install 'dubbo-workbench[redis]'"
        ) from error
    try:
        parts = urlsplit(source.url)
        options: dict[str, Any] = dict(wire.parse_url(source.url))
    except ValueError:
        raise ConfigMissingError(f"the connection {source.name} has no valid URL", hint=_SHAPE) from None
    if parts.password:
        hint = "name the config key that holds it under `secret`"
        raise ConfigMissingError(f"the connection {source.name} has a password in its URL", hint=hint)
    kind = options.pop("connection_class", wire.Connection)
    options |= {"username": source.user or None, "password": source.password or None}
    return kind(**options, decode_responses=False, protocol=2)


async def _end(connection: Any) -> None:
    with contextlib.suppress(_errors().RedisError, OSError, asyncio.TimeoutError):
        await connection.disconnect(nowait=True)


def _commands(text: str) -> tuple[list[list[Any]], bool]:
    """The commands, and whether a list of them was given. Raises JsonError."""
    value = json.loads(text, where="request")
    several = isinstance(value, list) and bool(value) and all(isinstance(each, list) for each in value)
    commands = value if several else [value]
    for command in commands:
        if not isinstance(command, list) or not command or not isinstance(command[0], str):
            hint = 'write ["GET", "order:1"], or a list of such commands'
            raise JsonError("a command is a list that begins with its name", where="request", hint=hint)
        if command[0].upper() in _STATEFUL:
            hint = "each command stands for itself, on whichever connection is free"
            raise KeywordError(f"{command[0].upper()} cannot be used here", hint=hint)
    return commands, several


async def _sent(connection: Any, command: Sequence[Json]) -> Any:
    await connection.send_command(*map(_argument, command))
    return await connection.read_response(disable_decoding=True)


def _argument(value: Json) -> str | int:
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return json.dumps(value)  # what it would be in a request: true, null, {"a":1}
    return str(value) if isinstance(value, Decimal) else value


def _only_reads(entry: Any) -> bool:
    """An entry of COMMAND INFO: [name, arity, flags, …], or null for a name that the server does not know."""
    if entry is None:
        return True  # it will say so itself
    return "readonly" in {flag.decode() if isinstance(flag, bytes) else str(flag) for flag in entry[2]}


def _answer(
    source: DataSource, commands: Sequence[Sequence[Any]], replies: Sequence[Any], several: bool, began: int
) -> Answer:
    elapsed = (time.perf_counter_ns() - began) // 1000
    reader = _Reader(source)
    values = [reader.reply(command, reply) for command, reply in zip(commands, replies, strict=True)]
    url = urlsplit(source.url)
    return Answer(
        json.dumps(values if several else values[0]),
        elapsed_us=elapsed,
        provider=f"{url.hostname}:{url.port or 6379}",
        mode="redis",
        warnings=tuple(reader.notes),
    )


class _Reader:
    """Replies as JSON, within the connection's limits."""

    def __init__(self, source: DataSource) -> None:
        self._source, self._left = source, source.max_bytes
        self.notes: dict[str, None] = {}

    def reply(self, command: Sequence[Any], reply: Any) -> Json:
        value = self._value(reply)
        names = {str(command[0]).upper(), " ".join(map(str, command[:2])).upper()}
        if names & _PAIRS and isinstance(value, list):
            return {str(name): each for name, each in zip(value[::2], value[1::2], strict=False)}
        return value

    def _value(self, reply: Any) -> Json:
        if isinstance(reply, list | tuple):
            return self._list(reply)
        if isinstance(reply, bytes):
            return self._text(reply)
        return str(reply) if isinstance(reply, Exception) else reply

    def _list(self, reply: Sequence[Any]) -> list[Json]:
        if len(reply) > self._source.max_rows:
            self._note(f"only the first {self._source.max_rows} of {len(reply)} elements are kept (max_rows)")
        return [self._value(each) for each in reply[: self._source.max_rows]]

    def _text(self, reply: bytes) -> str:
        if len(reply) > self._left:
            self._note(f"texts are cut off: there is a limit of {self._source.max_bytes} bytes (max_bytes)")
        kept, self._left = reply[: max(0, self._left)], self._left - len(reply)
        try:
            return kept.decode()
        except UnicodeDecodeError:
            if len(kept) < len(reply):
                return kept.decode(errors="ignore")
            self._note("a value that is no UTF-8 is told as base64")
            return base64.b64encode(kept).decode()

    def _note(self, text: str) -> None:
        self.notes[f"{self._source.name}: {text}"] = None


def _ours(error: WorkbenchError) -> Failure:
    config, data = isinstance(error, ConfigMissingError), isinstance(error, JsonError)
    cause = Cause.CONFIG if config else Cause.SERIALIZATION if data else Cause.QUERY
    return Failure(cause, error.message, error.hint)


def _refused(error: Exception, source: DataSource) -> Failure:
    text = _hidden(str(error), source)
    if isinstance(error, _errors().AuthenticationError | _errors().NoPermissionError) or text.startswith("NOAUTH"):
        hint = "check `user` and `secret` of the connection, and the user's rights"
        return Failure(Cause.AUTH, f"{source.name} refused the user or a right: {text}", hint)
    if isinstance(error, _errors().ReadOnlyError):
        return Failure(Cause.QUERY, f"{source.name} refused to change data: {text}", "this Redis is a replica")
    return Failure(Cause.QUERY, f"{source.name} refused the command: {text}")


def _lost(error: Exception, source: DataSource) -> Failure:
    if isinstance(error, _errors().AuthenticationError):
        return _refused(error, source)
    hint = "is it running, and are host and port of its url right?"
    return Failure(Cause.NETWORK, f"{source.name} cannot be reached: {_hidden(str(error), source)}", hint)


def _hidden(text: str, source: DataSource) -> str:
    return text.replace(source.password, "•••") if source.password else text


def _failed(failure: Failure, began: int) -> Answer:
    return Answer(failure=failure, elapsed_us=(time.perf_counter_ns() - began) // 1000, mode="redis")
