"""Columns of a dataset of a version: added, renamed, converted to another type, removed."""

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, UnsetType

from workbench.errors import DatasetError, UsageError
from workbench.model.dataset import Column, ColumnType
from workbench.model.json import Json
from workbench.model.words import plural
from workbench.storage import Author, Choices, Storage, StoredTable
from workbench.usecases.column_types import Conversion, convert_rows
from workbench.usecases.datasets import SHOWN, Rows, Saved, edit
from workbench.usecases.export_suite import parse_address
from workbench.usecases.held_datasets import column_of, find_held, held_datasets, table_of


def add_column(
    address: str,
    name: str,
    column: Column,
    storage: Storage,
    author: Author,
    value: Json | UnsetType = UNSET,
    *,
    joining: Choices | None = None,
) -> Saved:
    """A column behind the others, with a value in each row or in none."""

    def work(table: StoredTable) -> StoredTable:
        if column.name in {each.name for each in table.columns} or not column.name.strip():
            raise UsageError(f"{column.name!r} cannot be a new column", where=name, hint="a name of its own")
        rows = storage.rows.read(table)
        filled = rows if value is UNSET else ({**row, column.name: value} for row in rows)
        return storage.rows.put((*table.columns, column), filled)

    return edit(
        address, name, work, storage, author, () if value is UNSET else ({column.name: value},), joining=joining
    )


def preview_column(address: str, name: str, column: str, kind: ColumnType, storage: Storage) -> Conversion:
    """What another type would make of the cells of a column; nothing is saved. Raises NotFoundError, DatasetError."""
    table = table_of(find_held(held_datasets(*parse_address(address, storage), storage), name).file)
    return convert_rows(name, column_of(table, column), kind, storage.rows.read(table))[1]


def change_column(
    address: str,
    name: str,
    column: str,
    storage: Storage,
    author: Author,
    *,
    new: str = "",
    kind: ColumnType | None = None,
    keep: bool = False,
    joining: Choices | None = None,
) -> Saved:
    """Another name, or another type, to which the cells are converted. `keep`: those that cannot be stay as they are.

    Raises DatasetError that names the cells that would lose something, and where the file's format cannot hold them so.
    """
    made_cells: list[dict[str, Json]] = []  # that the file's format has to hold

    def work(table: StoredTable) -> StoredTable:
        old = column_of(table, column)
        made = Column(new or column, kind or old.type)
        if made.name != column and made.name in {each.name for each in table.columns}:
            raise UsageError(f"there is a column {made.name!r} already", where=name)
        columns = tuple(made if each == old else each for each in table.columns)
        if columns == table.columns:
            return table
        if made.type == old.type:
            renamed = (
                {made.name if key == column else key: cell for key, cell in row.items()}
                for row in storage.rows.read(table)
            )
            return storage.rows.put(columns, renamed)
        cells, told = convert_rows(name, old, made.type, storage.rows.read(table))
        if told.unfit and not keep:
            raise _unfit(told)
        made_cells.extend({made.name: cell} for cell in cells if cell is not UNSET)
        return storage.rows.put(columns, _with_cells(storage.rows.read(table), column, made.name, cells))

    return edit(address, name, work, storage, author, made_cells, joining=joining)


def _with_cells(rows: Rows, column: str, new: str, cells: Sequence[Any]) -> Rows:
    for row, made in zip(rows, cells, strict=True):
        yield {new if key == column else key: made if key == column else cell for key, cell in row.items()}


def _unfit(told: Conversion) -> DatasetError:
    lines = [f"  {each.where}: {each.message}" for each in told.problems[:SHOWN]]
    lines += [f"  … and {told.unfit - SHOWN} more"] if told.unfit > SHOWN else []
    message = "\n".join([f"{plural(told.unfit, 'cell')} cannot become {told.column.type} without loss", *lines])
    hint = "mend them, choose the type text, or keep these cells as they are: --keep"
    return DatasetError(message, where=told.column.name, hint=hint)


def remove_column(
    address: str, name: str, column: str, storage: Storage, author: Author, *, joining: Choices | None = None
) -> Saved:
    """A row that held nothing else goes with it."""

    def work(table: StoredTable) -> StoredTable:
        old = column_of(table, column)
        if len(table.columns) == 1:
            raise UsageError("it is the only column", where=name, hint="remove the dataset")
        cut = ({key: cell for key, cell in row.items() if key != column} for row in storage.rows.read(table))
        return storage.rows.put(tuple(each for each in table.columns if each != old), (row for row in cut if row))

    return edit(address, name, work, storage, author, joining=joining)
