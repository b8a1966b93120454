"""The matchers of single values: equal, in order, part of, near, there, of a type."""

from collections.abc import Callable, Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from typing import Any, Final

from workbench.errors import ExpressionError
from workbench.expr import compare
from workbench.expr.compare import equal, identical, less
from workbench.expr.differences import diff
from workbench.expr.matcher import Check, Mismatch, Prepare, matcher
from workbench.expr.names import MISSING, Scope, unmarked
from workbench.expr.operands import flag, number, text_operand, two
from workbench.expr.patterns import full_match, pattern
from workbench.model.words import clipped


def _unequal(expected: Any, actual: Any, **options: Any) -> Mismatch:
    """How two values differ: in their type only, in places, or altogether."""
    if compare.differ_in_type_only(expected, actual):
        return Mismatch("only the type differs", type_only=True)
    if isinstance(expected, dict | list) and isinstance(actual, dict | list) and type(expected) is type(actual):
        return Mismatch("", diff(expected, actual, **options))
    return Mismatch()


@matcher("equals", "response.amount == 19.9", "response.code == 0", symbol="==")
def equals(expected: Any) -> Check:
    """The same JSON value. Numbers compare by value: 1.0 equals 1.00; texts never equal numbers."""
    return lambda actual, scope: None if equal(actual, expected) else _unequal(expected, actual)


@matcher("not_equals", 'response.code != "9999"', "response.count != 3", symbol="!=")
def _not_equals(expected: Any) -> Check:
    """Another JSON value. A path that names nothing fails: use absent."""
    return lambda actual, scope: Mismatch() if equal(actual, expected) else None


@matcher("same", "response.amount same 19.90", "response.amount same 19.9")
def _same(expected: Any) -> Check:
    """Equal by type and scale too: 1 is not 1.0, and 1.0 is not 1.00."""

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        wanted = unmarked(compare.adapted(actual, expected)[1])
        if identical(actual, wanted):
            return None
        reason = "equal by value, but not by type and scale" if equal(actual, expected) else ""
        return Mismatch(reason, type_only=bool(reason))

    return check


def _ordered(holds: Callable[[Any, Any], bool]) -> Prepare:
    def prepare(expected: Any) -> Check:
        def check(actual: Any, scope: Scope) -> Mismatch | None:
            if not compare.comparable(actual, expected):
                only = compare.differ_in_type_only(expected, actual)
                return Mismatch("only numbers with numbers and texts with texts have an order", (), only, judged=False)
            return None if holds(actual, expected) else Mismatch()

        return check

    return prepare


def _order(
    name: str, symbol: str, example: str, counterexample: str, doc: str, holds: Callable[[Any, Any], bool]
) -> None:
    prepare = _ordered(holds)
    prepare.__doc__ = f"{doc} Numbers by value, texts by character (so ISO dates by time)."
    matcher(name, example, counterexample, symbol=symbol)(prepare)


_order("greater", ">", "response.count > 2", "response.count > 3", "Greater.", lambda a, e: less(e, a))
_order("at_least", ">=", "response.count >= 3", "response.count >= 4", "Greater or equal.", lambda a, e: not less(a, e))
_order("less", "<", "response.amount < 20", "response.amount < 19.9", "Less.", less)
_order(
    "at_most", "<=", "response.amount <= 19.90", "response.count <= 2", "Less or equal.", lambda a, e: not less(e, a)
)


@matcher("contains", 'response.tags contains "vip"', 'response.code contains "1"')
def _contains(expected: Any) -> Check:
    """A text contains a text, a list an equal item, an object a key."""

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        if isinstance(actual, list):
            return None if any(equal(item, expected) for item in actual) else Mismatch()
        if isinstance(actual, str | Mapping):
            if not isinstance(expected, str):
                return Mismatch("a text can only contain a text, an object a key", judged=False)
            return None if expected in actual else Mismatch()
        return Mismatch("only texts, lists and objects can contain something", judged=False)

    return check


@matcher("matches", 'response.code matches "[0-9]{4}"', 'response.code matches "0"')
def _matches(expected: Any) -> Check:
    """The whole text matches a regular expression (as in Java). It has half a second."""
    expression = text_operand(expected, "matches")
    pattern(expression)

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        if not isinstance(actual, str):
            return Mismatch("only a text can match a pattern", judged=False)
        return None if full_match(expression, actual) else Mismatch()

    return check


def _text_part(name: str, holds: Callable[[str, str], bool]) -> Prepare:
    def prepare(expected: Any) -> Check:
        part = text_operand(expected, name)

        def check(actual: Any, scope: Scope) -> Mismatch | None:
            if not isinstance(actual, str):
                return Mismatch("it is not a text", judged=False)
            return None if holds(actual, part) else Mismatch()

        return check

    prepare.__doc__ = f"A text that {name.replace('_with', '')} with this."
    return prepare


matcher("starts_with", 'response.code starts_with "00"', 'response.code starts_with "1"')(
    _text_part("starts_with", str.startswith)
)
matcher("ends_with", 'response.items[0].sku ends_with "-1"', 'response.code ends_with "1"')(
    _text_part("ends_with", str.endswith)
)


@matcher("in", 'response.code in ["0000", "0001"]', "response.count in [1, 2]")
def _in(expected: Any) -> Check:
    """One of these values."""
    if not isinstance(expected, list):
        raise ExpressionError("in wants a list", hint='write in ["NEW", "PAID"]')
    return lambda actual, scope: None if any(equal(actual, item) for item in expected) else Mismatch()


@matcher("between", "response.count between [1, 3]", "response.amount between [20, 30]")
def _between(expected: Any) -> Check:
    """From the first to the second of two values, both included."""
    low, high = two(expected, "between", "[1, 10]")

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        if not (compare.comparable(actual, low) and compare.comparable(actual, high)):
            return Mismatch("only numbers with numbers and texts with texts have an order", judged=False)
        return Mismatch() if less(actual, low) or less(high, actual) else None

    return check


@matcher("close_to", "response.amount close_to [20, 0.1]", "response.amount close_to [20, 0.05]")
def _close_to(expected: Any) -> Check:
    """A number that is not farther from the first value than the second, [value, tolerance], exactly computed."""
    value, tolerance = (number(item) for item in two(expected, "close_to", "[19.90, 0.01]"))

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        if not compare.comparable(actual, value) or isinstance(actual, str):
            return Mismatch("only a number can be close to one", judged=False)
        distance = _exact_distance(actual, value)
        return None if distance <= tolerance else Mismatch(f"it is {clipped(str(distance), 60)} away")

    return check


@matcher("is_null", "response.note is_null", "response.code is_null", operand="optional")
def _is_null(expected: Any) -> Check:
    """Null, and not absent. `is_null false`: any other value."""
    wanted = flag(expected, "is_null")
    return lambda actual, scope: None if (actual is None) == wanted else Mismatch()


@matcher("exists", "response.note exists", "response.nothing exists", operand="optional", absent=True)
def _exists(expected: Any) -> Check:
    """There is something, be it null. `exists false` is absent. A query exists when it finds something."""
    wanted = flag(expected, "exists")
    return lambda actual, scope: None if (actual is not MISSING) == wanted else Mismatch()


@matcher("absent", "response.nothing absent", "response.note absent", operand="optional", absent=True)
def _absent(expected: Any) -> Check:
    """There is nothing at all; null is something."""
    wanted = flag(expected, "absent")
    return lambda actual, scope: None if (actual is MISSING) == wanted else Mismatch()


TYPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "text": lambda value: isinstance(value, str),
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | Decimal) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "decimal": lambda value: isinstance(value, Decimal),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "object": lambda value: isinstance(value, Mapping),
    "list": lambda value: isinstance(value, list),
    "array": lambda value: isinstance(value, list),
}


@matcher("type", 'response.amount type "number"', 'response.code type "number"')
def _type(expected: Any) -> Check:
    """text (string), number, integer, decimal, boolean, null, object, list (array)."""
    test = TYPES.get(text_operand(expected, "type"))
    if test is None:
        raise ExpressionError(f"there is no type {expected!r}", hint=f"there are: {', '.join(TYPES)}")
    return lambda actual, scope: None if test(actual) else Mismatch(f"it is {type_name(actual)}")


def type_name(value: Any) -> str:
    """The word that `type` knows a value by."""
    return next(name for name, test in TYPES.items() if test(value))


def _exact_distance(left: int | Decimal, right: Decimal) -> Decimal:
    with localcontext(Context(prec=10_000, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])):
        return abs(Decimal(left) - right)
