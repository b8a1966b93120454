"""What a failed assertion says: path, expected, actual; short, with the difference and not two dumps."""

from collections.abc import Mapping
from typing import Any, Final

from workbench.errors import JsonError
from workbench.expr.names import MISSING, Scope, unknown, unmarked
from workbench.expr.paths import Path
from workbench.model import json
from workbench.model.result import Difference
from workbench.model.words import clipped, plural

SHOWN: Final = 120  # characters of a value in a message
DIFFERENCES: Final = 5  # named in a message; the result holds all of them


def brief(value: Any) -> str:
    """A value as short JSON."""
    if value is MISSING:
        return "nothing"
    try:
        text = json.dumps(unmarked(value))
    except (JsonError, RecursionError):
        return "a value that cannot be shown"
    if len(text) <= SHOWN:
        return text
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return f"an object of {plural(len(value), 'member')}" if isinstance(value, Mapping) else clipped(text, SHOWN)


def expectation(value: Any) -> str:
    """`{">": 0}` as `> 0`, anything else as JSON."""
    from workbench.expr.nested import is_matchers

    if is_matchers(value):
        return ", ".join(f"{name} {brief(expected)}" for name, expected in value.items())
    return brief(value)


def differences(found: tuple[Difference, ...]) -> str:
    """The first few places in words."""
    parts = [_place(each) for each in found[:DIFFERENCES]]
    more = len(found) - DIFFERENCES
    return "; ".join(parts) + (f" … and {more} more" if more > 0 else "")


def _place(each: Difference) -> str:
    if each.actual is None:
        return f"{each.path} is missing (expected {_cut(each.expected)})"
    if each.expected is None:
        return f"{each.path} is not expected ({_cut(each.actual)})"
    return f"{each.path} expected {_cut(each.expected)}, found {_cut(each.actual)}"


def _cut(text: str | None) -> str:
    return clipped(text or "", SHOWN)


def nothing(subject: Any, scope: Scope) -> str:
    """Why there is no value: no answer at all, or which name on the way is not there."""
    if not isinstance(subject, Path):
        return "nothing"
    if subject.root == "exception" and scope.get("exception") is None:
        return "nothing: no exception was thrown"
    thrown = scope.get("exception")
    if subject.root == "response" and isinstance(thrown, Mapping):
        return f"nothing: {thrown.get('class', 'an exception')} was thrown"
    if subject.root not in scope or not subject.plain:
        return "nothing (it is absent)"
    why = unknown("", subject.root, subject.steps, scope, "")
    hint = f", {why.hint}" if why.hint else ""
    return f"nothing ({why.message.removeprefix(': ')}{hint})"
