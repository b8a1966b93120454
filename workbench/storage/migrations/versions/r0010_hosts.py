"""What is deployed on which host, and how many runs of a subsystem are kept."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_MYSQL: dict[str, Any] = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}
_NAME = sa.String(200)


def upgrade() -> None:
    op.create_table(
        "deployments",
        sa.Column("id", sa.String(13), nullable=False),
        sa.Column("subsystem", _NAME, nullable=False),
        sa.Column("environment", _NAME, nullable=False),
        sa.Column("host", _NAME, nullable=False),
        sa.Column("version", _NAME, nullable=False),
        sa.Column("artifact", sa.String(255), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("deployed_us", sa.BigInteger(), nullable=False),
        sa.Column("author", _NAME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deployments"),
        **_MYSQL,
    )
    op.create_index("ix_deployments_subsystem", "deployments", ["subsystem"])
    op.create_table(
        "run_bounds",
        sa.Column("subsystem", _NAME, nullable=False),
        sa.Column("keep", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subsystem", name="pk_run_bounds"),
        **_MYSQL,
    )
