"""What real providers wrote into their registry, release by release (recorded of those in bridge-java/ages): the shapes
differ, what is read does not. Dubbo 2.7 nests the types and refers to those that it has written by their path, or by
their name where a type holds itself; Dubbo 3 names them."""

from pathlib import Path

import pytest

from workbench.discovery.metadata import read_definition, read_parameters

RECORDED = Path(__file__).parent / "recorded"
RELEASES = ("2.7.23", "3.2.19", "3.3.6")
METHODS = [
    "add(java.math.BigDecimal,java.math.BigDecimal) java.math.BigDecimal",
    "add(long,long) long",
    "attachment(java.lang.String) java.lang.String",
    "echo(com.example.ages.Parcel) com.example.ages.Parcel",
    "forget(java.lang.String) void",
    "lengths(java.lang.String[]) java.util.Map<java.lang.String,java.lang.Integer>",
    "refuse(java.lang.String) com.example.ages.Parcel",
    "reversed(java.util.List) java.util.List<com.example.ages.Parcel>",
    "sleep(long) java.lang.String",
]
FIELDS = {
    "big": "long",
    "counts": "java.util.Map<java.lang.String,java.lang.Long>",
    "fragile": "boolean",
    "inner": "com.example.ages.Parcel",
    "labels": "java.util.List<java.lang.String>",
    "price": "java.math.BigDecimal",
    "ratio": "double",
    "seal": "byte[]",
    "sent": "java.util.Date",
    "size": "com.example.ages.Size",
    "text": "java.lang.String",
    "whole": "int",
}


@pytest.mark.parametrize("release", RELEASES)
def test_every_release_tells_the_same(release: str) -> None:
    text = (RECORDED / f"metadata-{release}.json").read_text()
    name, methods, types = read_definition(text)
    assert name == "com.example.ages.AgesFacade"
    assert [f"{method.signature} {method.returns}" for method in methods] == METHODS
    assert methods[7].parameters[0].type == "java.util.List<com.example.ages.Parcel>"
    assert sorted(types) == ["com.example.ages.Parcel", "com.example.ages.Size"]
    assert {field.name: field.type for field in types["com.example.ages.Parcel"].fields} == FIELDS
    assert types["com.example.ages.Size"].constants == ("SMALL", "LARGE")
    assert read_parameters(text)[1]["release"] == release


def test_the_shapes_are_those_of_their_releases() -> None:
    """What makes this recording worth keeping."""
    old, *new = ((RECORDED / f"metadata-{release}.json").read_text() for release in RELEASES)
    assert '"$ref": "$.types[' in old
    assert '"$ref": "com.example.ages.Parcel"' in old
    assert "typeBuilderName" in old
    assert not any("$ref" in text or "typeBuilderName" in text for text in new)
