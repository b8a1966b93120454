"""Three-way merge and comparison of documents as plain JSON: pure functions.

Lists whose items all have an `id` (steps) are lists of things that keep their identity, wherever they stand; any other
list and every text is one value. One side changed → taken; both the same → the same; both otherwise → looked at part by
part, and a value that differs on both sides is a conflict that is shown, never guessed.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Final, Literal, TypeAlias

from msgspec import UNSET, Struct

from workbench.model import json
from workbench.model.json import Json

ORDER: Final = "(order)"  # last part of the place of what differs in order only
Place = tuple[str, ...]  # keys, and ids of steps
Side = Literal["base", "mine", "theirs"]


def path_text(path: Place) -> str:
    """As a JSON pointer: parts behind `/`, with `~1` for a `/` in a part and `~0` for a `~`."""
    return "/".join(part.replace("~", "~0").replace("/", "~1") for part in path)


def read_path(text: str) -> Place:
    """The inverse."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text.split("/"))


class Conflict(Struct, frozen=True, omit_defaults=True):
    """What both sides made of the value at `place`; UNSET: there is none."""

    place: Place
    base: Json = UNSET
    mine: Json = UNSET
    theirs: Json = UNSET


Choose: TypeAlias = Callable[[Conflict], Side | None]  # whose value is taken; None: it stays a conflict


class Merged(Struct, frozen=True):
    """`value` is the whole only where there are no conflicts; at a conflict it holds what the base held."""

    value: Json
    conflicts: tuple[Conflict, ...] = ()


class Difference(Struct, frozen=True, omit_defaults=True):
    """A value that is not the same in two revisions; UNSET where there is none."""

    place: Place
    before: Json = UNSET
    after: Json = UNSET


def merge(base: Json, mine: Json, theirs: Json, choose: Choose = lambda conflict: None) -> Merged:
    """Both sides' changes of `base`. Swapping the sides gives the same value, and the same conflicts swapped."""
    conflicts = Conflicts(choose)
    value = _merge(base, mine, theirs, (), conflicts)
    return Merged(value, tuple(conflicts.open))


def merge_order(
    orders: Sequence[Sequence[str]], place: Place, choose: Choose = lambda conflict: None
) -> tuple[list[str], tuple[Conflict, ...]]:
    """The order of what remains of (base, mine, theirs), each cut down to it."""
    conflicts = Conflicts(choose)
    order = _order(orders, place, conflicts)
    return order, tuple(conflicts.open)


class Conflicts:
    """Those that nobody has decided yet."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose
        self.open: list[Conflict] = []

    def settle(self, conflict: Conflict) -> Json:
        side = self.choose(conflict)
        if side is None:
            self.open.append(conflict)
        return getattr(conflict, side or "base")


def choosing(place: str, mine: str, theirs: str) -> str:
    """What to do about a conflict, in the words of the command line."""
    return f"--choose {place}={mine} or ={theirs} for this value, --take {mine} or --take {theirs} for all"


def compare(before: Json, after: Json) -> list[Difference]:
    """What differs, step by step and field by field; nothing only where both are the same."""
    found: list[Difference] = []
    _compare(before, after, (), found)
    return found


def _compare(before: Json, after: Json, place: Place, found: list[Difference]) -> None:
    if _same(before, after):
        return
    parts = _parts(before, after)
    if parts is None:
        found.append(Difference(place, before, after))
        return
    old, new = parts
    for key in {**old, **new}:
        _compare(old.get(key, UNSET), new.get(key, UNSET), (*place, key), found)
    if [key for key in old if key in new] != [key for key in new if key in old]:
        found.append(Difference((*place, ORDER), list(old), list(new)))


def _merge(base: Json, mine: Json, theirs: Json, place: Place, conflicts: Conflicts) -> Json:
    if _same(mine, base) or _same(mine, theirs):
        return theirs
    if _same(theirs, base):
        return mine
    parts = _parts(base, mine, theirs)
    if parts is None:
        return conflicts.settle(Conflict(place, base, mine, theirs))
    merged = {}
    for key in dict.fromkeys(chain(parts[0], sorted({*parts[1], *parts[2]}))):
        old, my, their = (part.get(key, UNSET) for part in parts)
        value = _merge(old, my, their, (*place, key), conflicts)
        if value is not UNSET:
            merged[key] = value
    orders = [[key for key in part if key in merged] for part in parts]
    whole = {key: merged[key] for key in _order(orders, place, conflicts)}
    return list(whole.values()) if isinstance(base, list) else whole


def _order(orders: Sequence[Sequence[str]], place: Place, conflicts: Conflicts) -> list[str]:
    """The order of what remains: that of the side that changed it, with what each side added behind what it stood
    behind. Both changed it otherwise: a conflict, and the base's until it is decided."""
    shared = set.intersection(*map(set, orders))
    base, mine, theirs = ([key for key in order if key in shared] for order in orders)
    spine = theirs if mine == base else mine
    if base not in (mine, theirs) and mine != theirs:
        spine = conflicts.settle(Conflict((*place, ORDER), base, mine, theirs))
    behind = [_behind(order, shared) for order in orders[1:]]
    added = ((anchor, *chain(*sorted(side.get(anchor, []) for side in behind))) for anchor in ("", *spine))
    return [key for key in dict.fromkeys(chain(*added)) if key in shared or any(key in order for order in orders[1:])]


def _behind(order: Sequence[str], shared: set[str]) -> dict[str, list[str]]:
    """What one side alone has, by the shared key that it stands behind; "" is the beginning."""
    found: dict[str, list[str]] = {}
    anchor = ""
    for key in order:
        if key in shared:
            anchor = key
        else:
            found.setdefault(anchor, []).append(key)
    return found


def _parts(*values: Json) -> list[Mapping[str, Json]] | None:
    """All of them by key, or all by id; None when they have no parts, or parts of different kinds.

    A step that became one of another kind is another whole: half of each would be neither.
    """
    if all(isinstance(value, dict) for value in values):
        kinds = {value.get("kind") if "id" in value else None for value in values}
        return list(values) if len(kinds) == 1 else None
    if all(isinstance(value, list) for value in values):
        by_id = [_by_id(value) for value in values]
        return [each for each in by_id if each is not None] if None not in by_id else None
    return None


def _by_id(items: list[Json]) -> dict[str, Json] | None:
    found: dict[str, Json] = {}
    for item in items:
        key = item.get("id") if isinstance(item, dict) else None
        if not isinstance(key, str) or not key or key in found:
            return None
        found[key] = item
    return found


def _same(one: Json, other: Json) -> bool:
    """As texts: 1.0 is not 1.00, true is not 1, and the order of keys counts."""
    if one is UNSET or other is UNSET:
        return one is other
    return json.dumps(one) == json.dumps(other)
