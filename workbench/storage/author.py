"""Who does something, what for, whose suites they may change, and what they have seen of what they change."""

import hashlib
from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct

from workbench.errors import DeniedError, StaleError, UnconditionalError
from workbench.model import json

ANY: Final = "*"
NOTHING: Final = ""
_READ_AGAIN = "read it again, and send what is still to be changed"


class Author(Struct, frozen=True):
    """Who saves, and what for. `via`: how they came (`session`, `token ci`, `command line`); `address`: from where.

    `groups`: whose subsystems they may change; None: all. `home`: the group that a new subsystem will belong to.
    `seen`: the tag of what they change, as they have read it: ANY, whatever it is; NOTHING, it is not there yet; None,
    nobody asks.
    """

    name: str
    message: str = ""
    via: str = ""
    address: str = ""
    groups: frozenset[str] | None = None
    home: str = ""
    seen: str | None = None


def tag_of(value: Any) -> str:
    """What tells a value from what it becomes: 16 hex digits of its JSON's SHA-256; NOTHING of None."""
    return NOTHING if value is None else hashlib.sha256(json.dump_bytes(value)).hexdigest()[:16]


def refuse_stale(
    author: Author,
    now: Any,
    where: str,
    *,
    tag: str | None = None,
    shown: Any = None,
    base: Callable[[str], str] = lambda seen: "",
) -> None:
    """Raises StaleError when `now`, which is about to be changed, is not what the author has seen.

    To be called where nobody else can change it before it is written. `now`: a model type, None for what is not there;
    `tag`: its own, where it has one; `shown`: what is told of it instead; `base`: the text of an earlier tag, where it
    is kept.
    """
    held = tag_of(now) if tag is None else tag
    if author.seen in (None, held) or (author.seen == ANY and now is not None):
        return
    theirs = NOTHING if now is None else json.dumps(now if shown is None else shown)
    if author.seen == NOTHING:
        message, hint = "it is there already; which state of it was changed?", "send If-Match with its ETag"
        raise UnconditionalError(message, where=where, hint=hint, base="", mine="", theirs=theirs)
    message = "it is not there any more" if now is None else "somebody else changed it meanwhile"
    raise StaleError(message, where=where, hint=_READ_AGAIN, base=base(author.seen), mine="", theirs=theirs)


def refuse_outsider(author: Author, group: str, name: str) -> None:
    """Raises DeniedError for an author who may not change what belongs to a group; "": to none."""
    if author.groups is None or group in author.groups:
        return
    hint = "it belongs to no group: an administrator can give it to one of yours"
    if group:
        hint = f"it belongs to the group {group}; its administrators can give you the right to edit"
    raise DeniedError(f"{author.name} may not change {name}", where=name, hint=hint)
