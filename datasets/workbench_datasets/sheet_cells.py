"""The cells of one sheet, row by row, read from its XML as it comes.

Values and their types are what openpyxl makes of them, and its workbook tells styles, shared texts and the epoch; only
the pass over the sheet is our own: it takes a fraction of the time, and sees a formula and its value at once.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any
from xml.parsers.expat import ExpatError, ParserCreate

from msgspec import Struct
from openpyxl.cell.text import Text
from openpyxl.packaging.manifest import Manifest
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import ARC_CONTENT_TYPES, SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring, iterparse

MAX_COLUMNS = 16_384  # of a sheet, by the format itself
_SPACES = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
_KNOWN = {f"{space} {name}": name for space in _SPACES for name in ("row", "c", "v", "f", "is", "t", "rPh")}
_DIGITS = "0123456789"
_BLOCK = 64 * 1024
Broken = ExpatError


class BadCell(ValueError):
    """A cell that does not hold what it says. `cell`: as A2."""

    def __init__(self, cell: str, message: str) -> None:
        super().__init__(message)
        self.cell = cell


class Style(Struct, frozen=True, gc=False):
    """`code`: the number format, `number`: its id in the workbook; `date`, `duration`: what numbers with it are."""

    code: str
    number: int
    date: bool
    duration: bool


class Cell:
    """`data_type` as openpyxl has it: n, s, b, d, e; str of a formula without a value."""

    __slots__ = ("column", "data_type", "formula", "row", "style", "value")

    def __init__(self, row: int, column: int, value: Any, data_type: str, style: Style, formula: bool) -> None:
        self.row, self.column, self.value = row, column, value
        self.data_type, self.style, self.formula = data_type, style, formula

    @property
    def coordinate(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}"


def styles_of(book: Any) -> list[Style]:
    """Of a workbook of openpyxl, by the number that a cell names."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    def style(number: int, each: Any) -> Style:
        id_ = each.numFmtId
        own = id_ >= BUILTIN_FORMATS_MAX_SIZE
        code = book._number_formats[id_ - BUILTIN_FORMATS_MAX_SIZE] if own else BUILTIN_FORMATS.get(id_, "General")
        return Style(code, id_, number in book._date_formats, number in book._timedelta_formats)

    return [style(number, each) for number, each in enumerate(book._cell_styles)]


def shared_texts(book: Any, read: list[str]) -> list[str]:
    """As they stand in the workbook. `read`: as openpyxl gives them, which drops each x005F_ in them, so that a typed
    _x000D_ could not be told from a line break."""
    manifest: Any = Manifest.from_tree(fromstring(book._archive.read(ARC_CONTENT_TYPES)))
    part = manifest.find(SHARED_STRINGS)
    if part is None:
        return read
    with book._archive.open(part.PartName[1:]) as stream:
        if not _holds(stream, b"x005F_"):
            return read
    with book._archive.open(part.PartName[1:]) as stream:
        return list(_texts(stream))


def _holds(stream: IO[bytes], wanted: bytes) -> bool:
    tail = b""
    while block := stream.read(_BLOCK):
        if wanted in tail + block:
            return True
        tail = block[-len(wanted) :]
    return False


def _texts(stream: IO[bytes]) -> Iterator[str]:
    for _, node in iterparse(stream):
        if node.tag == f"{{{SHEET_MAIN_NS}}}si":
            text: Any = Text.from_tree(node)
            yield text.content
            node.clear()


def _refuse_document_type(*declared: object) -> None:
    raise ValueError("the sheet declares a document type")


class SheetCells:
    """Reads a sheet once. Raises what openpyxl raises for damaged sheets (KeyError, ValueError …), and ExpatError."""

    def __init__(self, styles: list[Style], strings: list[str], epoch: datetime) -> None:
        self._styles, self._strings, self._epoch = styles, strings, epoch
        self._columns: dict[str, int] = {}
        self._rows: list[tuple[int, list[Cell]]] = []
        self._cells: list[Cell] = []
        self._row = self._column = 0
        self._cell: dict[str, str] | None = None
        self._text: list[str] | None = None  # of what is being read
        self._value = ""
        self._inline: str | None = None  # None: the cell has no text of its own
        self._formula = self._phonetic = False

    def rows(self, stream: IO[bytes]) -> Iterator[tuple[int, list[Cell]]]:
        """(row number, its cells), of rows that have any."""
        parser = ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = _refuse_document_type
        while block := stream.read(_BLOCK):
            parser.Parse(block)
            yield from self._rows
            self._rows.clear()
        parser.Parse(b"", True)
        yield from self._rows

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        known = _KNOWN.get(name)
        if known == "c":
            self._cell, self._value, self._inline, self._formula = attributes, "", None, False
        elif known == "row":
            self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0
        elif self._cell is None or known is None:
            return
        elif known == "v" or (known == "t" and not self._phonetic):
            self._text = []
        elif known == "f":
            self._formula = True
        elif known == "is":
            self._inline = ""
        elif known == "rPh":
            self._phonetic = True

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        known = _KNOWN.get(name)
        if known == "c":
            self._finish()
        elif known == "v" and self._text is not None:
            self._value, self._text = "".join(self._text), None
        elif known == "t" and self._text is not None:
            self._inline, self._text = (self._inline or "") + "".join(self._text), None
        elif known == "rPh":
            self._phonetic = False
        elif known == "row" and self._cells:
            self._rows.append((self._row, self._cells))
            self._cells = []

    def _finish(self) -> None:
        attributes = self._cell or {}
        self._cell = None
        try:
            column = self._column = self._place(attributes.get("r"))
            style = self._styles[int(attributes.get("s", 0))]
            value, data_type = self._typed(attributes.get("t", "n"), style)
        except (ValueError, IndexError, KeyError, TypeError) as error:
            place = attributes.get("r") or f"{get_column_letter(self._column)}{self._row}"
            told = f"its type is {attributes.get('t', 'n')!r}, its value {self._value[:40]!r}: {error}"
            raise BadCell(place[:40], told) from error
        self._cells.append(Cell(self._row, column, value, data_type, style, self._formula))

    def _place(self, reference: str | None) -> int:
        if not reference:
            return self._column + 1
        letters = reference.rstrip(_DIGITS)
        found = self._columns.get(letters)
        if found is None:
            found = self._columns[letters] = column_index_from_string(letters)
            if found > MAX_COLUMNS:
                raise ValueError(f"{reference} is beyond column {MAX_COLUMNS}")
        return found

    def _typed(self, data_type: str, style: Style) -> tuple[Any, str]:
        text = self._value
        if data_type == "inlineStr":
            return self._inline, data_type if self._inline is None else "s"
        if not text:
            return None, data_type
        if data_type == "n":
            return self._number(text, style)
        if data_type == "s":
            return self._strings[int(text)], "s"
        if data_type == "b":
            return bool(int(text)), "b"
        if data_type == "d":
            return from_ISO8601(text), "d"  # type: ignore[no-untyped-call]
        return text, "s" if data_type == "str" else data_type

    def _number(self, text: str, style: Style) -> tuple[Any, str]:
        value = float(text) if "." in text or "E" in text or "e" in text else int(text)
        if not style.date:
            return value, "n"
        try:
            return from_excel(value, self._epoch, timedelta=style.duration), "d"
        except (OverflowError, ValueError):
            return "#VALUE!", "e"
