"""Who has signed off the attendance of a session, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "session_sign_off",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("by_user_id", sa.Integer()),
        sa.Column("by_name", sa.String(200), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training_session.id"],
            name=op.f("fk_session_sign_off_training_id_training_session"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_session_sign_off_by_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("training_id", name=op.f("pk_session_sign_off")),
    )


def downgrade() -> None:
    op.drop_table("session_sign_off")
