"""The one door for plug-ins: what a parser, invoker, dataset format, reporter or keyword library has to look like.

A plug-in is an installed package that names an entry point in one of the groups `workbench.parsers`,
`workbench.datasets`, `workbench.keywords`, `workbench.commands`; the workbench's own are registered the same way.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

from msgspec import Struct, field

from workbench.model.contract import Contract
from workbench.model.dataset import CellProblem, Column, Dataset
from workbench.model.events import AnyEvent
from workbench.model.json import Json
from workbench.model.library import Library
from workbench.model.plan import RunPlan, Target
from workbench.model.result import Failure, LogEntry, RemoteException


class ParseLimits(Struct, frozen=True):
    """Bounds on archives, so that a hostile one never hangs, fills the memory or escapes."""

    max_entries: int = 50_000
    max_entry_bytes: int = 256 * 1024 * 1024
    max_total_bytes: int = 1024 * 1024 * 1024
    max_ratio: int = 200  # uncompressed : compressed
    max_depth: int = 2  # archives inside archives
    max_name: int = 1024


class Parser(Protocol):
    name: str

    def accepts(self, path: Path) -> bool: ...

    def parse(
        self, paths: Sequence[Path], *, sources: Sequence[Path], interfaces: Sequence[str], limits: ParseLimits
    ) -> Contract:
        """`interfaces`: globs that narrow the outcome and also name interfaces that no rule recognises."""
        ...


class LibraryReader(Protocol):
    """A Parser that also tells what the jars of a tool library offer. Others need not have it."""

    def accepts(self, path: Path) -> bool: ...

    def library(self, paths: Sequence[Path], *, sources: Sequence[Path], limits: ParseLimits) -> Library: ...


class DatasetFormat(Protocol):
    suffixes: tuple[str, ...]

    def read(self, path: Path, *, sheet: str = "") -> Dataset:
        """Cells as the tester sees them. Raises DatasetError."""
        ...

    def write(self, dataset: Dataset, path: Path) -> None:
        """Comes back equal when read again."""
        ...


class TableStream(Protocol):
    """A table that is read row by row. `problems` is whole when the rows have ended."""

    @property
    def columns(self) -> tuple[Column, ...]: ...

    @property
    def rows(self) -> Iterator[tuple[str, dict[str, Json]]]:
        """(where, row), once."""
        ...

    @property
    def problems(self) -> Sequence[CellProblem]: ...


@runtime_checkable
class StreamedFormat(Protocol):
    """What a DatasetFormat may offer besides, for tables that are larger than memory and files of several sheets."""

    def sheets(self, path: Path) -> tuple[str, ...]: ...

    def open(self, path: Path, *, sheet: str = "", header: int = 1) -> AbstractContextManager[TableStream]:
        """`header`: number of the row that names the columns. Raises DatasetError, also for the file as a whole."""
        ...


class Reporter(Protocol):
    """A pure function of a plan and its events."""

    name: str

    def write(self, plan: RunPlan, events: Iterable[AnyEvent], target: Path) -> None: ...


# --- invoking ---------------------------------------------------------------------------------------------------------


class DubboCall(Struct, frozen=True, gc=False):
    interface: str
    method: str
    erased: tuple[str, ...] | None  # None: the artifact has one such method, or the bridge says which there are
    arguments: str  # JSON array text
    target: Target
    timeout_ms: int = 5000
    group: str = ""
    version: str = ""
    protocol: str = ""
    url: str = ""
    tag: str = ""
    attachments: Mapping[str, str] = field(default_factory=dict)
    serialization: str = ""
    mode: str = ""  # "" = typed when the artifacts allow it
    unchecked: bool = False  # wrong on purpose: sent as it is written, generically unless mode is typed
    oneway: bool = False
    show_classes: bool = False  # {"$class", "$value"} in the response where the declared type does not tell the class


class ToolCall(Struct, frozen=True, gc=False):
    tool: str  # name of the library, for messages
    jars: tuple[str, ...]
    class_name: str
    method: str
    erased: tuple[str, ...] | None
    arguments: str
    timeout_ms: int = 5000
    timezone: str = ""  # of times that say none, in arguments and result; empty: the machine's


class HttpCall(Struct, frozen=True, gc=False):
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None  # JSON text
    form: Mapping[str, str] = field(default_factory=dict)
    timeout_ms: int = 5000


class DataSource(Struct, frozen=True, gc=False):
    """A connection of the environment, ready to be used."""

    name: str
    url: str
    user: str = ""
    password: str = ""
    writable: bool = False
    max_rows: int = 1000
    max_bytes: int = 1_048_576
    root: str = ""  # the folder that a file of SQLite has to lie in; empty: anywhere

    def __repr__(self) -> str:
        return f"DataSource({self.name!r})"  # tracebacks and logs shall not hold the password


class SqlCall(Struct, frozen=True, gc=False):
    source: DataSource
    statement: str
    parameters: str = "{}"  # JSON object text: what stands for :name
    timeout_ms: int = 5000


class RedisCall(Struct, frozen=True, gc=False):
    source: DataSource
    commands: str  # JSON text: ["GET", "a"], or a list of such lists
    timeout_ms: int = 5000


Call = DubboCall | ToolCall | HttpCall | SqlCall | RedisCall
DATA_KINDS = frozenset({"sql", "redis"})  # step kinds whose time is counted as data, not as calls


class Answer(Struct, frozen=True, gc=False):
    """What came back. A failure of the call is data, not an exception: the engine judges it."""

    response: str | None = None  # JSON text; None when there is a failure
    failure: Failure | None = None  # its cause decides verdict and side
    exception: RemoteException | None = None  # with cause PROVIDER_EXCEPTION or TOOL: what was thrown
    elapsed_us: int = 0  # around the call itself, measured next to it
    provider: str = ""
    mode: str = ""
    attachments: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    log: tuple[LogEntry, ...] = ()


class Invoker(Protocol):
    """Sends the calls of one step kind. Errors are translated here and nowhere else."""

    async def invoke(self, call: Any) -> Answer: ...

    async def close(self) -> None:
        """Leaves no thread, process or connection behind."""
        ...


# --- keywords ---------------------------------------------------------------------------------------------------------


class StepScope(Protocol):
    """What a keyword may see and do: the step it runs in. Methods wait; they are called on a script thread."""

    @property
    def row(self) -> Mapping[str, Json]: ...
    @property
    def config(self) -> Mapping[str, Json]: ...
    @property
    def environment(self) -> str: ...
    @property
    def timezone(self) -> str: ...
    @property
    def request(self) -> Json: ...
    @property
    def response(self) -> Json:
        """The current step's answer; inside `before`, None."""
        ...

    @property
    def exception(self) -> RemoteException | None: ...
    def get_context(self, key: str) -> Json:
        """Raises UnknownNameError with near names."""
        ...

    def has_context(self, key: str) -> bool: ...
    def set_context(self, key: str, value: Json) -> None: ...
    def remove_context(self, key: str) -> None: ...
    def context(self) -> Mapping[str, Json]: ...
    def log(self, level: str, text: str) -> None: ...
    def sleep(self, seconds: float) -> None:
        """Counted apart; ends early with StoppedError when the run is stopped."""
        ...

    def invoke(self, target: str, arguments: Sequence[Json], options: Mapping[str, Json]) -> Json:
        """Call a Dubbo method and give its response, in the case's environment. Raises KeywordError."""
        ...

    def call_tool(self, library: str, target: str, arguments: Sequence[Json]) -> Json: ...
    def http(self, method: str, url: str, options: Mapping[str, Json]) -> Json: ...
    def sql(self, connection: str, statement: str, parameters: Mapping[str, Json], timeout: str = "") -> Json:
        """The answer of a sql step: {columns, rows, count, affected}. Raises KeywordError."""
        ...

    def redis(self, connection: str, commands: Sequence[Json], timeout: str = "") -> Json:
        """The reply of a command as a list, or of each of a list of them. Raises KeywordError."""
        ...

    def skip(self, reason: str) -> None:
        """End the case as SKIPPED after this script."""
        ...


class ScriptObject(Protocol):
    """What a keyword may return besides JSON values: an object whose named methods a script can call.

    `$app.tool("tool-util").call(…)`: `tool` returns such an object with script_methods = ("call",).
    """

    script_methods: tuple[str, ...]


class KeywordInfo(Struct, frozen=True):
    """One keyword: found by the loader on every function that `@keyword` marked."""

    name: str
    group: str
    pure: bool  # usable as ${fn.name(…)}: takes no scope, has no side effect
    function: Callable[..., Any]


F = TypeVar("F", bound=Callable[..., Any])


def keyword(group: str, *, name: str = "", pure: bool = False) -> Callable[[F], F]:
    """Mark a function as a keyword: `$app.<name>(…)`.

    A keyword that is not pure takes a StepScope as its first parameter. Values are exact JSON values
    (int, Decimal, text, bool, None, list, dict); a script's float arrives as Decimal(repr).
    A pure one with a keyword-only parameter `zone` is given the environment's time zone when the caller names none.
    Documentation, signature and example come from the docstring.
    """

    def mark(function: F) -> F:
        info = KeywordInfo(name or function.__name__, group, pure, function)
        function.__workbench_keyword__ = info  # type: ignore[attr-defined]
        return function

    return mark
