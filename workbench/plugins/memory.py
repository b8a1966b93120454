"""A step in memory: what a keyword sees and does, without an engine. For testing keywords, ours and yours."""

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.errors import StoppedError, UnknownNameError
from workbench.model.json import Json
from workbench.model.result import RemoteException


class MemoryScope:
    """A StepScope that remembers what was asked of it. Fill its attributes, run, look at them again.

    `answer` is what every call gives; `stopped` lets every keyword of a script end.
    """

    def __init__(self, *, timezone: str = "UTC", environment: str = "test") -> None:
        self.timezone = timezone
        self.environment = environment
        self.row: dict[str, Json] = {}
        self.config: dict[str, Json] = {}
        self.request: Json = None
        self.response: Json = None
        self.exception: RemoteException | None = None
        self.values: dict[str, Json] = {}
        self.answer: Json = None
        self.stopped = False
        self.calls: list[tuple[Any, ...]] = []  # ("dubbo", target, arguments, options), ("tool", …), ("sql", …)
        self.logged: list[tuple[str, str]] = []
        self.slept: list[float] = []
        self.skipped: str | None = None

    def get_context(self, key: str) -> Json:
        if key not in self.values:
            raise UnknownNameError(f"the context has no {key!r}", root="ctx", name=key)
        return self.values[key]

    def has_context(self, key: str) -> bool:
        return key in self.values

    def set_context(self, key: str, value: Json) -> None:
        self.values[key] = value

    def remove_context(self, key: str) -> None:
        self.values.pop(key, None)

    def context(self) -> Mapping[str, Json]:
        return self.values

    def log(self, level: str, text: str) -> None:
        self.logged.append((level, text))

    def check(self, keyword: str = "") -> None:
        if self.stopped:
            raise StoppedError("the run was stopped")

    def came_back(self) -> None: ...

    def sleep(self, seconds: float) -> None:
        """Only noted: tests do not wait."""
        self.slept.append(seconds)

    def invoke(self, target: str, arguments: Sequence[Json], options: Mapping[str, Json]) -> Json:
        self.calls.append(("dubbo", target, list(arguments), dict(options)))
        return self.answer

    def call_tool(self, library: str, target: str, arguments: Sequence[Json]) -> Json:
        self.calls.append(("tool", library, target, list(arguments)))
        return self.answer

    def http(self, method: str, url: str, options: Mapping[str, Json]) -> Json:
        self.calls.append(("http", method, url, dict(options)))
        return self.answer

    def sql(self, connection: str, statement: str, parameters: Mapping[str, Json], timeout: str = "") -> Json:
        self.calls.append(("sql", connection, statement, dict(parameters)))
        return self.answer

    def redis(self, connection: str, commands: Sequence[Json], timeout: str = "") -> Json:
        self.calls.append(("redis", connection, list(commands)))
        return self.answer

    def skip(self, reason: str) -> None:
        self.skipped = reason
