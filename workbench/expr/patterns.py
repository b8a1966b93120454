"""Regular expressions that cannot hang: the `regex` package with a time limit, since the texts come from outside."""

from functools import lru_cache
from typing import Any, Final

import regex

from workbench.errors import ExpressionError

LIMIT_SECONDS: Final = 0.5


@lru_cache(maxsize=1024)
def pattern(text: str) -> Any:
    """A compiled pattern. Raises ExpressionError with the column."""
    try:
        return regex.compile(text)
    except regex.error as error:
        column = "" if error.pos is None else f" (column {error.pos + 1})"
        raise ExpressionError(f"{text!r} is not a regular expression{column}: {error.msg}") from error


def full_match(expression: str, text: str) -> bool:
    return _run(expression, text, full=True)


def search(expression: str, text: str) -> bool:
    return _run(expression, text, full=False)


def _run(expression: str, text: str, *, full: bool) -> bool:
    compiled = pattern(expression)
    try:
        run = compiled.fullmatch if full else compiled.search
        return run(text, timeout=LIMIT_SECONDS) is not None
    except TimeoutError:
        raise ExpressionError(
            f"{expression!r} takes too long on a text of {len(text)} characters",
            hint="avoid nested repetitions such as (a+)+",
        ) from None
