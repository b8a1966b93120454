"""Subsystems, versions, documents and their immutable revisions.

What stands here is frozen: later tables are later scripts.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import LONGTEXT

revision = "0001"
down_revision = None

_MYSQL: dict[str, Any] = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}
_ID = sa.String(13)
_LONG = sa.Text().with_variant(LONGTEXT(), "mysql", "mariadb")

# A revision is never changed; databases that can watch over it do.
_GUARDS = {
    "sqlite": (
        "CREATE TRIGGER revisions_stay BEFORE UPDATE ON revisions "
        "BEGIN SELECT RAISE(ABORT, 'revisions are immutable'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION revisions_stay() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'revisions are immutable'; END $$",
        "CREATE TRIGGER revisions_stay BEFORE UPDATE ON revisions FOR EACH ROW EXECUTE FUNCTION revisions_stay()",
    ),
}


def upgrade() -> None:
    _subsystems_and_versions()
    _documents_and_revisions()
    _entries()
    for statement in _GUARDS.get(op.get_bind().dialect.name, ()):
        op.execute(statement)


def _table(name: str, *parts: Any) -> None:
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*_keys(parts), name=f"pk_{name}"), **_MYSQL)


def _keys(parts: tuple[Any, ...]) -> list[str]:
    """Every table's key is its first column, but that of entries."""
    names = [part.name for part in parts if isinstance(part, sa.Column)]
    return names[:1] if names[0] == "id" else names[:2]


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")


def _subsystems_and_versions() -> None:
    _table(
        "subsystems",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("name", name="uq_subsystems_name"),
    )
    _table(
        "versions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("subsystem_id", _ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        _reference("versions", "subsystem_id", "subsystems"),
        sa.UniqueConstraint("subsystem_id", "name", name="uq_versions_subsystem_id"),
    )


def _documents_and_revisions() -> None:
    _table(
        "documents",
        sa.Column("id", _ID, nullable=False),
        sa.Column("subsystem_id", _ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        _reference("documents", "subsystem_id", "subsystems"),
        sa.UniqueConstraint("subsystem_id", "kind", "key", name="uq_documents_subsystem_id"),
    )
    op.create_index("ix_documents_key", "documents", ["key"])
    _table(
        "revisions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parent_id", _ID, nullable=True),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("body", _LONG, nullable=False),
        _reference("revisions", "document_id", "documents"),
        _reference("revisions", "parent_id", "revisions"),
        sa.UniqueConstraint("document_id", "number", name="uq_revisions_document_id"),
    )


def _entries() -> None:
    _table(
        "entries",
        sa.Column("version_id", _ID, nullable=False),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("revision_id", _ID, nullable=False),
        sa.Column("scenario_id", _ID, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        _reference("entries", "version_id", "versions"),
        _reference("entries", "document_id", "documents"),
        _reference("entries", "revision_id", "revisions"),
        _reference("entries", "scenario_id", "documents"),
    )
    op.create_index("ix_entries_revision_id", "entries", ["revision_id"])
