"""Where a change of a contract came from: another subsystem's version, that this one depends on."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    with op.batch_alter_table("contract_changes") as table:
        table.add_column(sa.Column("origin", sa.String(401), nullable=False, server_default=""))
