"""Java's .properties as text: pairs of key and value, exact in both directions.

Written in ASCII with `\\uXXXX`, which every reader of such files understands. A comment `# type: number` before an
entry says of what type it is; other comments are passed over.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from workbench.errors import DatasetError

_TYPE = re.compile(r"[#!]\s*type:\s*(\w+)\s*")
_NAMED = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_WRITTEN = {"\t": "\\t", "\n": "\\n", "\r": "\\r", "\f": "\\f", "\\": "\\\\"}


class Entry(NamedTuple):
    line: int
    key: str
    value: str
    type: str = ""  # that a comment before it names


def read(text: str, where: str) -> Iterator[Entry]:
    """Entries in order. Raises DatasetError for an escape that is none."""
    kind = ""
    for number, line in _lines(text):
        if line[:1] in ("#", "!"):
            said = _TYPE.fullmatch(line)
            kind = said[1] if said else kind
            continue
        end = _end_of_key(line)
        rest = re.match(r"[ \t\f]*[=:]?[ \t\f]*", line[end:])
        value = line[end + (rest.end() if rest else 0) :]
        place = f"{where}:{number}"
        yield Entry(number, _plain(line[:end], place), _plain(value, place), kind)
        kind = ""


def write(entries: Iterable[tuple[str, str, str]]) -> str:
    """Text of (key, value, type) that reads back equal; type "" is not said."""
    lines = []
    for key, value, kind in entries:
        lines += [f"# type: {kind}"] if kind else []
        lines.append(f"{_escaped(key, key=True)}={_escaped(value)}")
    return "".join(f"{line}\n" for line in lines)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """(number of its first line, logical line), without blank ones; an odd number of `\\` joins the next line."""
    whole, first = "", 0
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        line = raw.lstrip(" \t\f")
        if not whole:
            if not line:
                continue
            first = number
        whole += line
        comment = whole[:1] in ("#", "!")
        if not comment and (len(whole) - len(whole.rstrip("\\"))) % 2:
            whole = whole[:-1]
            continue
        yield first, whole
        whole = ""
    if whole:
        yield first, whole


def _end_of_key(line: str) -> int:
    at = 0
    while at < len(line) and line[at] not in "=: \t\f":
        at += 2 if line[at] == "\\" else 1
    return min(at, len(line))


def _plain(text: str, where: str) -> str:
    def plain(match: re.Match[str]) -> str:
        if match[1] == "u":
            raise DatasetError("\\u wants four hexadecimal digits", where=where)
        return chr(int(match[1][1:], 16)) if len(match[1]) > 1 else _NAMED.get(match[1], match[1])

    decoded = re.sub(r"\\(u[0-9A-Fa-f]{4}|.)", plain, text, flags=re.DOTALL)
    try:
        return decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError as error:
        raise DatasetError("half of a character (a lone surrogate)", where=where) from error


def _escaped(text: str, *, key: bool = False) -> str:
    out = []
    for at, char in enumerate(text):
        if char in _WRITTEN:
            out.append(_WRITTEN[char])
        elif (char in "=: " and key) or (char == " " and at == 0) or (char in "#!" and at == 0):
            out.append(f"\\{char}")
        elif " " <= char <= "~":
            out.append(char)
        else:
            raw = char.encode("utf-16-be", "surrogatepass")
            out += [f"\\u{raw[i : i + 2].hex()}" for i in range(0, len(raw), 2)]
    return "".join(out)
