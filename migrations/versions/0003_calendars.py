"""Calendars: versions, who has which session, finished events, departures; what a feed shows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("feed") as feed:
        feed.add_column(sa.Column("detail", sa.String(5), nullable=False, server_default="full"))
        feed.add_column(sa.Column("mode", sa.String(10), nullable=False, server_default=""))
        feed.add_column(sa.Column("open_seats", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "calendar_build",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("built_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_calendar_build")),
    )
    op.create_table(
        "calendar_stamp",
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("english_name", sa.Text(), nullable=True),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_calendar_stamp")),
    )
    op.create_table(
        "calendar_member",
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", "training_id", name=op.f("pk_calendar_member")),
        _of_session("calendar_member"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_calendar_member_training_id"), "calendar_member", ["training_id"])
    op.create_table(
        "stored_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("alarm", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_event")),
    )
    op.create_table(
        "calendar_departure",
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", "training_id", name=op.f("pk_calendar_departure")),
        _of_session("calendar_departure"),
    )
    op.create_index(op.f("ix_calendar_departure_training_id"), "calendar_departure", ["training_id"])
    op.create_index(op.f("ix_calendar_departure_left_on"), "calendar_departure", ["left_on"])
    op.create_table(
        "departed_event",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("training_id", "sequence", "variant", name=op.f("pk_departed_event")),
        _of_session("departed_event"),
    )


def downgrade() -> None:
    op.drop_table("calendar_build")
    for table in ("departed_event", "calendar_departure", "stored_event", "calendar_member", "calendar_stamp"):
        op.drop_table(table)
    with op.batch_alter_table("feed") as feed:
        for column in ("open_seats", "mode", "detail"):
            feed.drop_column(column)


def _of_session(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["training_id"], ["training_session.id"], ondelete="CASCADE",
        name=op.f(f"fk_{table}_training_id_training_session"),
    )
