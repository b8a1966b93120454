"""Paths into values that a keyword holds: reading, changing a copy."""

from workbench.errors import KeywordError
from workbench.expr import MISSING, Path, compile_path
from workbench.model.json import Json

_ROOT = "value"
Steps = tuple[str | int, ...]


def compiled(path: str, root: str = _ROOT) -> Path:
    """`data.id`, `[0].id`, `$.data.id` as a path below `root`. Raises ExpressionError."""
    path = path.strip().removeprefix("$").removeprefix(".")
    return compile_path(root if not path else root + path if path.startswith("[") else f"{root}.{path}")


def found(value: Json, path: str, root: str = _ROOT, default: tuple[Json, ...] = ()) -> Json:
    """What stands at the path; nothing there is a KeywordError unless a default is given."""
    result = compiled(path, root).find({root: value})
    if result is not MISSING:
        return result
    if default:
        return default[0]
    raise KeywordError(
        f"there is nothing at {root}.{path}", hint="give a default as the last argument, or mend the path"
    )


def steps_of(path: str) -> Steps:
    """Names and indexes of a path that leads to one place. Raises KeywordError for any other."""
    known = compiled(path)
    if not known.plain:
        raise KeywordError(f"{path!r} does not name one place", hint="names and indexes only: data.items[0].qty")
    return known.steps


def with_value(value: Json, steps: Steps, new: Json) -> Json:
    """A copy with `new` at the steps. Objects on the way are made, lists grow by one at most."""
    if not steps:
        return new
    first, rest = steps[0], steps[1:]
    if isinstance(first, int):
        items = list(value) if isinstance(value, list) else None
        if items is None or not -len(items) <= first <= len(items):
            raise KeywordError(f"there is no place [{first}] to put something", hint="a list grows at its end only")
        items[first : first + 1 or None] = [with_value(items[first] if first < len(items) else None, rest, new)]
        return items
    if value is not None and not isinstance(value, dict):
        raise KeywordError(f"{first!r} cannot be put into something that is no object")
    fields = value or {}
    return {**fields, first: with_value(fields.get(first), rest, new)}


def without(value: Json, steps: Steps) -> Json:
    """A copy without what stands at the steps."""
    first, rest = (steps[0], steps[1:]) if steps else ("", ())
    if isinstance(value, dict) and first in value:
        kept = {key: item for key, item in value.items() if key != first}
        return {**value, first: without(value[first], rest)} if rest else kept
    if isinstance(value, list) and isinstance(first, int) and -len(value) <= first < len(value):
        items = list(value)
        items[first : first + 1 or None] = [without(value[first], rest)] if rest else []
        return items
    return value
