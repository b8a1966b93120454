"""JSON datasets: a list of objects, or columns and rows; numbers stay exact and values may nest.

    [{"buyerId": "1", "amount": 19.90}, …]
    {"columns": ["buyerId", {"name": "amount", "type": "number"}], "rows": [["1", 19.90], {"buyerId": "2"}, …]}

A key that an object does not have is missing, also a place that a shorter list does not have.
"""

from pathlib import Path
from typing import cast, get_args

from workbench.errors import DatasetError
from workbench.model import json
from workbench.model.dataset import Column, ColumnType, Dataset
from workbench.model.json import Json
from workbench_datasets.replacing import replacing
from workbench_datasets.text import decode

MAX_BYTES = 64 * 1024 * 1024  # it is read whole, and in memory it is many times as large
_HINT = 'write [{"column": value, …}, …] or {"columns": […], "rows": […]}'


class JsonFormat:
    """`.json`. A column's type is recorded; values already have theirs and are not converted."""

    suffixes: tuple[str, ...] = (".json",)

    def read(self, path: Path, *, sheet: str = "") -> Dataset:
        """`sheet` has no meaning here. Raises DatasetError, JsonError with line and column."""
        document = json.loads_unique(decode(path, MAX_BYTES), where=path.name)
        table = document if isinstance(document, dict) else {"rows": document}
        unknown = table.keys() - {"columns", "rows"}
        if not isinstance(table.get("rows"), list) or unknown:
            raise DatasetError("this is not a table of rows", where=path.name, hint=_HINT)
        columns = _columns(table.get("columns", []), path.name)
        names = tuple(f"{path.name}!row {at}" for at in range(1, len(table["rows"]) + 1))
        rows = tuple(_row(row, columns, where) for row, where in zip(table["rows"], names, strict=True))
        return Dataset(path.stem, columns or _keys(rows), rows, names)

    def write(self, dataset: Dataset, path: Path) -> None:
        """One row a line, so that versions can be compared. Raises DatasetError."""
        try:
            columns = json.dumps([_header(column) for column in dataset.columns])
            rows = ",\n".join(f"    {json.dumps(row)}" for row in dataset.rows)
        except (ValueError, TypeError) as error:
            raise DatasetError(f"cannot be written as JSON: {error}", where=path.name) from error
        body = f"\n{rows}\n  " if rows else ""
        with replacing(path) as target:
            target.write_bytes(f'{{\n  "columns": {columns},\n  "rows": [{body}]\n}}\n'.encode())


def _columns(entries: Json, where: str) -> tuple[Column, ...]:
    if not isinstance(entries, list):
        raise DatasetError("columns is not a list", where=where, hint=_HINT)
    columns = tuple(_column(entry, where) for entry in entries)
    names = [column.name for column in columns]
    if len(set(names)) < len(names):
        raise DatasetError("a column name stands twice", where=where)
    return columns


def _column(entry: Json, where: str) -> Column:
    name = entry.get("name") if isinstance(entry, dict) else entry
    kind = entry.get("type", "auto") if isinstance(entry, dict) else "auto"
    if not isinstance(name, str) or not name.strip() or kind not in get_args(ColumnType):
        hint = f'write "name" or {{"name": …, "type": {" | ".join(get_args(ColumnType))}}}'
        raise DatasetError(f"{json.dumps(entry)} is not a column", where=where, hint=hint)
    return Column(name, cast(ColumnType, kind))


def _row(row: Json, columns: tuple[Column, ...], where: str) -> dict[str, Json]:
    if isinstance(row, list) and columns and len(row) <= len(columns):
        return {column.name: value for column, value in zip(columns, row, strict=False)}
    if not isinstance(row, dict):
        raise DatasetError("the row is neither an object nor a list as long as the columns", where=where, hint=_HINT)
    unknown = row.keys() - {column.name for column in columns}
    if columns and unknown:
        raise DatasetError(f"values without a column: {', '.join(sorted(unknown))}", where=where)
    return row


def _keys(rows: tuple[dict[str, Json], ...]) -> tuple[Column, ...]:
    """Columns in the order in which rows first name them."""
    return tuple(Column(name) for name in dict.fromkeys(name for row in rows for name in row))


def _header(column: Column) -> Json:
    return column.name if column.type == "auto" else {"name": column.name, "type": column.type}
