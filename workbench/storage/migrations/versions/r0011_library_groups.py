"""Which group a tool library belongs to."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_MYSQL: dict[str, Any] = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}


def upgrade() -> None:
    op.create_table(
        "library_groups",
        sa.Column("library", sa.String(200), nullable=False),
        sa.Column("group_id", sa.String(13), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["user_groups.id"], name="fk_library_groups_group_id_user_groups"),
        sa.PrimaryKeyConstraint("library", name="pk_library_groups"),
        **_MYSQL,
    )
