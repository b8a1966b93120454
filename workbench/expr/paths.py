"""Paths such as `response.data.items[?@.qty > 3].sku`, compiled once.

RFC 9535 with a root's name where `$` would stand; `$` itself means `response`. Inside filters other roots may be
named too: `response.items[?@.sku == row.sku]`. Plain paths (names and indexes) are direct access; everything else
goes through the library, and a property test holds both equal.
"""

import json as stdlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from workbench.errors import ExpressionError
from workbench.expr.names import DATA_ROOTS, MISSING, Missing, Reference, Scope, short
from workbench.model.json import Json

Step = str | int
Find = Callable[[Scope], Any]  # Json or MISSING

_NAME = r"[A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff]*(?:-[\w\x80-\U0010ffff]+)*"
_ROOT: Final = re.compile(rf"\s*({_NAME}|\$|@)")
_STEP: Final = re.compile(
    rf"""\.({_NAME})                                  # .name
    |\[\s*(-?[1-9][0-9]*|0)\s*\]                      # [0]
    |\[\s*("(?:[^"\\\x00-\x1f]|\\.)*"|'(?:[^'\\\x00-\x1f]|\\.)*')\s*\]  # ["name"]
    """,
    re.VERBOSE,
)
_QUOTED = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\''
_INNER_ROOT: Final = re.compile(
    rf"(?P<quoted>{_QUOTED})|(?P<dollar>\$)|(?<![\w.@\x80-\U0010ffff-])(?P<root>{_NAME})(?=[.\[])"
)


class Path:
    """A compiled path. `find(scope)` gives a value, MISSING, or a list where several places can match."""

    __slots__ = ("data", "find", "plain", "references", "root", "singular", "steps", "text")

    find: Find

    def __init__(self, text: str, root: str, steps: tuple[Step, ...], find: Find, *, plain: bool) -> None:
        self.text = text
        self.root = root
        self.steps = steps  # of a query: those before its first selector that is none
        self.find = find
        self.plain = plain
        self.singular = plain
        self.data = root in DATA_ROOTS
        name = str(steps[0]) if steps else ""
        self.references: frozenset[Reference] = frozenset({Reference(root, name)} if root != "@" else ())

    def __repr__(self) -> str:
        return f"Path({self.text!r})"


def compile_path(text: str, *, where: str = "") -> Path:
    """Compile a path. Raises ExpressionError with the column."""
    try:
        return _compile(text)
    except ExpressionError as error:
        raise ExpressionError(error.message, where=where, hint=error.hint) from error.__cause__


@lru_cache(maxsize=16_384)
def _compile(text: str) -> Path:
    match = _ROOT.match(text)
    if match is None:
        raise ExpressionError(f"{short(text)} is not a path", hint="a path begins with a name: response.data.id")
    root = "response" if match[1] == "$" else match[1]
    steps, position = _plain_steps(text, match.end())
    if not text[position:].strip():
        return Path(text.strip(), root, steps, _direct(root, steps), plain=True)
    return _query(text, match.end(), root, steps)


def _plain_steps(text: str, position: int) -> tuple[tuple[Step, ...], int]:
    steps: list[Step] = []
    while match := _STEP.match(text, position):
        name, index, quoted = match.groups()
        if quoted:
            unquoted = _unquote(quoted)
            if unquoted is None:
                break
            steps.append(unquoted)
        else:
            steps.append(name if name is not None else int(index))
        position = match.end()
    return tuple(steps), position


def _unquote(quoted: str) -> str | None:
    """The text in RFC 9535 quotes; None for what the library shall complain about."""
    body = quoted[1:-1]
    if "\\" not in body:
        return body
    if quoted[0] == "'":
        body = re.sub(r'\\(.)|(")', lambda m: "'" if m[1] == "'" else '\\"' if m[2] else m[0], body)
    try:
        return str(stdlib.loads(f'"{body}"'))
    except ValueError:
        return None


def _direct(root: str, steps: tuple[Step, ...]) -> Find:
    """A closure for names and indexes. The short forms are spelled out: they are what a run spends its time in."""
    if all(isinstance(step, str) for step in steps) and len(steps) <= 3:
        return _by_names(root, *(str(step) for step in steps))
    kinds = tuple((step, isinstance(step, int)) for step in steps)

    def find(scope: Scope) -> Any:
        try:
            value = scope[root]
            for step, is_index in kinds:
                if is_index and not isinstance(value, list):
                    return MISSING
                value = value[step]
        except (KeyError, IndexError, TypeError):
            return MISSING
        return value

    return find


def _by_names(root: str, *names: str) -> Find:
    def none(scope: Scope) -> Any:
        return scope.get(root, MISSING)

    def one(scope: Scope) -> Any:
        try:
            return scope[root][first]
        except (KeyError, TypeError):
            return MISSING

    def two(scope: Scope) -> Any:
        try:
            return scope[root][first][second]
        except (KeyError, TypeError):
            return MISSING

    def three(scope: Scope) -> Any:
        try:
            return scope[root][first][second][third]
        except (KeyError, TypeError):
            return MISSING

    first, second, third = (*names, "", "", "")[:3]
    return (none, one, two, three)[len(names)]


def _query(text: str, after_root: int, root: str, steps: tuple[Step, ...]) -> Path:
    from jsonpath.exceptions import JSONPathError  # 40 ms, and most suites need plain paths only
    from jsonpath.path import JSONPath

    from workbench.expr.exactpath import ENVIRONMENT

    inner: set[Reference] = set()
    rewritten = f"$[{stdlib.dumps(root)}]" + _with_roots(text[after_root:].strip(), inner)
    try:
        query = ENVIRONMENT.compile(rewritten)
    except (JSONPathError, RecursionError) as error:
        raise ExpressionError(f"{short(text)} is not a path: {_reason(error)}", hint=_hint(text)) from error
    assert isinstance(query, JSONPath)  # strict mode has no unions

    path = Path(
        text.strip(), root, steps, _find_singular(query) if query.singular_query() else _find_all(query), plain=False
    )
    path.singular = query.singular_query()
    path.references |= inner
    return path


def _find_all(query: Any) -> Find:
    from jsonpath.exceptions import JSONPathError

    def find(scope: Scope) -> list[Json]:
        try:
            return list(query.findall(scope))
        except (JSONPathError, RecursionError) as error:
            raise ExpressionError(f"{short(str(query))}: {_reason(error)}") from error

    return find


def _find_singular(query: Any) -> Find:
    find_all = _find_all(query)

    def find(scope: Scope) -> Json | Missing:
        found = find_all(scope)
        return found[0] if found else MISSING

    return find


def _with_roots(text: str, references: set[Reference]) -> str:
    """Other roots named inside filters, as the library wants them: from the scope's own root."""

    def replace(match: re.Match[str]) -> str:
        if match["quoted"]:
            return match[0]
        root = "response" if match["dollar"] else match["root"]
        step = _STEP.match(text, match.end())
        references.add(Reference(root, (step[1] or "") if step else ""))
        return f"$[{stdlib.dumps(root)}]"

    return _INNER_ROOT.sub(replace, text)


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error.args[0]) if error.args else type(error).__name__


def _hint(text: str) -> str:
    if "[*]." in text or "[?" in text:
        return "a filter reads [?@.qty > 3], texts stand in quotes"
    return 'names with other characters stand in brackets: steps["create order"].response'
