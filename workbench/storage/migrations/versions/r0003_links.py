"""Which save of which version another one was made of."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_MYSQL: dict[str, Any] = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}
_ID = sa.String(13)


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("version_id", _ID, nullable=False),
        sa.Column("source_id", _ID, nullable=False),
        sa.Column("source_save", sa.Integer(), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_links_version_id"),
        sa.ForeignKeyConstraint(["source_id"], ["versions.id"], name="fk_links_source_id"),
        sa.PrimaryKeyConstraint("version_id", "source_id", name="pk_links"),
        **_MYSQL,
    )
