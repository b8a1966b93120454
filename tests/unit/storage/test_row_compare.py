"""Tables compared row by row: laws, and what is told of the large ones."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from workbench.model.dataset import Column
from workbench.storage import Difference, Storage
from workbench.storage.content import StoredTable
from workbench.storage.row_compare import MOST, compare_tables
from workbench.storage.rows import CHUNK

COLUMNS = (Column("id"), Column("amount"))
ROWS = st.lists(
    st.fixed_dictionaries({"id": st.integers(0, 3), "amount": st.sampled_from(["a", "b", 1, None])}), max_size=8
)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path) as opened:
        yield opened


def table(storage: Storage, rows: Any, columns: tuple[Column, ...] = COLUMNS) -> StoredTable:
    return storage.rows.put(columns, rows)


def row(number: int, amount: Any = "1") -> dict[str, Any]:
    return {"id": number, "amount": amount}


def told(storage: Storage, before: Any, after: Any) -> list[Difference]:
    return compare_tables(table(storage, before), table(storage, after), storage.rows)


def test_a_cell_an_inserted_and_a_removed_row_are_told_by_their_numbers(storage: Storage) -> None:
    before = [row(number) for number in range(10)]
    after = [row(0), row(99), *(row(number, "2" if number == 5 else "1") for number in range(1, 9))]
    assert told(storage, before, after) == [
        Difference(("row", "2"), UNSET, row(99)),
        Difference(("row", "7", "amount"), "1", "2"),
        Difference(("row", "10"), row(9), UNSET),
    ]
    assert told(storage, [row(1, 1)], [row(1, "1")]) == [Difference(("row", "1", "amount"), 1, "1")]
    assert told(storage, [row(1, None)], [{"id": 1}]) == [Difference(("row", "1", "amount"), None, UNSET)]


def test_columns_are_told(storage: Storage) -> None:
    typed = (Column("id"), Column("amount", "text"))
    (found,) = compare_tables(table(storage, [row(1)]), table(storage, [row(1)], typed), storage.rows)
    assert (found.place, found.after) == (("columns",), [{"name": "id"}, {"name": "amount", "type": "text"}])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, ROWS)
def test_nothing_is_told_only_of_the_same_rows_and_all_of_them_can_be_made_again(
    storage: Storage, before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    found = told(storage, before, after)
    assert (found == []) == (before == after)
    gone = {int(each.place[1]) for each in found if len(each.place) == 2 and each.after is UNSET}
    new = {int(each.place[1]): each.after for each in found if len(each.place) == 2 and each.before is UNSET}
    left = iter(each for number, each in enumerate(before, 1) if number not in gone)
    made = [dict(new[number]) if number in new else dict(next(left)) for number in range(1, len(after) + 1)]
    for each in found:
        if len(each.place) == 3:
            made[int(each.place[1]) - 1][each.place[2]] = each.after
    assert made == after


def test_chunks_that_are_the_same_are_not_read_and_of_many_differences_the_first_are_told(storage: Storage) -> None:
    many = [row(number) for number in range(2 * CHUNK + 500)]
    changed = [*many[: CHUNK + 3], row(CHUNK + 3, "x"), *many[CHUNK + 4 :]]
    assert told(storage, many, changed) == [Difference(("row", str(CHUNK + 4), "amount"), "1", "x")]
    found = told(storage, many, [row(number, "y") for number in range(2 * CHUNK + 500)])
    assert (len(found), found[-1]) == (MOST + 1, Difference(("rows", "…"), 2500, 2500))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[st.integers(0, 3)] * 4), max_size=12))
def test_as_many_rows_that_have_nothing_in_common_are_changed_by_their_place(
    storage: Storage, cells: list[tuple[int, int, int, int]]
) -> None:
    before = [{"id": one, "amount": other} for one, other, _, _ in cells]
    after = [{"id": 10 + one, "amount": 10 + other} for _, _, one, other in cells]
    found = told(storage, [row(99), *before, row(98)], [row(99), *after, row(98)])
    assert [each.place for each in found] == [
        ("row", str(number), name) for number in range(2, len(cells) + 2) for name in ("id", "amount")
    ]
