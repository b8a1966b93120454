"""Is it there, and what is it."""

from typing import Literal

from msgspec import Struct

from workbench import __version__
from workbench.files import json_schemas
from workbench.model.json import Json
from workbench_web.api import Api
from workbench_web.desk import Desk

api = Api()


class State(Struct, frozen=True):
    """`database`: of which kind it is; its address is for administrators (GET /database)."""

    status: Literal["ok"]
    version: str
    database: str


@api.route("GET", "/schemas", tag="system", right="anyone")
def schemas(desk: Desk) -> dict[str, Json]:
    """The JSON Schemas of suite files, by name."""
    return json_schemas()


@api.route("GET", "/health", tag="system", right="anyone")
def health(desk: Desk) -> State:
    """Is the server there, and does its database answer?"""
    desk.storage.check()
    return State("ok", __version__, desk.storage.database.kind)
