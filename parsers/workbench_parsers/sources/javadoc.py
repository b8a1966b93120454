"""Javadoc as plain text: what a tester reads beside a field."""

import html
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

_MAX = 2_000  # characters of one comment
_EDGE = re.compile(r"^/\*\*|\*/$")
_MARGIN = re.compile(r"^[ \t]*\*+ ?", re.MULTILINE)
_INLINE = re.compile(r"\{@(?:code|literal|value|link|linkplain)\s+([^{}]*)\}")
_BREAK = re.compile(r"<(?:p|br|li|/?ul|/?ol)\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BLOCK = re.compile(r"^[ \t]*@(\w+)[ \t]*", re.MULTILINE)


class Javadoc(NamedTuple):
    text: str = ""
    parameters: Mapping[str, str] = MappingProxyType({})  # name → text
    returns: str = ""


def read_javadoc(comment: str) -> Javadoc:
    """Text, `@param` and `@return`; other tags are left out."""
    plain = _MARGIN.sub("", _EDGE.sub("", comment[: 4 * _MAX].strip()))
    parts = _BLOCK.split(plain)
    parameters, returns = dict[str, str](), ""
    for tag, text in zip(parts[1::2], parts[2::2], strict=True):
        if tag == "param":
            name, _, said = text.strip().partition(" ")
            parameters[name.strip()] = _clean(said)
        elif tag in ("return", "returns"):
            returns = _clean(text)
    return Javadoc(_clean(parts[0]), parameters, returns)


def _clean(text: str) -> str:
    """`{@link Order#id the id}` → the id; without HTML; paragraphs as lines."""
    text = _INLINE.sub(_inline, text)
    text = html.unescape(_TAG.sub("", _BREAK.sub("\0", text)))
    lines = (" ".join(line.split()) for line in text.split("\0"))
    return "\n".join(line for line in lines if line)[:_MAX]


def _inline(match: re.Match[str]) -> str:
    target, _, label = match[1].strip().partition(" ")
    if not match[0].startswith("{@link"):
        return match[1].strip()
    return label.strip() or target.lstrip("#").replace("#", ".")
