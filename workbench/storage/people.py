"""Users, groups, who is what in which group, and which group a subsystem belongs to."""

import time
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from msgspec import Struct, field

from workbench.errors import NotFoundError, UsageError
from workbench.model.near import did_you_mean
from workbench.model.rights import Right
from workbench.storage.audit import note
from workbench.storage.author import Author, refuse_stale
from workbench.storage.database import Database
from workbench.storage.keys import new_keys
from workbench.storage.tables import NAME, subsystems
from workbench.storage.tables_people import (
    invitations,
    library_groups,
    memberships,
    sessions,
    subsystem_groups,
    tokens,
    user_groups,
    users,
)


class User(Struct, frozen=True, kw_only=True):
    """`administrator`: of everything; `roles`: group → what the user is there; `ready`: has a password."""

    name: str
    administrator: bool
    disabled: bool
    ready: bool
    created_us: int
    roles: Mapping[str, Right] = field(default_factory=dict)


class Group(Struct, frozen=True):
    """`members`: user → role; `subsystems` and tool `libraries`: that belong to it."""

    name: str
    members: Mapping[str, Right]
    subsystems: tuple[str, ...]
    libraries: tuple[str, ...] = ()


class Home(Struct, frozen=True):
    """`group`: whose a subsystem or tool library is; "": nobody's."""

    group: str


class People:
    def __init__(self, database: Database) -> None:
        self._database = database

    def users(self) -> list[User]:
        """By name."""
        with self._database.reading() as connection:
            return read_users(connection)

    def user(self, name: str) -> User:
        """Raises NotFoundError with near names."""
        with self._database.reading() as connection:
            return _one(connection, name)

    def password_of(self, name: str) -> str:
        """The hash of it; "" for who has none, may not come in, or does not exist."""
        query = sa.select(users.c.password).where(users.c.name == name, users.c.disabled.is_(False))
        with self._database.reading() as connection:
            return connection.scalar(query) or ""

    def add(self, name: str, author: Author, *, administrator: bool = False, password: str = "") -> User:
        """Make a user. `password`: its hash. Raises UsageError for a name that is taken or none."""
        _check_name("user", name)
        with self._database.writing() as connection:
            _refuse_taken(connection, users, "user", name)
            row = {"id": new_keys(1)[0], "name": name, "password": password, "administrator": administrator}
            connection.execute(sa.insert(users), row | {"disabled": False, "created_us": time.time_ns() // 1000})
            made = _one(connection, name)
            note(connection, author, "user-added", name, after=made)
            return made

    def change(
        self, name: str, author: Author, *, administrator: bool | None = None, disabled: bool | None = None
    ) -> User:
        """Raises UsageError where no administrator would be left, NotFoundError, StaleError."""
        wanted = {"administrator": administrator, "disabled": disabled}
        values = {key: value for key, value in wanted.items() if value is not None}
        with self._database.writing() as connection:
            _lock(connection, users, "user", name)
            before = _one(connection, name)
            refuse_stale(author, before, name)
            if values:
                connection.execute(sa.update(users).where(users.c.name == name).values(**values))
            after = _one(connection, name)
            if not any(each.administrator and not each.disabled for each in read_users(connection)):
                hint = "make another user an administrator first"
                raise UsageError("no administrator would be left", where=name, hint=hint)
            if after.disabled:
                _shut_out(connection, _id(connection, users, "user", name))
            if after != before:
                note(connection, author, "user-changed", name, before=before, after=after)
            return after

    def set_password(self, name: str, password: str, author: Author) -> None:
        """`password`: its hash. Whoever came in with the old one has to come again."""
        with self._database.writing() as connection:
            user_id = _id(connection, users, "user", name)
            connection.execute(sa.update(users).where(users.c.id == user_id).values(password=password))
            connection.execute(sa.delete(sessions).where(sessions.c.user_id == user_id))
            note(connection, author, "password-set", name)

    def groups(self) -> list[Group]:
        """By name."""
        with self._database.reading() as connection:
            return _groups(connection)

    def group(self, name: str) -> Group:
        """Raises NotFoundError."""
        with self._database.reading() as connection:
            return _group(connection, name)

    def add_group(self, name: str, author: Author) -> Group:
        """Raises UsageError for a name that is taken or none."""
        _check_name("group", name)
        with self._database.writing() as connection:
            _refuse_taken(connection, user_groups, "group", name)
            row = {"id": new_keys(1)[0], "name": name, "created_us": time.time_ns() // 1000}
            connection.execute(sa.insert(user_groups), row)
            note(connection, author, "group-added", name, after={"name": name})
        return Group(name, {}, ())

    def remove_group(self, name: str, author: Author) -> None:
        """Raises UsageError while subsystems or tool libraries belong to it, NotFoundError, StaleError."""
        with self._database.writing() as connection:
            group_id = _lock(connection, user_groups, "group", name)
            before = _group(connection, name)
            refuse_stale(author, before, name)
            for what, held in (("subsystems", before.subsystems), ("tool libraries", before.libraries)):
                if held:
                    hint = "give them to another group first"
                    raise UsageError(f"{len(held)} {what} belong to this group", where=name, hint=hint)
            connection.execute(sa.delete(memberships).where(memberships.c.group_id == group_id))
            connection.execute(sa.delete(user_groups).where(user_groups.c.id == group_id))
            note(connection, author, "group-removed", name, before=before)

    def set_role(self, group: str, user: str, role: Right | None, author: Author) -> Group:
        """Make a user what they are in a group; None: no member. Raises NotFoundError, StaleError."""
        with self._database.writing() as connection:
            ids = {
                "group_id": _lock(connection, user_groups, "group", group),
                "user_id": _lock(connection, users, "user", user),
            }
            before = _group(connection, group)
            refuse_stale(author, before, group)
            own = sa.and_(*(memberships.c[name] == value for name, value in ids.items()))
            connection.execute(sa.delete(memberships).where(own))
            if role is not None:
                connection.execute(sa.insert(memberships), ids | {"role": role})
            was, now = ({"role": each} if each else None for each in (before.members.get(user), role))
            if was != now:
                note(connection, author, "role-set", f"{user} in {group}", before=was, after=now)
            return _group(connection, group)

    def give(self, subsystem: str, group: str, author: Author) -> None:
        """Let a subsystem belong to a group; "": to none. Raises NotFoundError, StaleError."""
        with self._database.writing() as connection:
            subsystem_id = _lock(connection, subsystems, "subsystem", subsystem)
            before = group_of(connection, subsystem)
            refuse_stale(author, Home(before), subsystem)
            if before != group:
                belong(connection, subsystem_id, group)
                sides = {"before": {"group": before}, "after": {"group": group}}
                note(connection, author, "subsystem-given", subsystem, subsystem=subsystem, **sides)

    def home(self, subsystem: str) -> Home:
        """Raises NotFoundError."""
        with self._database.reading() as connection:
            _id(connection, subsystems, "subsystem", subsystem)
            return Home(group_of(connection, subsystem))

    def homes(self) -> dict[str, str]:
        """Subsystem → its group, of those that have one."""
        with self._database.reading() as connection:
            return homes(connection)

    def library_homes(self) -> dict[str, str]:
        """Tool library → its group, of those that have one."""
        with self._database.reading() as connection:
            return library_homes(connection)


def belong(connection: sa.Connection, subsystem_id: str, group: str) -> None:
    """Let it belong to the group; "": to none. Raises NotFoundError."""
    connection.execute(sa.delete(subsystem_groups).where(subsystem_groups.c.subsystem_id == subsystem_id))
    if group:
        row = {"subsystem_id": subsystem_id, "group_id": _id(connection, user_groups, "group", group)}
        connection.execute(sa.insert(subsystem_groups), row)


def homes(connection: sa.Connection) -> dict[str, str]:
    joined = subsystem_groups.join(subsystems).join(user_groups)
    query = sa.select(subsystems.c.name, user_groups.c.name.label("group")).select_from(joined)
    return {row.name: row.group for row in connection.execute(query.order_by(subsystems.c.name))}


def belong_library(connection: sa.Connection, library: str, group: str) -> None:
    """Let a tool library belong to the group; "": to none. Raises NotFoundError."""
    connection.execute(sa.delete(library_groups).where(library_groups.c.library == library))
    if group:
        row = {"library": library, "group_id": _id(connection, user_groups, "group", group)}
        connection.execute(sa.insert(library_groups), row)


def library_homes(connection: sa.Connection) -> dict[str, str]:
    query = sa.select(library_groups.c.library, user_groups.c.name).select_from(library_groups.join(user_groups))
    return {row.library: row.name for row in connection.execute(query.order_by(library_groups.c.library))}


def group_of(connection: sa.Connection, subsystem: str) -> str:
    """ "" where it belongs to none."""
    query = sa.select(user_groups.c.name).select_from(subsystem_groups.join(subsystems).join(user_groups))
    return connection.scalar(query.where(subsystems.c.name == subsystem)) or ""


def read_users(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> list[User]:
    """By name, with their roles."""
    roles: dict[str, dict[str, Right]] = {}
    for group, user, role in connection.execute(_members().where(*where)):
        roles.setdefault(user, {})[group] = role
    rows = connection.execute(sa.select(users).where(*where).order_by(users.c.name))
    return [
        User(
            name=row.name,
            administrator=row.administrator,
            disabled=row.disabled,
            ready=bool(row.password),
            created_us=row.created_us,
            roles=roles.get(row.name, {}),
        )
        for row in rows
    ]


def _groups(connection: sa.Connection) -> list[Group]:
    members: dict[str, dict[str, Right]] = {}
    for group, user, role in connection.execute(_members()):
        members.setdefault(group, {})[user] = role
    held: dict[str, list[str]] = {}
    for subsystem, group in homes(connection).items():
        held.setdefault(group, []).append(subsystem)
    tools: dict[str, list[str]] = {}
    for library, group in library_homes(connection).items():
        tools.setdefault(group, []).append(library)
    names = connection.scalars(sa.select(user_groups.c.name).order_by(user_groups.c.name)).all()
    return [Group(name, members.get(name, {}), tuple(held.get(name, ())), tuple(tools.get(name, ()))) for name in names]


def _group(connection: sa.Connection, name: str) -> Group:
    found = {each.name: each for each in _groups(connection)}
    if name not in found:
        raise _unknown("group", name, found)
    return found[name]


def _members() -> sa.Select[Any]:
    joined = memberships.join(user_groups).join(users)
    columns = (user_groups.c.name.label("group_name"), users.c.name.label("user_name"), memberships.c.role)
    return sa.select(*columns).select_from(joined).order_by(user_groups.c.name, users.c.name)


def _one(connection: sa.Connection, name: str) -> User:
    found = read_users(connection, users.c.name == name)
    if not found:
        raise _unknown("user", name, connection.scalars(sa.select(users.c.name)).all())
    return found[0]


def _lock(connection: sa.Connection, table: sa.Table, what: str, name: str) -> str:
    """Its id; its row is locked to the end of the transaction. Raises NotFoundError."""
    connection.execute(sa.select(table.c.id).where(table.c.name == name).with_for_update())
    return _id(connection, table, what, name)


def _id(connection: sa.Connection, table: sa.Table, what: str, name: str) -> str:
    found: str | None = connection.scalar(sa.select(table.c.id).where(table.c.name == name))
    if found is None:
        raise _unknown(what, name, connection.scalars(sa.select(table.c.name)).all())
    return found


def _unknown(what: str, name: str, known: Collection[str]) -> NotFoundError:
    return NotFoundError(f"there is no {what} {name!r}", hint=did_you_mean(name, known))


def _shut_out(connection: sa.Connection, user_id: str) -> None:
    """End all that lets a user in."""
    for table in (sessions, tokens, invitations):
        connection.execute(sa.delete(table).where(table.c.user_id == user_id))


def _check_name(what: str, name: str) -> None:
    if not name or len(name) > NAME or name != name.strip() or not name.isprintable():
        hint = f"1 to {NAME} characters in one line, without blanks around"
        raise UsageError(f"{name[:80]!r} cannot be the name of a {what}", hint=hint)


def _refuse_taken(connection: sa.Connection, table: sa.Table, what: str, name: str) -> None:
    if connection.scalar(sa.select(table.c.id).where(table.c.name == name)):
        raise UsageError(f"there is a {what} {name!r} already", hint="choose another name")
