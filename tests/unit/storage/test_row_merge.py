"""Two people's changes of one table put together: rows and cells, and what both changed as conflicts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from workbench.model import json
from workbench.model.dataset import Column
from workbench.storage.row_merge import MergedTable, Table, merge_tables

COLUMNS = (Column("id", "text"), Column("n"), Column("m"))
BASE = [{"id": f"{number:03d}", "n": number, "m": "x"} for number in range(1, 7)]


def table(rows: Any, columns: tuple[Column, ...] = COLUMNS) -> Table:
    return Table(columns, rows)


def merged(mine: Any, theirs: Any, choose: Any = lambda conflict: None) -> MergedTable:
    sides = [side if isinstance(side, Table) else table(side) for side in (BASE, mine, theirs)]
    return merge_tables(*sides, choose)


def changed(rows: Any, number: int, **cells: Any) -> list[Any]:
    return [{**row, **cells} if at == number else row for at, row in enumerate(rows, 1)]


def test_different_cells_and_rows_are_put_together() -> None:
    mine = changed(changed(BASE, 2, n=20), 5, m="mine")
    theirs = changed(changed(BASE, 2, m="theirs"), 4, n=40)
    found = merged(mine, theirs)
    wanted = changed(changed(changed(changed(BASE, 2, n=20), 5, m="mine"), 2, m="theirs"), 4, n=40)
    wanted[1] = {"id": "002", "n": 20, "m": "theirs"}
    assert (found.rows, found.conflicts, found.columns) == (wanted, (), COLUMNS)


def test_inserted_and_removed_rows_stay_where_they_are() -> None:
    mine = [BASE[0], {"id": "new", "n": 9}, *BASE[1:2], *BASE[3:]]  # one more behind the first; the third is gone
    theirs = [*changed(BASE, 6, n=60), {"id": "last"}]
    found = merged(mine, theirs)
    assert [row["id"] for row in found.rows] == ["001", "new", "002", "004", "005", "006", "last"]
    assert (found.rows[5]["n"], found.conflicts) == (60, ())


@pytest.mark.parametrize("side", ["mine", "theirs", "base"])
def test_the_same_cell_is_a_conflict_until_it_is_chosen(side: Any) -> None:
    mine, theirs = changed(BASE, 3, n=1), changed(BASE, 3, n="1")
    (conflict,) = merged(mine, theirs).conflicts
    assert (conflict.place, conflict.base, conflict.mine, conflict.theirs) == (("row", "3", "n"), 3, 1, "1")
    found = merged(mine, theirs, lambda conflict: side)
    assert (found.conflicts, found.rows[2]["n"]) == ((), {"mine": 1, "theirs": "1", "base": 3}[side])


def test_a_row_that_one_removed_and_the_other_changed_is_a_conflict() -> None:
    mine, theirs = BASE[:2] + BASE[3:], changed(BASE, 3, n=30)
    (conflict,) = merged(mine, theirs).conflicts
    assert (conflict.place, conflict.mine, conflict.theirs) == (("row", "3"), UNSET, theirs[2])
    assert len(merged(mine, theirs, lambda conflict: "mine").rows) == 5
    assert merged(mine, theirs, lambda conflict: "theirs").rows == theirs


def test_columns_are_put_together() -> None:
    mine = table([{**row, "a": 1} for row in BASE], (*COLUMNS, Column("a")))
    theirs = table([{"id": row["id"], "n": row["n"]} for row in BASE], COLUMNS[:2])
    found = merged(mine, theirs)
    assert [column.name for column in found.columns] == ["id", "n", "a"]
    assert (found.rows[0], found.conflicts) == ({"id": "001", "n": 1, "a": 1}, ())


def test_another_type_and_new_cells_are_a_conflict() -> None:
    """What one converted, the other filled with values of the old type."""
    mine = table([{**row, "id": int(row["id"])} for row in BASE], (Column("id", "number"), *COLUMNS[1:]))
    found = merged(mine, [*BASE, {"id": "007"}])
    assert [each.place for each in found.conflicts] == [("column", "id")]
    gone = table([{"id": row["id"], "n": row["n"]} for row in BASE], COLUMNS[:2])
    assert [each.place for each in merged(gone, [*BASE, {"id": "7", "m": "y"}]).conflicts] == [("column", "m")]


CELLS = st.dictionaries(st.sampled_from(["id", "n", "m"]), st.integers(0, 2), min_size=1)
ROWS = st.lists(CELLS, max_size=6)


@given(ROWS, ROWS, ROWS)
def test_laws(base: Any, mine: Any, theirs: Any) -> None:
    def put(*sides: Any) -> MergedTable:
        return merge_tables(*(table(side) for side in sides))

    ordered = [{name: row[name] for name in ("id", "n", "m") if name in row} for row in mine]
    assert put(base, mine, base) == put(base, base, mine) == put(base, mine, mine)
    assert (put(base, mine, base).rows, put(base, mine, base).conflicts) == (ordered, ())
    one, other = put(base, mine, theirs), put(base, theirs, mine)
    swapped = sorted((each.place, json.dumps([each.mine is UNSET or each.mine, each.theirs is UNSET or each.theirs]))
                     for each in one.conflicts)  # fmt: skip
    assert swapped == sorted(
        (each.place, json.dumps([each.theirs is UNSET or each.theirs, each.mine is UNSET or each.mine]))
        for each in other.conflicts
    )
    if not one.conflicts:
        assert one.rows == other.rows


EDITS = st.dictionaries(st.tuples(st.integers(0, 5), st.sampled_from(["n", "m"])), st.integers(100, 102))


@given(EDITS, EDITS)
def test_each_cell_is_that_of_the_side_that_changed_it(mine: Any, theirs: Any) -> None:
    def edited(*edits: Any) -> list[Any]:
        rows = [dict(row) for row in BASE]
        for edit in edits:
            for (at, name), value in edit.items():
                rows[at][name] = value
        return rows

    found = merged(edited(mine), edited(theirs))
    both = {place for place in mine if place in theirs and mine[place] != theirs[place]}
    assert {each.place for each in found.conflicts} == {("row", str(at + 1), name) for at, name in both}
    chosen = merged(edited(mine), edited(theirs), lambda conflict: "mine")
    assert chosen.rows == edited(theirs, mine)


MANY = [{"id": f"{number:05d}", "n": number, "m": "x"} for number in range(3_000)]


def test_in_large_tables_rows_are_found_too() -> None:
    """One filled a column of all rows and put one before them; the other removed a row and changed a cell."""
    mine = [{"id": "first"}, *({**row, "m": "y"} for row in MANY)]
    theirs = changed(MANY, 2_999, n=-1)
    del theirs[10]
    found = merged_of(MANY, mine, theirs)
    assert [each.place for each in found.conflicts] == [("row", "11")]  # removed by one, filled by the other
    chosen = merged_of(MANY, mine, theirs, lambda conflict: "theirs")
    assert (len(chosen.rows), chosen.rows[0], chosen.rows[-2]) == (3_000, {"id": "first"}, {
        "id": "02998", "n": -1, "m": "y"})  # fmt: skip
    assert all(row["m"] == "y" for row in chosen.rows[1:])


def test_rows_in_another_order_are_told_by_their_key() -> None:
    """An edit must not go over to the row that took another's place."""
    mine = [{**row, "m": "y"} for row in (BASE[5], *BASE[:5])]
    found = merged_of(BASE, mine, changed(BASE, 2, n=20))
    assert (found.rows[2], found.conflicts) == ({"id": "002", "n": 20, "m": "y"}, ())


def merged_of(base: Any, mine: Any, theirs: Any, choose: Any = lambda conflict: None) -> MergedTable:
    return merge_tables(table(base), table(mine), table(theirs), choose)
