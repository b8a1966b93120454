"""The text form of assertions: `PATH OPERATOR JSON`, one after the other; JSON may go over several lines."""

import json as stdlib
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, NamedTuple, NoReturn

from workbench.errors import ErrorGroup, ExpressionError, JsonError
from workbench.expr.matchers import OPERATORS, Matcher
from workbench.expr.names import MISSING, ROOTS, near
from workbench.expr.nested import find_negated, find_operator
from workbench.expr.slots import Slot, parse_slot
from workbench.model import json

_SPACE: Final = re.compile(r"[ \t\r]*")
_GAP: Final = re.compile(r"(?:\s+|#[^\n]*)*")
_REST: Final = re.compile(r"[ \t\r]*(?:(?:#[^\n]*)?(?=\n|$))")
_SYMBOL: Final = re.compile(r"[=!<>~]+")
_WORD: Final = re.compile(r"[^\W\d]\w*")
_TOKEN: Final = re.compile(r"\n[ \t\r]*|[\[\]{}]|\"(?:[^\"\\\n]|\\.)*\"?")
_SIGNS: Final = "|".join(sorted(name for name in OPERATORS if not name.isidentifier()))
_WORDS: Final = "|".join(name for name in OPERATORS if name.isidentifier())
# a comment, a slot, a path from a known root, or any path with an operator behind it
_HEAD: Final = re.compile(
    rf"#|\$\{{|(?:{'|'.join(map(re.escape, sorted(ROOTS)))}|\$)(?:[.\[]|[ \t]+[^\W\d=!<>~]|[ \t]*[=!<>~])"
    rf"|[^\W\d][^\s\"{{}},]*[ \t]+(?:not[ \t]+)?(?:{_SIGNS}|(?:{_WORDS})\b)"
)
_NEXT_LINE: Final = re.compile(r"[^\n]*\n?")


class Line(NamedTuple):
    """One parsed assertion. `operand`: JSON, a Slot, or MISSING when there is none."""

    text: str
    subject: str | Slot  # a path's text, or `${…}`
    operator: str  # as written; empty in a bare condition
    matcher: Matcher | None
    negated: bool
    operand: Any
    number: int = 0  # of its first line in a block of several, from 1


def parse_lines(text: str, *, where: str = "") -> list[Line]:
    """All assertions of a block. Blank lines and # comments are left out. Raises ExpressionError or ErrorGroup."""
    lines, errors = scan_lines(text, where=where)
    if errors:
        raise errors[0] if len(errors) == 1 else ErrorGroup(errors)
    return lines


def scan_lines(text: str, *, where: str = "") -> tuple[list[Line], list[ExpressionError]]:
    """The good ones of a block, and what is wrong with the others."""
    scanner = _Scanner(text, where)
    return list(scanner.lines()), scanner.errors


def parse_condition(text: str, *, where: str = "") -> Line:
    """One line that may also be a bare `${…}` or path. Raises ExpressionError."""
    scanner = _Scanner(text, where)
    scanner.at = _skip(_GAP, text, 0)
    line = scanner.line(bare=True)
    if text[_skip(_GAP, text, scanner.at) :]:
        scanner.wrong("a condition is one line", scanner.at)
    return line


class _Scanner:
    def __init__(self, text: str, where: str) -> None:
        self.text = text
        self.where = where
        self.at = 0
        self.errors: list[ExpressionError] = []

    def lines(self) -> Iterator[Line]:
        while True:
            self.at = _skip(_GAP, self.text, self.at)
            if self.at >= len(self.text):
                return
            start = self.at
            try:
                yield self.line()
            except ExpressionError as error:
                self.errors.append(error)
                end = max(self.at, start)
                if isinstance(error.__cause__, ValueError) and self.text[end] in "[{":
                    end = _json_end(self.text, end)[0]  # it may go over several lines
                self.at = _skip(_NEXT_LINE, self.text, end)

    def line(self, *, bare: bool = False) -> Line:
        start = self.at
        subject = self.subject()
        self.blanks()
        if bare and self.ends():
            return Line(self.text[start : self.at].strip(), subject, "", None, False, MISSING)
        operator, matcher, negated = self.operator()
        self.blanks()
        operand = self.operand(matcher, operator)
        end = self.at
        rest = _REST.match(self.text, self.at)
        if rest is None:
            self.blanks()
            self.wrong(
                f"unexpected {self.shown()} behind the value", self.at, "one assertion a line; a comment begins with #"
            )
        self.at = rest.end()
        text = " ".join(self.text[start:end].split()) if "\n" in self.text[start:end] else self.text[start:end].strip()
        number = self.text.count("\n", 0, start) + 1 if "\n" in self.text.strip() else 0
        return Line(text, subject, operator, matcher, negated, operand, number)

    def subject(self) -> str | Slot:
        if self.text.startswith("${", self.at):
            return self.slot()
        start = self.at
        self.at = _subject_end(self.text, start)
        if self.at < 0:
            self.at = start
            self.wrong("a bracket or quote of the path is not closed", start)
        if self.at == start:
            self.wrong(f"a path is expected, found {self.shown()}", start, 'write response.code == "0000"')
        return self.text[start : self.at]

    def slot(self) -> Slot:
        start = self.at
        try:
            slot, self.at = parse_slot(self.text, start + 2, where=self.where)
        except ExpressionError as error:
            if "\n" not in self.text.strip():
                raise
            told = self.shortened(start) or error
            raise type(told)(f"{told.message} ({self.place(start)})", where=self.where, hint=told.hint) from error
        return slot

    def shortened(self, start: int) -> ExpressionError | None:
        """What is wrong with the slot that begins there, told of its own line alone."""
        begin, end = self.text.rfind("\n", 0, start) + 1, self.text.find("\n", start)
        try:
            parse_slot(self.text[begin : end if end >= 0 else None], start + 2 - begin, where=self.where)
        except ExpressionError as error:
            return error
        return None

    def operator(self) -> tuple[str, Matcher, bool]:
        start = self.at
        find = find_operator
        word = self.word()
        if word == "not":
            find = find_negated
            self.blanks()
            word = self.word()
        found = find(word) if word else None
        if found is None:
            self.at = start
            self.unknown_operator(word, start)
        return self.text[start : self.at].strip(), *found

    def word(self) -> str:
        match = _SYMBOL.match(self.text, self.at) or _WORD.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match[0]

    def unknown_operator(self, word: str, start: int) -> NoReturn:
        if not word:
            self.wrong(
                "an operator is missing" if self.ends() else f"an operator is expected, found {self.shown()}",
                start,
                'write PATH OPERATOR JSON, as in response.code == "0000"',
            )
        hint = {
            "=": "write ==",
            "===": "write == or same",
            "is": "write ==, is_null or type",
            "=~": "write matches",
        }.get(word)
        if hint is None:
            close = near(word, OPERATORS)
            hint = f"did you mean {' or '.join(close)}?" if close else f"there are: {', '.join(OPERATORS)}"
        self.wrong(f"there is no operator {word!r}", start, hint)

    def operand(self, matcher: Matcher, operator: str) -> Any:
        start = self.at
        if self.ends():
            if matcher.operand == "optional":
                return MISSING
            self.wrong(f"{operator} wants a value, and the line ends", start, "JSON stands behind the operator")
        if self.text.startswith("${", start):
            return self.slot()
        symbol = _SYMBOL.match(self.text, start) if matcher.name == "size" else None
        if symbol and find_operator(symbol[0]):  # size >= 2
            self.at = symbol.end()
            self.blanks()
            return {symbol[0]: self.operand(OPERATORS[symbol[0]], symbol[0])}
        try:
            value, self.at = _DECODER.raw_decode(self.text, start)
        except stdlib.JSONDecodeError as error:
            self.bad_json(start, error)
        except (JsonError, RecursionError) as error:
            reason = error.message if isinstance(error, JsonError) else "nested too deeply"
            raise ExpressionError(f"{reason} ({self.place(start)})", where=self.where) from error
        return value

    def bad_json(self, start: int, error: stdlib.JSONDecodeError) -> NoReturn:
        opening = self.text[start]
        if (opening in '[{"' and error.pos != start) or opening == '"':
            cut = opening == '"' or not _json_end(self.text, start)[1]
            reason = f"{error.msg.lower().removesuffix(' at')} at {self.place(error.pos)}"
            inside = not cut and "\n" in self.text[start : error.pos]  # its own place tells more than where it begins
            begins = "" if inside else f" that begins at {self.place(start)}"
            message = f"the JSON{begins} {'is cut off' if cut else 'is wrong'}: {reason}"
            hint = "in YAML, write assertions below `assert: |`, where brackets and quotes need no care" if cut else ""
            raise ExpressionError(message, where=self.where, hint=hint) from error
        word = _SUBJECT_WORD.match(self.text, start)
        spelled = word[0] if word else opening
        hint = f'texts stand in double quotes: "{spelled.strip(chr(39))}"' if word else ""
        self.wrong(f"{spelled} is not JSON", start, hint)

    def ends(self) -> bool:
        return _REST.match(self.text, self.at) is not None

    def blanks(self) -> None:
        self.at = _skip(_SPACE, self.text, self.at)

    def shown(self) -> str:
        return repr(self.text[self.at : self.at + 20].split("\n")[0])

    def place(self, position: int) -> str:
        line = self.text.count("\n", 0, position) + 1
        column = position - self.text.rfind("\n", 0, position)
        return f"line {line}, column {column}" if "\n" in self.text.strip() else f"column {column}"

    def wrong(self, message: str, position: int, hint: str = "") -> NoReturn:
        raise ExpressionError(f"{message} ({self.place(position)})", where=self.where, hint=hint)


_SUBJECT_WORD: Final = re.compile(r"'[^'\n]*'|[^\s#\[\]{},\"]+")


def _subject_end(text: str, position: int) -> int:
    """A path ends at a blank or operator sign outside brackets and quotes; -1: they are not closed."""
    depth, quote = 0, ""
    for index in range(position, len(text)):
        character = text[index]
        if quote:
            quote = "" if character == quote and text[index - 1] != "\\" else quote
        elif depth and character in "\"'":
            quote = character
        elif character in "[(":
            depth += 1
        elif character in "])":
            depth -= 1
        elif depth <= 0 and (character.isspace() or character in "=!<>#,{}\"'"):
            return index
    return -1 if depth > 0 or quote else len(text)


def _json_end(text: str, start: int) -> tuple[int, bool]:
    """Where the list or object that begins at `start` ends, and whether it is closed. An open one ends with the last
    line before one that begins as an assertion does, as JSON never does."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        if token[0].startswith("\n"):
            if _HEAD.match(text, token.end()):
                return token.start(), False
        elif token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
            if not depth:
                return token.start(), True
    return len(text), False


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(items)
    if len(found) != len(items):
        raise JsonError("a key stands twice in one object")
    return found


def _constant(name: str) -> NoReturn:
    raise JsonError(f"{name} is not JSON", hint=f'write "{name}"')


_DECODER: Final = stdlib.JSONDecoder(
    parse_float=Decimal, parse_int=json.number, parse_constant=_constant, object_pairs_hook=_pairs
)
