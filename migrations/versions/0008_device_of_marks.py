"""On which kind of device each mark was made."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("presence_entry", sa.Column("device", sa.String(40), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("presence_entry") as table:
        table.drop_column("device")
