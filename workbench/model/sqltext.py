"""SQL as text: where statements end, where `:name` stands for a value, which word a statement begins with.

Only what every dialect shares is looked at: texts, quoted names and comments are passed over. What a statement may do
is for the database to say; the first word serves for messages and for choosing how rows are fetched.
"""

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from workbench.errors import SuiteError

READING: Final = frozenset({"select", "with", "values", "table", "show", "explain", "describe", "desc", "pragma"})
_FENCES: Final = frozenset(
    {"begin", "start", "commit", "rollback", "end", "abort", "savepoint", "release", "xa", "prepare"}
)
_COMMENTS = r"--[^\n]*|/\*.*?\*/"
_STANDARD = rf"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|{_COMMENTS}"
_SKIPPED: Final = {
    "postgresql": rf"(?<!\w)[eE]'(?:[^'\\]|\\.|'')*'|(?P<tag>\$(?:[^\W\d]\w*)?\$).*?(?P=tag)|{_STANDARD}",
    "mysql": rf"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"|`[^`]*`|\#[^\n]*|{_COMMENTS}",
    "sqlite": rf"`[^`]*`|\[[^\]\n]*\]|{_STANDARD}",
}
_REST = r"|(?P<pair>::)|(?P<end>;)|(?<![\w:]):(?P<name>[^\W\d]\w*)|(?P<word>[^\W\d]\w*)|(?P<other>[^\s(])"
_PATTERNS: Final = {name: re.compile(f"(?P<skipped>{text}){_REST}", re.DOTALL) for name, text in _SKIPPED.items()}


class Statement(Struct, frozen=True):
    """`parts` are texts and names in turn, a text first and last: `a = :x` is ("a = ", "x", "")."""

    parts: tuple[str, ...]
    first: str  # its first word, in lower case
    words: frozenset[str] = frozenset()  # all of them, in lower case

    @property
    def names(self) -> tuple[str, ...]:
        return self.parts[1::2]


@lru_cache(maxsize=512)
def statements(text: str, dialect: str) -> tuple[Statement, ...]:
    """The statements of a text, separated by `;`. `dialect`: postgresql, mysql (also MariaDB) or sqlite.

    Raises SuiteError when there is none, or one that would begin or end a transaction.
    """
    found: list[Statement] = []
    begin = 0
    for match in _PATTERNS[dialect].finditer(text):
        if match["end"]:
            found.append(_statement(text[begin : match.start()], dialect))
            begin = match.end()
    found.append(_statement(text[begin:], dialect))
    kept = tuple(each for each in found if each.first)
    if not kept:
        raise SuiteError("the statement is empty", hint="write SQL, as select status from orders where id = :id")
    for each in kept:
        if each.first in _FENCES:
            hint = "all statements of a step are one transaction, which is committed when they have succeeded"
            raise SuiteError(f"{each.first.upper()} would change the transaction around the statement", hint=hint)
    return kept


def _statement(text: str, dialect: str) -> Statement:
    parts: list[str] = []
    words: list[str] = []
    at = 0
    for match in _PATTERNS[dialect].finditer(text):
        if match["name"]:
            parts += (text[at : match.start()], match["name"])
            at = match.end()
        if match["word"] or match["other"] or (match["skipped"] and not match[0].startswith(("--", "/*", "#"))):
            words.append(match[0].lower())
    parts.append(text[at:])
    return Statement(tuple(parts), words[0] if words else "", frozenset(words))
