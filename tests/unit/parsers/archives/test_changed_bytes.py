"""Archives with bytes changed anywhere: a contract or an error of ours, and one bad class hides no good one."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbench_parsers import ArchiveParser

from workbench.errors import ArtifactError
from workbench.model.contract import Contract
from workbench.plugin_api import ParseLimits

STOCK, ORDER = "com/shop/api/StockService.class", "com/shop/api/OrderFacade.class"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("changed") / "api.jar"


def read(path: Path, data: bytes) -> Contract:
    path.write_bytes(data)
    return ArchiveParser().parse([path], sources=(), interfaces=(), limits=ParseLimits())


def changed(data: bytes, draw: st.DataObject, start: int = 0) -> bytes:
    whole = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(start, len(whole) - 1))
        whole[at] = draw.draw(st.sampled_from((0, 255, whole[at] ^ 1, whole[at] ^ 128)) | st.integers(0, 255))
    return bytes(whole)


@given(draw=st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_the_directory_says(
    draw: st.DataObject, path: Path, api: dict[str, bytes], zipped: Callable[..., bytes]
) -> None:
    whole = zipped({STOCK: api[STOCK], ORDER: api[ORDER]})
    try:
        places = [each.where for each in read(path, changed(whole, draw, whole.index(b"PK\x01\x02"))).warnings]
    except ArtifactError as error:
        places = [error.where]
    assert all(path.name in place for place in places)


@given(draw=st.data())
@settings(max_examples=80, deadline=None)
def test_a_changed_class_hides_no_other(
    draw: st.DataObject, path: Path, api: dict[str, bytes], zipped: Callable[..., bytes]
) -> None:
    price = "com/shop/api/PriceService.class"
    contract = read(path, zipped({price: changed(api[price], draw), STOCK: api[STOCK]}))
    assert "com.shop.api.StockService" in [interface.name for interface in contract.interfaces]


@pytest.mark.parametrize("offset", [0xFFFFFFFE, 0x7FFFFFFF, 1])
def test_a_place_that_is_none(path: Path, api: dict[str, bytes], zipped: Callable[..., bytes], offset: int) -> None:
    """Of one entry, in the directory: the others are read all the same."""
    whole = bytearray(zipped({STOCK: api[STOCK], ORDER: api[ORDER]}))
    entry = whole.index(b"PK\x01\x02")
    struct.pack_into("<L", whole, entry + 42, offset)
    contract = read(path, bytes(whole))
    assert "com.shop.api.OrderFacade" in [interface.name for interface in contract.interfaces]
    assert STOCK in contract.warnings[0].where


def test_the_directory_begins_before_the_file(path: Path, stock_jar: bytes) -> None:
    """Then every place is moved by as much, in front of the first byte."""
    whole = bytearray(stock_jar)
    struct.pack_into("<L", whole, whole.rindex(b"PK\x05\x06") + 16, len(whole))
    with_places = read(path, bytes(whole))
    assert with_places.interfaces == ()
    assert STOCK in with_places.warnings[0].where


def test_an_entry_without_a_name(path: Path, api: dict[str, bytes], zipped: Callable[..., bytes]) -> None:
    whole = zipped({"~~~~": b"x", STOCK: api[STOCK]})  # a name ends at its first NUL
    contract = read(path, whole.replace(b"~~~~", b"\0~~~"))
    assert [interface.name for interface in contract.interfaces] == ["com.shop.api.StockService"]
    assert any("has no name" in warning.message for warning in contract.warnings)


@pytest.fixture
def stock_jar(api: dict[str, bytes], zipped: Callable[..., bytes]) -> bytes:
    return zipped({STOCK: api[STOCK]})
