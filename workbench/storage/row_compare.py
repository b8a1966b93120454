"""What differs between two tables, row by row and cell by cell; chunks that are the same are not read."""

from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import Any, Final

import msgspec
from msgspec import UNSET

from workbench.model import json
from workbench.model.json import Json
from workbench.storage.content import StoredFile, StoredTable
from workbench.storage.merge import Difference, compare
from workbench.storage.row_align import Row, aligned, between, by_key
from workbench.storage.rows import CHUNK, Rows, RowsWithin

MOST: Final = 1000  # differences that are told
_READ: Final = 20 * CHUNK  # rows of each side


def compare_tables(before: StoredTable, after: StoredTable, rows: Rows | RowsWithin) -> list[Difference]:
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


def compare_bodies(kind: str, before: Json, after: Json, rows: Rows | RowsWithin) -> list[Difference]:
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
    for same, span, spot in aligned(*([json.dumps(row) for row in side] for side in (old, new))):
        if not same:
            for rows, others in between(by_key(old, new, span, spot), span, spot):
                yield from _block(old, new, rows, others, first)


def _block(old: Sequence[Row], new: Sequence[Row], span: range, spot: range, first: int) -> Iterator[Difference]:
    for number in range(max(len(span), len(spot))):
        was, now = span.start + number, spot.start + number
        before = old[was] if was < span.stop else UNSET
        after = new[now] if now < spot.stop else UNSET
        yield from _row(before, after, str(first + (was if after is UNSET else now)))


def _row(before: Any, after: Any, number: str) -> Iterator[Difference]:
    if before is UNSET or after is UNSET:
        yield Difference(("row", number), before, after)
        return
    for column in {**before, **after}:
        old, new = before.get(column, UNSET), after.get(column, UNSET)
        if json.dumps([old] if old is not UNSET else []) != json.dumps([new] if new is not UNSET else []):
            yield Difference(("row", number, column), old, new)
