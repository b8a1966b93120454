"""The plain values of an application.yml, as the keys of .properties: `dubbo.registry.address`.

Not a YAML reader: nested mappings of scalars in block form, which is what such files hold, up to the first further
document (those are for profiles). Lists, flow collections, anchors, tags and texts of several lines are passed over; a
placeholder that wants one of these stays unfilled and is told.
"""

import re
from collections.abc import Iterator

_KEY = r"""(?P<key>"[^"]+"|'[^']+'|[^\s:#'"\[\]{},&*!|>%@`-][^:#]*?)"""
_LINE = re.compile(rf" *{_KEY}\s*:(?:\s+(?P<value>.*))?")
_SPECIAL = "[{&*!|>%@`"
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "/": "/"}


def parse_yaml_values(data: bytes) -> dict[str, str]:
    """Dotted keys and their values; what is not understood is left out."""
    found: dict[str, str] = {}
    above: list[tuple[int, str]] = []  # (indentation, key) of the mappings that are open
    for indent, key, value in _entries(data.decode("utf-8-sig", errors="replace")):
        while above and above[-1][0] >= indent:
            above.pop()
        if value is None:
            above.append((indent, key))
        else:
            found.setdefault(".".join([*(name for _, name in above), key]), value)
    return found


def _entries(text: str) -> Iterator[tuple[int, str, str | None]]:
    """(indentation, key, value) of each line that has a key; None: a mapping follows."""
    deeper: int | None = None  # lines beyond this indentation belong to something that is passed over
    begun = False
    for line in text.splitlines():
        if begun and line.startswith(("---", "...")):
            return
        indent = len(line) - len(line.lstrip(" "))
        if not line.strip() or line.lstrip().startswith(("#", "---")) or (deeper is not None and indent > deeper):
            continue
        deeper = None
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            deeper = indent  # an item of a list, or what we do not know, with all below it
            continue
        value = _value((match["value"] or "").strip())
        if value is _SKIPPED:
            deeper = indent
            continue
        begun = True
        yield indent, match["key"].strip("\"'"), value


_SKIPPED = "\0"


def _value(text: str) -> str | None:
    if not text or text.startswith("#"):
        return None
    if text[0] == "'":
        match = re.fullmatch(r"'((?:[^']|'')*)'\s*(?:#.*)?", text)
        return match[1].replace("''", "'") if match else _SKIPPED
    if text[0] == '"':
        match = re.fullmatch(r'"((?:[^"\\]|\\.)*)"\s*(?:#.*)?', text)
        return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), match[1]) if match else _SKIPPED
    if text[0] in _SPECIAL:
        return _SKIPPED
    return re.split(r"\s+#", text, maxsplit=1)[0].strip()
