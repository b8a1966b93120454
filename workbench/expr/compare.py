"""Equality and order of JSON values: numbers by value, truth values never as numbers, no float anywhere."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from workbench.expr.names import DataText
from workbench.expr.numbers import as_number

_PLAIN = (str, int, Decimal, bool, type(None))


def equal(left: Any, right: Any) -> bool:
    """Structural equality; 1 equals 1.00, true does not equal 1. Data texts read as the other side's type."""
    kind, other = type(left), type(right)
    if kind is other and kind in _PLAIN:
        return _plainly_equal(left, right)
    if kind is DataText or other is DataText:
        left, right = adapted(left, right)
        kind, other = type(left), type(right)
    if kind is bool or other is bool or left is None or right is None:
        return left is right
    if isinstance(left, str) or isinstance(right, str):
        return isinstance(left, str) and isinstance(right, str) and left == right
    if isinstance(left, Mapping):
        return isinstance(right, Mapping) and _equal_objects(left, right)
    if isinstance(left, list | tuple):
        return isinstance(right, list | tuple) and _equal_lists(left, right)
    return isinstance(left, int | Decimal) and isinstance(right, int | Decimal) and _plainly_equal(left, right)


def _plainly_equal(left: Any, right: Any) -> bool:
    try:
        return bool(left == right)
    except InvalidOperation:  # a signalling NaN, which only a script can have made, equals nothing
        return False


def _equal_objects(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    return len(left) == len(right) and all(key in right and equal(value, right[key]) for key, value in left.items())


def _equal_lists(left: Sequence[Any], right: Sequence[Any]) -> bool:
    return len(left) == len(right) and all(equal(a, b) for a, b in zip(left, right, strict=True))


def identical(left: Any, right: Any) -> bool:
    """Equal by type and scale too: 1 is not 1.0, 1.0 is not 1.00."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left.as_tuple() == right.as_tuple()
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(identical(value, right[key]) for key, value in left.items())
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(identical(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return type(left) is type(right) and bool(left == right)


def comparable(left: Any, right: Any) -> bool:
    """Numbers with numbers and texts with texts have an order."""
    left, right = adapted(left, right)
    return (_is_number(left) and _is_number(right)) or (isinstance(left, str) and isinstance(right, str))


def less(left: Any, right: Any) -> bool:
    """`left < right`; false where there is no order."""
    left, right = adapted(left, right)
    if _is_number(left) and _is_number(right):
        return bool(left < right)
    return isinstance(left, str) and isinstance(right, str) and left < right


def adapted(left: Any, right: Any) -> tuple[Any, Any]:
    """A data text read as the type of the other side, where its text is exactly such a value."""
    if type(left) is DataText:
        left = read_as(left, right)
    if type(right) is DataText:
        right = read_as(right, left)
    return left, right


def read_as(text: str, other: Any) -> Any:
    """A data text as the type of `other`, where it is exactly such a value; otherwise the text."""
    plain = str(text)
    if isinstance(other, bool):
        return {"true": True, "false": False}.get(plain.lower(), plain)
    if isinstance(other, int | Decimal):
        found = as_number(plain)
        return plain if found is None else found
    return plain


def differ_in_type_only(left: Any, right: Any) -> bool:
    """ "5" against 5, "true" against true: what a person reads is the same."""
    if isinstance(left, str) == isinstance(right, str):
        return False
    text, value = (left, right) if isinstance(left, str) else (right, left)
    return equal(read_as(text, value), value)


def _is_number(value: Any) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int) and not isinstance(value, bool)
