"""The tables of people: users, groups, what they may, how they come in, and what was done.

Secrets are never kept: of passwords their argon2 hash, of sessions, tokens and invitations the SHA-256 of a random
text of 256 bits.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table, Text

from workbench.storage.tables import MYSQL, NAME, Id, LongText, metadata

Hash = String(64)
Right = String(16)  # view, run, edit, administer

users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(NAME), nullable=False, unique=True),
    Column("password", String(255), nullable=False),  # argon2; "": none was set yet
    Column("administrator", Boolean, nullable=False),  # of everything
    Column("disabled", Boolean, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    **MYSQL,
)

user_groups = Table(
    "user_groups",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(NAME), nullable=False, unique=True),
    Column("created_us", BigInteger, nullable=False),
    **MYSQL,
)

memberships = Table(
    "memberships",
    metadata,
    Column("group_id", Id, ForeignKey("user_groups.id"), primary_key=True),
    Column("user_id", Id, ForeignKey("users.id"), primary_key=True),
    Column("role", Right, nullable=False),
    **MYSQL,
)

subsystem_groups = Table(  # a subsystem belongs to one group, or to none
    "subsystem_groups",
    metadata,
    Column("subsystem_id", Id, ForeignKey("subsystems.id"), primary_key=True),
    Column("group_id", Id, ForeignKey("user_groups.id"), nullable=False),
    **MYSQL,
)

library_groups = Table(  # a tool library, with all its versions, belongs to one group, or to none
    "library_groups",
    metadata,
    Column("library", String(NAME), primary_key=True),
    Column("group_id", Id, ForeignKey("user_groups.id"), nullable=False),
    **MYSQL,
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("hash", Hash, nullable=False, unique=True),
    Column("user_id", Id, ForeignKey("users.id"), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("expires_us", BigInteger, nullable=False),
    **MYSQL,
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Id, primary_key=True),
    Column("hash", Hash, nullable=False, unique=True),
    Column("user_id", Id, ForeignKey("users.id"), nullable=False),
    Column("name", String(NAME), nullable=False),
    Column("scope", Right, nullable=False),  # what it may at most
    Column("created_us", BigInteger, nullable=False),
    Column("expires_us", BigInteger, nullable=False),
    Column("used_us", BigInteger, nullable=False),  # to the minute; 0: never
    **MYSQL,
)

invitations = Table(  # one-time links
    "invitations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("hash", Hash, nullable=False, unique=True),
    Column("user_id", Id, ForeignKey("users.id")),  # who sets a password; null: the first administrator is made
    Column("expires_us", BigInteger, nullable=False),
    **MYSQL,
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("actor", String(NAME), nullable=False),
    Column("via", String(NAME), nullable=False),  # session, token NAME, command line …
    Column("address", String(64), nullable=False),  # from where
    Column("action", String(64), nullable=False),
    Column("subsystem", String(NAME), nullable=False),  # "": of none
    Column("subject", Text, nullable=False),
    Column("before", LongText, nullable=False),  # JSON text; "": there was nothing
    Column("after", LongText, nullable=False),
    Index("ix_audit_subsystem", "subsystem"),
    **MYSQL,
)
