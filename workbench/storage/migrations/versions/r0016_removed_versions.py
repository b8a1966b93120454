"""Versions that lie in the trash: when and by whom, and the name that they had."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    with op.batch_alter_table("versions") as table:
        table.add_column(sa.Column("removed_us", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("removed_name", sa.String(200), nullable=False, server_default=""))
        table.add_column(sa.Column("removed_by", sa.String(200), nullable=False, server_default=""))
