"""Is it there, and what is it."""

from typing import Literal

from msgspec import Struct

from workbench import __version__
from workbench_web.api import Api
from workbench_web.desk import Desk

api = Api()


class State(Struct, frozen=True):
    """`database`: its address without the password."""

    status: Literal["ok"]
    version: str
    database: str


@api.route("GET", "/health", tag="system", right="anyone")
def health(desk: Desk) -> State:
    """Is the server there, and does its database answer?"""
    desk.storage.check()
    return State("ok", __version__, desk.storage.database.name)
