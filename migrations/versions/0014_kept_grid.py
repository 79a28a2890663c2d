"""The published grid as it was made last."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "kept_grid",
        sa.Column("family", sa.String(20), nullable=False),
        sa.Column("stamp", sa.String(100), nullable=False),
        sa.Column("portions", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("family", name=op.f("pk_kept_grid")),
    )


def downgrade() -> None:
    op.drop_table("kept_grid")
