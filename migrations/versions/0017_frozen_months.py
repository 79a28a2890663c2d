"""Months' exports that stay as they were."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "frozen_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("by_user_id", sa.Integer()),
        sa.Column("by_name", sa.String(200), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_frozen_month_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_frozen_month_by_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_month")),
    )
    op.create_index(op.f("ix_frozen_month_organisation_id"), "frozen_month", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("frozen_month")
