"""Which row of a table is which row of what it became: pure functions, whose cost grows with the rows, not their pairs.

Rows have no ids. What stands once on both sides is the same row, in the order that most of them have; what lies between
two such rows is looked through in the same way, and only a short rest pair by pair. Rows that all changed (a column was
filled) are told by a column whose values stand once on each side: a key.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Final, NamedTuple

from workbench.model import json
from workbench.model.json import Json

_SHORT: Final = 250_000  # pairs of rows that are looked through one by one
Row = Mapping[str, Json]
Pair = tuple[int, int]


class Block(NamedTuple):
    """Rows of the old side and of the new one that belong together, the same or changed; either may be empty."""

    same: bool
    old: range
    new: range


def aligned(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """All rows of both, as texts, in their order; of two neighbours one is the same and one is changed."""
    made = list[Block]()
    for block in _blocks(old, new):
        last = made[-1] if made else None
        if last and last.same == block.same:
            spans = range(last.old.start, block.old.stop), range(last.new.start, block.new.stop)
            made[-1] = Block(block.same, *spans)
        elif block.old or block.new:
            made.append(block)
    return made


def by_key(old: Sequence[Row], new: Sequence[Row], span: range, spot: range) -> list[Pair]:
    """Rows of a changed block that have the same value in a column whose values stand once on each side, in the order
    that most of them have. None where no column tells at least half of them."""
    best, enough = list[Pair](), min(len(span), len(spot))
    for name in old[span.start] if span else ():
        sides = [[json.dumps(rows[at].get(name)) for at in part] for rows, part in ((old, span), (new, spot))]
        if all(len(set(side)) == len(side) for side in sides):
            best = max(best, _anchors(*sides), key=len)
        if len(best) == enough:
            break
    return [(span[at], spot[to]) for at, to in best] if 2 * len(best) >= enough else []


def between(pairs: Sequence[Pair], span: range, spot: range) -> Iterator[tuple[range, range]]:
    """What lies before the first pair of rows, that pair, what lies before the next …, what lies behind the last."""
    at, to = span.start, spot.start
    for one, other in pairs:
        yield range(at, one), range(to, other)
        at, to = one + 1, other + 1
        yield range(one, at), range(other, to)
    yield range(at, span.stop), range(to, spot.stop)


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[Block]:
    waiting = [(False, Block(False, range(len(old)), range(len(new))))]
    while waiting:
        ready, block = waiting.pop()
        if ready:
            yield block
        else:
            waiting += reversed(list(_split(old, new, block.old, block.new)))


def _split(old: Sequence[str], new: Sequence[str], span: range, spot: range) -> Iterator[tuple[bool, Block]]:
    """Parts of a block, and whether they are ready or to be split again."""
    head = _alike(old, new, span, spot)
    tail = _alike(old, new, span[head:][::-1], spot[head:][::-1])
    yield True, Block(True, span[:head], spot[:head])
    yield from _middle(old, new, span[head : len(span) - tail], spot[head : len(spot) - tail])
    yield True, Block(True, span[len(span) - tail :], spot[len(spot) - tail :])


def _alike(old: Sequence[str], new: Sequence[str], span: range, spot: range) -> int:
    """How many are the same from the beginning."""
    return sum(1 for _ in takewhile(lambda pair: old[pair[0]] == new[pair[1]], zip(span, spot, strict=False)))


def _middle(old: Sequence[str], new: Sequence[str], span: range, spot: range) -> Iterator[tuple[bool, Block]]:
    texts = old[span.start : span.stop], new[spot.start : spot.stop]
    anchors = [(span[at], spot[to]) for at, to in _anchors(*texts)]
    if anchors:
        for number, (rows, others) in enumerate(between(anchors, span, spot)):
            same = number % 2 == 1
            yield same, Block(same, rows, others)
    elif len(span) * len(spot) > _SHORT:
        yield True, Block(False, span, spot)
    else:
        for tag, start, end, other, other_end in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
            yield True, Block(tag == "equal", span[start:end], spot[other:other_end])


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Places of what stands once on both sides: the longest list of them that is in one order."""
    counts = Counter(old), Counter(new)
    places = {text: at for at, text in enumerate(old) if counts[0][text] == 1 and counts[1][text] == 1}
    ends, tails, before = list[int](), list[Pair](), dict[Pair, Pair | None]()
    for to, text in enumerate(new):
        if (at := places.get(text)) is not None:
            length = bisect_left(ends, at)
            ends[length : length + 1], tails[length : length + 1] = [at], [(at, to)]
            before[at, to] = tails[length - 1] if length else None
    found, pair = list[Pair](), tails[-1] if tails else None
    while pair is not None:
        found.append(pair)
        pair = before[pair]
    return found[::-1]
