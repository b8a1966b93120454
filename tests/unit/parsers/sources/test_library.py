"""Sources jars beside real class files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.errors import ArtifactError
from workbench.model.contract import Contract

JAVA = Path(__file__).parents[1] / "java"


@pytest.fixture
def names(
    jar: Callable[..., Path], parse: Callable[..., Contract], api: dict[str, bytes]
) -> Callable[[dict[str, bytes]], dict[str, list[str]]]:
    """Names of parameters of OrderFacade's methods with a sources jar of these files."""

    def read(files: dict[str, bytes]) -> dict[str, list[str]]:
        contract = parse(jar("api.jar", api), sources=[jar("api-sources.jar", files)], interfaces=["OrderFacade"])
        (order,) = contract.interfaces
        return {method.name: [parameter.name for parameter in method.parameters] for method in order.methods}

    return read


def _sources() -> dict[str, bytes]:
    root = JAVA / "shop"
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*.java")}


def test_own_and_inherited_methods(names: Callable[..., dict[str, list[str]]]) -> None:
    assert names(_sources()) == {
        "get": ["id"],
        "create": ["order", "tags"],
        "lines": ["samples", "counts"],
        "largest": ["first", "more"],
        "fail": ["kind"],
        "pair": [],
        "rows": [],
        "count": ["from", "to"],
        "save": ["entity"],
        "exists": ["id"],
        "greatest": ["one", "other"],
        "find": ["query"],
        "grouped": ["samples", "exclude"],
    }


def test_overloads_are_told_apart_by_simple_types(names: Callable[..., dict[str, list[str]]]) -> None:
    source = b"""package com.shop.api; interface OrderFacade {
        long count(String wrong, double types);
        long count(long since, double until);
        long count(int too, int few, int m);
    }"""
    assert names({"com/shop/api/OrderFacade.java": source})["count"] == ["since", "until"]


def test_sources_of_another_release_give_what_fits(names: Callable[..., dict[str, list[str]]]) -> None:
    source = (
        b"package com.shop.api; interface OrderFacade { long count(long only); Order create(Order o, String[] t); }"
    )
    found = names({"com/shop/api/OrderFacade.java": source})
    assert (found["count"], found["create"]) == (["arg0", "arg1"], ["o", "t"])


def test_a_sources_jar_that_is_none(
    tmp_path: Path, jar: Callable[..., Path], parse: Callable[..., Contract], api: dict[str, bytes]
) -> None:
    bad = tmp_path / "api-sources.jar"
    bad.write_bytes(b"no zip")
    with pytest.raises(ArtifactError, match="no readable zip") as caught:
        parse(jar("api.jar", api), sources=[bad])
    assert caught.value.where == str(bad)
