"""Where two JSON values differ: a list of places instead of two dumps."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from workbench.errors import ExpressionError
from workbench.expr.compare import equal
from workbench.expr.names import DataText, unmarked
from workbench.expr.nodes import member_path
from workbench.model import json
from workbench.model.json import Json
from workbench.model.result import Difference

MAX_PAIRS: Final = 1_000_000  # of items that are tried against each other: some seconds
Steps = tuple[str | int, ...]

_PATTERN_STEP: Final = re.compile(
    r"""(?P<deep>\.\.)?\.?(?:(?P<name>[^\s.\[\]*"']+)|(?P<star>\*)|\[\s*(?:(?P<index>\d+)|(?P<any>\*)|"(?P<double>[^"]*)"|'(?P<single>[^']*)')\s*\])"""
)


def diff(
    expected: Json, actual: Json, *, ignore: Sequence[str] = (), unordered: bool = False, subset: bool = False
) -> tuple[Difference, ...]:
    """The places where `actual` is not what is expected; empty when it is.

    `ignore`: paths that do not count, as `$.id`, `items[*].time`, `..traceId`. `unordered`: lists are compared
    without order. `subset`: objects may have more members and lists more items (in any order) than expected.
    """
    comparison = _Comparison([_pattern(path) for path in ignore], unordered=unordered, subset=subset)
    try:
        comparison.compare(expected, actual, (), "$")
    except RecursionError:
        raise ExpressionError("the values are nested too deeply to be compared") from None
    return tuple(comparison.found)


class _Comparison:
    def __init__(self, ignore: list[re.Pattern[str]], *, unordered: bool, subset: bool) -> None:
        self.ignore = ignore
        self.unordered = unordered or subset
        self.subset = subset
        self.found: list[Difference] = []

    def compare(self, expected: Any, actual: Any, steps: Steps, path: str) -> None:
        if self.ignored(steps):
            return
        if isinstance(expected, Mapping) and isinstance(actual, Mapping):
            self.objects(expected, actual, steps, path)
        elif isinstance(expected, list) and isinstance(actual, list):
            (self.sets if self.unordered else self.lists)(expected, actual, steps, path)
        elif not equal(expected, actual):
            self.found.append(Difference(path, _text(expected), _text(actual)))

    def ignored(self, steps: Steps) -> bool:
        if not self.ignore:
            return False
        spelled = "".join(f"/{step}" for step in steps)
        return any(pattern.fullmatch(spelled) for pattern in self.ignore)

    def objects(self, expected: Mapping[str, Any], actual: Mapping[str, Any], steps: Steps, path: str) -> None:
        for key, value in expected.items():
            if key in actual:
                self.compare(value, actual[key], (*steps, key), member_path(path, key))
            elif not self.ignored((*steps, key)):
                self.found.append(Difference(member_path(path, key), _text(value), None))
        if self.subset:
            return
        for key, value in actual.items():
            if key not in expected and not self.ignored((*steps, key)):
                self.found.append(Difference(member_path(path, key), None, _text(value)))

    def lists(self, expected: list[Any], actual: list[Any], steps: Steps, path: str) -> None:
        for index in range(max(len(expected), len(actual))):
            inner, place = (*steps, index), f"{path}[{index}]"
            if index < len(expected) and index < len(actual):
                self.compare(expected[index], actual[index], inner, place)
            elif self.ignored(inner):
                continue
            elif index < len(expected):
                self.found.append(Difference(place, _text(expected[index]), None))
            else:
                self.found.append(Difference(place, None, _text(actual[index])))

    def sets(self, expected: list[Any], actual: list[Any], steps: Steps, path: str) -> None:
        """Without order: every expected item takes an actual one of its own, as many as can be."""
        left, over = self.unmatched(expected, actual, steps)
        if len(left) == 1 and len(over) == 1:  # the one wrong item: say what is wrong in it
            self.compare(expected[left[0]], actual[over[0]], (*steps, over[0]), f"{path}[{over[0]}]")
            return
        self.found += [Difference(f"{path}[*]", _text(expected[index]), None) for index in left]
        self.found += [Difference(f"{path}[{index}]", None, _text(actual[index])) for index in over]

    def unmatched(self, expected: list[Any], actual: list[Any], steps: Steps) -> tuple[list[int], list[int]]:
        """Indexes of expected and of surplus actual items. Equal items find each other by key, the rest by trying."""
        left, over = _unpaired(
            [self.key(item, (*steps, index)) for index, item in enumerate(expected)],
            [self.key(item, (*steps, index)) for index, item in enumerate(actual)],
        )
        if not left and (self.subset or not over):
            return [], []
        if not self.subset and not any(map(_has_data, expected)):
            return left, over  # what has no equal has no partner
        if len(expected) * len(actual) > MAX_PAIRS:
            raise ExpressionError(f"lists of {len(expected)} and {len(actual)} items are too long to be compared so")
        partner = _matching(expected, actual, lambda e, a, index: self.agrees(e, a, (*steps, index)))
        taken = set(partner.values())
        rest = [] if self.subset else [index for index in range(len(actual)) if index not in partner]
        return [index for index in range(len(expected)) if index not in taken], rest

    def key(self, value: Any, steps: Steps) -> Any:
        """Equal exactly for values that are equal without order: numbers by value, truth values apart from them."""
        if self.ignored(steps):
            return ()
        if isinstance(value, Mapping):
            members = ((key, item) for key, item in value.items() if not self.ignored((*steps, key)))
            return "object", frozenset((key, self.key(item, (*steps, key))) for key, item in members)
        if isinstance(value, list):
            return "list", frozenset(Counter(self.key(item, (*steps, i)) for i, item in enumerate(value)).items())
        return ("text", str(value)) if isinstance(value, str) else (isinstance(value, bool), value)

    def agrees(self, expected: Any, actual: Any, steps: Steps) -> bool:
        inner = _Comparison(self.ignore, unordered=self.unordered, subset=self.subset)
        inner.compare(expected, actual, steps, "")
        return not inner.found


def _unpaired(expected: list[Any], actual: list[Any]) -> tuple[list[int], list[int]]:
    """Indexes on both sides that are left when equal keys have been paired."""
    places: dict[Any, list[int]] = {}
    for index in range(len(actual) - 1, -1, -1):
        places.setdefault(actual[index], []).append(index)
    left = []
    for index, key in enumerate(expected):
        if places.get(key):
            places[key].pop()
        else:
            left.append(index)
    return left, sorted(index for rest in places.values() for index in rest)


def _has_data(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_data, value.values()))
    return any(map(_has_data, value)) if isinstance(value, list) else type(value) is DataText


def _matching(expected: list[Any], actual: list[Any], agrees: Any) -> dict[int, int]:
    """A largest matching actual index → expected index (augmenting paths): taking the first that fits may steal
    the only partner of a later item."""
    partner: dict[int, int] = {}
    known: dict[tuple[int, int], bool] = {}

    def fits(wanted: int, index: int) -> bool:
        if (wanted, index) not in known:
            known[wanted, index] = agrees(expected[wanted], actual[index], index)
        return known[wanted, index]

    def place(wanted: int, seen: set[int]) -> bool:
        if wanted < len(actual) and wanted not in partner and fits(wanted, wanted):  # lists are mostly in order
            partner[wanted] = wanted
            return True
        free = [index for index in range(len(actual)) if index not in partner]
        for index in (*free, *[index for index in partner if index not in seen]):
            if fits(wanted, index):
                seen.add(index)
                if index not in partner or place(partner[index], seen):
                    partner[index] = wanted
                    return True
        return False

    for wanted in range(len(expected)):
        place(wanted, set())
    return partner


def _pattern(path: str) -> re.Pattern[str]:
    """An ignored path as a pattern over `/step/step`."""
    text = path.strip()
    position = 1 if text.startswith("$") else 0
    pattern = ""
    while position < len(text):
        match = _PATTERN_STEP.match(text, position)
        if match is None:
            raise ExpressionError(
                f"{path!r} is not a path to ignore (column {position + 1})",
                hint="write $.id, items[*].time or ..traceId",
            )
        step = match["name"] or match["index"] or match["double"] or match["single"]
        pattern += "(?:/[^/]*)*" if match["deep"] else ""
        pattern += "/[^/]*" if step is None else "/" + re.escape(step)
        position = match.end()
    return re.compile(pattern + "(?:/.*)?", re.DOTALL)


def _text(value: Any) -> str:
    return json.dumps(unmarked(value))
