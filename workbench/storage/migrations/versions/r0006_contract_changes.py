"""What new artifacts changed in the contract of a version, and which cases that hits."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import LONGTEXT

revision = "0006"
down_revision = "0005"

_MYSQL: dict[str, Any] = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}
_ID = sa.String(13)
_LONG = sa.Text().with_variant(LONGTEXT(), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "contract_changes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("version_id", _ID, nullable=False),
        sa.Column("save", sa.Integer(), nullable=False),
        sa.Column("dependency", sa.String(255), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("body", _LONG, nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_contract_changes_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contract_changes"),
        **_MYSQL,
    )
    op.create_index("ix_contract_changes_version_id", "contract_changes", ["version_id"])
    op.create_table(
        "case_flags",
        sa.Column("change_id", _ID, nullable=False),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("severity", sa.String(16), nullable=False),
        sa.Column("changes", _LONG, nullable=False),
        sa.Column("settled_by", sa.String(200), nullable=False),
        sa.Column("settled_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["contract_changes.id"], name="fk_case_flags_change_id"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_case_flags_document_id"),
        sa.PrimaryKeyConstraint("change_id", "document_id", name="pk_case_flags"),
        **_MYSQL,
    )
    op.create_index("ix_case_flags_document_id", "case_flags", ["document_id"])
