"""Mail as HTML beside text and whose it is, own wordings, reminders and follow-up mail, and what people chose of them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    with op.batch_alter_table("message") as table:
        table.add_column(sa.Column("html", sa.Text()))
        table.add_column(sa.Column("organisation_id", sa.Integer()))
        table.add_column(sa.Column("unsubscribe", sa.String(300)))
        table.create_index("ix_message_organisation", ["organisation_id", "created_at"])
    op.create_table(
        "mail_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("by_name", sa.String(200), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"],
            name=op.f("fk_mail_wording_organisation_id_organisation"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_wording")),
        sa.UniqueConstraint("organisation_id", "kind", "language", name=op.f("uq_mail_wording_organisation_id_kind_language")),
    )
    op.create_table(
        "mail_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(2)),
        sa.Column("reminders", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_choice_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_mail_choice")),
    )
    for name, columns in (
        ("series_mail", [sa.Column("follow_up_days", sa.Integer())]),
        ("series_reminder", [sa.Column("days", sa.Integer(), nullable=False)]),
    ):
        op.create_table(
            name,
            sa.Column("series_id", sa.Integer(), nullable=False),
            *columns,
            sa.ForeignKeyConstraint(
                ["series_id"], ["series.id"], name=op.f(f"fk_{name}_series_id_series"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint(
                "series_id", *(["days"] if name == "series_reminder" else []), name=op.f(f"pk_{name}")
            ),
        )
    op.create_table(
        "mail_round",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training_session.id"],
            name=op.f("fk_mail_round_training_id_training_session"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("training_id", "kind", "days", "held_on", name=op.f("pk_mail_round")),
    )


def downgrade() -> None:
    for name in ("mail_round", "series_reminder", "series_mail", "mail_choice", "mail_wording"):
        op.drop_table(name)
    with op.batch_alter_table("message") as table:
        table.drop_index("ix_message_organisation")
        table.drop_column("unsubscribe")
        table.drop_column("organisation_id")
        table.drop_column("html")
