"""What somebody may do with the suites of a group; each right holds those before it."""

from typing import Final, Literal

Right = Literal["view", "run", "edit", "administer"]
RIGHTS: Final[tuple[Right, ...]] = ("view", "run", "edit", "administer")
Held = Literal["none", "view", "run", "edit", "administer"]
_ORDER: Final = {name: place for place, name in enumerate(("none", *RIGHTS))}


def covers(held: Held, wanted: Right) -> bool:
    """Whether who holds one right has the other."""
    return _ORDER[held] >= _ORDER[wanted]


def lesser(one: Held, other: Held) -> Held:
    return one if _ORDER[one] <= _ORDER[other] else other


def greater(one: Held, other: Held) -> Held:
    return other if lesser(one, other) == one else one
