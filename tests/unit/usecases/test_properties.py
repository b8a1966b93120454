"""Java's .properties: what Java writes is read, and what we write comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import DatasetError
from workbench.usecases.properties import Entry, read, write

# as java.util.Properties documents its format
WRITTEN = r"""
# a comment \
! another
Truth = Beauty
 Truth:Beauty
Truth                    :Beauty
fruits                           apple, banana, pear, \
                                 cantaloupe, \
                                 kiwi
cheeses
a\:b\=c\ d = x\ty\\z
name=\u5f20\u4e09\ud83d\ude00\z
# type: number
price=1.50
again= 1
"""


def test_what_the_format_allows_is_read() -> None:
    found = [(each.key, each.value, each.type) for each in read(WRITTEN, "c.properties")]
    assert found == [
        *[("Truth", "Beauty", "")] * 3,
        ("fruits", "apple, banana, pear, cantaloupe, kiwi", ""),
        ("cheeses", "", ""),
        ("a:b=c d", "x\ty\\z", ""),
        ("name", "张三😀z", ""),
        ("price", "1.50", "number"),
        ("again", "1", ""),
    ]
    assert next(read("\r\n\ra=1", "c")) == Entry(3, "a", "1")


def test_a_cut_escape_says_where() -> None:
    with pytest.raises(DatasetError, match="four hexadecimal") as caught:
        list(read("a=1\nb=\\u12", "c.properties"))
    assert caught.value.where == "c.properties:2"


@pytest.mark.parametrize("half", ["\\ud83d", "\\ude00\\ud83d", "x\\udfff"])
def test_half_a_character_is_refused_and_not_replaced(half: str) -> None:
    with pytest.raises(DatasetError, match="lone surrogate") as caught:
        list(read(f"a=1\nb={half}", "c.properties"))
    assert caught.value.where == "c.properties:2"


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(TEXT.filter(bool), TEXT, st.sampled_from(["", "text", "number"]))))
def test_what_is_written_comes_back(entries: list[tuple[str, str, str]]) -> None:
    text = write(entries)
    assert text.isascii()
    assert [(each.key, each.value, each.type) for each in read(text, "c")] == entries
