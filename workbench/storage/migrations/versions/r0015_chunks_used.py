"""When a chunk of rows was last put, so that one that is about to be named is not collected; of earlier ones: never."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    with op.batch_alter_table("row_chunks") as table:
        table.add_column(sa.Column("used_us", sa.BigInteger(), nullable=False, server_default="0"))
