"""Configuration of a version, item by item and as a table."""

from typing import Annotated, Literal

from flask import Response, send_file
from msgspec import Meta, Struct

from workbench import plugins
from workbench.storage import Author
from workbench.usecases import configure
from workbench.usecases.config_tables import Tabled, export_table, import_table
from workbench.usecases.configure import Change, Configuration, Written, set_masks
from workbench_web.api import Api, Reply
from workbench_web.desk import Desk
from workbench_web.routes.versions import MessageQuery
from workbench_web.subjects import of_address
from workbench_web.uploads import Upload

api = Api()
OCTETS = "application/octet-stream"
Form = Literal["xlsx", "csv", "json", "properties"]


class Changes(Struct, frozen=True, forbid_unknown_fields=True):
    """A change without `value` removes the value. `secret`: true seals it, here and in every export."""

    changes: Annotated[tuple[Change, ...], Meta(min_length=1)]


class Masks(Struct, frozen=True, forbid_unknown_fields=True):
    paths: tuple[str, ...]


class FormQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    form: Form = "xlsx"


class TableQuery(FormQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`preview`: only tell what would become of each cell."""

    preview: bool = False
    message: str = ""


@api.route("GET", "/suites/<name:address>/config", tag="configuration", right="view", of=of_address)
def show_config(desk: Desk, address: str) -> Reply[Configuration]:
    """Keys, with the value for all environments (`*`) and for each; secrets are never shown."""
    found = configure.show(address, desk.storage)
    return Reply(found, tag=str(found.revision))


@api.route("PATCH", "/suites/<name:address>/config", tag="configuration", right="edit", of=of_address,
           match="tag", secretive=True, problems=(400, 409))  # fmt: skip
def change_config(desk: Desk, address: str, query: MessageQuery, body: Changes, author: Author) -> Reply[Written]:
    """Set and remove values, all in one save."""
    done = configure.put(address, lambda config: list(body.changes), desk.storage, author)
    return Reply(done, tag=str(done.revision))


@api.route("PUT", "/suites/<name:address>/config/masks/<name:environment>", tag="configuration", right="edit",
           of=of_address, match="tag", problems=(400, 409))  # fmt: skip
def change_masks(
    desk: Desk, address: str, environment: str, query: MessageQuery, body: Masks, author: Author
) -> Reply[Written]:
    """Make these the paths whose values are masked in an environment: `response.data.phone`."""
    done = set_masks(address, environment, body.paths, desk.storage, author)
    return Reply(done, tag=str(done.revision))


@api.route("GET", "/suites/<name:address>/config/table", tag="configuration", right="view", of=of_address, media=OCTETS,
           problems=(400,))  # fmt: skip
def export_config(desk: Desk, address: str, query: FormQuery) -> Response:
    """The table key × environment as a file; secrets are left out."""
    with desk.room("config") as room:
        path = room / f"config.{query.form}"
        export_table(address, path, desk.storage, plugins.dataset_formats())
        file = path.open("rb")  # stays readable when the room is gone
    return send_file(file, OCTETS, as_attachment=True, download_name=path.name, max_age=0)


@api.route("POST", "/suites/<name:address>/config/table", tag="configuration", right="edit", of=of_address,
           match="tag", accepts=(OCTETS,), problems=(409,))  # fmt: skip
def import_config(desk: Desk, address: str, query: TableQuery, upload: Upload, author: Author) -> Tabled:
    """Bring a table in: all of it, or nothing where a cell cannot be taken. Empty cells change nothing."""
    with upload.folder(f"config.{query.form}", desk.room_root) as path:
        return import_table(address, path, desk.storage, plugins.dataset_formats(), author, preview=query.preview)
