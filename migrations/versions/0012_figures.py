"""Funder projects, what series are accounted for as, and the sums of sessions that are over."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "funder_project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sort_key", sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_funder_project_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_funder_project_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funder_project")),
    )
    op.create_index(op.f("ix_funder_project_organisation_id"), "funder_project", ["organisation_id"])
    op.create_index(op.f("ix_funder_project_sort_key"), "funder_project", ["sort_key"])
    op.create_table(
        "series_account",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer()),
        sa.Column("training_type", sa.String(20), nullable=False),
        sa.Column("provider", sa.String(200), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("is_external", sa.Boolean(), nullable=False),
        sa.CheckConstraint("price >= 0", name=op.f("ck_series_account_price")),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_series_account_series_id_series"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["funder_project.id"], name=op.f("fk_series_account_project_id_funder_project")
        ),
        sa.PrimaryKeyConstraint("series_id", name=op.f("pk_series_account")),
    )
    op.create_index(op.f("ix_series_account_project_id"), "series_account", ["project_id"])
    op.create_table(
        "template_account",
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("training_type", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id"], ["series_template.id"],
            name=op.f("fk_template_account_template_id_series_template"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("template_id", name=op.f("pk_template_account")),
    )
    op.create_table(
        "first_support",
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("supported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size_class", sa.String(10)),
        sa.Column("sni_version", sa.String(7)),
        sa.Column("sni_division", sa.String(2)),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_first_support_company_id_company")),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training_session.id"], name=op.f("fk_first_support_training_id_training_session")
        ),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_first_support")),
    )
    op.create_index(op.f("ix_first_support_training_id"), "first_support", ["training_id"])
    op.create_table(
        "settled_session",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training_session.id"],
            name=op.f("fk_settled_session_training_id_training_session"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("training_id", name=op.f("pk_settled_session")),
    )
    op.create_index(op.f("ix_settled_session_settled_at"), "settled_session", ["settled_at"])
    op.create_table(
        "session_sum",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("home_code", sa.String(4), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("booked", "used", "excused", "on_site", "remote", "minutes_on_site", "minutes_remote")
        ),
        sa.ForeignKeyConstraint(
            ["training_id"], ["settled_session.training_id"],
            name=op.f("fk_session_sum_training_id_settled_session"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("training_id", "home_code", "company_id", name=op.f("pk_session_sum")),
    )
    op.create_index("ix_presence_entry_received", "presence_entry", ["received_at"])


def downgrade() -> None:
    op.drop_index("ix_presence_entry_received", "presence_entry")
    for table in (
        "session_sum", "settled_session", "first_support", "template_account", "series_account", "funder_project",
    ):
        op.drop_table(table)
