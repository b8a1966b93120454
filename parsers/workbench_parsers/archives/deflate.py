"""The two zlib functions an archive needs, by ISA-L where it is built, else by Python's zlib.

ISA-L takes two thirds of zlib's time for files as small as classes; what comes out is the same.
"""

import zlib
from typing import Any

_library: Any
try:
    from isal import isal_zlib

    _library = isal_zlib
except ImportError:  # a machine it is not built for
    _library = zlib

DEFLATE_ERRORS: tuple[type[Exception], ...] = (_library.error, zlib.error)
_decompressor, _crc32 = _library.decompressobj, _library.crc32


def inflate(packed: bytes, most: int) -> bytes:
    """At most `most` bytes of a raw deflate stream. Raises one of DEFLATE_ERRORS."""
    data: bytes = _decompressor(-zlib.MAX_WBITS).decompress(packed, most)
    return data


def crc32(data: bytes) -> int:
    checksum: int = _crc32(data)
    return checksum
