"""What people eat at a session, without who they are."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "dietary_need",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(32), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["training_id"],
            ["training_session.id"],
            name=op.f("fk_dietary_need_training_id_training_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("training_id", "holder", "what", name=op.f("pk_dietary_need")),
    )


def downgrade() -> None:
    op.drop_table("dietary_need")
