"""Texts that break programs, and bodies of requests with such a text in every field that holds one."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args, get_type_hints

import msgspec
from msgspec import Struct

from workbench.model.suite import UNREAD, AnyStep

WILD: Final[Mapping[str, str]] = {
    "slashes": "a/b//c\\d",
    "dots": "..",
    "path": "../../etc/passwd",
    "emoji": "😀👩‍👩‍👧",
    "right to left": "שלום مرحبا",
    "bidi controls": "\u202eabc\u202c\u2066x\u2069\u200f",
    "nul": "a\0b",
    "controls": "a\x01\x07\x1b[31m\x7f\x85b",
    "line ends": "a\r\nb\rc\nd\u2028e\u2029f\tg",
    "300": "订" * 300,
    "10,000": "long " * 2000,
    "emoji without end": "😀" * 3000,
    "blanks": "   ",
    "wide blanks": "\u3000\u00a0",
    "blanks around": " a ",
    "composed": "caf\u00e9",
    "decomposed": "cafe\u0301",
    "not characters": "\ufffe\uffff\U0010ffff\ufdd0",
    "mark": "\ufeffa",
    "sql": "'; DROP TABLE documents; --",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;\"'",
    "formats": "%s %d {0} {{x}} %(a)s \\u0041 \\0",
    "formula": "=1+2",
    "yaml": "- a: &b [1] # c\n  *b",
    "percent": "%2e%2e%2f",
    "small and large": "İıßſK",
}
HALF: Final = b'"a\\ud800b"'  # JSON of half a character
_STEPS: Final[tuple[type[Struct], ...]] = get_args(AnyStep)
# Fields that have a form, in whose place stands something right; all other texts have to come back whatever they are.
_FORMED: Final[Mapping[str, Any]] = {
    "timeout": "3s", "when": "${ctx.a} == 1", "before": "pass", "after": "pass", "script": "pass",
    "extract": {"key": "response.a"}, "assert": "response.a == 1", "request": "{}", "dubbo": "com.example.A#b()",
    "http": "GET http://localhost/", "tool": "tool-util com.example.A#b()", "sql": "db", "statement": "select 1",
    "redis": "cache", "use": "common.fill", "dataset": "", "url": "", "subsystem": "", "mode": "", "retry": None,
    "quarantine": None, "tags": ["smoke"], "protocol": "", "serialization": "", "with": {"name": "x"},
    "headers": {"X-A": "1"}, "query": {"a": "1"}, "form": {}, "attachments": {"a": "1"}, "group": "", "version": "",
    "tag": "",
}  # fmt: skip


def filled(type_: type[Struct], text: str) -> dict[str, Any]:
    """A body of the model's type, valid, and with the text in every field that may hold any; steps of every kind."""
    found: dict[str, Any] = {}
    hints = get_type_hints(type_)
    for info in msgspec.structs.fields(type_):
        name, kind = info.encode_name, hints[info.name]
        if name in ("id", "cases", "disabled"):
            continue
        if name in ("setup", "steps", "teardown"):
            found[name] = [step for each in _STEPS if (step := _step(each, text))]
        elif name in _FORMED:
            found[name] = _FORMED[name]
        elif kind is str:
            found[name] = text
        elif kind == tuple[str, ...]:
            found[name] = [text]
    return found


def _step(kind: type[Struct], text: str) -> dict[str, Any]:
    tag = str(kind.__struct_config__.tag)
    found = {name: each for name, each in filled(kind, text).items() if name not in UNREAD.get(tag, ())}
    found |= {"request": '["GET", "a"]'} if tag == "redis" else {}
    return {"kind": tag, **{name: each for name, each in found.items() if each not in ("", None, {})}}


def formed(body: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in such a body stand texts that have a form."""
    for name, value in body.items() if isinstance(body, dict) else enumerate(body):
        if isinstance(value, dict | list):
            yield from formed(value, (*path, name))
        elif isinstance(value, str) and any(part in _FORMED for part in (*path, name) if isinstance(part, str)):
            yield (*path, name)


def with_text(body: Any, path: tuple[Any, ...], text: str) -> Any:
    """The body with another text at a place."""
    if not path:
        return text
    first, *rest = path
    changed = with_text(body[first], tuple(rest), text)
    if isinstance(body, list):
        return [changed if at == first else each for at, each in enumerate(body)]
    return {**body, first: changed}
