"""Who does something, what for, and whose suites they may change."""

from msgspec import Struct


class Author(Struct, frozen=True):
    """Who saves, and what for. `via`: how they came (`session`, `token ci`, `command line`); `address`: from where.

    `groups`: whose subsystems they may change; None: all. `home`: the group that a new subsystem will belong to.
    """

    name: str
    message: str = ""
    via: str = ""
    address: str = ""
    groups: frozenset[str] | None = None
    home: str = ""
