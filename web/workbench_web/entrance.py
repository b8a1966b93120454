"""Who asks: told by a session's cookie or a token. What they may do is decided in workbench.usecases.rights."""

import logging
from urllib.parse import unquote, urlsplit

from flask import Request, g, request
from werkzeug.http import dump_cookie, parse_cookie

from workbench.errors import LoginError, StorageError
from workbench.settings import Settings
from workbench.storage.tables import NAME
from workbench.usecases.enter import csrf_of, same
from workbench.usecases.rights import Actor, actor_of, visible
from workbench_web.desk import Desk
from workbench_web.problems import Fault, Refused
from workbench_web.stream import Seen, Watch

_log = logging.getLogger("workbench.web")
CSRF = "Workbench-CSRF"
AUTHOR = "Workbench-Author"
SAFE = ("GET", "HEAD", "OPTIONS")


def actor(desk: Desk) -> Actor:
    """Of the request at hand. Raises LoginError for a token that is none, Refused for a page that cannot show that it
    is ours."""
    if "actor" not in g:
        g.actor = _actor(desk, request)
    found: Actor = g.actor
    return found


def _actor(desk: Desk, asked: Request) -> Actor:
    address = asked.remote_addr or ""
    if not desk.settings.serve.login:
        return Actor(name=_said(asked) or desk.author, administrator=True, via="no login", address=address)
    seconds = desk.settings.serve.session_hours * 3600
    if given := asked.headers.get("Authorization", ""):
        scheme, _, secret = given.partition(" ")
        caller = desk.storage.access.token(secret.strip()) if scheme.lower() == "bearer" else None
        if caller is None:
            raise LoginError("this token is not known here, or its time is over", where="Authorization")
        return actor_of(caller, desk.settings.rights, address)
    secret = session_of(asked, desk.settings)
    caller = desk.storage.access.session(secret, seconds) if secret else None
    if caller is not None and asked.method not in SAFE and not _ours(asked, secret):
        hint = f"send the `csrf` of GET /api/v1/session as the header {CSRF}"
        raise Refused(403, "CSRF", "the request does not show that it comes from a page of the workbench", hint=hint)
    return actor_of(caller, desk.settings.rights, address)


def _said(asked: Request) -> str:
    """Who Workbench-Author names, as UTF-8 or, as clients have to write what is not ASCII, in percent. Raises
    Refused."""
    given = asked.headers.get(AUTHOR, "")
    try:
        name = unquote(given.encode("latin-1").decode(), errors="strict")
    except UnicodeError:
        name = "\0"
    if len(name) > NAME or not name.isprintable() or name != name.strip():
        detail = f"is no name: up to {NAME} visible characters in UTF-8, or in percent"
        fault = Fault(detail, "INVALID", place="header", field=AUTHOR)
        raise Refused(422, "INVALID", f"header does not fit: {AUTHOR} {detail}", where=AUTHOR, faults=(fault,))
    return name


def watch(desk: Desk) -> Watch:
    """Whether who asks now is still let in later, and what they may see then; looking at it keeps no session alive."""
    came, secret = actor(desk), session_of(request, desk.settings)
    given, address = request.headers.get("Authorization", ""), came.address

    def look() -> Seen | None:
        try:
            if not desk.settings.serve.login:
                return Seen()
            access = desk.storage.access
            caller = access.token(given.partition(" ")[2].strip()) if given else access.session(secret, 0)
            if caller is None and came.name:
                return None
            return Seen(visible(actor_of(caller, desk.settings.rights, address), desk.storage))
        except StorageError as error:  # nobody knows whether they may still listen
            _log.error("a stream ends: %s", error)
            return None

    return look


def is_known(desk: Desk, authorization: str, cookie: str) -> bool:
    """Whether two headers are of somebody who is known here; looking at them keeps no session alive."""
    access = desk.storage.access
    if authorization:
        scheme, _, secret = authorization.partition(" ")
        return scheme.lower() == "bearer" and access.token(secret.strip()) is not None
    secret = parse_cookie(cookie).get(_cookie(desk.settings), "")
    return bool(secret) and access.session(secret, 0) is not None


def session_of(asked: Request, settings: Settings) -> str:
    """The secret of the cookie; "" without."""
    return asked.cookies.get(_cookie(settings), "")


def set_session(secret: str, settings: Settings) -> str:
    """The header Set-Cookie; "" takes the cookie away."""
    return dump_cookie(
        _cookie(settings), secret, httponly=True, samesite="Strict", secure=is_secure(settings), path="/",
        max_age=None if secret else 0,
    )  # fmt: skip


def is_secure(settings: Settings) -> bool:
    return urlsplit(settings.serve.url).scheme == "https"


def _cookie(settings: Settings) -> str:
    return "__Host-workbench" if is_secure(settings) else "workbench"


def _ours(asked: Request, secret: str) -> bool:
    return same(asked.headers.get(CSRF, ""), csrf_of(secret))
