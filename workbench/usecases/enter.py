"""How people come in: name and password, one-time links, the first administrator."""

import os
import secrets
from collections.abc import Mapping
from typing import Final

from workbench.errors import LoginError, UsageError
from workbench.storage import Author, Storage, User
from workbench.usecases.passwords import fits, hash_password

NAME: Final = "WORKBENCH_ADMIN"  # the first administrator, of the environment
PASSWORD: Final = "WORKBENCH_ADMIN_PASSWORD"
LINK_S: Final = 3 * 24 * 3600
_HERE: Final = Author("workbench", via="start")


def log_in(name: str, password: str, seconds: int, storage: Storage, author: Author) -> str:
    """The secret of a new session. Raises LoginError, which does not tell what was wrong."""
    if not fits(password, storage.people.password_of(name)):
        storage.audit.note(author, "login-refused", name[:200])
        raise LoginError("name and password do not fit")
    return storage.access.open_session(name, seconds, author)


def change_password(name: str, old: str, new: str, storage: Storage, author: Author) -> None:
    """Raises LoginError for a wrong old one, UsageError for a new one that is too easy to guess."""
    if not fits(old, storage.people.password_of(name)):
        storage.audit.note(author, "password-refused", name)
        raise LoginError("the old password is another one")
    storage.people.set_password(name, hash_password(new, name), author)


def accept(code: str, name: str, password: str, storage: Storage, address: str = "") -> User:
    """Use a one-time link: the first administrator is made with the name, or whom it is for gets the password.

    Raises LoginError for a link that is none, or no more, UsageError.
    """
    invited, there = storage.access.invited(code), _administrator(storage)
    wrong = invited and name not in ("", invited)
    if invited is None or wrong or (not invited and there):
        hint = "an administrator can make a new one" if there else "each start of the server prints a new one"
        raise LoginError("this link is used up or too old", hint=hint)
    if not invited and any(each.name == name for each in storage.people.users()):
        hint = f"choose another name, or `workbench users change {name} --administrator`"
        raise UsageError(f"there is a user {name!r} already", where="name", hint=hint)
    hashed = hash_password(password, invited or name)
    if not storage.access.accept(code):
        raise LoginError("this link is used up", hint="log in, or let an administrator make a new one")
    who = Author(invited or name, via="one-time link", address=address)
    if not invited:
        return storage.people.add(name, who, administrator=True, password=hashed)
    storage.people.set_password(invited, hashed, who)
    return storage.people.user(invited)


def add_user(name: str, storage: Storage, author: Author, *, administrator: bool = False) -> str:
    """Make a user; gives the code of the link with which they set a password."""
    storage.people.add(name, author, administrator=administrator)
    return storage.access.invite(name, LINK_S, author)


def first_start(storage: Storage, environ: Mapping[str, str] = os.environ) -> str:
    """Make the administrator that the environment names, where there is none yet; gives the code of a link for the
    first administrator, "" where there is one. Raises UsageError."""
    if _administrator(storage):
        return ""
    name, password = environ.get(NAME, ""), environ.get(PASSWORD, "")
    if not name:
        return storage.access.invite(None, LINK_S, _HERE)
    if not password:
        raise UsageError(f"{NAME} is set and {PASSWORD} is not", where=NAME, hint="set both, or none")
    storage.people.add(name, _HERE, administrator=True, password=hash_password(password, name))
    return ""


def _administrator(storage: Storage) -> bool:
    """Is there one? Users alone, made on the command line, can let nobody else in."""
    return any(each.administrator for each in storage.people.users())


def csrf_of(session: str) -> str:
    """What a page has to send along with the cookie, to show that it could read an answer of ours."""
    import hashlib

    return hashlib.sha256(f"csrf {session}".encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Compared in a time that tells nothing."""
    return secrets.compare_digest(one.encode(), other.encode())
