"""Compiles and runs scripts.

Only the synchronous Monty is used: with the asynchronous one a keyword that nobody awaits does nothing and says
nothing. A script is suspended at each keyword call; the call happens here, on the thread that called run().
"""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from types import TracebackType

from msgspec import structs
from pydantic_monty import (
    Monty,
    MontyCrashedError,
    MontyError,
    MontySession,
    MontySyntaxError,
    OSPolicy,
    ResourceLimits,
    TimeZone,
)

from workbench.errors import ScriptError
from workbench.plugin_api import KeywordInfo, StepScope
from workbench.plugins.calls import checked
from workbench.scripts import failures, source
from workbench.scripts.run import Run
from workbench.scripts.script import Limits, Script
from workbench.scripts.shield import shielded

_PROBE = "0/0\n"  # stops before the script's first line: only its parsing happens
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")
_KEPT = 4096  # compiled scripts
_LIMITS = Limits()
_WHOLE = r"a character beyond U+FFFF is written as it is, or \U0001F600 with eight digits"
_WORKERS = 32  # sandbox processes at most; a script that sleeps keeps one


class ScriptEngine:
    """Scripts with a set of keywords. Thread-safe; processes start on first use and end with close()."""

    def __init__(
        self, keywords: Mapping[str, KeywordInfo], limits: Limits = _LIMITS, *, workers: int = _WORKERS
    ) -> None:
        self._keywords = {name: checked(info) for name, info in keywords.items()}
        self._limits = limits
        self._workers = workers
        self._compiled: dict[tuple[str, str], Script] = {}
        self._good: dict[str, source.Source] = {}  # scripts without errors, by their text
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._pool: Monty | None = None
        self._closed = False

    def compile(self, text: str, *, where: str = "") -> Script:
        """Check syntax and keyword names. Raises ScriptError with the line. Compiling the same again is free."""
        known = self._compiled.get((text, where))
        if known is None:
            if errors := self.errors(text, where=where):
                raise errors[0]
            known = Script(self._good[text], where)
            if len(self._compiled) >= _KEPT:
                self._compiled.clear()
            self._compiled[text, where] = known
        return known

    def errors(self, text: str, *, where: str = "") -> list[ScriptError]:
        """All that is wrong with a script, from top to bottom; asking for a good one again is free.

        Of its syntax that is the first error only: what follows cannot be told apart."""
        if text in self._good:
            return []
        script = Script(source.read(text), where)
        found = sorted([*self._syntax(script), *self._words(script)], key=lambda error: error.line)
        if not found:
            if len(self._good) >= _KEPT:
                self._good.clear()
            self._good[text] = script.source
        return found

    def run(
        self, script: Script, scope: StepScope, *, seconds: float | None = None, limits: Limits | None = None
    ) -> None:
        """Run to the end on this thread; `seconds` bounds all of it, keywords and sleeping included.

        Raises ScriptError, AssertionFailed, or what a keyword raised (KeywordError, UnknownNameError,
        StoppedError …), each with the script's line.
        """
        limits = limits or self._limits
        if seconds is not None:
            limits = structs.replace(limits, seconds=min(seconds, limits.seconds), wall_seconds=seconds)
        with self._session(limits, scope.timezone) as session:
            Run(script, scope, limits, self._keywords, session).complete()

    def close(self) -> None:
        """Start nothing more and end the sandbox processes; one that still runs a script ends with that."""
        with self._lock:
            self._closed = True
            self._stack.close()

    def __enter__(self) -> "ScriptEngine":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def _syntax(self, script: Script) -> Iterator[ScriptError]:
        with self._session(_LIMITS, "") as session:
            try:
                session.feed_run(_PROBE + script.source.code)
            except MontySyntaxError as error:
                yield failures.unfinished(error, script) or failures.syntax(error, script, shift=1)
            except MontyError as error:
                if isinstance(error, MontyCrashedError) or isinstance(error.exception(), NotImplementedError):
                    yield failures.syntax(error, script, shift=1)

    def _words(self, script: Script) -> Iterator[ScriptError]:
        for line, escape in script.source.halves:
            message = f"{escape} is half of a character (a lone surrogate), which no text can hold"
            yield failures.at_line(message, script, line, _WHOLE)
        for line in script.source.asyncs:  # a call that is not awaited does nothing, and would pass
            yield failures.at_line("scripts have no async", script, line, "nothing has to be awaited here: write def")
        for use in script.source.uses:
            if use.name not in self._keywords:
                hint = failures.near(use.name, self._keywords)
                yield failures.at_line(f"there is no keyword $app.{use.name}", script, use.line, hint)
            elif not use.called:
                hint = f"write $app.{use.name}(…)"
                yield failures.at_line(f"$app.{use.name} is not called", script, use.line, hint)

    @contextmanager
    def _session(self, limits: Limits, timezone: str) -> Iterator[MontySession]:
        bounds = ResourceLimits(
            max_feed_duration_secs=limits.seconds,
            max_memory=limits.memory_bytes,
            max_suspensions=limits.suspensions,
            max_recursion_depth=limits.recursion,
        )
        try:
            with self._started().checkout(limits=bounds, os_policy=_policy(timezone)) as session:
                yield session
        except MontyError as error:  # of checking out: those of running are translated in Run
            raise ScriptError(f"the script sandbox cannot be used: {error}") from None
        except ValueError as error:
            if "timezone" not in str(error):
                raise
            raise ScriptError(
                f"there is no time zone {timezone!r}", hint="write Asia/Shanghai, UTC or +08:00"
            ) from None

    def _started(self) -> Monty:
        with self._lock:
            if self._closed:
                raise ScriptError("the script sandbox has been closed")
            if self._pool is None:
                self._pool = self._opened()
            return self._pool

    def _opened(self) -> Monty:
        try:
            program = self._stack.enter_context(shielded())
        except FileNotFoundError as error:
            raise ScriptError(f"the script sandbox cannot be used: {error}") from None
        return self._stack.enter_context(Monty(binary_path=program, max_processes=self._workers))


def _policy(timezone: str) -> OSPolicy:
    """Sleeping goes through the step's scope, which can be stopped; clocks show the environment's time."""
    if offset := _OFFSET.fullmatch(timezone):
        seconds = int(offset[2]) * 3600 + int(offset[3]) * 60
        zone = TimeZone(offset_seconds=-seconds if offset[1] == "-" else seconds, name=timezone)
        return OSPolicy(sleep="call_host", timezone=zone)
    if timezone:
        return OSPolicy(sleep="call_host", timezone=timezone)
    now = datetime.now().astimezone()
    away = now.utcoffset() or timedelta()
    zone = TimeZone(offset_seconds=int(away.total_seconds()), name=now.tzname() or "local")
    return OSPolicy(sleep="call_host", timezone=zone)
