"""Arithmetic on amounts without rounding that nobody asked for. Arguments are numbers or texts of numbers.

Python's own operators work on the decimals that responses hold, too, but round to 28 digits.
"""

import decimal as stdlib
import re
from decimal import Decimal
from fractions import Fraction

from workbench.errors import KeywordError
from workbench.model.words import clipped
from workbench.plugin_api import keyword

GROUP = "decimal"
Number = int | Decimal | str

_LONGEST = 3_000  # digits before and behind the point; beyond that a number is an attack
_DIGITS = 20_000
_SPELLED = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,9})?", re.ASCII)
_HALF = Fraction(1, 2)
_EXACT = stdlib.Context(
    prec=_DIGITS, traps=[stdlib.Inexact, stdlib.InvalidOperation, stdlib.Overflow, stdlib.DivisionByZero]
)
_ROUNDING = {
    "HALF_UP": stdlib.ROUND_HALF_UP,
    "HALF_EVEN": stdlib.ROUND_HALF_EVEN,
    "HALF_DOWN": stdlib.ROUND_HALF_DOWN,
    "UP": stdlib.ROUND_UP,
    "DOWN": stdlib.ROUND_DOWN,
    "CEILING": stdlib.ROUND_CEILING,
    "FLOOR": stdlib.ROUND_FLOOR,
}


@keyword(GROUP, pure=True)
def decimal(value: Number) -> Decimal:
    """Make an exact decimal, with all digits as written.

    value: best as text: a number with a fraction that a script writes plainly has been a float before

    Example: $app.decimal("5000000000.10") → 5000000000.10
    """
    return _decimal(value)


@keyword(GROUP, pure=True)
def decimalAdd(first: Number, second: Number, *more: Number) -> Decimal:
    """Add numbers exactly; the result has the scale of the finest one.

    first: a number, or its text
    second: another
    more: and more

    Example: $app.decimalAdd("0.10", "0.20", 1) → 1.30
    """
    total = _decimal(first)
    for value in (second, *more):
        total = _EXACT.add(total, _decimal(value))
    return total


@keyword(GROUP, pure=True)
def decimalSubtract(first: Number, second: Number) -> Decimal:
    """Subtract exactly: first − second.

    first: a number, or its text
    second: what is taken away

    Example: $app.decimalSubtract("1.10", "0.2") → 0.90
    """
    return _EXACT.subtract(_decimal(first), _decimal(second))


@keyword(GROUP, pure=True)
def decimalMultiply(first: Number, second: Number) -> Decimal:
    """Multiply exactly.

    first: a number, or its text
    second: another

    Example: $app.decimalMultiply("19.99", 3) → 59.97
    """
    return _EXACT.multiply(_decimal(first), _decimal(second))


@keyword(GROUP, pure=True)
def decimalDivide(first: Number, second: Number, scale: int = 2, rounding: str = "HALF_UP") -> Decimal:
    """Divide and round once, as Java's BigDecimal.divide does.

    first: a number, or its text
    second: what it is divided by
    scale: digits behind the point
    rounding: HALF_UP, HALF_EVEN, HALF_DOWN, UP, DOWN, CEILING, FLOOR

    Example: $app.decimalDivide("10.00", 3) → 3.33
    Example: $app.decimalDivide(2, 3, 4, "DOWN") → 0.6666
    """
    top, bottom = _decimal(first), _decimal(second)
    if not bottom:
        raise KeywordError("division by zero")
    ratio = Fraction(top) / Fraction(bottom) * 10 ** _scale(scale)
    whole, rest = divmod(abs(ratio), 1)
    # which side of a half the rest lies on is all that rounding needs to know of it
    tail = 0 if not rest else 2 if rest < _HALF else 5 if rest == _HALF else 8
    shown = Decimal(whole * 10 + tail).scaleb(-scale - 1, _EXACT)
    return _rounded(shown.copy_negate() if ratio < 0 else shown, scale, rounding)


@keyword(GROUP, pure=True)
def decimalRound(value: Number, scale: int = 2, rounding: str = "HALF_UP") -> Decimal:
    """Round to a number of digits behind the point.

    value: a number, or its text
    scale: digits behind the point
    rounding: HALF_UP, HALF_EVEN, HALF_DOWN, UP, DOWN, CEILING, FLOOR

    Example: $app.decimalRound("2.345") → 2.35
    Example: $app.decimalRound("2.345", 2, "HALF_EVEN") → 2.34
    """
    return _rounded(_decimal(value), scale, rounding)


@keyword(GROUP, pure=True)
def decimalCompare(first: Number, second: Number) -> int:
    """Compare by value: -1, 0 or 1.

    first: a number, or its text
    second: another

    Example: $app.decimalCompare("1.0", "1.00") → 0
    Example: $app.decimalCompare(2, "10") → -1
    """
    left, right = _decimal(first), _decimal(second)
    return (left > right) - (left < right)


def _decimal(value: Number) -> Decimal:
    if isinstance(value, str) and not _SPELLED.fullmatch(value.strip()):
        raise KeywordError(f"{clipped(value, 60)!r} is not a number")
    number = Decimal(value.strip() if isinstance(value, str) else value)
    if max(abs(number.adjusted()), len(number.as_tuple().digits)) > _LONGEST:
        raise KeywordError(f"numbers of more than {_LONGEST} digits are not calculated with")
    return number


def _scale(scale: int) -> int:
    if not 0 <= scale <= 1000:
        raise KeywordError(f"a scale is 0 to 1000, not {scale}")
    return scale


def _rounded(value: Decimal, scale: int, rounding: str) -> Decimal:
    if rounding not in _ROUNDING:
        raise KeywordError(f"unknown rounding {rounding!r}", hint=f"one of {', '.join(_ROUNDING)}")
    context = stdlib.Context(prec=_DIGITS, traps=[stdlib.InvalidOperation])
    return value.quantize(Decimal(1).scaleb(-_scale(scale)), _ROUNDING[rounding], context)
