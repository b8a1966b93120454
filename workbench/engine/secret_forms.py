"""Every spelling under which a secret value may stand in a text."""

import base64
import json as stdlib
import re
from collections.abc import Iterable, Iterator
from typing import Self
from urllib.parse import quote, quote_plus

from workbench.expr import MISSING
from workbench.model import json
from workbench.model.json import Json

MASK = "•••"
_SHORTEST = 3  # masking shorter values would tear unrelated texts apart
_SHORTEST_PART = 6  # of a spelling that is only a part: shorter ones stand in any base64 text by chance
_NESTED = 3  # JSON text inside JSON text, as in a body that an assertion shows
_CUT = "…"  # where a message was shortened, perhaps in the middle of a value


class Forms:
    """The spellings of some values, longest first, so that none tears a longer one apart."""

    def __init__(self, values: Iterable[Json], more: frozenset[str] = frozenset()) -> None:
        self._all = more | {form for value in values for form in _forms(value)}
        self._ordered = sorted(self._all, key=len, reverse=True)
        # once JSON-encoded, as they stand in an event's line
        self._encoded = [_inside(form) for form in self._ordered]

    def __bool__(self) -> bool:
        return bool(self._ordered)

    def plus(self, values: Iterable[Json]) -> Self:
        more = {form for value in values for form in _forms(value)}
        return type(self)((), self._all | more) if more - self._all else self

    def may_be_in(self, line: str) -> bool:
        return any(form in line for form in self._encoded) or (bool(self._ordered) and _CUT in line)

    def clean(self, text: str) -> str:
        for form in self._ordered:
            if form in text:
                text = text.replace(form, MASK)
        return self._without_cut_ones(text) if _CUT in text else text

    def _without_cut_ones(self, text: str) -> str:
        """A value of which a shortened message shows only the beginning."""
        head, *rest = text.split(_CUT)
        kept = [head]
        for part in rest:
            kept[-1] = self._trimmed(kept[-1])
            kept.append(part)
        return _CUT.join(kept)

    def _trimmed(self, head: str) -> str:
        for form in self._ordered:
            for size in range(min(len(form), len(head)), _SHORTEST_PART - 1, -1):
                if head.endswith(form[:size]):
                    return head[:-size] + MASK
        return head


def leaves(value: Json) -> Iterator[Json]:
    """Texts and numbers inside a value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from leaves(each)
    elif value is not MISSING and value is not None and not isinstance(value, bool):
        yield value


def _forms(value: Json) -> set[str]:
    text = value if isinstance(value, str) else json.dumps(value)
    if len(text) < _SHORTEST:
        return set()
    forms = level = {text, *_urls(text), *_base64(text)}
    for _ in range(_NESTED):
        level = {spelt for each in level for spelt in _json(each)} - forms
        forms = forms | level
    return forms


def _json(text: str) -> tuple[str, str, str]:
    """As we write it, and as others do: ASCII only, slashes escaped."""
    once = _inside(text)
    return once, stdlib.dumps(text)[1:-1], once.replace("/", "\\/")


def _inside(text: str) -> str:
    return json.dumps(text)[1:-1]


def _urls(text: str) -> Iterator[str]:
    for coded in (quote(text, safe=""), quote(text), quote_plus(text)):
        yield coded
        yield re.sub(r"%[0-9A-F]{2}", lambda code: code[0].lower(), coded)


def _base64(text: str) -> Iterator[str]:
    """Alone, and as the part that does not depend on its neighbours: `user:password` of Basic authentication."""
    raw = text.encode()
    for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
        whole = alphabet(raw).decode()
        yield whole
        yield whole.rstrip("=")
        for before in range(3):
            coded = alphabet(b"\0" * before + raw).decode().rstrip("=")
            first = -(-before * 8 // 6)
            last = (before + len(raw)) * 8 // 6
            if last - first >= _SHORTEST_PART:
                yield coded[first:last]
