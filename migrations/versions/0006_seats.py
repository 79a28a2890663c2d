"""Seats that a company reserves without names, offers with a time to answer, approval, and the terms of both."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("seat") as table:
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("company_id", sa.Integer()))
        table.add_column(sa.Column("answer_by", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("approval", sa.String(10), nullable=False, server_default=""))
        table.add_column(sa.Column("note", sa.String(300), nullable=False, server_default=""))
        table.create_foreign_key(op.f("fk_seat_company_id_company"), "company", ["company_id"], ["id"])
        table.create_check_constraint(
            op.f("ck_seat_has_holder"), "person_id IS NOT NULL OR company_id IS NOT NULL"
        )
        table.create_index(op.f("ix_seat_company_id"), ["company_id"])
        table.create_index(op.f("ix_seat_answer_by"), ["answer_by"])
    op.create_table(
        "series_seat_terms",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("answer_hours", sa.Integer(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_series_seat_terms_series_id_series"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("series_id", name=op.f("pk_series_seat_terms")),
    )
    op.create_table(
        "session_seat_terms",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("answer_hours", sa.Integer()),
        sa.Column("needs_approval", sa.Boolean()),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training_session.id"],
            name=op.f("fk_session_seat_terms_training_id_training_session"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("training_id", name=op.f("pk_session_seat_terms")),
    )


def downgrade() -> None:
    op.drop_table("session_seat_terms")
    op.drop_table("series_seat_terms")
    op.execute("DELETE FROM seat WHERE person_id IS NULL")
    with op.batch_alter_table("seat") as table:
        table.drop_index(op.f("ix_seat_answer_by"))
        table.drop_index(op.f("ix_seat_company_id"))
        table.drop_constraint(op.f("ck_seat_has_holder"), type_="check")
        table.drop_constraint(op.f("fk_seat_company_id_company"), type_="foreignkey")
        table.drop_column("note")
        table.drop_column("approval")
        table.drop_column("answer_by")
        table.drop_column("company_id")
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
