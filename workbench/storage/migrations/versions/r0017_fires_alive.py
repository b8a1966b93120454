"""When the server that works on a time was last seen: what a server that died had claimed is found by it."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    with op.batch_alter_table("schedule_fires") as table:
        table.add_column(sa.Column("alive_us", sa.BigInteger(), nullable=False, server_default="0"))
        table.create_index("ix_schedule_fires_alive_us", ["alive_us"])
