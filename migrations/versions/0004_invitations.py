"""Invitations in people's calendars, and the answers to them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("message") as table:
        table.add_column(sa.Column("calendar", sa.Text()))
        table.add_column(sa.Column("calendar_method", sa.String(10)))
    op.create_table(
        "invitation_wish",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_wish_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_invitation_wish")),
    )
    op.create_table(
        "invitation",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.String(64), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("has_left", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training_session.id"], name=op.f("fk_invitation_training_id_training_session")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id_person")),
        sa.PrimaryKeyConstraint("training_id", "person_id", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_person_id"), "invitation", ["person_id"])
    op.create_table(
        "invitation_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("arrival", sa.String(64), nullable=False),
        sa.Column("letter", sa.String(64), nullable=False),
        sa.Column("sender", sa.String(100), nullable=False),
        sa.Column("training_id", sa.Integer()),
        sa.Column("person_id", sa.Integer()),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training_session.id"],
            name=op.f("fk_invitation_reply_training_id_training_session"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_reply_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_reply")),
        sa.UniqueConstraint("arrival", name=op.f("uq_invitation_reply_arrival")),
    )
    op.create_index(op.f("ix_invitation_reply_letter"), "invitation_reply", ["letter"])
    op.create_index(op.f("ix_invitation_reply_training_id"), "invitation_reply", ["training_id"])
    op.create_index(op.f("ix_invitation_reply_person_id"), "invitation_reply", ["person_id"])
    op.create_index("ix_invitation_reply_received", "invitation_reply", ["received_at"])


def downgrade() -> None:
    op.drop_table("invitation_reply")
    op.drop_table("invitation")
    op.drop_table("invitation_wish")
    with op.batch_alter_table("message") as table:
        table.drop_column("calendar_method")
        table.drop_column("calendar")
