"""Modified UTF-8 (JVM specification, 4.4.7): NUL as C0 80, characters beyond U+FFFF as two surrogates."""


def decode(raw: bytes) -> str:
    """Decode the bytes of a CONSTANT_Utf8. Raises UnicodeDecodeError when they are none."""
    return _join_surrogates(raw.replace(b"\xc0\x80", b"\x00").decode("utf-8", "surrogatepass"))


def _join_surrogates(text: str) -> str:
    # A lone surrogate is legal in a Java string but in no JSON: it becomes U+FFFD.
    return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")
