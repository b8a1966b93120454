"""What stands between `${` and `}`: a path, a keyword call `fn.name(…)`, each with an optional `:-default`."""

import json as stdlib
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from workbench.errors import ExpressionError, UnknownNameError, WorkbenchError
from workbench.expr.names import MISSING, DataText, Reference, Scope, marked, short, suggestion, unknown, unmarked
from workbench.expr.numbers import as_number, to_text
from workbench.expr.paths import Path, compile_path
from workbench.model.json import Json

MAX_DEPTH: Final = 20  # of calls inside calls and defaults inside defaults
Get = Callable[[Scope], Any]

# Always there, whatever keywords are installed: the casts that error hints speak of.
CASTS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "text": to_text,
    "number": lambda value: _to_number(value),
}


class Slot:
    """One `${…}`. `find(scope)` gives its value and raises UnknownNameError; with a default it never does.

    `find_marked` is the same with texts marked as DataText when they came from data (row, config, env, param) or
    from a default. `data` says that they always do.
    """

    __slots__ = ("data", "find", "find_marked", "references", "text")

    find: Get
    find_marked: Get

    def __init__(
        self,
        text: str,
        find: Get,
        references: frozenset[Reference],
        *,
        data: bool = False,
        find_marked: Get | None = None,
    ) -> None:
        self.text = text
        self.find = find
        self.references = references
        self.data = data
        self.find_marked = find_marked or ((lambda scope: marked(find(scope))) if data else find)


def parse_slot(text: str, position: int, *, where: str = "", depth: int = 0) -> tuple[Slot, int]:
    """The slot whose inside begins at `position`, and the position behind its `}`."""
    return _SlotParser(text, position, where, depth).slot()


class _SlotParser:
    """Recursive descent over one text."""

    def __init__(self, text: str, position: int, where: str, depth: int) -> None:
        self.text = text
        self.at = position
        self.where = where
        self.depth = depth
        self.start = position

    def wrong(self, message: str, hint: str = "") -> ExpressionError:
        return ExpressionError(f"{message} (column {self.at + 1} of {short(self.text)})", where=self.where, hint=hint)

    def slot(self) -> tuple[Slot, int]:
        if self.depth > MAX_DEPTH:
            raise self.wrong("expressions inside expressions are nested too deeply")
        find, references, data, path = self.operand(until=("}", ":-"))
        shown = "${" + self.text[self.start : self.at].strip() + "}"
        if self.text.startswith(":-", self.at):
            self.at += 2
            return self.with_default(shown, find, references, data, path), self.at
        if not self.text.startswith("}", self.at):
            raise self.wrong("an expression is not closed", "write ${…}; a literal ${ is written $${")
        self.at += 1
        if path is not None:
            find = _required(path, shown, self.where)
        return Slot(shown, find, references, data=data), self.at

    def operand(self, until: tuple[str, ...]) -> tuple[Get, frozenset[Reference], bool, Path | None]:
        """A path or call that ends before one of `until`."""
        self.blanks()
        if match := _CALL.match(self.text, self.at):
            find, references = self.call(match)
            return find, references, False, None
        if match := _APP.match(self.text, self.at):
            self.at = match.end()
            path = app_path(match)
            return path.find, path.references, path.data, path
        end = _path_end(self.text, self.at, until)
        text = self.text[self.at : end]
        if end == len(self.text) and text.strip():
            self.at = end
            raise self.wrong("an expression is not closed", "write ${…}; a literal ${ is written $${")
        if not text.strip():
            raise self.wrong("an expression is empty", "write a path as in ${ctx.paymentId}")
        if text.strip() == "fn" or text.lstrip().startswith("fn."):
            raise self.wrong(f"{text.strip()!r} is a function and wants brackets", "write ${fn.uuid()}")
        path = compile_path(text, where=self.where)
        self.at = end
        return path.find, path.references, path.data, path

    def with_default(
        self, shown: str, find: Get, references: frozenset[Reference], data: bool, path: Path | None
    ) -> Slot:
        from workbench.expr.text import compile_text  # a default may hold slots itself

        end = _default_end(self.text, self.at)
        if end < 0:
            raise self.wrong("an expression is not closed", "write ${ctx.x:-default}")
        default = compile_text(self.text[self.at : end], where=self.where, depth=self.depth + 1)
        self.at = end + 1
        names = frozenset(reference._replace(default=True) for reference in references) | default.references
        if path is None:
            raise self.wrong("a call needs no default")

        def find_or_default(scope: Scope) -> Any:
            value = find(scope)
            return default.value(scope) if value is MISSING else value

        def find_marked(scope: Scope) -> Any:
            value = find(scope)
            if value is MISSING:
                return DataText(default.value(scope)) if default.constant else default.marked_value(scope)
            return marked(value) if data else value

        return Slot(shown, find_or_default, names, data=data, find_marked=find_marked)

    def call(self, match: re.Match[str]) -> tuple[Get, frozenset[Reference]]:
        name = match[1]
        self.at = match.end()
        arguments, references = self.arguments()
        find = _caller(name, tuple(arguments), self.where)
        if not self.text.startswith((".", "["), self.at):
            return find, references | {Reference("fn", name)}
        end = _path_end(self.text, self.at, ("}", ":-", ",", ")"))
        rest = compile_path("@" + self.text[self.at : end], where=self.where)
        self.at = end
        part = _required(rest, f"fn.{name}(…){rest.text[1:]}", self.where)
        return (lambda scope: part({**scope, "@": find(scope)})), references | rest.references | {Reference("fn", name)}

    def arguments(self) -> tuple[list[Get], frozenset[Reference]]:
        arguments: list[Get] = []
        references: frozenset[Reference] = frozenset()
        self.blanks()
        while not self.text.startswith(")", self.at):
            if arguments:
                if not self.text.startswith(",", self.at):
                    raise self.wrong("expected , or ) in a call")
                self.at += 1
            find, found = self.argument()
            arguments.append(find)
            references |= found
            self.blanks()
        self.at += 1
        self.blanks()
        return arguments, references

    def argument(self) -> tuple[Get, frozenset[Reference]]:
        self.blanks()
        character = self.text[self.at : self.at + 1]
        if not character:
            raise self.wrong("a call is not closed", "write ${fn.md5(row.x)}")
        if character == "'":
            end = self.text.find("'", self.at + 1)
            if end < 0:
                raise self.wrong("a quote is not closed")
            return self.literal(self.text[self.at + 1 : end], end + 1)
        if character in '"[{-0123456789' or _KEYWORD.match(self.text, self.at):
            return self.json()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.wrong("calls inside calls are nested too deeply")
        start = self.at
        find, references, _, path = self.operand(until=(",", ")"))
        self.depth -= 1
        if path is not None:
            find = _required(path, self.text[start : self.at].strip(), self.where)
        return find, references

    def json(self) -> tuple[Get, frozenset[Reference]]:
        try:
            value, end = _SCANNER.raw_decode(self.text, self.at)
        except (stdlib.JSONDecodeError, RecursionError) as error:
            raise self.wrong(
                "an argument is neither JSON nor a path", 'write ${fn.md5("text")} or ${fn.md5(row.x)}'
            ) from error
        return self.literal(value, end)

    def literal(self, value: Json, end: int) -> tuple[Get, frozenset[Reference]]:
        from workbench.expr.values import compile_value  # its strings may hold slots themselves

        template = compile_value(value, where=self.where, depth=self.depth + 1)
        self.at = end
        return template.render, template.references

    def blanks(self) -> None:
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1


_CALL: Final = re.compile(r"fn\.([^\W\d]\w*)\s*\(\s*")
_APP: Final = re.compile(r"""\$app\.get(Context|Config|Row)\(\s*(?:"([^"]*)"|'([^']*)')\s*\)""")
_KEYWORD: Final = re.compile(r"(?:true|false|null)\b(?!\s*[.\[])")
_SCANNER: Final = stdlib.JSONDecoder(parse_float=as_number, parse_int=as_number)
_APP_ROOTS: Final = {"Context": "ctx", "Config": "config", "Row": "row"}


def app_path(match: re.Match[str]) -> Path:
    """`$app.getContext("x")` is the path ctx["x"]."""
    name = match[2] if match[2] is not None else match[3]
    return compile_path(f"{_APP_ROOTS[match[1]]}[{stdlib.dumps(name)}]")


def _required(path: Path, shown: str, where: str) -> Get:
    find, root, steps = path.find, path.root, path.steps

    def required(scope: Scope) -> Any:
        value = find(scope)
        if value is MISSING:
            raise unknown(shown, root, steps, scope, where)
        return value

    return required


def _caller(name: str, arguments: tuple[Get, ...], where: str) -> Get:
    def call(scope: Scope) -> Any:
        functions: Mapping[str, Callable[..., Any]] = scope.get("fn", CASTS)
        function = functions.get(name) or CASTS.get(name)
        if function is None:
            hint = suggestion(name, [*functions, *CASTS])
            raise UnknownNameError(f"there is no function fn.{name}", where=where, hint=hint)
        values = [unmarked(argument(scope)) for argument in arguments]
        try:
            result = function(*values)
        except WorkbenchError:
            raise
        except Exception as error:
            shown = ", ".join(short(to_text(value)) for value in values)
            raise ExpressionError(f"fn.{name}({shown}): {error}", where=where) from error
        return Decimal(repr(result)) if type(result) is float else result

    return call


def _to_number(value: Any) -> Any:
    if isinstance(value, str):
        found = as_number(value)
        if found is None:
            raise ExpressionError(
                f"{short(value)} is not a number", hint="a number is written as in JSON: 12, -0.50, 1E5"
            )
        return found
    return value


def _path_end(text: str, position: int, until: tuple[str, ...]) -> int:
    """Where a path ends: before the first of `until` that stands outside brackets and quotes."""
    depth, quote, index = 0, "", position
    while index < len(text):
        character = text[index]
        if quote:
            index += character == "\\"
            quote = "" if character == quote else quote
        elif character in "\"'" and depth:
            quote = character
        elif not depth and text.startswith(until, index):
            return index
        elif character in "[(":
            depth += 1
        elif character in "])":
            depth -= 1
        index += 1
    return len(text)


def _default_end(text: str, position: int) -> int:
    """The position of the brace that closes a default; braces inside it come in pairs. -1: none."""
    depth = 0
    for index in range(position, len(text)):
        if text[index] == "{":
            depth += 1
        elif text[index] == "}":
            if not depth:
                return index
            depth -= 1
    return -1
