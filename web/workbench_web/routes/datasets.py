"""Datasets of a version: looked at, brought in from files, edited, written out."""

from typing import Annotated, Literal

from flask import Response, send_file
from msgspec import UNSET, Meta, Struct, UnsetType

from workbench.model.dataset import Column, ColumnType
from workbench.model.json import Json
from workbench.storage import Author, Choices
from workbench.usecases import dataset_columns, datasets
from workbench.usecases.browse_suites import Page
from workbench.usecases.column_types import Conversion
from workbench.usecases.datasets import DatasetInfo, DatasetRows, Preview, Saved
from workbench_web.api import Api, Reply
from workbench_web.desk import Desk
from workbench_web.lists import Listing, Paging, Text, listed
from workbench_web.routes.config import OCTETS
from workbench_web.routes.versions import MessageQuery
from workbench_web.subjects import of_address
from workbench_web.uploads import Upload

api = Api()
Form = Literal["xlsx", "csv", "json"]
Row = Annotated[int, Meta(ge=1, le=2**31 - 1)]
_PATH = "/suites/<name:address>/datasets"


class DatasetQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    sort: Literal["name", "-name", "rows", "-rows"] = "name"


class FileQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    form: Form = "xlsx"


class TableQuery(FileQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`sheet` and `header`: of an .xlsx, the row that names the columns."""

    sheet: Text = ""
    header: Row = 1


class Cell(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`row` 1, 2 …; without `value` the cell is emptied."""

    row: Row
    column: str
    value: Json | UnsetType = UNSET


class NewRows(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`before`: row 1, 2 …; 0: at the end."""

    rows: Annotated[tuple[dict[str, Json], ...], Meta(min_length=1)]
    before: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class NewColumn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`type`: what texts in it are read as. `value`: in each row; without, in none."""

    name: Annotated[str, Meta(min_length=1, max_length=1000)]
    type: ColumnType = "auto"
    value: Json | UnsetType = UNSET


class ChangedColumn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays. To another type the cells are converted, none with loss; `keep`: those that cannot be
    stay as they are."""

    name: Annotated[str, Meta(min_length=1, max_length=1000)] | None = None
    type: ColumnType | None = None
    keep: bool = False


class EditQuery(MessageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`merge`: put together, by rows and cells, with what somebody else saved since the revision that If-Match names;
    `take`: whose value, where both changed one."""

    merge: bool = False
    take: Literal["mine", "theirs"] | None = None

    @property
    def joining(self) -> Choices | None:
        return Choices({(): self.take} if self.take else {}) if self.merge or self.take else None


class BringQuery(EditQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`sheet` and `header`: of an .xlsx, the row that names the columns. `merge`: put together, by rows and cells, with
    what somebody else saved since the revision that If-Match names, of which the file was made; `take`: whose value,
    where both changed one."""

    form: Form = "xlsx"
    sheet: Text = ""
    header: Row = 1


class ConversionQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    type: ColumnType


class Gone(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    rows: Annotated[tuple[Row, ...], Meta(min_length=1)]


@api.route("GET", _PATH, tag="datasets", right="view", of=of_address)
def list_datasets(desk: Desk, address: str, query: DatasetQuery) -> Page[DatasetInfo]:
    """Datasets with their columns, how many rows they have, and the cases that use them."""
    rows = datasets.list_datasets(address, desk.storage)
    return listed(rows, query, lambda row: row.name, rows=lambda row: row.rows or 0)


@api.route("GET", f"{_PATH}/<name:key>/rows", tag="datasets", right="view", of=of_address, problems=(400,))
def list_rows(desk: Desk, address: str, key: str, query: Paging) -> Reply[DatasetRows]:
    """Rows of a dataset, a page at a time."""
    found = datasets.rows_of(address, key, desk.storage, query.offset, query.limit)
    return Reply(found, tag=found.tag)


@api.route("GET", f"{_PATH}/<name:key>/file", tag="datasets", right="view", of=of_address, media=OCTETS,
           problems=(400,))  # fmt: skip
def export_dataset(desk: Desk, address: str, key: str, query: FileQuery) -> Response:
    """A dataset as a file; its ETag is the number of the revision, for bringing in what became of the file."""
    with desk.room("dataset") as room:
        path = room / f"dataset.{query.form}"
        tag = datasets.export(address, key, path, desk.storage).tag
        file = path.open("rb")  # stays readable when the room is gone
    return send_file(file, OCTETS, as_attachment=True, download_name=f"dataset.{query.form}", max_age=0, etag=tag)


@api.route("POST", "/preview/dataset", tag="datasets", right="view", accepts=(OCTETS,), makes=False,
           problems=(400,))  # fmt: skip
def preview_dataset(desk: Desk, query: TableQuery, upload: Upload) -> Preview:
    """What a file would bring: sheets, columns, the first rows, every doubtful or unreadable cell."""
    with upload.folder(f"dataset.{query.form}", desk.room_root) as path:
        return datasets.preview(path, sheet=query.sheet, header=query.header)


@api.route("POST", f"{_PATH}/<name:key>/file", tag="datasets", right="edit", of=of_address, accepts=(OCTETS,),
           match="upsert", problems=(400, 409))  # fmt: skip
def bring_dataset(
    desk: Desk, address: str, key: str, query: BringQuery, upload: Upload, author: Author
) -> Reply[Saved]:
    """Make a file the dataset of that name, new or in the place of the revision that If-Match names.

    With `merge`: put together with what others saved since."""
    with upload.folder(f"dataset.{query.form}", desk.room_root) as path:
        return _tagged(
            datasets.bring_in(
                address,
                path,
                desk.storage,
                author,
                name=key,
                sheet=query.sheet,
                header=query.header,
                joining=query.joining,
            )
        )


@api.route("PATCH", f"{_PATH}/<name:key>/rows", tag="datasets", right="edit", of=of_address, match="tag",
           problems=(400, 409))  # fmt: skip
def set_cell(desk: Desk, address: str, key: str, query: EditQuery, body: Cell, author: Author) -> Reply[Saved]:
    """Set or empty one cell."""
    return _tagged(
        datasets.set_cell(address, key, body.row, body.column, body.value, desk.storage, author, joining=query.joining)
    )


@api.route("POST", f"{_PATH}/<name:key>/rows", tag="datasets", right="edit", of=of_address, match="tag",
           problems=(400, 409))  # fmt: skip
def insert_rows(desk: Desk, address: str, key: str, query: EditQuery, body: NewRows, author: Author) -> Reply[Saved]:
    """Insert rows."""
    return _tagged(
        datasets.insert_rows(address, key, body.rows, desk.storage, author, before=body.before, joining=query.joining)
    )


@api.route("DELETE", f"{_PATH}/<name:key>/rows", tag="datasets", right="edit", of=of_address, match="tag",
           problems=(400, 409))  # fmt: skip
def delete_rows(desk: Desk, address: str, key: str, query: EditQuery, body: Gone, author: Author) -> Reply[Saved]:
    """Delete rows."""
    return _tagged(datasets.delete_rows(address, key, body.rows, desk.storage, author, joining=query.joining))


@api.route("POST", f"{_PATH}/<name:key>/columns", tag="datasets", right="edit", of=of_address, match="tag",
           problems=(400, 409))  # fmt: skip
def add_column(desk: Desk, address: str, key: str, query: EditQuery, body: NewColumn, author: Author) -> Reply[Saved]:
    """Add a column behind the others."""
    column = Column(body.name, body.type)
    return _tagged(
        dataset_columns.add_column(address, key, column, desk.storage, author, body.value, joining=query.joining)
    )


@api.route("PATCH", f"{_PATH}/<name:key>/columns/<name:column>", tag="datasets", right="edit", of=of_address,
           match="tag", problems=(400, 409))  # fmt: skip
def change_column(
    desk: Desk, address: str, key: str, column: str, query: EditQuery, body: ChangedColumn, author: Author
) -> Reply[Saved]:
    """Rename a column, or convert it to another type."""
    return _tagged(
        dataset_columns.change_column(
            address,
            key,
            column,
            desk.storage,
            author,
            new=body.name or "",
            kind=body.type,
            keep=body.keep,
            joining=query.joining,
        )
    )


@api.route("GET", f"{_PATH}/<name:key>/columns/<name:column>/conversion", tag="datasets", right="view", of=of_address,
           problems=(400,))  # fmt: skip
def preview_column(desk: Desk, address: str, key: str, column: str, query: ConversionQuery) -> Conversion:
    """What another type would make of the cells of a column, and which of them cannot be converted."""
    return dataset_columns.preview_column(address, key, column, query.type, desk.storage)


@api.route("DELETE", f"{_PATH}/<name:key>/columns/<name:column>", tag="datasets", right="edit", of=of_address,
           match="tag", problems=(400, 409))  # fmt: skip
def remove_column(desk: Desk, address: str, key: str, column: str, query: EditQuery, author: Author) -> Reply[Saved]:
    """Remove a column; a row that held nothing else goes with it."""
    return _tagged(dataset_columns.remove_column(address, key, column, desk.storage, author, joining=query.joining))


@api.route("DELETE", f"{_PATH}/<name:key>", tag="datasets", right="edit", of=of_address, match="tag",
           problems=(400, 409))  # fmt: skip
def remove_dataset(desk: Desk, address: str, key: str, query: MessageQuery, author: Author) -> Saved:
    """Take a dataset that no case uses out of the version."""
    return datasets.remove(address, key, desk.storage, author)


def _tagged(saved: Saved) -> Reply[Saved]:
    return Reply(saved, tag=saved.tag)
