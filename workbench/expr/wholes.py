"""The matchers of lists, objects and whole documents: size, items, subsets, JSON texts, schemas."""

from collections.abc import Mapping, Sized
from typing import Any

from workbench.errors import ExpressionError
from workbench.expr.comparing import equals
from workbench.expr.differences import diff
from workbench.expr.matcher import Check, Mismatch, matcher
from workbench.expr.names import Scope
from workbench.expr.nested import item_check, matchers_on
from workbench.expr.operands import flag, loose_number, texts
from workbench.model import json
from workbench.model.json import Json
from workbench.model.words import plural


@matcher("size", "response.items size 2", 'response.tags size {">": 2}')
def _size(expected: Any) -> Check:
    """The number of items, members or characters: a number, or a question on it, `size > 2`, `size {">": 2}`."""
    inner = matchers_on(expected, "size") if isinstance(expected, dict) else equals(expected)
    if not isinstance(expected, dict) and not isinstance(loose_number(expected), int):
        raise ExpressionError("size wants a whole number", hint='write size 2 or size {">": 2}')

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        if not _sized(actual):
            return Mismatch("it has no size", judged=False)
        return None if inner(len(actual), scope) is None else Mismatch(f"its size is {len(actual)}")

    return check


@matcher("empty", "response.empty empty", "response.tags empty", operand="optional")
def _empty(expected: Any) -> Check:
    """A text, list or object with nothing in it. `empty false`: with something. Null is not empty."""
    wanted = flag(expected, "empty")

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        if not _sized(actual):
            return Mismatch("it has no size", judged=False)
        return None if (len(actual) == 0) == wanted else Mismatch()

    return check


@matcher("each", 'response.items each {"qty": {">": 0}}', 'response.items each "@.qty > 2"')
def _each(expected: Any) -> Check:
    """Every item: an object of paths inside the item, `{"qty": {">": 0}}`, or an assertion on it, `"@.qty > 0"`."""
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
        options = {"ignore": texts(expected.get("ignoring", [])), "unordered": bool(expected.get("unordered"))}
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
    from workbench.expr.schemas import violations  # loads its library

    if not isinstance(expected, dict | bool):
        raise ExpressionError("schema wants a JSON Schema", hint='write schema {"type": "object", …}')
    find = violations(expected)

    def check(actual: Any, scope: Scope) -> Mismatch | None:
        found = find(actual)
        return Mismatch("; ".join(found)) if found else None

    return check


def _sized(value: Any) -> bool:
    return isinstance(value, Sized) and isinstance(value, str | list | Mapping)


def _as_json(value: Json) -> Json:
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        return json.loads(value)
    return value
