"""Cases and rows made from the contract that a version holds."""

from msgspec import Struct

from workbench.storage import Author
from workbench.usecases.generate_more import Into, RowsMade, generate_into, generate_rows
from workbench_web.api import Api
from workbench_web.desk import Desk
from workbench_web.lists import Text
from workbench_web.routes.versions import MessageQuery
from workbench_web.subjects import of_address

api = Api()


class Generate(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`interfaces`: globs on full or simple names, none: all. `again`: also cases that were removed. `preview`: only
    tell what would come."""

    interfaces: tuple[str, ...] = ()
    again: bool = False
    preview: bool = False


class GenerateRows(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`method`: INTERFACE#METHOD[(TYPES)]. `dataset`: its name, "": made of the method's."""

    method: str
    dataset: Text = ""


@api.route("POST", "/suites/<name:address>/generate", tag="versions", right="edit", of=of_address, problems=(400, 409))
def generate_cases(desk: Desk, address: str, query: MessageQuery, body: Generate, author: Author) -> Into:
    """A case for each method of the version's contract that has none, all in one save."""
    return generate_into(address, body.interfaces, desk.storage, author, again=body.again, preview=body.preview)


@api.route("POST", "/suites/<name:address>/generate/rows", tag="versions", right="edit", of=of_address,
           problems=(400, 409))  # fmt: skip
def generate_edge_rows(desk: Desk, address: str, query: MessageQuery, body: GenerateRows, author: Author) -> RowsMade:
    """A dataset of edge values of a method's request, and a draft case that runs once a row."""
    return generate_rows(address, body.method, desk.storage, author, body.dataset)
