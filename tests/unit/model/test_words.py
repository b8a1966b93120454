"""Small English."""

from workbench.model.words import clipped, plural


def test_a_cut_says_how_much_is_missing() -> None:
    assert clipped("abc", 3) == "abc"
    assert clipped("abcdef", 2) == "ab… (+4)"


def test_plurals() -> None:
    assert [plural(2, word) for word in ("case", "registry", "day", "class")] == [
        *("2 cases", "2 registries", "2 days", "2 classes")
    ]
    assert plural(1, "class") == "1 class"
