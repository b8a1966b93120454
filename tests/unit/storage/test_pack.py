"""Lines of runs as they lie in the database, whatever their size."""

import zlib

import pytest

from workbench.storage import pack


@pytest.mark.parametrize("size", [0, 1, 8191, 8192, 8193, 100_000])
def test_what_is_packed_comes_back(size: int) -> None:
    lines = bytes(number * number % 251 for number in range(size))
    assert zlib.decompress(pack(lines)) == lines
