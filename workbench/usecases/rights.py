"""Who may do what: the one place that decides it.

A subsystem belongs to a group, and somebody holds a right on it by their role in that group. On the suites of other
groups, and of none, they hold what the setting `rights.outsiders` says. A token holds no more than its scope. What
is written is checked once more where it is written, by the groups that `author` puts into an Author.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from workbench.errors import DeniedError, LoginError
from workbench.model.rights import Held, Right, covers, greater, lesser
from workbench.settings import Rights
from workbench.storage import Author, Caller, Storage


class Actor(Struct, frozen=True, kw_only=True):
    """Who asks. `name` "": nobody who is known; `roles`: group → what they are there; `outside`: what they hold on the
    suites of other groups."""

    name: str = ""
    administrator: bool = False
    roles: Mapping[str, Right] = field(default_factory=dict)
    scope: Right = "administer"
    via: str = ""
    address: str = ""
    outside: Held = "none"

    def held(self, group: str) -> Held:
        """What they hold on the suites of a group; "": of none."""
        if self.administrator:
            return self.scope
        return lesser(greater(self.roles.get(group, "none"), self.outside), self.scope)


def actor_of(caller: Caller | None, rights: Rights, address: str = "") -> Actor:
    """Who came in; None: nobody who is known."""
    if caller is None:
        return Actor(outside=rights.anonymous, address=address)
    user = caller.user
    via = f"token {caller.token}" if caller.token else "session"
    return Actor(
        name=user.name, administrator=user.administrator, roles=user.roles, scope=caller.scope, via=via,
        address=address, outside=rights.outsiders,
    )  # fmt: skip


def require(actor: Actor, right: Right, subsystem: str, storage: Storage) -> None:
    """Raises LoginError for nobody, DeniedError for who may not do it with the subsystem's suites."""
    if covers(actor.held(""), right):  # on all; no need to look for the group
        return
    _require_in(actor, right, storage.people.homes().get(subsystem, ""), subsystem)


def require_library(actor: Actor, right: Right, library: str, storage: Storage) -> None:
    """The same of a tool library; who may do it with any may make a new one."""
    if storage.libraries.all(library):
        _require_in(actor, right, storage.people.library_homes().get(library, ""), library)
    else:
        require_somewhere(actor, right)


def _require_in(actor: Actor, right: Right, group: str, name: str) -> None:
    if not covers(actor.held(group), right):
        owner = f"it belongs to the group {group}" if group else "it belongs to no group"
        raise _refused(actor, f"may not {right} {name}", f"{owner}; its administrators give rights")


def require_somewhere(actor: Actor, right: Right) -> None:
    """The right on the suites of any group. Raises LoginError, DeniedError."""
    if not any(covers(actor.held(group), right) for group in ("", *actor.roles)):
        raise _refused(actor, f"may not {right} anything", "the administrators of a group give rights")


def require_user(actor: Actor) -> None:
    """Somebody who is known. Raises LoginError."""
    if not actor.name:
        raise _refused(actor, "", "")


def require_site(actor: Actor) -> None:
    """An administrator of everything. Raises LoginError, DeniedError."""
    if not actor.administrator or not covers(actor.scope, "administer"):
        raise _refused(actor, "is no administrator", "an administrator can do it")


def require_group(actor: Actor, right: Right, group: str) -> None:
    """The right on all that a group has. Raises LoginError, DeniedError."""
    own = lesser(actor.roles.get(group, "none"), actor.scope)
    if not covers(actor.held("") if actor.administrator else own, right):
        raise _refused(actor, f"may not {right} the group {group}", "its administrators can do it")


def visible(actor: Actor, storage: Storage, right: Right = "view") -> frozenset[str] | None:
    """The subsystems on whose suites they hold the right; None: on all."""
    if covers(actor.held(""), right):
        return None
    return frozenset(name for name, group in storage.people.homes().items() if covers(actor.held(group), right))


def author_of(
    actor: Actor, message: str = "", home: str = "", seen: str | None = None, right: Right = "edit"
) -> Author:
    """Who saves, and whose suites they may change. `home`: the group of a new subsystem, "": the only one in which they
    may edit. `seen`: see Author; `right`: what it takes to write this."""
    groups = frozenset(group for group in actor.roles if covers(actor.held(group), right))
    everywhere = covers(actor.held(""), right)
    home = home or (next(iter(groups)) if len(groups) == 1 else "")
    return Author(actor.name, message, actor.via, actor.address, None if everywhere else groups, home, seen)


def sees(actor: Actor, storage: Storage, names: Iterable[str]) -> list[str]:
    """Those that they may view."""
    allowed = visible(actor, storage)
    return [name for name in names if allowed is None or name in allowed]


def _refused(actor: Actor, what: str, hint: str) -> LoginError | DeniedError:
    if not actor.name:
        return LoginError("log in first", hint="POST /api/v1/session, or send a token: Authorization: Bearer wbt_…")
    scope = f"; the token's scope is {actor.scope}" if actor.via.startswith("token") else ""
    return DeniedError(f"{actor.name} {what}{scope}", hint=hint)
