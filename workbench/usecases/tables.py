"""Datasets between files and the database: rows in, by chunks; files out, the same bytes where they came from one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from workbench import plugins
from workbench.errors import DatasetError, JsonError, SuiteError, UsageError
from workbench.files import file_name
from workbench.model.dataset import CellProblem, Column, Dataset
from workbench.model.json import Json
from workbench.plugin_api import DatasetFormat, StreamedFormat, TableStream
from workbench.storage import Storage, StoredFile, StoredTable


class _Whole(Struct):
    """A table of a format that reads it at once, as a stream."""

    columns: tuple[Column, ...]
    rows: Iterator[tuple[str, dict[str, Json]]]
    problems: tuple[CellProblem, ...]


def format_of(path: Path) -> DatasetFormat:
    """The reader of such files. Raises DatasetError."""
    formats = plugins.dataset_formats()
    found = formats.get(path.suffix.lower())
    if found is None:
        raise DatasetError(f"no reader for {path.suffix} files", where=str(path), hint=f"use {', '.join(formats)}")
    return found


@contextmanager
def opened_table(path: Path, sheet: str = "", header: int = 1) -> Iterator[TableStream]:
    """The table in a file, row by row where the format can. Raises DatasetError, JsonError."""
    reader = format_of(path)
    if isinstance(reader, StreamedFormat):
        with reader.open(path, sheet=sheet, header=header) as table:
            yield table
        return
    if sheet or header != 1:
        raise DatasetError(
            f"{path.suffix} files have one table, and their first line names the columns", where=str(path)
        )
    dataset = reader.read(path)
    yield _Whole(dataset.columns, zip(dataset.row_names, dataset.rows, strict=True), dataset.problems)


def check_name(dataset: str) -> None:
    """Raises UsageError for a name that no file in datasets/ can have."""
    try:
        file_name(dataset)
    except SuiteError as error:
        told = f"{dataset[:40]!r} cannot be the name of a dataset"
        raise UsageError(told, where="/dataset", hint=error.hint or error.message) from error


def put_table(path: Path, storage: Storage, sheet: str = "", header: int = 1) -> tuple[StoredTable, list[CellProblem]]:
    """Keep the rows of a file; and the harmless problems. Raises DatasetError that names all unreadable cells."""
    with opened_table(path, sheet, header) as table:
        stored = storage.rows.put(table.columns, (row for _, row in table.rows))
        problems = list(table.problems)
    fatal = [each for each in problems if each.fatal]
    if fatal:
        more = f" (and {len(fatal) - 1} more cells)" if len(fatal) > 1 else ""
        raise DatasetError(f"{fatal[0].message}{more}", where=fatal[0].where, hint="--preview lists all of them")
    return stored, problems


def store_dataset(path: Path, folder: Path, storage: Storage) -> StoredFile:
    """A dataset of a suite's folder: its rows, and its bytes beside. One that cannot be read is kept as a file."""
    name, suffix = path.relative_to(folder).as_posix(), path.suffix.lower()
    sha256, size = storage.files.put(path)
    table = storage.rows.table_of(sha256, suffix)
    if table is None:
        try:
            table, _ = put_table(path, storage)
        except (DatasetError, JsonError):  # a run tells what is wrong with it, and where
            return StoredFile(name, sha256, size)
    storage.rows.note(table, sha256, suffix)  # also again: of two files with these rows the last one comes out
    return StoredFile(name, "", 0, table)


def bring_file(file: StoredFile, storage: Storage, target: Path, *, link: bool = False) -> None:
    """Write a file of a version to `target`. Raises StorageError, DatasetError for rows that it cannot hold."""
    sha256 = file.sha256
    if file.table is not None:
        sha256 = storage.rows.file_of(file.table, target.suffix.lower())
        if not sha256 or not storage.files.has(sha256):
            sha256 = _written(file.table, storage, target.name)
    storage.files.bring(sha256, target, link=link)


def _written(table: StoredTable, storage: Storage, name: str) -> str:
    """The SHA-256 of a file made of the rows, now in the store."""
    with TemporaryDirectory(prefix="workbench-rows-") as scratch:
        path = Path(scratch) / name
        write_rows(table.columns, tuple(storage.rows.read(table)), path)
        sha256, _ = storage.files.put(path)
    storage.rows.note(table, sha256, path.suffix.lower())
    return sha256


def write_rows(columns: tuple[Column, ...], rows: tuple[Mapping[str, Json], ...], path: Path) -> None:
    """Raises DatasetError for what the format cannot hold."""
    format_of(path).write(Dataset(path.stem, columns, tuple(map(dict, rows))), path)
