"""Which row is which: laws of the alignment."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workbench.storage.row_align import aligned, by_key

TEXTS = st.lists(st.sampled_from("abcdefgh"), max_size=30)


@given(TEXTS, TEXTS)
def test_every_row_of_both_stands_in_one_block_and_what_is_called_the_same_is(old: list[str], new: list[str]) -> None:
    found = aligned(old, new)
    assert [at for block in found for at in block.old] == list(range(len(old)))
    assert [to for block in found for to in block.new] == list(range(len(new)))
    for block in found:
        same = [old[at] for at in block.old] == [new[to] for to in block.new]
        assert same or not block.same
    assert all(one.same != other.same for one, other in pairwise(found))


@given(st.lists(st.integers(), unique=True, max_size=30), st.data())
def test_rows_that_stayed_are_found_wherever_others_went(rows: list[int], data: st.DataObject) -> None:
    kept = [row for row in rows if data.draw(st.booleans())]
    found = aligned(list(map(str, rows)), list(map(str, kept)))
    assert sum(len(block.old) for block in found if block.same) == len(kept)


def test_a_key_is_a_column_whose_values_stand_once() -> None:
    old = [{"k": 1, "id": "a"}, {"k": 1, "id": "b"}, {"k": 1, "id": "c"}]
    new = [{"k": 2, "id": "b"}, {"k": 2, "id": "new"}, {"k": 2, "id": "c"}]
    assert by_key(old, new, range(3), range(3)) == [(1, 0), (2, 2)]
    assert by_key(old, [{"k": 1}, {"k": 1}], range(3), range(2)) == []
