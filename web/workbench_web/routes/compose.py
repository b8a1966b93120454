"""New suites, scenarios, cases and files of shared steps, as JSON."""

from typing import Annotated
from urllib.parse import quote

from msgspec import Meta, Struct

from workbench.model.suite import Case, Scenario, SharedSteps, SuiteFile
from workbench.storage import Author, check_name
from workbench.usecases import compose
from workbench.usecases.copy_suite import CopiedSuite, copy_suite, move_suite
from workbench.usecases.rearrange import Arranged, Place
from workbench.usecases.rights import Actor, require
from workbench_web.api import PREFIX, Api, Reply
from workbench_web.desk import Desk
from workbench_web.lists import Text
from workbench_web.routes.versions import MessageQuery
from workbench_web.subjects import of_address

api = Api()
Name = Annotated[str, Meta(min_length=1, max_length=200)]


class NewSuite(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`suite`: its name, else that of the subsystem."""

    subsystem: Name
    version: Name
    suite: Text = ""
    description: str = ""
    owner: Text = ""


class NewSuiteQuery(MessageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`group`: to which a new subsystem is to belong; it may be left out by who may edit in one group only."""

    group: Text = ""


class NewCase(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`scenario`: id of the one to put it into; `behind`: id of the case that it stands behind there, "": first;
    without: last. The case and its steps get ids where they have none."""

    scenario: Name
    behind: str | None = None
    case: Case


class NewShared(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`name`: of the file; group `login` of `common` is used as `common.login`."""

    name: Name
    groups: dict[str, SharedSteps]


class Whereto(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`to`: SUBSYSTEM@VERSION, there or not."""

    to: Annotated[str, Meta(min_length=1, max_length=401)]


@api.route("POST", "/subsystems", tag="suites", status=201, right="edit", problems=(400, 404, 409))
def make_suite(desk: Desk, query: NewSuiteQuery, body: NewSuite, actor: Actor, author: Author) -> Reply[Arranged]:
    """Make a suite without scenarios; the subsystem is made when there is none of that name."""
    check_name("subsystem", body.subsystem, "/subsystem")
    check_name("version", body.version, "/version")
    _require_target(desk, actor, body.subsystem)
    file = SuiteFile(
        suite=body.suite, subsystem=body.subsystem, version=body.version, description=body.description, owner=body.owner
    )
    done = compose.new_suite(f"{body.subsystem}@{body.version}", file, desk.storage, author)
    return Reply(done, {"Location": _path(done.version)})


@api.route("POST", "/suites/<name:address>/copy-suite", tag="versions", right="edit", problems=(400, 409))  # fmt: skip
def copy_whole_suite(
    desk: Desk, address: str, query: NewSuiteQuery, body: Whereto, actor: Actor, author: Author
) -> CopiedSuite:
    """Copy the whole suite to a version that is not there yet, which becomes what this is, or into one that is there.

    That one gets the scenarios and what they name beside its own.
    """
    require(actor, "view", address.partition("@")[0], desk.storage)
    _require_target(desk, actor, body.to)
    return copy_suite(address, body.to, desk.storage, author)


@api.route("POST", "/suites/<name:address>/move-suite", tag="versions", right="edit", of=of_address,
           problems=(400, 409))  # fmt: skip
def move_whole_suite(
    desk: Desk, address: str, query: NewSuiteQuery, body: Whereto, actor: Actor, author: Author
) -> CopiedSuite:
    """The same, and scenarios, shared steps and datasets leave this version, into its trash."""
    _require_target(desk, actor, body.to)
    return move_suite(address, body.to, desk.storage, author)


@api.route("POST", "/suites/<name:address>/scenarios", tag="documents", status=201, right="edit", of=of_address,
           problems=(400, 409))  # fmt: skip
def add_scenario(desk: Desk, address: str, query: MessageQuery, body: Scenario, author: Author) -> Reply[Arranged]:
    """Add a scenario, with the cases that it has. It and all in it get ids where they have none."""
    done = compose.add(address, body, Place(), desk.storage, author, desk.app.script_errors)
    return Reply(done, {"Location": _path(done.version, "scenarios", done.id)})


@api.route("POST", "/suites/<name:address>/cases", tag="documents", status=201, right="edit", of=of_address,
           problems=(400, 409))  # fmt: skip
def add_case(desk: Desk, address: str, query: MessageQuery, body: NewCase, author: Author) -> Reply[Arranged]:
    """Add a case to a scenario."""
    place = Place(into=body.scenario, behind=body.behind)
    done = compose.add(address, body.case, place, desk.storage, author, desk.app.script_errors)
    return Reply(done, {"Location": _path(done.version, "cases", done.id)})


@api.route("POST", "/suites/<name:address>/shared", tag="documents", status=201, right="edit", of=of_address,
           problems=(400, 409))  # fmt: skip
def add_shared(desk: Desk, address: str, query: MessageQuery, body: NewShared, author: Author) -> Reply[Arranged]:
    """Add a file of shared steps."""
    done = compose.add_shared(address, body.name, body.groups, desk.storage, author, desk.app.script_errors)
    return Reply(done, {"Location": _path(done.version, "shared", done.id)})


@api.route("DELETE", "/suites/<name:address>/shared/<name:key>", tag="documents", right="edit", of=of_address,
           problems=(409,))  # fmt: skip
def remove_shared(desk: Desk, address: str, key: str, query: MessageQuery, revision: int, author: Author) -> Arranged:
    """Take a file of shared steps that nothing uses out of the version; it lies in the trash then."""
    return compose.remove_shared(address, key, desk.storage, author, expected=revision)


def _require_target(desk: Desk, actor: Actor, address: str) -> None:
    """The right to edit a subsystem that is there; a new one is its maker's. Raises DeniedError."""
    subsystem = address.partition("@")[0]
    if desk.storage.suites.versions(subsystem):
        require(actor, "edit", subsystem, desk.storage)


def _path(version: str, *below: str) -> str:
    return "/".join((f"{PREFIX}/suites", *(quote(part, safe="@") for part in (version, *below))))
