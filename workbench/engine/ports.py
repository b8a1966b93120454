"""What the engine needs from outside. The composition root hands it in; the engine imports none of it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from workbench.model.events import AnyEvent
from workbench.model.json import Json
from workbench.plugin_api import Invoker, StepScope

Sink = Callable[[AnyEvent], None]
"""Takes each event in order; must be quick and must not wait."""


class Program(Protocol):
    """A compiled script."""

    @property
    def references(self) -> frozenset[tuple[str, str]]:
        """(verb, name) of literal keyword calls: ("getContext", "orderId"), ("getRow", "amount") …"""
        ...


class Scripts(Protocol):
    def compile(self, source: str, *, where: str = "") -> Any:
        """A Program. Raises ScriptError."""
        ...

    def run(self, script: Any, scope: StepScope, *, seconds: float) -> None:
        """Waits, at most `seconds`; called on a script thread.

        Raises ScriptError, AssertionFailed, KeywordError, StoppedError.
        """
        ...


class Tools(NamedTuple):
    """Everything a run uses: invokers by step kind, the script engine, the functions behind `${fn.…}`,
    what turns a sealed config value of a plan into its plain one, and how invokers are made that hold connections of
    one run: they are closed with it."""

    invokers: Mapping[str, Invoker]
    scripts: Scripts
    functions: Mapping[str, Callable[..., Any]]
    open_secret: Callable[[Json], Json] = lambda value: value
    run_bound: Mapping[str, Callable[[], Invoker]] = MappingProxyType({})
