"""Runs by the clock."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import LONGTEXT

revision = "0013"
down_revision = "0012"

_MYSQL: dict[str, Any] = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}
_NAME = sa.String(200)
_ID = sa.String(13)


def upgrade() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", _ID, nullable=False),
        sa.Column("subsystem", _NAME, nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("version", _NAME, nullable=False),
        sa.Column("cron", _NAME, nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("missed", sa.String(16), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text().with_variant(LONGTEXT(), "mysql", "mariadb"), nullable=False),
        sa.Column("author", _NAME, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("next_us", sa.BigInteger(), nullable=False),
        sa.Column("last_us", sa.BigInteger(), nullable=False),
        sa.Column("last_run", _NAME, nullable=False),
        sa.Column("last_said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sa.UniqueConstraint("subsystem", "name", name="uq_schedules_subsystem"),
        **_MYSQL,
    )
    op.create_index("ix_schedules_next_us", "schedules", ["next_us"])
    op.create_table(
        "schedule_fires",
        sa.Column("id", _ID, nullable=False),
        sa.Column("schedule_id", _ID, nullable=False),
        sa.Column("due_us", sa.BigInteger(), nullable=False),
        sa.Column("fired_us", sa.BigInteger(), nullable=False),
        sa.Column("server", _NAME, nullable=False),
        sa.Column("run", _NAME, nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedules.id"], name="fk_schedule_fires_schedule_id"),
        sa.PrimaryKeyConstraint("id", name="pk_schedule_fires"),
        sa.UniqueConstraint("schedule_id", "due_us", name="uq_schedule_fires_schedule_id"),
        **_MYSQL,
    )
