"""One run of one script: drives the sandbox from keyword call to keyword call."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from pydantic_monty import (
    ClassInstance,
    FunctionSnapshot,
    FutureSnapshot,
    MontyComplete,
    MontyError,
    MontySession,
    NameLookupSnapshot,
)

from workbench.errors import AssertionFailed, KeywordError, ScriptError, StoppedError, WorkbenchError
from workbench.plugin_api import StepScope
from workbench.plugins.calls import CheckedKeyword, guarded
from workbench.scripts import failures
from workbench.scripts.script import Limits, Script
from workbench.scripts.source import APP, LINE_NOTE
from workbench.scripts.values import to_host, to_script

_Snapshot = FunctionSnapshot | NameLookupSnapshot | FutureSnapshot | MontyComplete
_AppType = type("$app", (), {})  # its name is what the sandbox's messages show


@runtime_checkable
class Stoppable(Protocol):
    """A scope that can say that everything is to end now."""

    def check(self, keyword: str = "") -> None:
        """Called before every keyword, with its name, and after a sleep without one. Raises StoppedError."""
        ...

    def came_back(self) -> None:
        """Called when a keyword has given its answer or raised."""
        ...


@runtime_checkable
class Cuttable(Protocol):
    """A scope that can end a script which computes and calls no keyword."""

    def cut_with(self, end: Callable[[], None] | None) -> None:
        """`end` ends it, from any thread; None: it has come to its end by itself."""
        ...


class Run:
    """State of a run. `complete` is called once."""

    def __init__(
        self,
        script: Script,
        scope: StepScope,
        limits: Limits,
        keywords: Mapping[str, CheckedKeyword],
        session: MontySession,
    ) -> None:
        self._script = script
        self._scope = scope
        self._stoppable = scope if isinstance(scope, Stoppable) else None
        self._limits = limits
        self._keywords = keywords
        self._session = session
        self._app = ClassInstance(_AppType(), allowed_methods=frozenset())
        self._objects: dict[UUID, ClassInstance] = {}  # what keywords returned for their methods
        self._cuttable = scope if isinstance(scope, Cuttable) else None
        self._killed = False
        self._worker = session.worker_pid  # asked for now: while the script computes the session answers nobody
        self._raised: WorkbenchError | None = None  # by the last keyword that failed
        self._began = time.monotonic()
        self._output = _Output(scope, limits.output_bytes)

    def complete(self) -> None:
        """Raises ScriptError, AssertionFailed or what a keyword raised, with the script's line."""
        if self._cuttable:
            self._cuttable.cut_with(self._kill)
        try:
            snapshot: _Snapshot = self._session.feed_start(
                self._script.source.code,
                inputs={APP: self._app, LINE_NOTE: {}},
                print_callback=self._output.write,
            )
            while not isinstance(snapshot, MontyComplete):
                snapshot = self._next(snapshot)
        except MontyError as error:
            if self._killed:
                raise StoppedError("the script was ended") from None
            raise self._failure(error) from None
        finally:
            if self._cuttable:
                self._cuttable.cut_with(None)
            self._output.flush()

    def _kill(self) -> None:
        """A script that loops hears nothing: its process ends, the pool starts another."""
        if self._worker is not None:
            self._killed = True
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._worker, signal.SIGKILL)

    def _next(self, snapshot: FunctionSnapshot | NameLookupSnapshot | FutureSnapshot) -> _Snapshot:
        if not isinstance(snapshot, FunctionSnapshot):
            return snapshot.resume_auto()  # an unknown name: the sandbox raises NameError
        if snapshot.is_os_function and snapshot.function_name not in ("time.sleep", "asyncio.sleep"):
            return snapshot.resume_not_handled()
        try:
            self._check(snapshot.function_name)
            return self._answered(snapshot, to_script(self._called(snapshot)))
        except (StoppedError, ScriptError) as error:  # a script must not be able to catch these
            raise failures.located(error, self._script, self._position(snapshot)) from None
        except WorkbenchError as error:
            self._raised = failures.located(error, self._script, self._position(snapshot))
            kind = AssertionError if isinstance(error, AssertionFailed) else RuntimeError
            return snapshot.resume({"exception": kind(error.message)})

    def _answered(self, snapshot: FunctionSnapshot, value: Any) -> _Snapshot:
        try:
            return snapshot.resume({"return_value": value})
        except MontyError as error:
            if failures.line_of(error) or not str(error).startswith(
                ("TypeError: Cannot convert", "UnicodeEncodeError")
            ):
                raise
            # the script has not gone on: the value itself did not get in, and another answer may follow
            name = snapshot.function_name
            raise KeywordError(f"{name} gave back what a script cannot take: {error}") from None

    def _check(self, keyword: str = "") -> None:
        """Before every keyword, pure ones too: has the run been stopped, is there time left?"""
        if self._stoppable:
            self._stoppable.check(keyword)
        if self._left() <= 0:
            raise ScriptError(f"the script took longer than {self._limits.wall_seconds:g} s")

    def _left(self) -> float:
        return self._limits.wall_seconds - (time.monotonic() - self._began)

    def _sleep(self, seconds: float) -> None:
        self._scope.sleep(min(seconds, max(0.0, self._left())))
        self._check()

    def _called(self, snapshot: FunctionSnapshot) -> Any:
        try:
            return self._call(snapshot)
        finally:
            if self._stoppable:
                self._stoppable.came_back()

    def _call(self, snapshot: FunctionSnapshot) -> Any:
        arguments = [to_host(value) for value in snapshot.args]
        named = {name: to_host(value) for name, value in snapshot.kwargs.items()}
        if snapshot.is_os_function:
            return self._sleep(float(arguments[0]))
        if snapshot.object_id != self._app.id:
            return self._method(snapshot, arguments, named)
        if snapshot.function_name not in self._keywords:  # getattr($app, …); plain ones are found by compile()
            hint = failures.near(snapshot.function_name, self._keywords)
            raise KeywordError(f"there is no keyword $app.{snapshot.function_name}", hint=hint)
        return self._kept(self._keywords[snapshot.function_name].call(self._scope, arguments, named))

    def _kept(self, result: Any) -> Any:
        """Objects with methods are remembered under the id that the sandbox will name."""
        wrapped = to_script(result)
        if isinstance(wrapped, ClassInstance):
            self._objects[wrapped.id] = wrapped
        return wrapped

    def _method(self, snapshot: FunctionSnapshot, arguments: list[Any], named: dict[str, Any]) -> Any:
        """A method of an object that a keyword returned: `$app.tool("…").call(…)`."""
        owner = self._objects.get(snapshot.object_id) if snapshot.object_id else None
        if owner is None or not owner.allowed_methods or snapshot.function_name not in owner.allowed_methods:
            raise KeywordError(f"there is nothing called {snapshot.function_name}() here")
        function = getattr(owner.value, snapshot.function_name)
        return self._kept(guarded(snapshot.function_name, function, arguments, named))

    def _failure(self, error: MontyError) -> WorkbenchError:
        raised = self._raised
        if raised is not None and str(error.exception()) == raised.message:
            return raised
        line = failures.line_of(error)
        if not line and failures.is_limit(error):
            line = self._noted_line()
        return failures.runtime(error, self._script, self._limits, line)

    def _noted_line(self) -> int:
        """Ask the stopped sandbox which statement it was at; its variables are dropped first to make room."""
        words = dict.fromkeys(self._script.source.names)
        try:
            return int(self._session.feed_run(f"{LINE_NOTE}.get('n', 0)", inputs=words))
        except MontyError:
            return 0  # it ended with the limit: the message does without a line

    def _position(self, snapshot: FunctionSnapshot) -> int:
        code = self._script.source.code.encode()
        return code.count(b"\n", 0, snapshot.position.start) + 1


class _Output:
    """print() of a script: whole lines to the step's log, up to a bound."""

    def __init__(self, scope: StepScope, limit: int) -> None:
        self._scope = scope
        self._left = limit
        self._line = ""

    def write(self, _stream: str, text: str) -> None:
        if self._left <= 0:
            return
        self._left -= len(text)
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._scope.log("INFO", line)
        if self._left <= 0:
            self._line = "… further output of print() is dropped"

    def flush(self) -> None:
        if self._line:
            self._scope.log("INFO", self._line)
        self._line = ""
