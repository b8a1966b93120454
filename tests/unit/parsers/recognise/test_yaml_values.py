"""What is read of an application.yml, and what is passed over without taking the rest along."""

import pytest
from workbench_parsers.recognise.yaml_values import parse_yaml_values


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\nb:\n  c: x y\n  d:\n    e: z\nf: g", {"a": "1", "b.c": "x y", "b.d.e": "z", "f": "g"}),
        ("dubbo.registry.address: zookeeper://h:2181 # where", {"dubbo.registry.address": "zookeeper://h:2181"}),
        ("a: 'it''s'\nb: \"x\\ty\" # c\nc: x#y", {"a": "it's", "b": "x\ty", "c": "x#y"}),
        ("a: ${b:1}\nv: 1.10\nz: 007", {"a": "${b:1}", "v": "1.10", "z": "007"}),
        ("# c\n\n---\na: 1\n---\na: 2\nb: 3", {"a": "1"}),
        ("l:\n  - a: 1\n    b: 2\n  - c\nd: 4", {"d": "4"}),
        ("t: |\n  x: 1\n  y: 2\nd: 4", {"d": "4"}),
        ("m: {x: 1}\nn: [1]\nr: *x\nd: 4", {"d": "4"}),
        ("\"q\": 1\n'p': 2", {"q": "1", "p": "2"}),
        ("a: 1\r\nb:\r\n  c: 2\r\n", {"a": "1", "b.c": "2"}),
        ("\ufeffa: 中", {"a": "中"}),
        ("{{{ : :\n\t: x", {}),
        ("", {}),
    ],
)
def test_values(text: str, found: dict[str, str]) -> None:
    assert parse_yaml_values(text.encode()) == found
