"""The database that a server works on: where it is, and a copy of all of it."""

from typing import Annotated

from flask import Response, send_file
from msgspec import Meta, Struct

from workbench.model.durations import DAY_US
from workbench.storage import Author, Collected
from workbench.usecases.suite_archive import pack
from workbench_web.api import Api
from workbench_web.desk import Desk
from workbench_web.routes.suites import ZIP

api = Api()


class DatabaseState(Struct, frozen=True, kw_only=True):
    """`name`: its address without the password. `revision`: of its tables; `needed`: that this server works with, which
    starts on no other."""

    name: str
    revision: str
    needed: str


class Collect(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was put or used in the last `days` stays. `dry_run`: only tell."""

    days: Annotated[int, Meta(ge=1, le=10_000)] = 7
    dry_run: bool = False


@api.route("GET", "/database", tag="system", right="site")
def show_database(desk: Desk) -> DatabaseState:
    """The database and the revision of its tables."""
    revision, needed = desk.storage.revisions()
    return DatabaseState(name=desk.storage.database.name, revision=revision, needed=needed)


@api.route("POST", "/database/collect", tag="system", right="site")
def collect(desk: Desk, body: Collect, author: Author) -> Collected:
    """Remove files and rows that no revision and no tool library names, while others go on working."""
    return desk.storage.collect(author, dry_run=body.dry_run, grace_us=body.days * DAY_US)


@api.route("GET", "/database/backup", tag="system", right="site", media=ZIP)
def back_up(desk: Desk, author: Author) -> Response:
    """All that the server holds, as a zip for `workbench db restore`, while others go on working (SQLite)."""
    with desk.room("backup") as room:
        desk.storage.backup(room / "backup")
        pack(room / "backup", room / "backup.zip")
        desk.storage.audit.note(author, "backed-up", desk.storage.database.name)
        file = (room / "backup.zip").open("rb")  # stays readable when the room is gone
    return send_file(file, ZIP, as_attachment=True, download_name="backup.zip", max_age=0)
