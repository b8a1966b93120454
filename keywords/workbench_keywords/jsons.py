"""JSON texts and values; every digit stays."""

from workbench.expr import diff
from workbench.model import json
from workbench.model.json import Json
from workbench.model.result import Difference
from workbench.plugin_api import keyword
from workbench_keywords._paths import found, steps_of, with_value, without

GROUP = "json"


@keyword(GROUP, pure=True)
def toJson(value: Json, indent: bool = False) -> str:
    """Write a value as JSON text.

    value: any value
    indent: over several lines, for eyes

    Example: $app.toJson({"amount": $app.decimal("1.10"), "ok": True}) → "{\\"amount\\":1.10,\\"ok\\":true}"
    """
    return json.pretty(value) if indent else json.dumps(value)


@keyword(GROUP, pure=True)
def parseJson(text: str) -> Json:
    """Read a JSON text; numbers with a fraction become exact decimals.

    text: the JSON

    Example: $app.parseJson("[1.10, 9007199254740993]") → [1.10, 9007199254740993]
    """
    return json.loads(text)


@keyword(GROUP, pure=True)
def jsonPath(value: Json, path: str, *default: Json) -> Json:
    """Give what stands at a JSONPath (RFC 9535); a list, where the path can match several places.

    value: an object or a list; a JSON text is read first
    path: data.items[0].sku, $.data.items[?@.qty > 1], [*].id
    default: what to give when there is nothing

    Example: $app.jsonPath({"items": [{"id": 1}, {"id": 2}]}, "items[?@.id > 1].id") → [2]
    Example: $app.jsonPath({"a": 1}, "b", 0) → 0
    """
    return found(json.loads(value) if isinstance(value, str) else value, path, default=default)


@keyword(GROUP, pure=True)
def jsonSet(value: Json, path: str, new: Json) -> Json:
    """Give a copy of a value in which something else stands at a path.

    Objects that are missing on the way are made; a list can be lengthened by one.

    value: an object or a list
    path: names and indexes: data.items[0].qty
    new: what to put there

    Example: $app.jsonSet({"a": {"b": 1}}, "a.c", [2]) → {"a": {"b": 1, "c": [2]}}
    """
    return with_value(value, steps_of(path), new)


@keyword(GROUP, pure=True)
def jsonRemove(value: Json, path: str) -> Json:
    """Give a copy of a value without what stands at a path; nothing there is no error.

    value: an object or a list
    path: names and indexes: data.items[0]

    Example: $app.jsonRemove({"a": 1, "b": 2}, "b") → {"a": 1}
    """
    return without(value, steps_of(path))


@keyword(GROUP, pure=True)
def jsonMerge(base: Json, change: Json) -> Json:
    """Lay one object over another (JSON Merge Patch, RFC 7396): null removes, everything but objects replaces.

    base: the value below
    change: the one above

    Example: $app.jsonMerge({"a": 1, "b": {"c": 2}}, {"a": None, "b": {"d": 3}}) → {"b": {"c": 2, "d": 3}}
    """
    if not isinstance(change, dict):
        return change
    merged = dict(base) if isinstance(base, dict) else {}
    for key, value in change.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = jsonMerge(merged.get(key), value)
    return merged


@keyword(GROUP, pure=True)
def jsonDiff(expected: Json, actual: Json, ignore: list[str] | None = None) -> list[Json]:
    """List the places where two values differ: {path, expected, actual}; a side that has nothing there has no key.

    Numbers are compared by value: 1.0 equals 1.00.

    expected: one value
    actual: the other
    ignore: paths that do not count: $.id, items[*].time, ..traceId

    Example: $app.jsonDiff({"a": 1, "b": 2}, {"a": 1, "b": 3}) → [{"path": "$.b", "expected": 2, "actual": 3}]
    """
    return [_place(difference) for difference in diff(expected, actual, ignore=ignore or ())]


def _place(difference: Difference) -> dict[str, Json]:
    sides = {"expected": difference.expected, "actual": difference.actual}
    return {"path": difference.path, **{side: json.loads(text) for side, text in sides.items() if text is not None}}
