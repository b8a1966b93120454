"""ISA-L and Python's zlib: whichever is there, the same bytes, bounds and errors."""

import importlib.util
import random
import sys
import zlib
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench_parsers.archives import deflate


def _without_isal() -> ModuleType:
    spec = importlib.util.find_spec(deflate.__name__)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "isal", None)
        spec.loader.exec_module(module)
    return module


PLAIN = _without_isal()


def _packed(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


def test_the_fallback_is_pythons_zlib() -> None:
    assert set(PLAIN.DEFLATE_ERRORS) == {zlib.error}


@pytest.mark.parametrize("module", [deflate, PLAIN])
@given(data=st.binary(max_size=3000), most=st.integers(1, 4000))
def test_inflate_gives_at_most_what_is_asked_for(module: ModuleType, data: bytes, most: int) -> None:
    assert module.inflate(_packed(data), most) == data[:most]
    assert module.crc32(data) == zlib.crc32(data)


@pytest.mark.parametrize("module", [deflate, PLAIN])
def test_damage_is_one_of_the_errors(module: ModuleType) -> None:
    with pytest.raises(module.DEFLATE_ERRORS):
        module.inflate(b"\xff" * 30, 100)


@pytest.mark.parametrize("module", [deflate, PLAIN])
def test_what_is_cut_off_gives_what_is_there(module: ModuleType) -> None:
    data = random.Random(7).randbytes(5000)  # nothing in it repeats, so that nine bytes less are about nine bytes less
    got = module.inflate(_packed(data)[:-9], len(data) + 1)
    assert data.startswith(got)
    assert len(data) - 300 < len(got) < len(data)
