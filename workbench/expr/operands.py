"""What stands right of a matcher, checked when the assertion is compiled. Raises ExpressionError."""

from decimal import Decimal
from typing import Any

from workbench.errors import ExpressionError
from workbench.expr.matcher import NO_OPERAND
from workbench.expr.numbers import as_number


def text_operand(expected: Any, name: str) -> str:
    if not isinstance(expected, str):
        raise ExpressionError(f"{name} wants a text", hint=f'write {name} "…"')
    return str(expected)


def texts(expected: Any) -> list[str]:
    if not isinstance(expected, list) or not all(isinstance(item, str) for item in expected):
        raise ExpressionError("ignoring wants a list of paths", hint='write "ignoring": ["$.id"]')
    return expected


def two(expected: Any, name: str, example: str) -> tuple[Any, Any]:
    if not isinstance(expected, list) or len(expected) != 2:
        raise ExpressionError(f"{name} wants a list of two", hint=f"write {name} {example}")
    return expected[0], expected[1]


def flag(expected: Any, name: str) -> bool:
    if expected is NO_OPERAND or expected is True:
        return True
    if expected is False:
        return False
    raise ExpressionError(f"{name} wants nothing, true or false", hint=f"write {name}")


def loose_number(expected: Any) -> Any:
    found = as_number(expected) if isinstance(expected, str) and type(expected) is not str else expected
    return None if isinstance(found, bool) else found


def number(expected: Any) -> Decimal:
    found = loose_number(expected)
    if not isinstance(found, int | Decimal):
        raise ExpressionError("close_to wants two numbers", hint="write close_to [19.90, 0.01]")
    return Decimal(found)
