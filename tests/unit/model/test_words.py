"""Small English."""

from workbench.model.words import clipped


def test_a_cut_says_how_much_is_missing() -> None:
    assert clipped("abc", 3) == "abc"
    assert clipped("abcdef", 2) == "ab… (+4)"
