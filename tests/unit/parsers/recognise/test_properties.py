"""The .properties format, escapes and line joining included."""

import pytest
from workbench_parsers.recognise.properties import parse_properties


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"a=1\nb : 2\nc 3\nd", {"a": "1", "b": "2", "c": "3", "d": ""}),
        (b"# no\n! no\n\n  a = x = y ", {"a": "x = y "}),
        (b"long = one, \\\n    two\\\n  , three", {"long": "one, two, three"}),
        (b"a\\ b\\=c=1\\t\\\\", {"a b=c": "1\t\\"}),
        (b"v=\\u0031\\u4e2d", {"v": "1中"}),
        ("中=文".encode(), {"中": "文"}),
        (b"\xef\xbb\xbfa=b\r\nc=\xe9", {"ï»¿a": "b", "c": "é"}),
        (b"end\\", {"end": ""}),
        (b"bad=\\u00g1", {"bad": "u00g1"}),
    ],
)
def test_parse(text: bytes, found: dict[str, str]) -> None:
    assert parse_properties(text) == found
