"""Coming in and going out: sessions, one-time links, passwords, tokens."""

from collections.abc import Mapping
from typing import Annotated, Literal

from flask import request
from msgspec import Meta, Struct

from workbench.errors import DeniedError, UsageError
from workbench.model.rights import Right, covers
from workbench.storage import Author, Token, tag_of
from workbench.usecases import enter
from workbench.usecases.browse_suites import Page
from workbench.usecases.rights import Actor
from workbench_web.api import Api, Reply
from workbench_web.desk import Desk
from workbench_web.entrance import session_of, set_session
from workbench_web.lists import Listing, Text, listed

api = Api()
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Password = Annotated[str, Meta(min_length=1, max_length=500)]


class Me(Struct, frozen=True, kw_only=True):
    """Who asks; name "": nobody who is known. `csrf`: what a page sends as Workbench-CSRF with all that changes
    something. `login` false: the server knows no users."""

    name: str
    administrator: bool
    roles: Mapping[str, Right]
    scope: Right
    csrf: str = ""
    login: bool = True


class LogIn(Struct, frozen=True, forbid_unknown_fields=True):
    name: Name
    password: Password


class Accept(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`code`: of the link; `name`: of the first administrator, else of who was invited, or left out."""

    code: Name
    name: str = ""
    password: Password


class NewPassword(Struct, frozen=True, forbid_unknown_fields=True):
    old: Password
    new: Password


class NewToken(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`scope`: what it may at most, whatever its user may. `days`: how long it holds."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    scope: Right = "run"
    days: Annotated[int, Meta(ge=1, le=366)] = 90


class TokenQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    user: Text | None = None
    sort: Literal["created", "-created", "name", "-name", "used", "-used", "user", "-user", "expires", "-expires"] = (
        "created"
    )


class MadeToken(Struct, frozen=True):
    """`secret` is told this once."""

    secret: str
    token: Token


@api.route("GET", "/session", tag="session", right="anyone")
def show_session(desk: Desk, actor: Actor) -> Me:
    """Who one is, and what one may."""
    return _me(desk, actor, session_of(request, desk.settings))


@api.route("POST", "/session", tag="session", status=201, right="anyone", makes=False,
           problems=(400, 401, 429))  # fmt: skip
def log_in(desk: Desk, body: LogIn, actor: Actor) -> Reply[Me]:
    """Log in. The answer sets a cookie; who guesses passwords has to wait (429)."""
    _need_login(desk)
    seconds = desk.settings.serve.session_hours * 3600
    author = Author(body.name, via="session", address=actor.address)
    with desk.attempts.attempt(body.name, actor.address):
        secret = enter.log_in(body.name, body.password, seconds, desk.storage, author)
    user = desk.storage.people.user(body.name)
    me = Me(name=user.name, administrator=user.administrator, roles=user.roles, scope="administer",
            csrf=enter.csrf_of(secret))  # fmt: skip
    return Reply(me, {"Set-Cookie": set_session(secret, desk.settings)})


@api.route("DELETE", "/session", tag="session", status=204, right="anyone")
def log_out(desk: Desk, author: Author) -> Reply[None]:
    """Log out: the session is over, wherever its cookie is."""
    if secret := session_of(request, desk.settings):
        desk.storage.access.end_session(secret, author)
    return Reply(None, {"Set-Cookie": set_session("", desk.settings)})


@api.route("POST", "/session/accept", tag="session", status=204, right="anyone", makes=False, problems=(400, 401))
def accept_link(desk: Desk, body: Accept, actor: Actor) -> None:
    """Set a password by a one-time link: of the first administrator, or of who was invited."""
    _need_login(desk)
    enter.accept(body.code, body.name, body.password, desk.storage, actor.address)


@api.route("PUT", "/session/password", tag="session", status=204, right="user", problems=(400, 401, 429))
def change_password(desk: Desk, body: NewPassword, actor: Actor, author: Author) -> None:
    """Change one's own password; all sessions end."""
    _refuse_tokens(actor)
    with desk.attempts.attempt(actor.name, actor.address):
        enter.change_password(actor.name, body.old, body.new, desk.storage, author)


@api.route("GET", "/tokens", tag="session", right="user")
def list_tokens(desk: Desk, query: TokenQuery, actor: Actor) -> Page[Token]:
    """One's own tokens; an administrator's list has all."""
    rows = [each for each in desk.storage.access.tokens(_whose(actor)) if query.user in (None, each.user)]
    return listed(rows, query, lambda row: row.name, name=lambda row: row.name.casefold(), used=lambda row: row.used_us,
                  user=lambda row: row.user, expires=lambda row: row.expires_us)  # fmt: skip


@api.route("POST", "/tokens", tag="session", status=201, right="user", problems=(400,))
def make_token(desk: Desk, body: NewToken, actor: Actor, author: Author) -> MadeToken:
    """Make a token for programs, which send it as `Authorization: Bearer wbt_…`."""
    _refuse_tokens(actor)
    seconds = body.days * 24 * 3600
    return MadeToken(*desk.storage.access.make_token(actor.name, body.name, body.scope, seconds, author))


@api.route("GET", "/tokens/<name:token>", tag="session", right="user")
def show_token(desk: Desk, token: str, actor: Actor) -> Reply[Token]:
    """One token, without its secret."""
    found = desk.storage.access.find_token(token, _whose(actor))
    return Reply(found, tag=tag_of(found.lasting))


@api.route("DELETE", "/tokens/<name:token>", tag="session", status=204, right="user", match="tag")
def revoke_token(desk: Desk, token: str, actor: Actor, author: Author) -> None:
    """End a token."""
    desk.storage.access.revoke(token, author, _whose(actor))


def _whose(actor: Actor) -> str:
    """Whose tokens they may look at and end; "": everybody's."""
    return "" if actor.administrator and covers(actor.scope, "administer") else actor.name


def _me(desk: Desk, actor: Actor, session: str) -> Me:
    csrf = enter.csrf_of(session) if session and actor.via == "session" else ""
    return Me(
        name=actor.name, administrator=actor.administrator, roles=actor.roles, scope=actor.scope, csrf=csrf,
        login=desk.settings.serve.login,
    )  # fmt: skip


def _need_login(desk: Desk) -> None:
    if not desk.settings.serve.login:
        raise UsageError("this server knows no users: it was started without a login", hint="workbench serve")


def _refuse_tokens(actor: Actor) -> None:
    if actor.via != "session":
        raise DeniedError("this takes a session, not a token", hint="log in with name and password")
