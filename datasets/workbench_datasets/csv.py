"""Delimited text as datasets: what a file lacks in types is said in its header (`amount:number`), all else is text.

An empty field without quotes is missing, `""` is the empty text. Python's csv module cannot tell these apart before
3.12, hence the small reader here, which also knows the line of every record.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from workbench.errors import DatasetError
from workbench.model.dataset import CellProblem, Column, Dataset
from workbench.model.json import Json
from workbench_datasets.columns import check_writable, convert, header_notes, header_text, raise_fatal, read_header
from workbench_datasets.replacing import replacing
from workbench_datasets.text import decode

DELIMITERS = ",;\t|"
_SEP_LINE = re.compile(r"sep=(.)\r?\n")  # as Excel writes and reads it
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_PLAIN = {delimiter: re.compile(rf"[^{re.escape(delimiter)}\r\n]*") for delimiter in DELIMITERS}
_BREAK = re.compile(r"\r\n|\r|\n")
_NEEDS_QUOTES = re.compile(rf'[{re.escape(DELIMITERS)}"\r\n]|^\s|\s$|^$')
SAMPLE = 64 * 1024

Field = str | None  # None: nothing between the delimiters


class CsvFormat:
    """`.csv`, `.tsv`: UTF-8, UTF-16 or GB18030; comma, semicolon, tab or bar. Both are detected."""

    suffixes: tuple[str, ...] = (".csv", ".tsv")

    def read(self, path: Path, *, sheet: str = "") -> Dataset:
        """`sheet` has no meaning here. Raises DatasetError with the line."""
        text = decode(path)
        given = _SEP_LINE.match(text)
        delimiter = given[1] if given else _delimiter(text[:SAMPLE])
        start = given.end() if given else 0
        records = _records(text, start, delimiter, path.name)
        return _dataset(path, records)

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


def _dataset(path: Path, records: Iterator[tuple[int, list[Field]]]) -> Dataset:
    line, head = next(records, (1, []))
    cells = [(f"{path.name}:{line}!column {at}", text or "") for at, text in enumerate(head, 1)]
    columns = read_header(cells)
    if not any(columns):
        raise DatasetError("the first line names the columns, and it is empty", where=f"{path.name}:1")
    rows: list[dict[str, Json]] = []
    names: list[str] = []
    problems = header_notes(cells)
    for line, record in records:
        row = _row(record, columns, f"{path.name}:{line}", problems)
        if row:
            rows.append(row)
            names.append(f"{path.name}:{line}")
    raise_fatal(problems)
    return Dataset(path.stem, tuple(filter(None, columns)), tuple(rows), tuple(names), tuple(problems))


def _row(
    record: list[Field], columns: tuple[Column | None, ...], where: str, problems: list[CellProblem]
) -> dict[str, Json]:
    row: dict[str, Json] = {}
    for at, text in enumerate(record):
        column = columns[at] if at < len(columns) else None
        if text is None:
            continue
        if column is None:
            message = "a value beyond the columns that the first line names; is a quote missing?"
            problems.append(CellProblem(f"{where}!column {at + 1}", message, fatal=True))
            continue
        try:
            row[column.name] = convert(text, column.type)
        except ValueError as error:
            problems.append(CellProblem(f"{where}!{column.name}", str(error), fatal=True))
    return row


def _records(text: str, at: int, delimiter: str, name: str) -> Iterator[tuple[int, list[Field]]]:
    """(line, fields) of every line that is not blank."""
    line = text.count("\n", 0, at) + 1
    record: list[Field] = []
    started = line
    plain = _PLAIN.get(delimiter) or re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    while at < len(text) or record:
        field, at, breaks = _field(text, at, delimiter, plain, f"{name}:{line}")
        record.append(field)
        line += breaks
        if text.startswith(delimiter, at):
            at += 1
            if at < len(text):
                continue
            record.append(None)
        ended = _BREAK.match(text, at)
        if record != [None]:
            yield started, record
        record = []
        at = ended.end() if ended else at
        line += 1 if ended else 0
        started = line
        if not ended:
            return


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
        hint = f"declare the column as {column.name}:number or :bool, or write an .xlsx or .json dataset"
        raise DatasetError(f"{column.name} = {value!r} would not come back from text", where=where, hint=hint)
    return text


def _plain(value: Json) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | Decimal) else None


def _quoted(field: Field) -> str:
    if field is None:
        return ""
    return '"' + field.replace('"', '""') + '"' if _NEEDS_QUOTES.search(field) else field
