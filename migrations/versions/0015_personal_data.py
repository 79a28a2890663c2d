"""People can be erased: when they were, and after how long each organisation has it done by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("person", sa.Column("erased_at", sa.DateTime(timezone=True)))
    op.create_table(
        "organisation_disposal",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_disposal_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_organisation_disposal")),
    )


def downgrade() -> None:
    op.drop_table("organisation_disposal")
    with op.batch_alter_table("person") as batch:
        batch.drop_column("erased_at")
