"""The matchers of assertions: names, symbols, documentation, and what each of them checks.

A matcher is prepared once with the expected value and then checks many actual ones. Every entry has an example
that holds for SAMPLE and a counterexample that does not; a test runs them all.
"""

from collections.abc import Callable, Mapping, Sized
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from typing import Any, Final, Literal, NamedTuple

from workbench.errors import ExpressionError
from workbench.expr import compare
from workbench.expr.compare import equal, identical, less
from workbench.expr.differences import diff
from workbench.expr.names import MISSING, Scope, unmarked
from workbench.expr.numbers import as_number
from workbench.expr.patterns import full_match, pattern
from workbench.model import json
from workbench.model.json import Json
from workbench.model.result import Difference
from workbench.model.words import plural


class Mismatch(NamedTuple):
    """Why a value does not match. `reason` completes "PATH: …". `judged` is False when the question makes no sense
    for the value (the size of a number): then the negated matcher fails too."""

    reason: str = ""
    differences: tuple[Difference, ...] = ()
    type_only: bool = False
    judged: bool = True


Check = Callable[[Any, Scope], Mismatch | None]
Prepare = Callable[[Any], Check]
NO_OPERAND: Final = MISSING


class Matcher(NamedTuple):
    name: str
    prepare: Prepare
    operand: Literal["required", "optional"]
    doc: str
    example: str
    counterexample: str
    symbol: str = ""
    absent: bool = False  # asks about paths that name nothing, too


SAMPLE: Final[Mapping[str, Any]] = {
    "response": {
        "code": "0000",
        "amount": Decimal("19.90"),
        "count": 3,
        "paid": True,
        "note": None,
        "tags": ["new", "vip"],
        "items": [{"sku": "a-1", "qty": 2}, {"sku": "b-2", "qty": 5}],
        "json": '{"a": 1}',
        "empty": [],
    }
}

MATCHERS: dict[str, Matcher] = {}  # by name
OPERATORS: dict[str, Matcher] = {}  # by name and by symbol


def matcher(
    name: str,
    example: str,
    counterexample: str,
    *,
    symbol: str = "",
    operand: Literal["required", "optional"] = "required",
    absent: bool = False,
) -> Callable[[Prepare], Prepare]:
    """Register a matcher; its docstring is its documentation."""

    def register(prepare: Prepare) -> Prepare:
        doc = " ".join((prepare.__doc__ or "").split())
        entry = Matcher(name, prepare, operand, doc, example, counterexample, symbol, absent)
        MATCHERS[name] = OPERATORS[name] = entry
        if symbol:
            OPERATORS[symbol] = entry
        return prepare

    return register


def _unequal(expected: Any, actual: Any, **options: Any) -> Mismatch:
    """How two values differ: in their type only, in places, or altogether."""
    if compare.differ_in_type_only(expected, actual):
        return Mismatch("only the type differs", type_only=True)
    if isinstance(expected, dict | list) and isinstance(actual, dict | list) and type(expected) is type(actual):
        return Mismatch("", diff(expected, actual, **options))
    return Mismatch()


@matcher("equals", "response.amount == 19.9", "response.code == 0", symbol="==")
def _equals(expected: Any) -> Check:
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
    expression = _text_operand(expected, "matches")
    pattern(expression)

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        if not isinstance(actual, str):
            return Mismatch("only a text can match a pattern", judged=False)
        return None if full_match(expression, actual) else Mismatch()

    return check


def _text_part(name: str, holds: Callable[[str, str], bool]) -> Prepare:
    def prepare(expected: Any) -> Check:
        part = _text_operand(expected, name)

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
    low, high = _two(expected, "between", "[1, 10]")

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        if not (compare.comparable(actual, low) and compare.comparable(actual, high)):
            return Mismatch("only numbers with numbers and texts with texts have an order", judged=False)
        return Mismatch() if less(actual, low) or less(high, actual) else None

    return check


@matcher("close_to", "response.amount close_to [20, 0.1]", "response.amount close_to [20, 0.05]")
def _close_to(expected: Any) -> Check:
    """A number that is not farther from the first value than the second, [value, tolerance], exactly computed."""
    value, tolerance = (_number(item) for item in _two(expected, "close_to", "[19.90, 0.01]"))

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        if not compare.comparable(actual, value) or isinstance(actual, str):
            return Mismatch("only a number can be close to one", judged=False)
        distance = _exact_distance(actual, value)
        return None if distance <= tolerance else Mismatch(f"it is {str(distance)[:60]} away")

    return check


@matcher("is_null", "response.note is_null", "response.code is_null", operand="optional")
def _is_null(expected: Any) -> Check:
    """Null, and not absent. `is_null false`: any other value."""
    wanted = _flag(expected, "is_null")
    return lambda actual, scope: None if (actual is None) == wanted else Mismatch()


@matcher("exists", "response.note exists", "response.nothing exists", operand="optional", absent=True)
def _exists(expected: Any) -> Check:
    """There is something, be it null. `exists false` is absent. A query exists when it finds something."""
    wanted = _flag(expected, "exists")
    return lambda actual, scope: None if (actual is not MISSING) == wanted else Mismatch()


@matcher("absent", "response.nothing absent", "response.note absent", operand="optional", absent=True)
def _absent(expected: Any) -> Check:
    """There is nothing at all; null is something."""
    wanted = _flag(expected, "absent")
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
    test = TYPES.get(_text_operand(expected, "type"))
    if test is None:
        raise ExpressionError(f"there is no type {expected!r}", hint=f"there are: {', '.join(TYPES)}")
    return lambda actual, scope: None if test(actual) else Mismatch(f"it is {type_name(actual)}")


def type_name(value: Any) -> str:
    """The word that `type` knows a value by."""
    return next(name for name, test in TYPES.items() if test(value))


@matcher("size", "response.items size 2", 'response.tags size {">": 2}')
def _size(expected: Any) -> Check:
    """The number of items, members or characters: a number, or a question on it, `size > 2`, `size {">": 2}`."""
    from workbench.expr.nested import matchers_on

    inner = matchers_on(expected, "size") if isinstance(expected, dict) else _equals(expected)
    if not isinstance(expected, dict) and not isinstance(_loose_number(expected), int):
        raise ExpressionError("size wants a whole number", hint='write size 2 or size {">": 2}')

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        if not _sized(actual):
            return Mismatch("it has no size", judged=False)
        return None if inner(len(actual), scope) is None else Mismatch(f"its size is {len(actual)}")

    return check


@matcher("empty", "response.empty empty", "response.tags empty", operand="optional")
def _empty(expected: Any) -> Check:
    """A text, list or object with nothing in it. `empty false`: with something. Null is not empty."""
    wanted = _flag(expected, "empty")

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        if not _sized(actual):
            return Mismatch("it has no size", judged=False)
        return None if (len(actual) == 0) == wanted else Mismatch()

    return check


@matcher("each", 'response.items each {"qty": {">": 0}}', 'response.items each "@.qty > 2"')
def _each(expected: Any) -> Check:
    """Every item: an object of paths inside the item, `{"qty": {">": 0}}`, or an assertion on it, `"@.qty > 0"`."""
    from workbench.expr.nested import item_check

    inner = item_check(expected, "each")

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        if not isinstance(actual, list):
            return Mismatch("it is not a list", judged=False)
        for index, item in enumerate(actual):
            if (mismatch := inner(item, scope)) is not None:
                return Mismatch(f"item {index}: {mismatch.reason}", mismatch.differences)
        return None

    return check


@matcher("any", 'response.items any {"sku": "b-2", "qty": 5}', 'response.items any "@.qty > 5"')
def _any(expected: Any) -> Check:
    """At least one item, asked as in each."""
    from workbench.expr.nested import item_check

    inner = item_check(expected, "any")

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        if not isinstance(actual, list):
            return Mismatch("it is not a list", judged=False)
        if any(inner(item, scope) is None for item in actual):
            return None
        return Mismatch(f"none of {plural(len(actual), 'item')}")

    return check


@matcher("unordered_equals", 'response.tags unordered_equals ["vip", "new"]', 'response.tags unordered_equals ["vip"]')
def _unordered_equals(expected: Any) -> Check:
    """Equal, with the order of lists left aside, at every depth."""
    return _differing(expected, unordered=True)


@matcher("subset", 'response subset {"code": "0000", "tags": ["vip"]}', 'response subset {"code": "1"}')
def _subset(expected: Any) -> Check:
    """What is expected is there; objects may have more members, lists more items, in any order."""
    return _differing(expected, subset=True)


def _differing(expected: Any, **options: Any) -> Check:
    def check(actual: Any, scope: Scope) -> Mismatch | None:
        differences = diff(expected, actual, **options)
        return Mismatch("", differences) if differences else None

    return check


@matcher(
    "json_equals",
    'response.items[0] json_equals {"expected": {"sku": "a-1"}, "ignoring": ["$.qty"]}',
    'response.json json_equals {"a": 2}',
)
def _json_equals(expected: Any) -> Check:
    """Equal as JSON; a text that holds JSON is parsed first. `{"expected": …, "ignoring": ["$.id", "items[*].time",
    "..traceId"], "unordered": true}` leaves paths (and order) out."""
    options: dict[str, Any] = {}
    if (
        isinstance(expected, dict)
        and "expected" in expected
        and expected.keys() <= {"expected", "ignoring", "unordered"}
    ):
        options = {"ignore": _texts(expected.get("ignoring", [])), "unordered": bool(expected.get("unordered"))}
        expected = expected["expected"]
    diff(None, None, **options)  # wrong paths are errors before anything runs
    wanted = _as_json(expected)

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        differences = diff(wanted, _as_json(actual), **options)
        return Mismatch("", differences) if differences else None

    return check


@matcher(
    "schema",
    'response schema {"type": "object", "required": ["code"], "properties": {"amount": {"type": "number"}}}',
    'response schema {"properties": {"count": {"type": "string"}}}',
)
def _schema(expected: Any) -> Check:
    """Valid by a JSON Schema (2020-12 unless it names another)."""
    from workbench.expr.schemas import violations

    if not isinstance(expected, dict | bool):
        raise ExpressionError("schema wants a JSON Schema", hint='write schema {"type": "object", …}')
    find = violations(expected)

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        found = find(actual)
        return Mismatch("; ".join(found)) if found else None

    return check


# --- operands ---------------------------------------------------------------------------------------------------------


def _text_operand(expected: Any, name: str) -> str:
    if not isinstance(expected, str):
        raise ExpressionError(f"{name} wants a text", hint=f'write {name} "…"')
    return str(expected)


def _texts(expected: Any) -> list[str]:
    if not isinstance(expected, list) or not all(isinstance(item, str) for item in expected):
        raise ExpressionError("ignoring wants a list of paths", hint='write "ignoring": ["$.id"]')
    return expected


def _two(expected: Any, name: str, example: str) -> tuple[Any, Any]:
    if not isinstance(expected, list) or len(expected) != 2:
        raise ExpressionError(f"{name} wants a list of two", hint=f"write {name} {example}")
    return expected[0], expected[1]


def _flag(expected: Any, name: str) -> bool:
    if expected is NO_OPERAND or expected is True:
        return True
    if expected is False:
        return False
    raise ExpressionError(f"{name} wants nothing, true or false", hint=f"write {name}")


def _loose_number(expected: Any) -> Any:
    found = as_number(expected) if isinstance(expected, str) and type(expected) is not str else expected
    return None if isinstance(found, bool) else found


def _number(expected: Any) -> Decimal:
    found = _loose_number(expected)
    if not isinstance(found, int | Decimal):
        raise ExpressionError("close_to wants two numbers", hint="write close_to [19.90, 0.01]")
    return Decimal(found)


def _exact_distance(left: int | Decimal, right: Decimal) -> Decimal:
    with localcontext(Context(prec=10_000, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])):
        return abs(Decimal(left) - right)


def _sized(value: Any) -> bool:
    return isinstance(value, Sized) and isinstance(value, str | list | Mapping)


def _as_json(value: Json) -> Json:
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        return json.loads(value)
    return value
