"""What each save of a version changed, and the second parent of merged revisions.

Versions of before begin at save 0: what they hold is what they were made with.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MYSQL: dict[str, Any] = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}
_ID = sa.String(13)


def upgrade() -> None:
    _table(
        "saves",
        ("id",),
        sa.Column("id", _ID, nullable=False),
        sa.Column("version_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        _reference("saves", "version_id", "versions"),
        sa.UniqueConstraint("version_id", "number", name="uq_saves_version_id"),
    )
    _table(
        "save_entries",
        ("save_id", "document_id"),
        sa.Column("save_id", _ID, nullable=False),
        sa.Column("document_id", _ID, nullable=False),
        *_side("old"),
        *_side("new"),
        _reference("save_entries", "save_id", "saves"),
        _reference("save_entries", "document_id", "documents"),
    )
    op.create_index("ix_save_entries_document_id", "save_entries", ["document_id"])
    _table(
        "merges",
        ("revision_id", "other_id"),
        sa.Column("revision_id", _ID, nullable=False),
        sa.Column("other_id", _ID, nullable=False),
        _reference("merges", "revision_id", "revisions"),
        _reference("merges", "other_id", "revisions"),
    )


def _side(name: str) -> tuple[Any, ...]:
    return (
        sa.Column(f"{name}_revision_id", _ID, nullable=True),
        sa.Column(f"{name}_scenario_id", _ID, nullable=True),
        sa.Column(f"{name}_position", sa.Integer(), nullable=False),
        sa.Column(f"{name}_name", sa.String(255), nullable=False),
        _reference("save_entries", f"{name}_revision_id", "revisions"),
        _reference("save_entries", f"{name}_scenario_id", "documents"),
    )


def _table(name: str, keys: tuple[str, ...], *parts: Any) -> None:
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*keys, name=f"pk_{name}"), **_MYSQL)


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")
