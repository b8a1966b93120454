"""Which save of a version a suite folder was last equal to: what its changes are told from."""

from msgspec import Struct


class Origin(Struct, frozen=True, forbid_unknown_fields=True):
    """`digest` is that of all the version held then: a save of that number in another database is another."""

    subsystem: str
    version: str
    save: int
    digest: str
