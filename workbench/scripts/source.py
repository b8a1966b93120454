"""Reads a script as its author wrote it and makes what the sandbox runs, line for line the same.

`$app` becomes `_app` in code and in the expressions of f-strings, never in plain strings and comments. Statements note
their line as they are reached, because the sandbox does not say where an endless loop was. The scanner is our own:
Python's tokenize cuts f-strings differently before and after 3.12, and a suite must mean the same on both.
"""

import ast
import keyword
import re
from collections.abc import Iterator

from msgspec import Struct

APP = "_app"
LINE_NOTE = "_wb_line"  # a dict in the sandbox; its "n" is the line of the statement that was reached last

_STRING = re.compile(r"([rRbBuUfFtT]{0,2})(\"\"\"|'''|\"|')")
_WORD = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"\d\w*")
_USE = re.compile(
    r"\$app\s*\.\s*(?P<name>[^\W\d]\w*)\s*"
    r"(?P<call>\(\s*(?P<literal>[rRuU]?(?:\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'))?\s*(?P<end>[,)])?)?"
)
_WALRUS = re.compile(r"\s*\w+\s*:=")
_STARRED = re.compile(r"\s*\*")
# statements that nothing may stand before; match, case and type may also be names
_UNMARKED = frozenset(
    ("@", "for", "else", "try", "except", "finally", "with", "def", "class", "async", "match", "case", "type")
)
# An escape of one half of a character. The sandbox would make U+FFFD of it, and a request would carry that.
_HALF = re.compile(r"\\(?:u|U0000)[dD][89a-fA-F][0-9a-fA-F]{2}")
_READS = {"getContext", "getRow", "getConfig", "sql", "redis"}


class Use(Struct, frozen=True):
    """One `$app.name` in a script."""

    name: str
    line: int
    literal: str | None = None  # its first argument, when that is a literal text
    only: bool = True  # the literal is the only argument
    called: bool = True


class Source(Struct, frozen=True):
    text: str  # as written
    code: str  # for the sandbox
    uses: tuple[Use, ...]
    names: frozenset[str]  # every word in it that may be a variable
    halves: tuple[tuple[int, str], ...] = ()  # (line, escape) of lone surrogates in its texts
    asyncs: tuple[int, ...] = ()  # lines of async statements

    @property
    def references(self) -> frozenset[tuple[str, str]]:
        """Names that must exist: (keyword, name). A read with a default or a test for presence demands nothing."""
        return frozenset(
            (use.name, use.literal)
            for use in self.uses
            if use.literal is not None and (use.name == "addContext" or (use.name in _READS and use.only))
        )

    def line(self, number: int) -> str:
        lines = self.text.split("\n")
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def read(text: str) -> Source:
    """Never fails: what is not Python stays as it is, and the sandbox's own parser complains about it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    scanner = _Scanner(text)
    scanner.statements()
    names = frozenset(filter(_bindable, scanner.names))
    return Source(
        text, "".join(scanner.pieces()), tuple(scanner.uses), names, tuple(scanner.halves), tuple(scanner.asyncs)
    )


def _bindable(word: str) -> bool:
    return word.isidentifier() and not keyword.iskeyword(word) and word not in (APP[1:], APP, LINE_NOTE)


class _Scanner:
    """One pass over the text; notes insertions and replacements by offset."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.edits: list[tuple[int, int, str]] = []  # start, end, replacement
        self.uses: list[Use] = []
        self.names: set[str] = set()
        self.halves: list[tuple[int, str]] = []
        self.asyncs: list[int] = []
        self._classes: list[list[int]] = []  # of open class statements: their indentation, then that of their body
        self._waiting = False  # for the `in` of a `for`

    def pieces(self) -> Iterator[str]:
        done = 0
        for start, end, replacement in self.edits:
            yield self.text[done:start]
            yield replacement
            done = end
        yield self.text[done:]

    def statements(self) -> None:
        """Scan all of it, a logical line at a time."""
        at = 0
        while at < len(self.text):
            at = self._blank(at)
            if at < len(self.text):
                self._mark(at)
                at = self.code(at, nested=False)

    def code(self, at: int, *, nested: bool) -> int:
        """Scan to the end of the logical line, or, nested, of a replacement field: its `}`, `:` or `!`."""
        depth, text = 0, self.text
        while at < len(text):
            character = text[at]
            if not depth and self._ends(at, nested):
                return at
            if character == "#":
                at = self._line_end(at)
            elif character == "\\":
                at += 2
            elif string := _STRING.match(text, at):
                at = self._string(string)
            elif word := _WORD.match(text, at) or _NUMBER.match(text, at):
                at = word.end()
                self.names.add(word[0])
                if self._waiting and word[0] == "in" and not depth and not nested:
                    self._waiting = False
                    self._condition(at, _STARRED)
            elif character == "$":
                at = self._dollar(at)
            else:
                depth = max(0, depth + (character in "([{") - (character in ")]}"))
                at += 1
        return at

    def _ends(self, at: int, nested: bool) -> bool:
        if not nested:
            return self.text[at] == "\n"
        return self.text[at] in "}:!" and not self.text.startswith("!=", at)

    def _blank(self, at: int) -> int:
        """Behind blank lines, comments and the indentation of the next statement."""
        while at < len(self.text) and self.text[at] in " \t\f\n#":
            at = self._line_end(at) if self.text[at] == "#" else at + 1
        return at

    def _mark(self, at: int) -> None:
        """Make the statement at `at` say its line when it is reached; forms that cannot are left alone."""
        word = _WORD.match(self.text, at)
        name = word[0] if word else self.text[at]
        self._waiting = name == "for"
        in_class_body = self._in_class_body(at)
        if name == "async":
            self.asyncs.append(self._line(at))
        if name == "class":
            self._classes.append([at - self.text.rfind("\n", 0, at) - 1])
        elif word and name in ("if", "elif", "while"):
            self._condition(word.end(), _WALRUS)
        elif name not in _UNMARKED and not in_class_body:
            self.edits.append((at, at, f'{LINE_NOTE}["n"]={self._line(at)};'))

    def _in_class_body(self, at: int) -> bool:
        """The sandbox allows only assignments and methods there."""
        indent = at - self.text.rfind("\n", 0, at) - 1
        while self._classes and indent <= self._classes[-1][0]:
            self._classes.pop()
        if self._classes and len(self._classes[-1]) == 1:
            self._classes[-1].append(indent)
        return bool(self._classes) and self._classes[-1][1] == indent

    def _condition(self, at: int, hindrance: re.Pattern[str]) -> None:
        # `update(…) or x` is x, whatever x holds, since update() gives None
        if not hindrance.match(self.text, at):
            self.edits.append((at, at, f" {LINE_NOTE}.update(n={self._line(at)}) or "))

    def _dollar(self, at: int) -> int:
        if not self.text.startswith("$app", at) or re.match(r"\w", self.text[at + 4 : at + 5]):
            return at + 1
        self.edits.append((at, at + 4, APP))
        if use := _USE.match(self.text, at):
            literal = ast.literal_eval(use["literal"]) if use["literal"] and use["end"] else None
            self.uses.append(Use(use["name"], self._line(at), literal, use["end"] == ")", use["call"] is not None))
        return at + 4

    def _string(self, start: re.Match[str]) -> int:
        quote, at = start[2], start.end()
        formatted = "f" in start[1].lower() or "t" in start[1].lower()
        raw = "r" in start[1].lower() or "b" in start[1].lower()  # bytes know no characters
        return self._literal(at, quote, formatted=formatted, raw=raw)

    def _literal(self, at: int, quote: str, *, formatted: bool, raw: bool) -> int:
        """Skip to behind the closing quote; a single-quoted string also ends, broken, with its line."""
        text = self.text
        while at < len(text):
            if text.startswith(quote, at):
                return at + len(quote)
            character = text[at]
            if character == "\\" and not (raw and formatted and text[at + 1 : at + 2] in "{}"):
                if not raw and (half := _HALF.match(text, at)):
                    self.halves.append((self._line(at), half[0]))
                at += 2
            elif character == "\n" and len(quote) == 1:
                return at
            elif formatted and character == "{":
                at = at + 2 if text.startswith("{{", at) else self._field(at + 1, quote, raw=raw)
            else:
                at += 1
        return at

    def _field(self, at: int, quote: str, *, raw: bool) -> int:
        """A replacement field: an expression, perhaps `!r`, perhaps `:` and a format with fields of its own."""
        text = self.text
        at = self.code(at, nested=True)
        if text.startswith("!", at):
            at = min(i for i in (text.find("}", at), text.find(":", at), len(text)) if i >= 0)
        if not text.startswith(":", at):
            return at + 1
        at += 1
        while at < len(text) and not text.startswith("}", at):
            if text.startswith(quote, at):
                return at
            at = self._field(at + 1, quote, raw=raw) if text.startswith("{", at) else at + 1
        return at + 1

    def _line(self, at: int) -> int:
        return self.text.count("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end
