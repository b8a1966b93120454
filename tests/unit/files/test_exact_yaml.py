"""Values come as they stand in the file."""

from decimal import Decimal

import pytest

from workbench.errors import SuiteError
from workbench.files.exact_yaml import MAX_DEPTH, Document, decode, load


def value(text: str) -> object:
    document = load(text, "x.yaml")
    assert not document.errors, document.errors
    return document.data


def problems(text: str) -> list[str]:
    return [str(error) for error in load(text, "x.yaml").errors]


@pytest.mark.parametrize(
    "text",
    [
        "+1",
        "1:30",
        ".inf",
        ".nan",
        "1e",
        "1.10.0",
        "2026-01-01T00:00:00Z",
        "= 1",
        "00123",
        "2026-01-01",
        "yes",
        "no",
        "on",
        "off",
        "1_000",
        "0x1F",
        "0o17",
        "~",
        "True",
        "TRUE",
        "Null",
        ".5",
        "1.",
    ],
)
def test_only_json_numbers_and_constants_are_no_text(text: str) -> None:
    assert value(f"a: {text}\n") == {"a": text}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("-7", -7),
        ("9223372036854775808", 2**63),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ("5000000000.10", Decimal("5000000000.10")),
        ("1.00", Decimal("1.00")),
        ("1e3", Decimal("1e3")),
        ("true", True),
        ("false", False),
        ("null", None),
        ('"12"', "12"),
        ("'true'", "true"),
    ],
)
def test_numbers_keep_digits_and_scale(text: str, expected: object) -> None:
    got = value(f"a: [{text}]\n")
    assert got == {"a": [expected]}
    assert type(got["a"][0]) is type(expected)  # type: ignore[index]
    assert str(got["a"][0]) == str(expected)  # type: ignore[index]


def test_keys_are_texts_as_written() -> None:
    assert value("1: a\ntrue: b\n1.50: c\n2026-01-01: d\n") == {"1": "a", "true": "b", "1.50": "c", "2026-01-01": "d"}


def test_line_ends_and_bom_do_not_matter() -> None:
    plain = "a: |\n  x\n  y\nb: 1\n"
    for raw in (plain, plain.replace("\n", "\r\n"), plain.replace("\n", "\r"), "\ufeff" + plain):
        assert value(decode(raw.encode(), "x")) == {"a": "x\ny\n", "b": 1}


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3:1", "the key a is here twice, first in line 1"),
        ("a: {b: 1, b: 2}\n", "x.yaml:1:11", "the key b is here twice"),
        ("a: &x 1\n", "x.yaml:1:4", "anchors are not supported"),
        ("a: *x\n", "x.yaml:1:4", "aliases are not supported"),
        ("*x", "x.yaml:1:1", "an alias (*) cannot stand here"),
        ("*x : 1", "x.yaml:1:1", "an alias (*) cannot stand here"),
        ("a:\n  <<: {b: 1}\n", "x.yaml:2:3", "merge keys are not supported"),
        ("a: !!python/object/apply:os.system [id]\n", "x.yaml:1:4", "the tag"),
        ("a: !!str 12\n", "x.yaml:1:4", "the tag"),
        ("a: !ours x\n", "x.yaml:1:4", "the tag !ours"),
        ("a: 1\n---\nb: 2\n", "x.yaml:2:1", "a second document"),
        ("a:\nb: 1\n", "x.yaml:1:3", "a value is missing"),
        ("a:\n  - 1\n  -\n", "x.yaml:3:4", "a value is missing"),
        ("a: x\x00y\n", "x.yaml:1:5", "the character U+0000"),
        ("a: x\n  \x1b[0m", "x.yaml:2:3", "the character U+001B"),
        ("a: \ud800", "x.yaml:1:4", "the character U+D800"),
        ("a:\n\t- 1\n", "x.yaml:2:1", "indent with blanks, not with tabs"),
        ("a: b: c\n", "x.yaml:1:5", "must stand in quotes"),
        ('a: "b\n', "x.yaml:2:1", "not closed"),
        ("? [a]\n: 1\n", "x.yaml:1:3", "a key must be a text"),
        ("a: " + "9" * 200_001 + "\n", "x.yaml:1:4", "too large"),
        ("a: 1e" + "9" * 30 + "\n", "x.yaml:1:4", "too large"),
        ("[" * (MAX_DEPTH + 1), f"x.yaml:1:{MAX_DEPTH + 1}", "nested deeper"),
        ("[" * 200_000, f"x.yaml:1:{MAX_DEPTH + 1}", "nested deeper"),
    ],
)
def test_what_yaml_would_guess_is_an_error_with_its_place(text: str, where: str, said: str) -> None:
    found = problems(text)
    assert len(found) == 1
    assert found[0].startswith(f"{where}: ")
    assert said in found[0]


def test_a_billion_laughs_cost_nothing() -> None:
    bomb = "a: &a [x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{f'*{chr(97 + i)},' * 9}]\n" for i in range(9))
    document = load(bomb, "x.yaml")
    assert len(document.errors) == 10 + 81


def test_of_a_double_key_the_first_stays() -> None:
    document = load("a: 1\na: 2\nb: { c: 1 }\nb: { d: [3, *x] }\n", "x.yaml")
    assert document.data == {"a": 1, "b": {"c": 1}}
    assert len(document.errors) == 3


def test_all_errors_of_the_text_at_once() -> None:
    found = problems("a: 1\na: 2\nb: *x\nc:\nd: !t 1\n")
    assert [error.split(":")[1] for error in found] == ["2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"a: 1\nb: \xff\n", "x.yaml:2:4: this is not UTF-8"),
        ("a: 1\n".encode("utf-16"), "x.yaml:1:1: this is not UTF-8"),
        (b"a: " + b"x" * (10 * 1024 * 1024), "x.yaml: 10.0 MB are too much"),
    ],
)
def test_bytes_that_are_no_yaml_text(raw: bytes, said: str) -> None:
    with pytest.raises(SuiteError) as caught:
        decode(raw, "x.yaml")
    assert str(caught.value).startswith(said)


def items(path: tuple[str | int, ...]) -> bool:
    return not path or (len(path) == 2 and path[0] == "cases")


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("# head\na: 1\n", {(): ["head"]}),
        ("a: 1 # inner\n", {(): ["inner"]}),
        ("a: 1\n# tail", {(): ["tail"]}),
        ("a: 'x # no'\nb: x#no\nc: |\n  # no\n", {}),
        ("a: |\n  x\n  # no\n\n# yes\nb: 1\n", {(): ["yes"]}),
        ("cases: # of all\n  # one\n  - id: 1\n    x: 2 # in one\n    # still in one\n    y: 3\n  # two\n  - id: 2\n",
         {(): ["of all"], ("cases", 0): ["one", "in one", "still in one"], ("cases", 1): ["two"]}),
        ("cases:\n  - id: 1\n    steps:\n      # c\n      - x\n# of the rest\nz: 1\n",
         {("cases", 0): ["c"], (): ["of the rest"]}),
        ("cases:\n  - { id: 1 } # one\n  - { id: 2 }\n", {("cases", 0): ["one"]}),
        ("#\n#  two blanks\n#none\na: 1\n", {(): ["", " two blanks", "none"]}),
    ],
)  # fmt: skip
def test_each_comment_goes_to_what_it_stands_before_or_in(text: str, comments: object) -> None:
    document = load(text, "x.yaml", items)
    assert not document.errors
    assert document.comments == comments


def test_places() -> None:
    document = load("a:\n  - b: |\n      one\n      two\n    c: 'xyz'\n", "x.yaml")
    assert document.where(("a", 0, "b")) == "x.yaml:2:8"
    assert document.where(("a", 0, "b"), key=True) == "x.yaml:2:5"
    assert document.where(("a", 0, "gone")) == "x.yaml:2:5"
    assert document.where_in_text(("a", 0, "b"), 2, 3) == "x.yaml:4:9"
    assert document.where_in_text(("a", 0, "c"), 1, 2) == "x.yaml:5:10"
    assert Document("y.yaml", "").where() == "y.yaml:1:1"
