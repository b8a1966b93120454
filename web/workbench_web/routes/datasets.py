"""Datasets of a version: looked at, brought in from files, edited, written out."""

from typing import Annotated, Literal

from flask import Response, send_file
from msgspec import UNSET, Meta, Struct, UnsetType

from workbench.model.json import Json
from workbench.storage import Author
from workbench.usecases import datasets
from workbench.usecases.datasets import DatasetInfo, DatasetRows, Preview, Saved
from workbench_web.api import Api
from workbench_web.desk import Desk
from workbench_web.routes.config import OCTETS
from workbench_web.routes.suites import Paging, Text
from workbench_web.routes.versions import MessageQuery
from workbench_web.subjects import of_address
from workbench_web.uploads import Upload

api = Api()
Form = Literal["xlsx", "csv", "json"]
Row = Annotated[int, Meta(ge=1, le=2**31 - 1)]
_PATH = "/suites/<name:address>/datasets"


class FileQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    form: Form = "xlsx"


class BringQuery(FileQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`sheet` and `header`: of an .xlsx, the row that names the columns."""

    sheet: Text = ""
    header: Row = 1
    message: Text = ""


class Cell(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`row` 1, 2 …; without `value` the cell is emptied."""

    row: Row
    column: str
    value: Json | UnsetType = UNSET


class NewRows(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`before`: row 1, 2 …; 0: at the end."""

    rows: Annotated[tuple[dict[str, Json], ...], Meta(min_length=1)]
    before: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class Gone(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    rows: Annotated[tuple[Row, ...], Meta(min_length=1)]


@api.route("GET", _PATH, tag="datasets", right="view", of=of_address)
def list_datasets(desk: Desk, address: str) -> list[DatasetInfo]:
    """Datasets with their columns, how many rows they have, and the cases that use them."""
    return datasets.list_datasets(address, desk.storage)


@api.route("GET", f"{_PATH}/<name:key>/rows", tag="datasets", right="view", of=of_address, problems=(400,))
def list_rows(desk: Desk, address: str, key: str, query: Paging) -> DatasetRows:
    """Rows of a dataset, a page at a time."""
    return datasets.rows_of(address, key, desk.storage, query.offset, query.limit)


@api.route("GET", f"{_PATH}/<name:key>/file", tag="datasets", right="view", of=of_address, media=OCTETS,
           problems=(400,))  # fmt: skip
def export_dataset(desk: Desk, address: str, key: str, query: FileQuery) -> Response:
    """A dataset as a file."""
    with desk.room("dataset") as room:
        path = room / f"dataset.{query.form}"
        datasets.export(address, key, path, desk.storage)
        file = path.open("rb")  # stays readable when the room is gone
    return send_file(file, OCTETS, as_attachment=True, download_name=f"dataset.{query.form}", max_age=0)


@api.route("POST", "/preview/dataset", tag="datasets", right="view", accepts=(OCTETS,), problems=(400,))
def preview_dataset(desk: Desk, query: BringQuery, upload: Upload) -> Preview:
    """What a file would bring: sheets, columns, the first rows, every doubtful or unreadable cell."""
    with upload.folder(f"dataset.{query.form}", desk.room_root) as path:
        return datasets.preview(path, sheet=query.sheet, header=query.header)


@api.route("POST", f"{_PATH}/<name:key>/file", tag="datasets", right="edit", of=of_address, accepts=(OCTETS,),
           problems=(400, 409))  # fmt: skip
def bring_dataset(desk: Desk, address: str, key: str, query: BringQuery, upload: Upload, author: Author) -> Saved:
    """Make a file the dataset of that name, new or in the place of the one that is there."""
    with upload.folder(f"dataset.{query.form}", desk.room_root) as path:
        return datasets.bring_in(address, path, desk.storage, author, name=key, sheet=query.sheet, header=query.header)


@api.route("PATCH", f"{_PATH}/<name:key>/rows", tag="datasets", right="edit", of=of_address, problems=(400, 409))
def set_cell(desk: Desk, address: str, key: str, query: MessageQuery, body: Cell, author: Author) -> Saved:
    """Set or empty one cell."""
    return datasets.set_cell(address, key, body.row, body.column, body.value, desk.storage, author)


@api.route("POST", f"{_PATH}/<name:key>/rows", tag="datasets", right="edit", of=of_address, problems=(400, 409))
def insert_rows(desk: Desk, address: str, key: str, query: MessageQuery, body: NewRows, author: Author) -> Saved:
    """Insert rows."""
    return datasets.insert_rows(address, key, body.rows, desk.storage, author, before=body.before)


@api.route("DELETE", f"{_PATH}/<name:key>/rows", tag="datasets", right="edit", of=of_address, problems=(400, 409))
def delete_rows(desk: Desk, address: str, key: str, query: MessageQuery, body: Gone, author: Author) -> Saved:
    """Delete rows."""
    return datasets.delete_rows(address, key, body.rows, desk.storage, author)
