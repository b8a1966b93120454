"""What differs between two tables, row by row and cell by cell; chunks that are the same are not read."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import islice, takewhile
from typing import Any, Final

import msgspec
from msgspec import UNSET

from workbench.model import json
from workbench.model.json import Json
from workbench.storage.content import StoredFile, StoredTable
from workbench.storage.merge import Difference, compare
from workbench.storage.rows import CHUNK, Rows

MOST: Final = 1000  # differences that are told
_ALIGNED: Final = 2000  # rows that are looked through for inserted and removed ones; of more each is compared in place
_READ: Final = 20 * CHUNK  # rows of each side
Row = Mapping[str, Json]


def compare_tables(before: StoredTable, after: StoredTable, rows: Rows) -> list[Difference]:
    """Columns, then rows: `("row", "7", "amount")` is a cell, `("row", "7")` a whole row, by its number from 1, one
    that is gone by the number that it had. What is left out is told by ("rows", "…") with both counts."""
    found = list[Difference]()
    if before.columns != after.columns:
        old, new = (json.loads(json.dumps(each.columns)) for each in (before, after))
        found.append(Difference(("columns",), old, new))
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before.chunks, after.chunks, strict=False)))
    start = same * CHUNK
    sides = [list(rows.read(each, start, _READ)) for each in (before, after)]
    told = list(islice(_differences(sides[0], sides[1], start + 1), MOST + 1))
    found += told[:MOST]
    if len(told) > MOST or max(before.rows, after.rows) > start + _READ:
        found.append(Difference(("rows", "…"), before.rows, after.rows))
    return found


def compare_bodies(kind: str, before: Json, after: Json, rows: Rows) -> list[Difference]:
    """What differs between two revisions of a document, field by field; of a dataset by rows and cells."""
    found = compare(before, after)
    if kind != "dataset":
        return found
    old, new = (msgspec.convert(each, StoredFile).table for each in (before, after))
    if old is None or new is None:
        return found
    return [each for each in found if each.place[0] != "table"] + compare_tables(old, new, rows)


def _differences(old: Sequence[Row], new: Sequence[Row], first: int) -> Iterator[Difference]:
    """`first`: number of the first row."""
    lines = [[json.dumps(row) for row in side] for side in (old, new)]
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*lines, strict=False)))
    backwards = zip(*(reversed(side[head:]) for side in lines), strict=False)
    tail = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], backwards))
    middle = [side[head : len(side) - tail] for side in lines]
    for start, end, other, other_end in _blocks(*middle):
        count = max(end - start, other_end - other)
        for number in range(count):
            was, now = head + start + number, head + other + number
            before = old[was] if start + number < end else UNSET
            after = new[now] if other + number < other_end else UNSET
            yield from _row(before, after, str(first + (was if after is UNSET else now)))


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    if max(len(old), len(new)) > _ALIGNED:
        yield 0, len(old), 0, len(new)
        return
    for tag, *places in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield (places[0], places[1], places[2], places[3])


def _row(before: Any, after: Any, number: str) -> Iterator[Difference]:
    if before is UNSET or after is UNSET:
        yield Difference(("row", number), before, after)
        return
    for column in {**before, **after}:
        old, new = before.get(column, UNSET), after.get(column, UNSET)
        if json.dumps([old] if old is not UNSET else []) != json.dumps([new] if new is not UNSET else []):
            yield Difference(("row", number, column), old, new)
