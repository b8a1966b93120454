"""Who does something, and what for."""

from msgspec import Struct


class Author(Struct, frozen=True):
    """Who saves, and what for. `via`: how they came (`session`, `token ci`, `command line`); `address`: from where."""

    name: str
    message: str = ""
    via: str = ""
    address: str = ""
