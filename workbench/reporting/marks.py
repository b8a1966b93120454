"""A payload laid out for reading, with the places marked where an assertion failed.

Done here and not in the browser: JSON.parse there would lose digits.
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from workbench.errors import JsonError
from workbench.model import json
from workbench.model.json import Json
from workbench.model.result import AssertionResult
from workbench.model.words import clipped

MAX_TEXT = 64 * 1024
MAX_PARSED = 4 * 1024 * 1024
AROUND = 4  # lines kept around a mark that lies beyond the cut
_STEP = re.compile(
    r"""\.(?P<name>[^.\[\]\s]+)|\[(?P<index>\d+)\]|\[(?P<quote>["'])(?P<key>(?:[^\\]|\\.)*?)(?P=quote)\]"""
)
_ROOT = re.compile(r"response|request|exception|attachments|ctx|row|\$")

Place = tuple[str | int, ...]


class Payload(Struct, frozen=True, omit_defaults=True):
    """`marks`: (line from 0, what was expected there). `left_out`: characters that are not shown."""

    text: str
    marks: tuple[tuple[int, str], ...] = ()
    left_out: int = 0


def payload(text: str | None, places: Mapping[Place, str] | None = None) -> Payload | None:
    """The JSON text in two-blank layout; as it is when it is no JSON or very large."""
    if text is None:
        return None
    if len(text) > MAX_PARSED:
        return Payload(text[:MAX_TEXT], left_out=len(text) - MAX_TEXT)
    try:
        value = json.loads(text)
    except JsonError:
        return Payload(text[:MAX_TEXT], left_out=max(len(text) - MAX_TEXT, 0))
    lines, found = _laid_out(value, places or {})
    return _shortened(lines, found)


def places(assertions: tuple[AssertionResult, ...], root: str) -> dict[Place, str]:
    """Where the failed assertions look in `root` (response, request), with the JSON text expected there."""
    found: dict[Place, str] = {}
    for assertion in assertions:
        if assertion.passed:
            continue
        wanted = [(_absolute(each.path, assertion.path), each.expected) for each in assertion.differences]
        for path, expected in wanted or [(assertion.path, assertion.expected)]:
            place = parse(path, root)
            if place is not None:
                found.setdefault(place, expected if expected is not None else "—")
    return found


def parse(path: str, root: str) -> Place | None:
    """The keys of a plain path below `root`; None for other roots and for queries with filters."""
    if not path.startswith(root):
        return None
    at, place = len(root), list[str | int]()
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None:
            return None
        key = step["name"] if step["name"] is not None else step["key"]
        place.append(int(step["index"]) if step["index"] is not None else key)
        at = step.end()
    return tuple(place)


def _absolute(path: str, base: str) -> str:
    """Differences may be told from the payload's root or from the assertion's path."""
    if path.startswith("$"):
        return base + path[1:]
    if not path or path[0] in ".[":
        return base + path
    return path if _ROOT.match(path) else f"{base}.{path}"


def _laid_out(value: Json, places: Mapping[Place, str]) -> tuple[list[str], dict[int, str]]:
    """Lines, and line number → expected. A place that is absent marks the nearest part that is there."""
    prefixes = {place[:length] for place in places for length in range(len(place) + 1)}
    line_of: dict[Place, int] = {}
    lines: list[str] = []
    for place, line in _lines(value, (), "", ""):
        if place in prefixes:
            line_of.setdefault(place, len(lines))
        lines.append(line)
    found: dict[int, str] = {}
    for place, expected in places.items():
        there = next(place[:length] for length in range(len(place), -1, -1) if place[:length] in line_of)
        label = expected if there == place else f"{_name(place[len(there) :])}: {expected}"
        at = line_of[there]
        found[at] = f"{found[at]} · {label}" if at in found else label
    return lines, found


def _name(place: Place) -> str:
    return ".".join(str(key) for key in place)


def _lines(value: Json, place: Place, indent: str, head: str, tail: str = "") -> Iterator[tuple[Place, str]]:
    if not isinstance(value, dict | list) or not value:
        yield place, f"{indent}{head}{json.dumps(value)}{tail}"
        return
    is_object = isinstance(value, dict)
    yield place, f"{indent}{head}{'{' if is_object else '['}"
    entries = list(value.items() if isinstance(value, dict) else enumerate(value))
    for number, (key, inner) in enumerate(entries, 1):
        label = f"{json.dumps(key)}: " if is_object else ""
        yield from _lines(inner, (*place, key), f"{indent}  ", label, "," if number < len(entries) else "")
    yield (*place, ""), f"{indent}{'}' if is_object else ']'}{tail}"


def _shortened(lines: list[str], found: dict[int, str]) -> Payload:
    """The first MAX_TEXT characters, and what lies around marks beyond them."""
    total, keep = 0, len(lines)
    for number, line in enumerate(lines):
        total += len(line) + 1
        if total > MAX_TEXT:
            keep = number
            break
    if keep == len(lines):
        return Payload("\n".join(lines), tuple(sorted(found.items())))
    kept = set(range(keep)) | {
        near for at in list(found)[:20] for near in range(max(at - AROUND, 0), min(at + AROUND + 1, len(lines)))
    }
    return _with_gaps(lines, found, sorted(kept))


def _with_gaps(lines: list[str], found: dict[int, str], kept: list[int]) -> Payload:
    out: list[str] = []
    marks: list[tuple[int, str]] = []
    for before, at in zip([-1, *kept], kept, strict=False):
        if at != before + 1:
            out.append("…")
        if at in found:
            marks.append((len(out), found[at]))
        out.append(clipped(lines[at], MAX_TEXT))
    if not kept or kept[-1] != len(lines) - 1:
        out.append("…")
    left_out = sum(map(len, lines)) - sum(map(len, out))
    return Payload("\n".join(out), tuple(marks), max(left_out, 1))
