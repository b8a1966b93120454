"""How users come in: sessions, API tokens, one-time links. Only hashes of their secrets are kept.

A secret is 256 random bits, so one round of SHA-256 hides it; a password is not, and has argon2.
"""

import hashlib
import secrets
import time

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from workbench.errors import NotFoundError, UsageError
from workbench.model.rights import Right
from workbench.storage.audit import note
from workbench.storage.author import Author, refuse_stale
from workbench.storage.database import Database
from workbench.storage.keys import new_keys
from workbench.storage.people import User, read_users
from workbench.storage.tables_people import invitations, sessions, tokens, users

TOKEN_PREFIX = "wbt_"  # so that a scanner of secrets knows one
_MINUTE_US = 60_000_000


class Caller(Struct, frozen=True):
    """Who comes in. `token`: its name; "": a session. `expires_us` of what they came in with."""

    user: User
    scope: Right
    token: str
    expires_us: int


class Token(Struct, frozen=True, kw_only=True):
    """Without its secret. `scope`: what it may at most; `used_us`: when last, to the minute, 0: never."""

    id: str
    user: str
    name: str
    scope: Right
    created_us: int
    expires_us: int
    used_us: int

    @property
    def lasting(self) -> "Token":
        """Without what changes by itself: what it is known by."""
        return replace(self, used_us=0)


class Access:
    def __init__(self, database: Database) -> None:
        self._database = database

    def open_session(self, user: str, seconds: int, author: Author) -> str:
        """Gives its secret; sessions that have ended go."""
        secret, now = secrets.token_urlsafe(32), _now()
        with self._database.writing() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.expires_us < now))
            row = {"id": new_keys(1)[0], "hash": _hash(secret), "user_id": _user_id(connection, user)}
            connection.execute(sa.insert(sessions), row | {"created_us": now, "expires_us": now + seconds * 1_000_000})
            note(connection, author, "logged-in", user)
        return secret

    def session(self, secret: str, seconds: int) -> Caller | None:
        """Who has it. One that is used in the second half of its time lasts its whole time again."""
        found = self._caller(sessions, secret)
        now = _now()
        if found is not None and found.expires_us - now < seconds * 500_000:
            own = sessions.c.hash == _hash(secret)
            with self._database.writing() as connection:
                connection.execute(sa.update(sessions).where(own).values(expires_us=now + seconds * 1_000_000))
            return replace(found, expires_us=now + seconds * 1_000_000)
        return found

    def end_session(self, secret: str, author: Author) -> None:
        with self._database.writing() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.hash == _hash(secret)))
            note(connection, author, "logged-out", author.name)

    def make_token(self, user: str, name: str, scope: Right, seconds: int, author: Author) -> tuple[str, Token]:
        """(secret, token); the secret is told this once. Raises UsageError, NotFoundError."""
        secret, now = TOKEN_PREFIX + secrets.token_urlsafe(32), _now()
        if not name.strip() or len(name) > 100 or not name.isprintable():
            raise UsageError("a token needs a name of up to 100 characters", hint="say what it is for: nightly")
        row = {"id": new_keys(1)[0], "name": name, "scope": scope, "created_us": now}
        row |= {"expires_us": now + seconds * 1_000_000, "used_us": 0}
        with self._database.writing() as connection:
            connection.execute(sa.delete(tokens).where(tokens.c.expires_us < now))
            user_id = _user_id(connection, user)
            connection.execute(sa.insert(tokens), row | {"hash": _hash(secret), "user_id": user_id})
            made = msgspec.convert(row | {"user": user}, Token)
            note(connection, author, "token-made", f"{name} of {user}", after=made)
        return secret, made

    def token(self, secret: str) -> Caller | None:
        """Who has it."""
        found = self._caller(tokens, secret)
        if found is not None:
            now, own = _now(), tokens.c.hash == _hash(secret)
            with self._database.reading() as connection:
                stale = (connection.scalar(sa.select(tokens.c.used_us).where(own)) or 0) < now - _MINUTE_US
            if stale:
                with self._database.writing() as connection:
                    connection.execute(sa.update(tokens).where(own).values(used_us=now))
        return found

    def tokens(self, user: str = "") -> list[Token]:
        """Of one user or of all, oldest first; without those that have ended."""
        columns = (tokens.c[name] for name in Token.__struct_fields__ if name != "user")
        query = sa.select(*columns, users.c.name.label("user")).select_from(tokens.join(users))
        query = query.where(tokens.c.expires_us >= _now()).order_by(tokens.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(users.c.name == user) if user else query)
            return [Token(**row._mapping) for row in rows]

    def find_token(self, token_id: str, user: str = "") -> Token:
        """Of one user or of anybody. Raises NotFoundError."""
        found = next((each for each in self.tokens(user) if each.id == token_id), None)
        if found is None:
            raise NotFoundError(f"there is no token {token_id!r}", hint="`workbench tokens list` names them")
        return found

    def revoke(self, token_id: str, author: Author, user: str = "") -> None:
        """Of one user or of anybody. Raises NotFoundError, StaleError."""
        found = self.find_token(token_id, user)
        with self._database.writing() as connection:
            refuse_stale(author, found.lasting, found.name)
            connection.execute(sa.delete(tokens).where(tokens.c.id == token_id))
            note(connection, author, "token-revoked", f"{found.name} of {found.user}", before=found)

    def invite(self, user: str | None, seconds: int, author: Author) -> str:
        """The secret of a link with which a user sets a password, or, None, the first administrator is made; earlier
        links for the same are void."""
        secret = secrets.token_urlsafe(32)
        with self._database.writing() as connection:
            user_id = None if user is None else _user_id(connection, user)
            connection.execute(sa.delete(invitations).where(invitations.c.user_id.is_not_distinct_from(user_id)))
            row = {"id": new_keys(1)[0], "hash": _hash(secret), "user_id": user_id}
            connection.execute(sa.insert(invitations), row | {"expires_us": _now() + seconds * 1_000_000})
            note(connection, author, "invited", user or "the first administrator")
        return secret

    def invited(self, secret: str) -> str | None:
        """The user that the link is for; "" for the first administrator, None for a link that is none, or no more."""
        query = sa.select(users.c.name).select_from(invitations.outerjoin(users)).where(_holds(secret))
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else row.name or ""

    def accept(self, secret: str) -> bool:
        """Use the link up; False: somebody else was faster."""
        with self._database.writing() as connection:
            return connection.execute(sa.delete(invitations).where(_holds(secret))).rowcount == 1

    def _caller(self, table: sa.Table, secret: str) -> Caller | None:
        own = sa.and_(table.c.hash == _hash(secret), table.c.expires_us >= _now())
        scope, name = (table.c.scope, table.c.name) if table is tokens else (sa.literal("administer"), sa.literal(""))
        query = sa.select(users.c.id, scope, name, table.c.expires_us).select_from(table.join(users))
        with self._database.reading() as connection:
            row = connection.execute(query.where(own, users.c.disabled.is_(False))).first()
            return row and Caller(read_users(connection, users.c.id == row.id)[0], *row[1:])


def _holds(secret: str) -> sa.ColumnElement[bool]:
    return sa.and_(invitations.c.hash == _hash(secret), invitations.c.expires_us >= _now())


def _user_id(connection: sa.Connection, name: str) -> str:
    found: str | None = connection.scalar(sa.select(users.c.id).where(users.c.name == name))
    if found is None:
        raise NotFoundError(f"there is no user {name!r}", hint="`workbench users list` names them")
    return found


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _now() -> int:
    return time.time_ns() // 1000
