"""Names: what an expression may start with, what it refers to, and what a mistyped one may have meant."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from workbench.errors import ExpressionError, UnknownNameError
from workbench.model.near import near_names
from workbench.model.words import clipped

# Roots by name: ctx, row, config, env, param, steps, fn, request, response, exception, elapsed, attachments, provider.
Scope: TypeAlias = Mapping[str, Any]

# Roots whose texts come from tables and files, where everything is text: they convert to the type of their place.
DATA_ROOTS: Final = frozenset({"row", "config", "env", "param"})


# Roots that an expression may begin with; `@` is the item that a filter or `each` looks at.
_OF_ANSWERS: Final = frozenset({"response", "exception", "elapsed", "attachments", "provider"})
ROOTS: Final = DATA_ROOTS | _OF_ANSWERS | {"ctx", "steps", "fn", "request", "@"}


class _Missing(Enum):
    MISSING = "absent"

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = _Missing.MISSING  # there is nothing at this path; null is a value
Missing: TypeAlias = Literal[_Missing.MISSING]


class Reference(NamedTuple):
    """A name that an expression reads: ("ctx", "paymentId", False). `default`: it has a `:-` and may be absent."""

    root: str
    name: str
    default: bool = False


class DataText(str):
    """A text that came from row, config, env or param, so that comparing may read it as a number or truth value.

    Lives only between rendering an expectation and comparing it; it never leaves this package.
    """

    __slots__ = ()


def marked(value: Any) -> Any:
    """`value` with all its texts marked as data. Raises ExpressionError for values that are nested too deeply."""
    try:
        return _marked(value)
    except RecursionError:
        raise ExpressionError("a value is nested too deeply") from None


def _marked(value: Any) -> Any:
    if isinstance(value, str):
        return DataText(value)
    if isinstance(value, list):
        return [_marked(item) for item in value]
    if isinstance(value, dict):
        return {key: _marked(item) for key, item in value.items()}
    return value


def unmarked(value: Any) -> Any:
    """The inverse of `marked`."""
    if isinstance(value, DataText):
        return str(value)
    if isinstance(value, list):
        return [unmarked(item) for item in value]
    if isinstance(value, dict):
        return {key: unmarked(item) for key, item in value.items()}
    return value


def near(name: str, names: Iterable[str]) -> list[str]:
    """Up to three of `names` that somebody who wrote `name` may have meant, the best first."""
    known = [str(each) for each in names]
    lower = name.lower()  # a part of a long name counts too: "amount" for "payAmountCents"
    return near_names(name, known) or [each for each in known if lower and lower in each.lower()][:3]


def suggestion(name: str, names: Iterable[str]) -> str:
    """A hint: the near names, or, when none is near, some that there are."""
    known = [str(each) for each in names]
    close = near(name, known)
    if close:
        return f"did you mean {' or '.join(close)}?"
    if not known:
        return "there is none"
    shown = ", ".join(known[:8])
    return f"there are: {shown}{' …' if len(known) > 8 else ''}"


def unknown(expression: str, root: str, steps: Iterable[str | int], scope: Scope, where: str) -> UnknownNameError:
    """Explain why `root.steps` names nothing in `scope`: the first step that fails, and what stands there instead."""
    if root not in scope:
        hint = suggestion(root, scope)
        return UnknownNameError(f"{expression}: there is no {root!r} here", where=where, hint=hint, root=root)
    value, walked = scope[root], root
    for step in steps:
        if isinstance(value, Mapping) and isinstance(step, str):
            if step not in value:
                hint = suggestion(step, value)
                text = f"{expression}: {walked} has no {step!r}"
                return UnknownNameError(text, where=where, hint=hint, root=root, name=step)
            value = value[step]
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            text = f"{expression}: {walked} is {_shape(value)}, it has no {step!r}"
            return UnknownNameError(text, where=where, root=root, name=str(step))
        walked += f"[{step}]" if isinstance(step, int) else f".{step}"
    return UnknownNameError(f"{expression}: nothing is there", where=where, root=root)


def check_roots(references: Iterable["Reference"]) -> None:
    """Raises UnknownNameError for what begins with none of the ROOTS: a typing error, no lack of the answer."""
    for reference in references:
        if reference.root not in ROOTS:
            hint = suggestion(reference.root, ROOTS - {"@"})
            raise UnknownNameError(f"there is no {reference.root!r} here", hint=hint, root=reference.root)


def short(text: str) -> str:
    """A text in quotes for a message, cut when long."""
    return repr(clipped(text, 100))


def _shape(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "a text" if isinstance(value, str) else "true or false" if isinstance(value, bool) else "a number"
