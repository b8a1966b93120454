"""How a text stands in YAML: plain, quoted or as a block, so that every YAML reader gets the same text back."""

import re

import yaml

from workbench.errors import SuiteError
from workbench.files.exact_yaml import NUMBER, UNPRINTABLE

# Texts that some YAML reader (1.1 as PyYAML, or the 1.2 core schema) takes for a number, date, bool or null.
_RESOLVERS = {
    first: [regexp for _, regexp in pairs] for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_CORE = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_BREAKS = re.compile("[\x85\u2028\u2029]")  # line breaks to YAML, that would not come back as they are
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")
_FLOW = re.compile(r"[,\[\]{}?]")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
_ESCAPED = re.compile(f'["\\\\\\t]|\n|{_BREAKS.pattern}|{UNPRINTABLE.pattern}')


def inline(text: str, *, flow: bool = False) -> str:
    """The text in one line, plain where that is safe; `flow`: inside [] or {}."""
    if _is_plain(text) and not (flow and _FLOW.search(text)):
        return text
    if ('"' in text or "\\" in text) and not _special(text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def block(text: str, indent: int) -> str | None:
    """`|`, its signs, and the lines at `indent` columns; None when only quotes can hold the text."""
    if not text.strip(" \n") or _BREAKS.search(text) or UNPRINTABLE.search(text):
        return None
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    chomp = "-" if ends == 0 else "" if ends == 1 else "+"
    # without the number of columns a reader would take them from a first line that begins with blanks
    sign = "2" if text[0] in " \n\t" else ""
    lines = text.split("\n")[:-1] if ends else text.split("\n")
    return "\n".join([f"|{sign}{chomp}", *(" " * indent + line if line else "" for line in lines)])


def _is_plain(text: str) -> bool:
    if not text or text[0] in _INDICATORS or text.startswith("...") or text != text.strip():
        return False
    if ": " in text or " #" in text or text.endswith(":") or "\t" in text or _special(text):
        return False
    return not _resolves(text)


def _special(text: str) -> bool:
    return "\n" in text or bool(_BREAKS.search(text) or UNPRINTABLE.search(text))


def _resolves(text: str) -> bool:
    if NUMBER.fullmatch(text) or _CORE.fullmatch(text):
        return True
    return any(regexp.match(text) for regexp in _RESOLVERS.get(text[0], ()))


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in _ESCAPES:
        return _ESCAPES[char]
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        raise SuiteError(f"the character U+{code:04X} (half of a pair) cannot be written")
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
