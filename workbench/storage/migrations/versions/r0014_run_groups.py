"""Which groups of cases a run was of, also of the runs that are there: their plans say it."""

import json
import zlib
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_MYSQL: dict[str, Any] = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}


def upgrade() -> None:
    made = op.create_table(
        "run_groups",
        sa.Column("run_id", sa.String(13), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "position", name="pk_run_groups"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_run_groups_run_id"),
        **_MYSQL,
    )
    connection = op.get_bind()
    runs = sa.table("runs", sa.column("id", sa.String), sa.column("plan", sa.LargeBinary))
    keys = connection.scalars(sa.select(runs.c.id)).all()
    for key in keys:  # one plan in memory at a time
        packed = connection.scalar(sa.select(runs.c.plan).where(runs.c.id == key))
        rows = [{"run_id": key, "position": at, "name": name} for at, name in enumerate(_groups(packed))]
        if rows:
            connection.execute(sa.insert(made), rows)


def _groups(packed: bytes | str | None) -> list[str]:
    """Of a plan; a run whose plan cannot be read is of none, and stays as it is."""
    try:
        plan = json.loads(zlib.decompress(packed)) if isinstance(packed, bytes) else {}
    except (zlib.error, ValueError):
        return []
    named = plan.get("groups", []) if isinstance(plan, dict) else []
    return [name.replace("\0", "\ufffd") for name in named]
