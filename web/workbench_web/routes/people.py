"""Users, groups, what they may, and what was done: read and changed by administrators."""

from typing import Annotated, Literal, TypeVar

from msgspec import Meta, Struct
from msgspec.structs import replace

from workbench.model.noted import Action
from workbench.model.rights import Right
from workbench.storage import AuditEntry, Author, Group, Home, User, tag_of
from workbench.usecases import enter
from workbench.usecases.audit_log import AuditDetail, entry
from workbench.usecases.browse_suites import Page
from workbench.usecases.rights import Actor, require, require_group, visible
from workbench_web.api import Api, Reply
from workbench_web.desk import Desk
from workbench_web.lists import Listing, Paging, Text, listed
from workbench_web.subjects import of_subsystem

api = Api()
T = TypeVar("T")
Name = Annotated[str, Meta(min_length=1, max_length=200)]


class UserQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`group`: its members."""

    group: Text | None = None
    administrator: bool | None = None
    disabled: bool | None = None
    sort: Literal["name", "-name", "created", "-created"] = "name"


class GroupQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`user`: that they are in."""

    user: Text | None = None
    sort: Literal["name", "-name"] = "name"


class NewUser(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: Name
    administrator: bool = False


class ChangeUser(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays. A disabled user is logged out at once, and all their tokens are void."""

    administrator: bool | None = None
    disabled: bool | None = None


class Invited(Struct, frozen=True):
    """`link`: for setting a password, once, within three days; hand it over."""

    name: str
    link: str


class NewGroup(Struct, frozen=True, forbid_unknown_fields=True):
    name: Name


class Role(Struct, frozen=True, forbid_unknown_fields=True):
    role: Right


class NewHome(Struct, frozen=True, forbid_unknown_fields=True):
    """`group`: "" for none."""

    group: Text


class AuditQuery(Paging, frozen=True, forbid_unknown_fields=True, kw_only=True):
    actor: Text = ""
    action: Action | None = None
    subsystem: Text = ""
    sort: Literal["-at", "at"] = "-at"


@api.route("GET", "/users", tag="people", right="user")
def list_users(desk: Desk, query: UserQuery) -> Page[User]:
    """Users by name, with their roles."""
    rows = [
        each
        for each in desk.storage.people.users()
        if query.administrator in (None, each.administrator)
        and query.disabled in (None, each.disabled)
        and (query.group is None or query.group in each.roles)
    ]
    return listed(rows, query, lambda row: row.name, created=lambda row: row.created_us)


@api.route("POST", "/users", tag="people", status=201, right="site", problems=(400,))
def add_user(desk: Desk, body: NewUser, author: Author) -> Reply[Invited]:
    """Make a user. They set their password by the link."""
    code = enter.add_user(body.name, desk.storage, author, administrator=body.administrator)
    return Reply(Invited(body.name, desk.link(code)))


@api.route("GET", "/users/<name:user>", tag="people", right="user")
def show_user(desk: Desk, user: str) -> Reply[User]:
    """One user."""
    return _tagged(desk.storage.people.user(user))


@api.route("PATCH", "/users/<name:user>", tag="people", right="site", match="tag", problems=(400,))
def change_user(desk: Desk, user: str, body: ChangeUser, author: Author) -> Reply[User]:
    """Make a user an administrator of everything or not, let them in or not."""
    return _tagged(desk.storage.people.change(user, author, administrator=body.administrator, disabled=body.disabled))


@api.route("POST", "/users/<name:user>/link", tag="people", right="site", status=201)
def invite_user(desk: Desk, user: str, author: Author) -> Invited:
    """A new link for setting a password, for who has lost it; earlier ones are void."""
    return Invited(user, desk.link(desk.storage.access.invite(user, enter.LINK_S, author)))


@api.route("GET", "/groups", tag="people", right="user")
def list_groups(desk: Desk, query: GroupQuery, actor: Actor) -> Page[Group]:
    """Groups by name, with their members, and those of their subsystems that one may view."""
    only = visible(actor, desk.storage)
    found = desk.storage.people.groups()
    rows = [_seen(each, only) for each in found if query.user is None or query.user in each.members]
    return listed(rows, query, lambda row: row.name)


@api.route("POST", "/groups", tag="people", status=201, right="site", problems=(400,))
def add_group(desk: Desk, body: NewGroup, author: Author) -> Group:
    """Make a group."""
    return desk.storage.people.add_group(body.name, author)


@api.route("GET", "/groups/<name:group>", tag="people", right="user")
def show_group(desk: Desk, group: str, actor: Actor) -> Reply[Group]:
    """One group."""
    found = desk.storage.people.group(group)
    return Reply(_seen(found, visible(actor, desk.storage)), tag=tag_of(found))


def _seen(group: Group, only: frozenset[str] | None) -> Group:
    """Without subsystems that they may not view."""
    return (
        group if only is None else replace(group, subsystems=tuple(each for each in group.subsystems if each in only))
    )


@api.route("DELETE", "/groups/<name:group>", tag="people", status=204, right="site", match="tag", problems=(400,))
def remove_group(desk: Desk, group: str, author: Author) -> None:
    """Remove a group that no subsystem belongs to."""
    desk.storage.people.remove_group(group, author)


@api.route("PUT", "/groups/<name:group>/members/<name:user>", tag="people", right="administer", match="tag")
def set_role(desk: Desk, group: str, user: str, body: Role, actor: Actor, author: Author) -> Reply[Group]:
    """Make a user what they are in a group: view, run, edit or administer; each holds those before it."""
    require_group(actor, "administer", group)
    return _tagged(desk.storage.people.set_role(group, user, body.role, author))


@api.route("DELETE", "/groups/<name:group>/members/<name:user>", tag="people", status=204, right="administer",
           match="tag")  # fmt: skip
def remove_member(desk: Desk, group: str, user: str, actor: Actor, author: Author) -> None:
    """Take a user out of a group."""
    require_group(actor, "administer", group)
    desk.storage.people.set_role(group, user, None, author)


@api.route("GET", "/subsystems/<name:subsystem>/group", tag="people", right="view", of=of_subsystem)
def show_home(desk: Desk, subsystem: str) -> Reply[Home]:
    """The group that a subsystem belongs to."""
    return _tagged(desk.storage.people.home(subsystem))


@api.route("PUT", "/subsystems/<name:subsystem>/group", tag="people", right="administer", of=of_subsystem, match="tag")
def give_subsystem(desk: Desk, subsystem: str, body: NewHome, actor: Actor, author: Author) -> Reply[Home]:
    """Let a subsystem belong to a group; it takes the right to administer both."""
    require_group(actor, "administer", body.group)
    desk.storage.people.give(subsystem, body.group, author)
    return _tagged(Home(body.group))


@api.route("GET", "/audit", tag="people", right="administer")
def list_audit(desk: Desk, query: AuditQuery, actor: Actor) -> Page[AuditEntry]:
    """What was done, newest first: of the subsystems that one administers; by administrators, of all."""
    only = None if actor.administrator else visible(actor, desk.storage, "administer")
    if query.subsystem:
        require(actor, "administer", query.subsystem, desk.storage)
        only = frozenset({query.subsystem})
    found, total = desk.storage.audit.entries(
        subsystems=only,
        actor=query.actor,
        action=query.action,
        offset=query.offset,
        limit=query.limit,
        newest_first=query.sort == "-at",
    )
    return Page(tuple(found), total, query.offset, query.limit)


@api.route("GET", "/audit/<name:number>", tag="people", right="administer")
def show_audit(desk: Desk, number: str, actor: Actor) -> AuditDetail:
    """One entry; of what was saved in a version, with all that changed, field by field."""
    found = entry(number, desk.storage)
    if not actor.administrator:
        require(actor, "administer", found.entry.subsystem, desk.storage)
    return found


def _tagged(value: T) -> Reply[T]:
    return Reply(value, tag=tag_of(value))
