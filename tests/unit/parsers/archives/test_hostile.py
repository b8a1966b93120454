"""Broken and hostile archives: a clear error with file and entry, within the limits, and the good classes stay."""

import io
import struct
import time
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.errors import ArtifactError, LimitError
from workbench.model.contract import Contract

Parse = Callable[..., Contract]
STOCK = "com/shop/api/StockService.class"


def _names(contract: Contract) -> list[str]:
    return [interface.name for interface in contract.interfaces]


@pytest.fixture
def stock(api: dict[str, bytes]) -> dict[str, bytes]:
    return {STOCK: api[STOCK]}


@pytest.mark.parametrize("content", [b"", b"PK", b"hello" * 100, b"PK\x03\x04" + b"\0" * 200])
def test_not_a_zip(tmp_path: Path, parse: Parse, content: bytes) -> None:
    path = tmp_path / "order-api.jar"
    path.write_bytes(content)
    with pytest.raises(ArtifactError, match="is no readable zip archive") as caught:
        parse(path)
    assert caught.value.where == str(path)
    assert "Maven or Gradle" in caught.value.hint


def test_every_truncation_ends_in_an_artifact_error(
    jar: Callable[..., Path], parse: Parse, api: dict[str, bytes]
) -> None:
    path = jar("api.jar", api)
    whole = path.read_bytes()
    for length in range(0, len(whole), max(1, len(whole) // 60)):
        path.write_bytes(whole[:length])
        with pytest.raises(ArtifactError):
            parse(path)


def _many(count: int) -> bytes:
    """A zip64 archive of empty entries, written by hand because zipfile takes seconds for it."""
    local, directory = bytearray(), bytearray()
    for index in range(count):
        name = b"c/C%d.class" % index
        directory += struct.pack(
            "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), *(0,) * 5, len(local)
        )
        directory += name
        local += struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0) + name
    end = len(local) + len(directory)
    zip64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(directory), len(local))
    zip64 += struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    return bytes(
        local + directory + zip64 + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, *(0xFFFF,) * 2, *(2**32 - 1,) * 2, 0)
    )


def test_a_hundred_thousand_entries(tmp_path: Path, parse: Parse) -> None:
    path = tmp_path / "many.jar"
    path.write_bytes(_many(100_000))
    start = time.process_time()
    with pytest.raises(LimitError, match="100000 entries, the limit max_entries is 50000") as caught:
        parse(path)
    assert caught.value.where == str(path)
    assert time.process_time() - start < 1


def test_zip64_within_the_limits(tmp_path: Path, parse: Parse) -> None:
    path = tmp_path / "many.jar"
    path.write_bytes(_many(70_000))
    contract = parse(path, max_entries=80_000)
    assert (contract.interfaces, contract.warnings) == ((), ())


def test_a_count_that_lies(jar: Callable[..., Path], parse: Parse) -> None:
    path = jar("many.jar", {f"c/C{index}.class": b"" for index in range(300)})
    data = bytearray(path.read_bytes())
    struct.pack_into("<HH", data, len(data) - 14, 7, 7)
    path.write_bytes(data)
    with pytest.raises(LimitError, match="300 entries"):
        parse(path, max_entries=200)


def _bomb(size: int, name: str = "com/evil/BombService.class") -> dict[str, bytes]:
    return {name: b"\xca\xfe\xba\xbe" + b"\0" * size}


@pytest.mark.parametrize(
    ("limits", "limit"), [({}, "max_ratio"), ({"max_ratio": 10_000, "max_entry_bytes": 1_000_000}, "max_entry_bytes")]
)
def test_a_bomb(
    jar: Callable[..., Path], parse: Parse, stock: dict[str, bytes], limits: dict[str, int], limit: str
) -> None:
    path = jar("bomb.jar", stock, _bomb(30_000_000))
    tracemalloc.start()
    with pytest.raises(LimitError, match=limit) as caught:
        parse(path, **limits)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.where == "bomb.jar!com/evil/BombService.class"
    assert peak < 5_000_000


def test_a_bomb_that_lies_about_its_size(jar: Callable[..., Path], parse: Parse, stock: dict[str, bytes]) -> None:
    path = jar("bomb.jar", stock, _bomb(30_000_000))
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, entry + 24, 1000)  # uncompressed size in the directory
    path.write_bytes(data)
    tracemalloc.start()
    contract = parse(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert _names(contract) == ["com.shop.api.StockService"]
    assert contract.warnings[0].where == "bomb.jar!com/evil/BombService.class"
    assert "size or checksum" in contract.warnings[0].message
    assert peak < 5_000_000


def test_all_bytes_together_are_bounded(jar: Callable[..., Path], parse: Parse, api: dict[str, bytes]) -> None:
    with pytest.raises(LimitError, match="max_total_bytes"):
        parse(jar("api.jar", api), max_total_bytes=2000)


def test_nested_archives_count_together(jar: Callable[..., Path], parse: Parse, zipped: Callable[..., bytes]) -> None:
    inner = zipped({f"c/C{index}.class": b"" for index in range(90)})
    libraries = {f"BOOT-INF/lib/l{index}.jar": inner for index in range(10)}
    with pytest.raises(LimitError, match="all archives together"):
        parse(jar("app.jar", libraries, stored=True), max_entries=100)


def test_a_jar_in_a_jar_in_a_jar(
    jar: Callable[..., Path], parse: Parse, zipped: Callable[..., bytes], api: dict[str, bytes]
) -> None:
    inner = zipped({name: data for name, data in api.items() if "Price" in name})
    outer = zipped({"lib/price-api.jar": inner, STOCK: api[STOCK]})
    path = jar("all.ear", {"stock-api.jar": outer})
    contract = parse(path)
    assert _names(contract) == ["com.shop.api.StockService"]
    assert contract.interfaces[0].origin == "all.ear!stock-api.jar"
    (warning,) = contract.warnings
    assert warning.where == "all.ear!stock-api.jar!lib/price-api.jar"
    assert "max_depth 2" in warning.message
    assert _names(parse(path, max_depth=3)) == ["com.shop.api.PriceService", "com.shop.api.StockService"]


def test_an_archive_that_holds_itself_ends(jar: Callable[..., Path], parse: Parse) -> None:
    inner = b""
    for _ in range(30):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("lib/again.jar", inner)
        inner = buffer.getvalue()
    assert _names(parse(jar("deep.jar", {"lib/again.jar": inner}), max_depth=20)) == []


@pytest.mark.parametrize("name", ["../../etc/EvilService.class", "/etc/EvilService.class", "C:/x/EvilService.class"])
def test_names_that_point_outside(
    jar: Callable[..., Path], parse: Parse, stock: dict[str, bytes], tmp_path: Path, name: str
) -> None:
    before = sorted(tmp_path.parent.rglob("*"))
    contract = parse(jar("evil.jar", stock, {name: stock[STOCK]}))
    assert _names(contract) == ["com.shop.api.StockService"]
    (warning,) = contract.warnings
    assert (warning.where, warning.message) == (f"evil.jar!{name}", "not read: its name points outside of the archive")
    assert set(tmp_path.parent.rglob("*")) - set(before) == {tmp_path / "evil.jar"}


def test_a_name_without_end(jar: Callable[..., Path], parse: Parse, stock: dict[str, bytes]) -> None:
    contract = parse(jar("long.jar", stock, {"a/" * 2000 + "B.class": b""}))
    assert _names(contract) == ["com.shop.api.StockService"]
    assert "max_name 1024" in contract.warnings[0].message


def test_an_entry_that_stands_twice(tmp_path: Path, parse: Parse, api: dict[str, bytes]) -> None:
    path = tmp_path / "twice.jar"
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(STOCK, b"the first one is no class")
        archive.writestr(STOCK, api[STOCK])
    contract = parse(path)
    assert _names(contract) == ["com.shop.api.StockService"]
    assert [warning.where for warning in contract.warnings] == [f"twice.jar!{STOCK}"]


def test_one_bad_class_does_not_hide_the_good_ones(
    jar: Callable[..., Path], parse: Parse, api: dict[str, bytes], stock: dict[str, bytes]
) -> None:
    order = api["com/shop/api/OrderFacade.class"]
    bad_pool = order[:10] + b"\x63" + order[11:]
    wrong_place = api["com/shop/api/PriceService.class"]
    bad = {
        "com/shop/api/PoolService.class": bad_pool,
        "com/shop/api/CutService.class": order[:300],
        "com/shop/api/NoneService.class": b"",
        "com/shop/api/MisplacedService.class": wrong_place,
    }
    contract = parse(jar("mixed.jar", bad, stock))
    assert _names(contract) == ["com.shop.api.StockService"]
    told = {warning.where.rpartition("/")[2]: warning.message for warning in contract.warnings}
    assert told.keys() == {"PoolService.class", "CutService.class", "NoneService.class", "MisplacedService.class"}
    assert "unknown tag 99" in told["PoolService.class"]
    assert "com.shop.api.PriceService" in told["MisplacedService.class"]


def test_a_damaged_entry(jar: Callable[..., Path], parse: Parse, api: dict[str, bytes]) -> None:
    path = jar(
        "api.jar", {STOCK: api[STOCK], "com/shop/api/PriceService.class": api["com/shop/api/PriceService.class"]}
    )
    data = bytearray(path.read_bytes())
    data[60:90] = b"\xff" * 30  # inside the first entry's bytes
    path.write_bytes(data)
    contract = parse(path)
    assert _names(contract) == ["com.shop.api.PriceService"]
    assert contract.warnings[0].where == f"api.jar!{STOCK}"


def test_a_nested_archive_that_is_none(
    jar: Callable[..., Path], parse: Parse, zipped: Callable[..., bytes], api: dict[str, bytes]
) -> None:
    good = zipped(api)
    contract = parse(jar("app.jar", {"BOOT-INF/lib/a-api.jar": b"no zip", "BOOT-INF/lib/b-api.jar": good}))
    assert "com.shop.api.StockService" in _names(contract)
    assert contract.warnings[0].where == "app.jar!BOOT-INF/lib/a-api.jar"


def test_an_encrypted_entry(jar: Callable[..., Path], parse: Parse, api: dict[str, bytes]) -> None:
    path = jar(
        "api.jar", {STOCK: api[STOCK], "com/shop/api/PriceService.class": api["com/shop/api/PriceService.class"]}
    )
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    contract = parse(path)
    assert _names(contract) == ["com.shop.api.PriceService"]
    assert (contract.warnings[0].where, contract.warnings[0].message) == (f"api.jar!{STOCK}", "is encrypted")


def test_an_unknown_compression(tmp_path: Path, parse: Parse, stock: dict[str, bytes]) -> None:
    path = tmp_path / "api.jar"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr(STOCK, stock[STOCK])
    contract = parse(path)
    assert "compression method 12 is not supported" in contract.warnings[0].message


def test_a_class_file_of_the_future_is_read_as_far_as_known(
    jar: Callable[..., Path], parse: Parse, stock: dict[str, bytes]
) -> None:
    future = {STOCK: stock[STOCK][:6] + (99).to_bytes(2, "big") + stock[STOCK][8:]}
    contract = parse(jar("future-api.jar", future))
    assert contract.interfaces[0].methods[0].name == "available"
    (warning,) = contract.warnings
    assert warning.where == "future-api.jar"
    assert "version 99 (Java 55) are newer than Java 25" in warning.message


def test_multi_release_and_module_entries_are_no_classes(
    jar: Callable[..., Path], parse: Parse, stock: dict[str, bytes]
) -> None:
    more = {
        "META-INF/MANIFEST.MF": b"Multi-Release: true\n",
        f"META-INF/versions/17/{STOCK}": b"not looked at",
        "META-INF/versions/17/module-info.class": b"not looked at",
        "module-info.class": b"not looked at",
        "com/shop/api/package-info.class": b"not looked at",
    }
    contract = parse(jar("multi-api.jar", more, stock))
    assert _names(contract) == ["com.shop.api.StockService"]
    assert contract.warnings == ()


def test_a_stub_before_the_archive_is_no_matter(
    jar: Callable[..., Path], parse: Parse, api: dict[str, bytes], zipped: Callable[..., bytes]
) -> None:
    path = jar("run.jar", {"BOOT-INF/lib/shop-api.jar": zipped(api)}, stored=True)
    path.write_bytes(b"#!/bin/sh\nexec java -jar $0\n" + path.read_bytes())
    contract = parse(path)
    assert "com.shop.api.OrderFacade" in _names(contract)
    assert contract.warnings == ()
