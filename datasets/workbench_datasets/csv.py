"""Delimited text as datasets: what a file lacks in types is said in its header (`amount:number`), all else is text.

An empty field without quotes is missing, `""` is the empty text. Python's csv module cannot tell these apart before
3.12, hence the small reader here, which also knows the line of every record.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from workbench.errors import DatasetError
from workbench.model import json
from workbench.model.dataset import CellProblem, Column, Dataset
from workbench.model.json import Json
from workbench_datasets.columns import (
    Problems,
    check_writable,
    convert,
    header_notes,
    header_text,
    raise_fatal,
    read_header,
)
from workbench_datasets.replacing import replacing
from workbench_datasets.text import GUESSED, opened_text

DELIMITERS = ",;\t|"
_SEP_LINE = re.compile(r"sep=(.)\r?\n")  # as Excel writes and reads it
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_PLAIN = {delimiter: re.compile(rf"[^{re.escape(delimiter)}\r\n]*") for delimiter in DELIMITERS}
_BREAK = re.compile(r"\r\n|\r|\n")
_NEEDS_QUOTES = re.compile(rf'[{re.escape(DELIMITERS)}"\r\n]|^\s|\s$|^$')
SAMPLE = 64 * 1024
MAX_ROWS = 1_048_576  # as a sheet has
_BLOCK = 1024 * 1024
_LONGEST = 16 * 1024 * 1024  # characters of a record, beyond which a quote that does not end is sure

Field = str | None  # None: nothing between the delimiters


class CsvFormat:
    """`.csv`, `.tsv`: UTF-8, UTF-16 or GB18030; comma, semicolon, tab or bar. Both are detected."""

    suffixes: tuple[str, ...] = (".csv", ".tsv")

    def read(self, path: Path, *, sheet: str = "") -> Dataset:
        """`sheet` has no meaning here. Raises DatasetError with the line."""
        with self.open(path) as table:
            read = list(table.rows)
            raise_fatal(table.problems)
            rows, names = (tuple(row for _, row in read), tuple(name for name, _ in read))
            return Dataset(path.stem, table.columns, rows, names, tuple(table.problems))

    def sheets(self, path: Path) -> tuple[str, ...]:
        """A text has none."""
        return ()

    @contextmanager
    def open(self, path: Path, *, sheet: str = "", header: int = 1) -> Iterator["CsvTable"]:
        """The same as `read`, row by row. Raises DatasetError, also for a sheet or header that such files have not."""
        if sheet or header != 1:
            message = f"{path.suffix} files have one table, and their first line names the columns"
            raise DatasetError(message, where=path.name)
        with opened_text(path) as (stream, encoding):
            yield CsvTable(path.name, stream, encoding)

    def write(self, dataset: Dataset, path: Path) -> None:
        """Comma, UTF-8 with a mark (so that Excel reads it rightly). Raises DatasetError for untyped numbers."""
        check_writable(dataset, path.name)
        lines: list[list[Field]] = [[header_text(column) for column in dataset.columns]]
        lines += [_line(row, dataset.columns, f"{path.name}!row {at}") for at, row in enumerate(dataset.rows, 1)]
        body = "".join(",".join(map(_quoted, line)) + "\n" for line in lines)
        try:
            content = body.encode("utf-8-sig")
        except UnicodeEncodeError as error:
            raise DatasetError(f"cannot be written as UTF-8: {error.reason}", where=path.name) from error
        with replacing(path) as target:
            target.write_bytes(content)


class CsvTable:
    """Header and rows of a text; `rows` gives (where, row) once."""

    def __init__(self, name: str, stream: TextIO, encoding: str) -> None:
        self._name = name
        records = _records(stream, name)
        line, head = next(records, (1, []))
        cells = [(f"{name}:{line}!column {at}", text or "") for at, text in enumerate(head, 1)]
        self._columns = read_header(cells)
        if not any(self._columns):
            raise DatasetError(
                "the first line names the columns, and it is empty", where=f"{name}:1", hint="write the names into it"
            )
        self._found = Problems(header_notes(cells))
        if encoding == GUESSED:
            message = f"not UTF-8, so it was read as {GUESSED}; if texts look wrong, save it as UTF-8"
            self._found.add(CellProblem(name, message))
        self.columns = tuple(filter(None, self._columns))
        self.rows = self._read(records)

    @property
    def problems(self) -> list[CellProblem]:
        """Of the rows read so far."""
        return self._found.all(self._name)

    def _read(self, records: Iterator[tuple[int, list[Field]]]) -> Iterator[tuple[str, dict[str, Json]]]:
        for count, (line, record) in enumerate(records):
            if count >= MAX_ROWS:
                raise DatasetError(f"more than {MAX_ROWS} rows", where=self._name, hint="split the file")
            where = f"{self._name}:{line}"
            row = self._row(record, where)
            if row:
                yield where, row

    def _row(self, record: list[Field], where: str) -> dict[str, Json]:
        row: dict[str, Json] = {}
        for at, text in enumerate(record):
            column = self._columns[at] if at < len(self._columns) else None
            if text is None:
                continue
            if column is None:
                message = "a value beyond the columns that the first line names; is a quote missing?"
                self._found.add(CellProblem(f"{where}!column {at + 1}", message, fatal=True))
                continue
            try:
                row[column.name] = convert(text, column.type)
            except ValueError as error:
                self._found.add(CellProblem(f"{where}!{column.name}", str(error), fatal=True))
        return row


def _records(stream: TextIO, name: str) -> Iterator[tuple[int, list[Field]]]:
    """(line, fields) of every line that is not blank, of the text a block at a time."""
    text = stream.read(max(_BLOCK, SAMPLE))
    given = _SEP_LINE.match(text)
    delimiter = given[1] if given else _delimiter(text[:SAMPLE])
    plain = _PLAIN.get(delimiter) or re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    at, line, ended = (given.end(), 2, False) if given else (0, 1, False)
    while at < len(text) or not ended:
        try:
            record, end, next_line = _record(text, at, line, delimiter, plain, name)
        except DatasetError:
            if ended or len(text) - at > _LONGEST:
                raise
            end = len(text)
        if end == len(text) and not ended:  # the block may end in the midst of the record: again, with more
            more = stream.read(max(_BLOCK, len(text) - at))
            text, at, ended = text[at:] + more, 0, not more
            continue
        if record != [None]:
            yield line, record
        at, line = end, next_line


def _record(
    text: str, at: int, line: int, delimiter: str, plain: re.Pattern[str], name: str
) -> tuple[list[Field], int, int]:
    """The fields of the record that begins at `at`, where the next one begins, and its line."""
    record: list[Field] = []
    while True:
        field, at, breaks = _field(text, at, delimiter, plain, f"{name}:{line}")
        record.append(field)
        line += breaks
        if not text.startswith(delimiter, at):
            break
        at += 1
        if at == len(text):
            record.append(None)
            break
    ended = _BREAK.match(text, at)
    return record, ended.end() if ended else at, line + (1 if ended else 0)


def _field(text: str, at: int, delimiter: str, plain: re.Pattern[str], where: str) -> tuple[Field, int, int]:
    """The field, where it ends, and how many lines it spans beyond its first."""
    if not text.startswith('"', at):
        match = plain.match(text, at)
        end = match.end() if match else at
        return text[at:end] or None, end, 0
    match = _QUOTED.match(text, at)
    if match is None:
        raise DatasetError("a quoted field does not end", where=where, hint='close it with ", or double quotes inside')
    end = match.end()
    if end < len(text) and text[end] not in f"{delimiter}\r\n":
        message = f"text after the closing quote: {text[end : end + 20]!r}"
        raise DatasetError(message, where=where, hint='write a quote inside a quoted field twice: ""')
    return match[1].replace('""', '"'), end, len(_BREAK.findall(match[0]))


def _delimiter(sample: str) -> str:
    """The candidate that cuts the first line into most fields; in doubt, the comma."""
    outside = re.sub(r'"(?:[^"]|"")*"', "", sample)
    first = next((line for line in outside.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=lambda candidate: (first.count(candidate), -DELIMITERS.index(candidate)))


def _line(row: dict[str, Json], columns: tuple[Column, ...], where: str) -> list[Field]:
    return [_text(row[column.name], column, where) if column.name in row else None for column in columns]


def _text(value: Json, column: Column, where: str) -> str:
    text = value if isinstance(value, str) else _plain(value)
    try:
        back = convert(text, column.type) if text is not None else None
    except ValueError:
        back = None
    if text is None or back != value or type(back) is not type(value):
        message = f"{column.name} = {json.dumps(value)} would not come back from text, read as {column.type}"
        raise DatasetError(message, where=where, hint=_way_out(value, column))
    return text


def _way_out(value: Json, column: Column) -> str:
    """The type that would bring the value back, where there is another one that does."""
    kind = {bool: "bool", int: "number", Decimal: "number", str: "text"}.get(type(value))
    declare = f"declare the column as {column.name}:{kind}, or " if kind not in (None, column.type) else ""
    return f"{declare}write an .xlsx or .json dataset"


def _plain(value: Json) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | Decimal) else None


def _quoted(field: Field) -> str:
    if field is None:
        return ""
    return '"' + field.replace('"', '""') + '"' if _NEEDS_QUOTES.search(field) else field
