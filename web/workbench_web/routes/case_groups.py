"""Groups of cases of a version."""

from typing import Literal

from msgspec import Struct

from workbench.model.suite import CaseGroup
from workbench.storage import Author, tag_of
from workbench.usecases import case_groups as groups
from workbench.usecases.browse_suites import Page
from workbench.usecases.case_groups import Copied, Shown
from workbench.usecases.rights import Actor, require
from workbench_web.api import Api, Reply
from workbench_web.desk import Desk
from workbench_web.lists import Listing, Text, listed
from workbench_web.routes.versions import MessageQuery
from workbench_web.subjects import Subject, of_address

api = Api()


class CaseGroupQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`q` is looked for in names and owners."""

    sort: Literal["position", "-position", "name", "-name", "cases", "-cases"] = "position"


class CopyGroup(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`to`: SUBSYSTEM[@VERSION]. `name`: of the copy, "": the same. `with_references`: datasets and shared steps come
    along."""

    to: str
    name: Text = ""
    with_references: bool = False


class Removed(Struct, frozen=True):
    name: str


of_copy = Subject(lambda desk, given: str(given["body"].to).partition("@")[0], late=True)


@api.route("GET", "/suites/<name:address>/case-groups", tag="case groups", right="view", of=of_address)
def list_case_groups(desk: Desk, address: str, query: CaseGroupQuery) -> Page[Shown]:
    """Groups of a version, each with its cases in running order."""
    rows = groups.show_groups(groups.suite_of(address, desk.storage))
    return listed(rows, query, lambda row: f"{row.name} {row.group.owner}", name=lambda row: row.name.casefold(),
                  cases=lambda row: len(row.members))  # fmt: skip


@api.route("GET", "/suites/<name:address>/case-groups/<name:case_group>", tag="case groups", right="view",
           of=of_address)  # fmt: skip
def show_case_group(desk: Desk, address: str, case_group: str) -> Reply[Shown]:
    """One group, with its cases in running order."""
    return _tagged(groups.show_groups(groups.suite_of(address, desk.storage), case_group)[0])


@api.route("PUT", "/suites/<name:address>/case-groups/<name:case_group>", tag="case groups", right="edit",
           of=of_address, match="upsert", problems=(400, 409))  # fmt: skip
def set_case_group(
    desk: Desk, address: str, case_group: str, query: MessageQuery, body: CaseGroup, author: Author
) -> Reply[Shown]:
    """Define a group, or define it anew."""
    return _tagged(groups.set_group(address, case_group, body, desk.storage, author))


@api.route("DELETE", "/suites/<name:address>/case-groups/<name:case_group>", tag="case groups", right="edit",
           of=of_address, match="tag", problems=(400, 409))  # fmt: skip
def remove_case_group(desk: Desk, address: str, case_group: str, query: MessageQuery, author: Author) -> Removed:
    """Remove a group; its cases stay."""
    groups.remove_group(address, case_group, desk.storage, author)
    return Removed(case_group)


@api.route("POST", "/suites/<name:address>/case-groups/<name:case_group>/copy", tag="case groups", right="edit",
           of=of_copy, problems=(400, 409))  # fmt: skip
def copy_case_group(
    desk: Desk, address: str, case_group: str, query: MessageQuery, body: CopyGroup, actor: Actor, author: Author
) -> Copied:
    """Copy a group with its cases into another version, in one save.

    It takes the right to edit where it goes, and to view where it comes from.
    """
    require(actor, "view", address.partition("@")[0], desk.storage)
    return groups.copy_group(
        address, case_group, body.to, desk.storage, author, as_name=body.name, with_references=body.with_references
    )


def _tagged(shown: Shown) -> Reply[Shown]:
    return Reply(shown, tag=tag_of(shown.group))
