"""Calls a keyword with arguments that a tester wrote: counts and types are checked, foreign errors are translated.

Scripts and `${fn.…}` go through here, so that a wrong argument reads the same in both.
"""

import inspect
import types
import typing
from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache, partial
from typing import Any

from workbench.errors import KeywordError, WorkbenchError
from workbench.plugin_api import KeywordInfo, StepScope

_Check = Callable[[Any], bool]
_NAMES: dict[Any, str] = {
    str: "text",
    int: "a whole number",
    Decimal: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
    type(None): "null",
    float: "a floating-point number",
}


class CheckedKeyword:
    """A keyword's function behind a check of its arguments; a scope, where it takes one, comes first.

    A pure keyword with a keyword-only parameter `zone` gets the environment's time zone when its caller names none.
    """

    def __init__(self, info: KeywordInfo) -> None:
        self.info = info
        self._signature = inspect.signature(info.function)
        self._checks = _checks(info, self._signature)
        zone = self._signature.parameters.get("zone")
        self._zoned = info.pure and zone is not None and zone.kind is inspect.Parameter.KEYWORD_ONLY

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Raises KeywordError for wrong arguments, for any exception that is not a WorkbenchError, and for a
        result that wants to be awaited."""
        name = self.info.name
        try:
            bound = self._signature.bind(*arguments, **named)
        except TypeError as error:
            raise KeywordError(f"{name}: {error}", hint=self._usage()) from None
        for parameter, (wanted, fits) in self._checks.items():
            if parameter in bound.arguments and not fits(bound.arguments[parameter]):
                got = kind_of(bound.arguments[parameter])
                raise KeywordError(f"{name}: {parameter} must be {wanted}, not {got}", hint=self._usage())
        return guarded(name, self.info.function, bound.args, bound.kwargs)

    def call(self, scope: StepScope, arguments: Sequence[Any], named: dict[str, Any]) -> Any:
        """Call it for a step: with its scope, or with its time zone, or with neither."""
        if self._zoned:
            named.setdefault("zone", scope.timezone)
        return self(*arguments, **named) if self.info.pure else self(scope, *arguments, **named)

    def in_zone(self, timezone: str) -> Callable[..., Any]:
        """The same with a time zone of its own; itself where zones do not matter."""
        return partial(self, zone=timezone) if self._zoned and timezone else self

    def _usage(self) -> str:
        return f"write $app.{self.info.name}{written(self.info)}"


@cache
def checked(info: KeywordInfo) -> CheckedKeyword:
    """Made once a keyword: to look at its signature takes longer than many a call, and every run wants them all."""
    return CheckedKeyword(info)


def written(info: KeywordInfo) -> str:
    """The signature as a script's author sees it: `(value, pattern='yyyy-MM-dd')`."""
    signature = inspect.signature(info.function)
    parameters = list(signature.parameters.values())[0 if info.pure else 1 :]
    plain = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    return str(signature.replace(parameters=plain, return_annotation=inspect.Signature.empty))


def kind_of(value: Any) -> str:
    """What a tester would call the type of a value."""
    return _NAMES.get(type(value), type(value).__name__)


def guarded(name: str, function: Callable[..., Any], arguments: Sequence[Any], named: Mapping[str, Any]) -> Any:
    """The result of a plug-in's function; whatever it raises becomes a WorkbenchError, a coroutine is refused."""
    try:
        result = function(*arguments, **named)
    except WorkbenchError:
        raise
    except Exception as error:
        raise KeywordError(f"{name}: {error}" if str(error) else f"{name}: {type(error).__name__}") from error
    if isinstance(result, Awaitable):
        if inspect.iscoroutine(result):
            result.close()  # or Python warns about it long after
        raise KeywordError(
            f"{name} gave back a coroutine, so nothing was done",
            hint="its author must make it wait: asyncio.run_coroutine_threadsafe(…).result()",
        )
    return result


def _checks(info: KeywordInfo, signature: inspect.Signature) -> dict[str, tuple[str, _Check]]:
    hints = typing.get_type_hints(info.function)
    names = list(signature.parameters)[0 if info.pure else 1 :]
    several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    single = (name for name in names if signature.parameters[name].kind not in several)
    found = {name: _check(hints[name]) for name in single if name in hints}
    return {name: check for name, check in found.items() if check}


def _check(hint: Any) -> tuple[str, _Check] | None:
    """The words for a type and its test; None for Any, which takes everything."""
    wanted = [typing.get_origin(part) or part for part in _parts(hint)]
    if Any in wanted:
        return None
    allowed = tuple(_concrete(part) for part in wanted)
    if int in allowed and bool not in allowed:
        return _words(allowed), lambda value: isinstance(value, allowed) and not isinstance(value, bool)
    return _words(allowed), lambda value: isinstance(value, allowed)


def _parts(hint: Any) -> tuple[Any, ...]:
    union = isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union
    return typing.get_args(hint) if union else (hint,)


def _concrete(part: Any) -> type[Any]:
    """JSON has lists and objects: the abstract types of a signature stand for these."""
    if part is Sequence:
        return list
    return dict if part is Mapping else typing.cast("type[Any]", part)


def _words(allowed: tuple[type[Any], ...]) -> str:
    numbers = {int, Decimal} <= set(allowed)
    kept = [kind for kind in allowed if not (numbers and kind is int)]
    return " or ".join(_NAMES.get(kind, kind.__name__) for kind in kept)
