"""The owner of each case result, for statistics; of runs that are there already it is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    with op.batch_alter_table("run_cases") as table:
        table.add_column(sa.Column("owner", sa.String(200), nullable=False, server_default=""))
