"""YAML text → plain Python values, exactly as written, with the place of each and the comments.

Stricter than YAML where YAML surprises: a plain scalar is a number only where JSON would have one (`00123`, `0x1F`,
`1_000`, `2026-01-01`, `yes` stay text; decimals keep their scale), true, false and null only in that spelling; a
missing value, a double key, an anchor, a tag or a second document is an error. Built on libyaml's events instead of
its nodes: one pass, no recursion, and the exact span of every token, in whose gaps the comments stand.
"""

import re
from collections.abc import Iterator
from decimal import InvalidOperation
from typing import Any

import yaml
from yaml.events import Event

from workbench.errors import JsonError, SuiteError
from workbench.files.comments import Comments, Frame, IsItem, Path
from workbench.model.json import Json, number

MAX_DEPTH = 64
MAX_BYTES = 10 * 1024 * 1024
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
# what YAML allows in a file; U+FEFF only as its first character, which is cut off before
UNPRINTABLE = re.compile("[^\\t\\n\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]")
_CONSTANTS: dict[str, Json] = {"true": True, "false": False, "null": None}
_HINTS = {  # what libyaml says → what helps
    "mapping values are not allowed": "a text with `: ` in it must stand in quotes, or in a block after `|`",
    "cannot start any token": "put the text in quotes, or in a block after `|`",
    "could not find expected ':'": "write `key: value`; a text of several lines stands in a block after `|`",
    "did not find expected ',' or ": "quote texts with brackets or commas, or write a list with one `- ` a line",
    "did not find expected <document start>": "is the indentation right?",
    "did not find expected key": "keys of one mapping start in one column; a quoted text ends with its quote",
    "did not find expected '-' indicator": "all `- ` of a list start in one column",
    "unexpected end of stream": "a quote or bracket is not closed",
}


class Document:
    """What a YAML file holds. `errors` are those of the text itself; what could be read is in `data` all the same."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.data: Json = None
        self.keys: dict[Path, Any] = {}  # mark of a value's key
        self.values: dict[Path, Any] = {}  # event that began a value
        self.typed: dict[Path, str] = {}  # plain scalars that are not text, as written
        self.comments: dict[Path, list[str]] = {}  # item → comment lines before and in it, without `#`
        self.moved_comments: list[tuple[int, str]] = []  # (1-based line, text) of those that a writer puts elsewhere
        self.errors: list[SuiteError] = []
        self.broken: set[Path] = set()  # places that `errors` already speak of

    def where(self, path: Path = (), *, key: bool = False) -> str:
        """`file:line:column` of a value, or of its key; of the nearest that stands in the file."""
        while path and path not in self.values:
            path, key = path[:-1], False
        mark = self.keys.get(path) if key else None
        if mark is None and path in self.values:
            mark = self.values[path].start_mark
        return self._at(mark.line, mark.column) if mark else self._at(0, 0)

    def where_in_text(self, path: Path, line: int, column: int) -> str:
        """Place of 1-based `line` and `column` of a text value; of the value where the spelling hides it."""
        event = self.values.get(path)
        style = getattr(event, "style", None)
        if style == "|" and event is not None:
            source = self.text.split("\n")[event.start_mark.line + line : event.start_mark.line + line + 1]
            value = event.value.split("\n")[line - 1 : line]
            indent = len(source[0]) - len(value[0]) if source and value else 0
            return self._at(event.start_mark.line + line, indent + column - 1)
        if line == 1 and event is not None and "\\" not in self._source(event):
            return self._at(event.start_mark.line, event.start_mark.column + column - 1 + bool(style))
        return self.where(path)

    def add(self, message: str, path: Path, *, hint: str = "", key: bool = False) -> None:
        self.errors.append(SuiteError(message, where=self.where(path, key=key), hint=hint))
        self.broken.add(path)

    def is_broken(self, path: Path) -> bool:
        """Do the errors speak of this place already, or of one that it stands in?"""
        return any(path[:length] in self.broken for length in range(1, len(path) + 1))

    def at_mark(self, mark: Any) -> str:
        return self._at(mark.line, mark.column)

    def _at(self, line: int, column: int) -> str:
        return f"{self.name}:{line + 1}:{column + 1}"

    def _source(self, event: Any) -> str:
        return self.text[event.start_mark.index : event.end_mark.index]


def decode(raw: bytes, name: str) -> str:
    """Text of a file: UTF-8 with or without BOM, any line ends. Raises SuiteError."""
    if len(raw) > MAX_BYTES:
        raise SuiteError(
            f"{len(raw) / 1048576:.1f} MB are too much", where=name, hint="at most 10 MB a file; put data in datasets"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise SuiteError("this is not UTF-8", where=f"{name}:{line}:{column}", hint="save the file as UTF-8") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def load(text: str, name: str, is_item: IsItem = lambda path: not path) -> Document:
    """Read one document. `is_item` says which mappings own comments. Errors are in the document, never raised."""
    document = Document(name, text)
    bad = UNPRINTABLE.search(text)
    if bad:
        document.errors.append(_unprintable(text, bad.start(), name))
        document.broken.add(())
        return document
    try:
        _Builder(document, is_item).build()
    except yaml.MarkedYAMLError as error:
        document.errors.append(_syntax_error(error, document))
        document.broken.add(())
    except _Stop as stop:
        document.errors.append(stop.error)
        document.broken.add(())
    return document


class _Stop(Exception):
    """Nothing after this can be read."""

    def __init__(self, error: SuiteError) -> None:
        self.error = error


class _Builder:
    def __init__(self, document: Document, is_item: IsItem) -> None:
        self.document = document
        self.stack: list[Frame] = []
        self.comments = Comments(document.text, document.comments, is_item) if "#" in document.text else None

    def build(self) -> None:
        for event in _events(self.document.text):
            kind = type(event)
            if self.comments:
                self.comments.gap(event, self.stack)
            if kind is yaml.ScalarEvent:
                self._scalar(event)
            elif kind in (yaml.MappingStartEvent, yaml.SequenceStartEvent):
                self._open(event, {} if kind is yaml.MappingStartEvent else [])
            elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
                self.stack.pop()
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent and self.document.values:
                raise self._stop(event, "a second document starts here", "one file holds one document; remove `---`")
        if self.comments:
            self.comments.finish()
            self.document.moved_comments = [(line + 1, comment) for line, comment in self.comments.moved]

    def _open(self, event: Any, container: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise self._stop(event, f"this is nested deeper than {MAX_DEPTH} levels", "")
        path = self._place(event, container)
        self.stack.append(Frame(container, path))

    def _scalar(self, event: Any) -> None:
        frame = self.stack[-1] if self.stack else None
        if frame is not None and type(frame.container) is dict and frame.key is None:
            self._key(frame, event)
            return
        raw: str = event.value
        path = self._place(event, raw)
        if event.style:
            return
        if not raw:
            self.document.add("a value is missing here", path, hint='write "" for an empty text, null, [] or {}')
            return
        value = _plain(raw)
        if value is not raw:
            self._replace(path, value, raw)

    def _replace(self, path: Path, value: Json, raw: str) -> None:
        if value is _BAD:
            self.document.add("this number is too large to be handled", path)
            return
        if path in self.document.broken:
            return
        self.document.typed[path] = raw
        if not path:
            self.document.data = value
        else:
            self.stack[-1].container[path[-1]] = value

    def _key(self, frame: Frame, event: Any) -> None:
        key: str = event.value
        if event.tag is not None or event.anchor is not None:
            raise self._stop(event, "a key has no tag and no anchor", "")
        if key == "<<" and not event.style:
            raise self._stop(event, "merge keys are not supported", "write the keys out")
        if not key and not event.style:
            raise self._stop(event, "a key is missing before `:`", "")
        frame.key, frame.key_mark = key, event.start_mark

    def _place(self, event: Any, value: Any) -> Path:
        """Put a value where it belongs; gives its path."""
        document = self.document
        if not self.stack:
            path: Path = ()
            document.data = value
        else:
            frame = self.stack[-1]
            path = (
                self._in_mapping(frame, event, value) if type(frame.container) is dict else self._in_list(frame, value)
            )
        document.values.setdefault(path, event)
        if event.anchor is not None:
            document.add("anchors are not supported", path, hint="write it out, or put steps into shared/")
        elif getattr(event, "tag", None) is not None:
            document.add(f"the tag {event.tag} is not supported", path, hint="leave it out; quotes make a text of it")
        return path

    def _in_mapping(self, frame: Frame, event: Any, value: Any) -> Path:
        key = frame.key
        if key is None:
            raise self._stop(event, "a key must be a text", "")
        frame.key = None
        path = (*frame.path, key)
        if key in frame.container:
            first = self.document.keys[path]
            where = self.document.at_mark(frame.key_mark)
            hint = "one of them has to go, or wants another name"
            error = SuiteError(f"the key {key} is here twice, first in line {first.line + 1}", where=where, hint=hint)
            self.document.errors.append(error)
            aside = (*frame.path, f"{key} (again)", frame.key_mark.line)
            self.document.broken.add(aside)  # its value is read, to find what else is wrong, but is no part of the data
            return aside
        self.document.keys[path] = frame.key_mark
        frame.container[key] = value
        return path

    def _in_list(self, frame: Frame, value: Any) -> Path:
        frame.container.append(value)
        return (*frame.path, len(frame.container) - 1)

    def _alias(self, event: Any) -> None:
        frame = self.stack[-1] if self.stack else None
        if frame is None or (type(frame.container) is dict and frame.key is None):
            raise self._stop(event, "an alias (*) cannot stand here", "a text that begins with * stands in quotes")
        where = self.document.at_mark(event.start_mark)
        event.anchor = None
        path = self._place(event, None)
        hint = "write it out, or put steps into shared/"
        self.document.errors.append(SuiteError("aliases are not supported", where=where, hint=hint))
        self.document.broken.add(path)

    def _stop(self, event: Any, message: str, hint: str) -> _Stop:
        return _Stop(SuiteError(message, where=self.document.at_mark(event.start_mark), hint=hint))


_BAD = object()


def _plain(raw: str) -> Json:
    """The value of a plain scalar; `raw` itself when it is a text."""
    if raw in _CONSTANTS:
        return _CONSTANTS[raw]
    if not NUMBER.fullmatch(raw):
        return raw
    try:
        return number(raw)
    except (JsonError, InvalidOperation):  # too many digits, or an exponent beyond decimal's
        return _BAD


def _events(text: str) -> Iterator[Event]:
    loader = yaml.CBaseLoader(text)
    try:
        while (event := loader.get_event()) is not None:
            yield event
    finally:
        loader.dispose()


def _unprintable(text: str, position: int, name: str) -> SuiteError:
    line, column = text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
    code = ord(text[position])
    return SuiteError(
        f"the character U+{code:04X} may not stand in YAML",
        where=f"{name}:{line}:{column}",
        hint=f'write it as "\\u{code:04x}" in double quotes',
    )


def _syntax_error(error: yaml.MarkedYAMLError, document: Document) -> SuiteError:
    problem = " ".join(part for part in (error.problem, error.context) if part)
    mark = error.problem_mark or error.context_mark
    hint = next((hint for said, hint in _HINTS.items() if said in problem), "")
    if mark and document.text[mark.index : mark.index + 1] == "\t":
        hint = "indent with blanks, not with tabs"
    where = document.at_mark(mark) if mark else document.name
    return SuiteError(f"this is not YAML: {problem}", where=where, hint=hint)
