"""Two tables that came of one, put together row by row and cell by cell: pure functions.

Rows have no ids: which row of a side is which row of the base is found by what they hold, and by their place between
rows that stayed. What both changed otherwise (a cell, a row that one of them removed, a column) is a conflict, never
guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from msgspec import UNSET, Struct

from workbench.model import json
from workbench.model.dataset import Column
from workbench.model.json import Json
from workbench.storage.merge import Choose, Conflict, Conflicts, Place, merge_order
from workbench.storage.row_align import Row, aligned, between, by_key

_PAIRED: Final = 40_000  # pairs of rows of one block that are compared


class Table(NamedTuple):
    columns: Sequence[Column]
    rows: Sequence[Row]


class MergedTable(Struct, frozen=True):
    """The whole only where there are no conflicts. Places: ("row", "7", "amount"), ("row", "7"), ("column", "amount"),
    ("columns", "(order)"); rows are numbered as in the base, from 1."""

    columns: tuple[Column, ...]
    rows: list[dict[str, Json]]
    conflicts: tuple[Conflict, ...] = ()


class _Script(Struct):
    """What a side made of the base: for each base row the side's row (None: removed); what it put before base row N."""

    fates: list[int | None]
    inserted: dict[int, list[int]]


def merge_tables(base: Table, mine: Table, theirs: Table, choose: Choose = lambda conflict: None) -> MergedTable:
    """Both sides' changes of `base`."""
    scripts = (_script(base.rows, mine.rows), _script(base.rows, theirs.rows))
    work = _Rows(base.rows, (mine.rows, theirs.rows), scripts, Conflicts(choose))
    rows = list(work.all())
    columns, dropped = _columns((base, mine, theirs), work, rows)
    order = [column.name for column in columns]
    cut = ({name: row[name] for name in order if name in row and name not in dropped} for row in rows)
    return MergedTable(tuple(columns), [row for row in cut if row], tuple(work.conflicts.open))


def _script(base: Sequence[Row], side: Sequence[Row]) -> _Script:
    script = _Script([None] * len(base), {})
    for same, span, spot in aligned(*([json.dumps(row) for row in rows] for rows in (base, side))):
        pairs = zip(span, spot, strict=True) if same else _pairs(base, side, span, spot)
        _note(script, span, spot, dict(pairs))
    return script


def _note(script: _Script, span: range, spot: range, pairs: Mapping[int, int]) -> None:
    """A block: rows that are paired, and those of the side that stand before or behind them."""
    for at, to in pairs.items():
        script.fates[at] = to
    before = {to: at for at, to in pairs.items()}
    gap: list[int] = []
    for to in spot:
        if to not in before:
            gap.append(to)
        elif gap:
            script.inserted[before[to]] = gap
            gap = []
    if gap:
        script.inserted[span.stop] = script.inserted.get(span.stop, []) + gap


def _pairs(base: Sequence[Row], side: Sequence[Row], span: range, spot: range) -> Iterator[tuple[int, int]]:
    """Which changed row is which: by a key where there is one; in their order where they are as many; else so that
    most cells stay."""
    anchors = by_key(base, side, span, spot)
    yield from anchors
    for rows, others in between(anchors, span, spot):
        yield from _likely(base, side, rows, others)


def _likely(base: Sequence[Row], side: Sequence[Row], span: range, spot: range) -> Iterator[tuple[int, int]]:
    if len(span) == len(spot):
        yield from zip(span, spot, strict=True)
        return
    if len(span) * len(spot) > _PAIRED:
        return
    best = [[0] * (len(spot) + 1) for _ in range(len(span) + 1)]
    for i in range(len(span) - 1, -1, -1):
        for j in range(len(spot) - 1, -1, -1):
            both = best[i + 1][j + 1] + _alike(base[span[i]], side[spot[j]])
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(span) and j < len(spot):
        alike = _alike(base[span[i]], side[spot[j]])
        if alike and best[i][j] == best[i + 1][j + 1] + alike:
            yield span[i], spot[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def _alike(one: Row, other: Row) -> int:
    """How many cells are the same; 0 where that is not most of them: an edit must not go over to another row."""
    same = sum(name in other and _same(cell, other[name]) for name, cell in one.items())
    return same if 2 * same > max(len(one), len(other)) else 0


class _Rows:
    def __init__(
        self,
        base: Sequence[Row],
        sides: tuple[Sequence[Row], Sequence[Row]],
        scripts: tuple[_Script, _Script],
        conflicts: Conflicts,
    ) -> None:
        self.base, self.sides, self.scripts = base, sides, scripts
        self.conflicts = conflicts
        self.touched: tuple[set[str], set[str]] = (set(), set())  # columns of which a side changed or brought cells

    def all(self) -> Iterator[dict[str, Json]]:
        for at in range(len(self.base) + 1):
            yield from self._new(at)
            if at < len(self.base):
                row = self._row(at)
                if row:
                    yield row

    def _new(self, gap: int) -> Iterator[dict[str, Json]]:
        mine, theirs = (
            [dict(side[at]) for at in script.inserted.get(gap, [])]
            for side, script in zip(self.sides, self.scripts, strict=True)
        )
        for touched, rows in zip(self.touched, (mine, theirs), strict=True):
            touched.update(name for row in rows for name in row)
        if _same(mine, theirs) or not mine or not theirs:
            yield from mine or theirs
        elif gap and all(script.fates[gap - 1] is None for script in self.scripts):
            # both put something else into the place of this row
            place = ("row", str(gap))
            yield from self.conflicts.settle(Conflict(place, [dict(self.base[gap - 1])], mine, theirs))
        else:
            for rows in sorted((mine, theirs), key=json.dumps):
                yield from rows

    def _row(self, at: int) -> Any:
        """UNSET or an empty one: it goes."""
        old, place = dict(self.base[at]), ("row", str(at + 1))
        mine, theirs = (
            UNSET if script.fates[at] is None else dict(side[script.fates[at]])  # type: ignore[index]
            for side, script in zip(self.sides, self.scripts, strict=True)
        )
        for touched, row in zip(self.touched, (mine, theirs), strict=True):
            if row is not UNSET:
                touched.update(name for name in {**old, **row} if not _same(old.get(name, UNSET), row.get(name, UNSET)))
        if mine is UNSET or theirs is UNSET or _same(old, mine) or _same(old, theirs):
            return _value(old, mine, theirs, place, self.conflicts)
        merged = {}
        for name in {**old, **dict(sorted({**mine, **theirs}.items()))}:
            cells = [row.get(name, UNSET) for row in (old, mine, theirs)]
            cell = _value(cells[0], cells[1], cells[2], (*place, name), self.conflicts)
            if cell is not UNSET:
                merged[name] = cell
        return merged


def _columns(tables: Sequence[Table], work: _Rows, rows: Sequence[Row]) -> tuple[list[Column], set[str]]:
    """The columns, and names of those that go with what rows still hold of them."""
    types = [{column.name: column.type for column in table.columns} for table in tables]
    made: dict[str, Any] = {}
    for name in dict.fromkeys((*types[0], *sorted({*types[1], *types[2]}))):
        old, mine, theirs = (side.get(name, UNSET) for side in types)
        place, settle = ("column", name), work.conflicts.settle
        crossed = any(
            side is not UNSET and not _same(side, old) and _same(other, old) and name in touched
            for side, other, touched in ((mine, theirs, work.touched[1]), (theirs, mine, work.touched[0]))
        )
        left = (mine is UNSET) != (theirs is UNSET) and old is not UNSET and any(name in row for row in rows)
        if (crossed and old is not UNSET) or left:  # another type, or none, for cells that the other side changed
            made[name] = settle(Conflict(place, old, mine, theirs))
        else:
            made[name] = _value(old, mine, theirs, place, work.conflicts)
    dropped = {name for name, kind in made.items() if kind is UNSET}
    orders = [[name for name in side if name in made and name not in dropped] for side in types]
    names, open_ = merge_order(orders, ("columns",), work.conflicts.choose)
    work.conflicts.open += open_
    names += [name for name in made if name not in names and name not in dropped]
    return [Column(name, made[name]) for name in names], dropped


def _value(base: Any, mine: Any, theirs: Any, place: Place, conflicts: Conflicts) -> Any:
    if _same(mine, base) or _same(mine, theirs):
        return theirs
    return mine if _same(theirs, base) else conflicts.settle(Conflict(place, base, mine, theirs))


def _same(one: Any, other: Any) -> bool:
    if one is other or one is UNSET or other is UNSET:
        return one is other
    return json.dumps(one) == json.dumps(other)
