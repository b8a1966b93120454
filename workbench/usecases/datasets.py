"""Datasets of a version: brought in from a file, looked at, edited row by row and column by column, written out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from workbench.errors import NotFoundError, StaleError, UsageError
from workbench.model import json
from workbench.model.dataset import CellProblem, Column
from workbench.model.json import Json
from workbench.plugin_api import StreamedFormat
from workbench.storage import NOTHING, Author, Change, Choices, Found, Storage, StoredFile, StoredTable, refuse_stale
from workbench.storage.content import decode
from workbench.storage.dataset_merge import changed_texts
from workbench.storage.rows import CHUNK
from workbench.usecases.export_suite import parse_address
from workbench.usecases.held_datasets import Held, column_of, find_held, held_datasets, table_of
from workbench.usecases.references import refuse_lost
from workbench.usecases.revise import find
from workbench.usecases.tables import bring_file, check_name, format_of, opened_table, put_table, write_rows

SHOWN = 20
_DIGITS = 9  # of the number of a revision
Rows = Iterator[dict[str, Json]]
Work = Callable[[StoredFile | None], StoredFile | None]  # what a dataset becomes; None: there is none


class Preview(Struct, frozen=True, kw_only=True):
    """What a file would bring: its first rows, and every doubtful or unreadable cell."""

    sheets: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Json], ...]
    total: int
    problems: tuple[CellProblem, ...]


class DatasetInfo(Struct, frozen=True, kw_only=True):
    """`rows` is None for a file that cannot be read as a table; `used_by`: ids of cases that are run once a row."""

    name: str
    path: str
    rows: int | None
    columns: tuple[Column, ...]
    used_by: tuple[str, ...]


class DatasetRows(Struct, frozen=True, kw_only=True):
    """`offset`: of the first of these rows; rows are numbered from 1 in commands. `tag`: the number of
    the dataset's revision."""

    columns: tuple[Column, ...]
    total: int
    offset: int
    rows: tuple[dict[str, Json], ...]
    tag: str


class Saved(Struct, frozen=True, kw_only=True):
    subsystem: str
    version: str
    name: str
    rows: int
    changes: list[Change]
    problems: tuple[CellProblem, ...] = ()
    tag: str = ""  # the number of its revision, as it is now
    merged: bool = False  # with what somebody else saved since the change was begun


def preview(path: Path, *, sheet: str = "", header: int = 1, shown: int = SHOWN) -> Preview:
    """All rows are read, and the first are given. Raises DatasetError for what is no table at all."""
    reader = format_of(path)
    with opened_table(path, sheet, header) as table:
        first = tuple(row for _, row in islice(table.rows, shown))
        total = len(first) + sum(1 for _ in table.rows)
        problems = tuple(table.problems)
    sheets = reader.sheets(path) if isinstance(reader, StreamedFormat) else ()
    return Preview(sheets=sheets, columns=table.columns, rows=first, total=total, problems=problems)


def bring_in(
    address: str,
    path: Path,
    storage: Storage,
    author: Author,
    *,
    name: str = "",
    sheet: str = "",
    header: int = 1,
    joining: Choices | None = None,
) -> Saved:
    """Make a file the dataset `name` (its own name without) of a version, new or in the place of the one that is there.

    `author.seen`: the revision that the file was made of; should the version hold another one by now, both are put
    together where `joining` is given. Raises StaleError with what each changed where it is not, and ConflictError where
    both changed one value; DatasetError that names the cells that cannot be read, UsageError for a name that is none.
    """
    table, problems = put_table(path, storage, sheet, header)
    chosen = name or path.stem
    check_name(chosen)
    suffix = ".xlsx" if path.suffix.lower() == ".xlsm" else path.suffix.lower()
    if not sheet and header == 1 and suffix == path.suffix.lower():
        sha256, _ = storage.files.put(path)
        storage.rows.note(table, sha256, suffix)  # the file itself comes out again
    file = StoredFile(f"datasets/{chosen}{suffix}", "", 0, table)
    return replace(_save(address, chosen, lambda old: file, storage, author, joining), problems=tuple(problems))


def list_datasets(address: str, storage: Storage) -> list[DatasetInfo]:
    """Raises NotFoundError."""
    snapshot = storage.suites.get(*parse_address(address, storage))
    used: dict[str, list[str]] = {}
    for scenario in snapshot.suite.scenarios.values():
        for case in scenario.cases:
            used.setdefault(case.dataset, []).append(case.id)
    return [
        DatasetInfo(
            name=name,
            path=file.path,
            rows=file.table.rows if file.table else None,
            columns=file.table.columns if file.table else (),
            used_by=tuple(used.get(name, ())),
        )
        for name, file in sorted(snapshot.datasets.items())
    ]


def rows_of(address: str, name: str, storage: Storage, offset: int = 0, limit: int = 100) -> DatasetRows:
    """Raises NotFoundError, DatasetError for a file that cannot be read."""
    held = find_held(held_datasets(*parse_address(address, storage), storage), name)
    table = table_of(held.file)
    rows = tuple(storage.rows.read(table, offset, limit))
    return DatasetRows(columns=table.columns, total=table.rows, offset=offset, rows=rows, tag=held.tag)


class Exported(Struct, frozen=True):
    """`tag`: the number of the dataset's revision."""

    rows: int
    tag: str


def export(address: str, name: str, path: Path, storage: Storage) -> Exported:
    """Write it in the format that the path's ending names. Raises DatasetError, NotFoundError."""
    file, tag = find_held(held_datasets(*parse_address(address, storage), storage), name)
    if file.table is None and path.suffix.lower() != Path(file.path).suffix.lower():
        table_of(file)
    if file.table is not None:
        format_of(path)
    bring_file(file, storage, path)
    return Exported(file.table.rows if file.table else 0, tag)


def remove(address: str, name: str, storage: Storage, author: Author) -> Saved:
    """Take it out of the version. Raises UsageError while cases use it."""
    users = next((each.used_by for each in list_datasets(address, storage) if each.name == name), ())
    if users:
        raise UsageError(
            f"cases are run once a row of it: {', '.join(users[:5])}{' …' if users[5:] else ''}", where=name
        )
    return _save(address, name, lambda old: None, storage, author)


def set_cell(
    address: str,
    name: str,
    row: int,
    column: str,
    value: Json | UnsetType,
    storage: Storage,
    author: Author,
    *,
    joining: Choices | None = None,
) -> Saved:
    """One cell of row 1, 2 …; UNSET: it has none. Raises NotFoundError, DatasetError for what the file cannot hold."""

    def work(table: StoredTable) -> StoredTable:
        column_of(table, column)
        _check_row(table, row)
        number, at = divmod(row - 1, CHUNK)
        rows = storage.rows.chunk(table.chunks[number])
        rows[at] = {each: cell for each, cell in rows[at].items() if each != column}
        if value is not UNSET:
            rows[at][column] = value
        if not rows[at]:
            raise UsageError("a row needs a value", where=f"{name} row {row}", hint="remove the row")
        chunk = storage.rows.put(
            table.columns, [_in_order(rows[at], table) if at == n else each for n, each in enumerate(rows)]
        )
        chunks = (*table.chunks[:number], *chunk.chunks, *table.chunks[number + 1 :])
        return StoredTable(table.columns, chunks, table.rows)

    return edit(address, name, work, storage, author, () if value is UNSET else ({column: value},), joining=joining)


def insert_rows(
    address: str,
    name: str,
    rows: Sequence[Mapping[str, Json]],
    storage: Storage,
    author: Author,
    *,
    before: int = 0,
    joining: Choices | None = None,
) -> Saved:
    """New rows before row 1, 2 …; 0: at the end."""

    def work(table: StoredTable) -> StoredTable:
        for row in rows:
            for column in row:
                column_of(table, column)
            if not row:
                raise UsageError("a row needs a value", where=name)
        if before:
            _check_row(table, before)
        at = before - 1 if before else table.rows
        old = storage.rows.read(table)
        return storage.rows.put(table.columns, chain(islice(old, at), (_in_order(row, table) for row in rows), old))

    return edit(address, name, work, storage, author, rows, joining=joining)


def delete_rows(
    address: str, name: str, numbers: Sequence[int], storage: Storage, author: Author, *, joining: Choices | None = None
) -> Saved:
    """Rows 1, 2 … go."""

    def work(table: StoredTable) -> StoredTable:
        for number in numbers:
            _check_row(table, number)
        gone = {number - 1 for number in numbers}
        kept = (row for at, row in enumerate(storage.rows.read(table)) if at not in gone)
        return storage.rows.put(table.columns, kept)

    return edit(address, name, work, storage, author, joining=joining)


def edit(
    address: str,
    name: str,
    work: Callable[[StoredTable], StoredTable],
    storage: Storage,
    author: Author,
    new: Iterable[Mapping[str, Json]] = (),
    joining: Choices | None = None,
) -> Saved:
    """Save what `work` makes of the rows; `new`: rows with what is new, that the file's format has to hold."""

    def changed(old: StoredFile | None) -> StoredFile:
        if old is None:
            raise NotFoundError(f"there is no dataset {name!r}", where=address, hint="`workbench dataset list`")
        table = work(table_of(old))
        with TemporaryDirectory(prefix="workbench-rows-") as scratch:
            write_rows(table.columns, tuple(map(dict, new)), Path(scratch) / Path(old.path).name)
        return StoredFile(old.path, "", 0, table)

    return _save(address, name, changed, storage, author, joining)


def _save(
    address: str,
    name: str,
    work: Work,
    storage: Storage,
    author: Author,
    joining: Choices | None = None,
) -> Saved:
    """`joining`: put together with what others made of it since the author has seen it, where both changed one value
    by these choices."""
    subsystem, version = parse_address(address, storage)
    while True:
        held = held_datasets(subsystem, version, storage).get(name)
        snapshot, origin = storage.suites.get_with_origin(subsystem, version)
        old = snapshot.datasets.get(name)
        if old == (held and held.file):  # else somebody saved in between
            break
    seen = _seen(find(name, storage, subsystem, "dataset"), held, author, storage) if held else None
    if seen is not None and held is not None:
        if joining is None:
            raise _stale(name, seen.body, held, work, storage)
        return _join(subsystem, version, name, seen, work, storage, author, joining)
    refuse_stale(author, old, name, tag=held.tag if held else NOTHING, shown=old and _told(old))
    file = work(old)  # who saves from here on is merged with
    others = {key: each for key, each in snapshot.datasets.items() if key != name}
    datasets = others if file is None else {**others, name: file}
    changes = storage.joins.bring(
        replace(snapshot, datasets=datasets), origin, author, what="dataset", check=refuse_lost
    ).changes
    now = held_datasets(subsystem, version, storage).get(name)  # others' changes may be in it
    rows = now.file.table.rows if now and now.file.table else 0
    tag = now.tag if now else NOTHING
    return Saved(subsystem=subsystem, version=version, name=name, rows=rows, changes=changes, tag=tag)


class _Seen(NamedTuple):
    document: Found
    number: int
    body: str


def _seen(document: Found, held: Held, author: Author, storage: Storage) -> _Seen | None:
    """The revision that the author has seen; None: it is the one that is there, or unknown."""
    tag = author.seen or ""
    if tag == held.tag or not (tag.isdecimal() and len(tag) <= _DIGITS):
        return None
    try:
        return _Seen(document, int(tag), storage.history.body(document, int(tag)))
    except NotFoundError:
        return None


def _stale(name: str, base: str, held: Held, work: Work, storage: Storage) -> StaleError:
    """With what each made of the revision that the author has seen."""
    mine, theirs = work(decode("dataset", base)), json.dumps(held.file)
    texts = (base, "", theirs) if mine is None else changed_texts((base, json.dumps(mine), theirs), storage.rows)
    message, hint = f"somebody else changed it meanwhile: revision {held.tag}", "merge, or read it again"
    return StaleError(message, where=name, hint=hint, base=texts[0], mine=texts[1], theirs=texts[2])


def _join(
    subsystem: str,
    version: str,
    name: str,
    seen: _Seen,
    work: Work,
    storage: Storage,
    author: Author,
    joining: Choices,
) -> Saved:
    """Save what `work` makes of the revision that the author has seen, together with what others made of it."""
    file = work(decode("dataset", seen.body))
    if file is None:
        raise UsageError("a dataset that others have changed is not removed", where=name, hint="read it again")
    before = held_datasets(subsystem, version, storage)[name].tag
    choose = joining.of("dataset", name)
    tag = str(storage.history.save(seen.document, version, json.dumps(file), seen.number, author, choose))
    table = held_datasets(subsystem, version, storage)[name].file.table
    changes = [Change("changed", "dataset", name)] if tag != before else []
    rows = table.rows if table else 0
    return Saved(subsystem=subsystem, version=version, name=name, rows=rows, changes=changes, tag=tag, merged=True)


def _told(file: StoredFile) -> dict[str, Json]:
    """What of a dataset is told in a line."""
    table = file.table
    columns = [each.name for each in table.columns] if table else []
    return {"path": file.path, "columns": columns, "rows": table.rows if table else None}


def _check_row(table: StoredTable, number: int) -> None:
    if not 1 <= number <= table.rows:
        raise NotFoundError(f"there is no row {number}", hint=f"rows 1 to {table.rows}")


def _in_order(row: Mapping[str, Json], table: StoredTable) -> dict[str, Json]:
    """Cells in the order of the columns, so that equal rows have equal bytes."""
    return {column.name: row[column.name] for column in table.columns if column.name in row}
