"""What people say of the hours that stand of them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "presence_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training_session.id"], name=op.f("fk_presence_answer_training_id_training_session")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_presence_answer_person_id_person")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["presence_entry.id"], name=op.f("fk_presence_answer_entry_id_presence_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_answer")),
    )
    op.create_index("ix_presence_answer_training_person", "presence_answer", ["training_id", "person_id"])
    op.create_index(op.f("ix_presence_answer_person_id"), "presence_answer", ["person_id"])
    op.create_index(op.f("ix_presence_answer_entry_id"), "presence_answer", ["entry_id"])


def downgrade() -> None:
    op.drop_table("presence_answer")
