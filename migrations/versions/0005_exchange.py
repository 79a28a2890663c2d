"""What passes between templates and the series made from them: materials, locks, updates taken, proposals."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("series_template") as table:
        table.add_column(sa.Column("visibility", sa.String(10), nullable=False, server_default="everyone"))
        table.add_column(sa.Column("forked_from_version_id", sa.Integer()))
        table.create_foreign_key(
            op.f("fk_series_template_forked_from_version_id_template_version"),
            "template_version", ["forked_from_version_id"], ["id"],
        )
        table.create_index(op.f("ix_series_template_forked_from_version_id"), ["forked_from_version_id"])
    with op.batch_alter_table("series") as table:
        table.add_column(sa.Column("locked", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("step") as table:
        table.add_column(sa.Column("materials", sa.String(4000), nullable=False, server_default=""))
        table.add_column(sa.Column("follow_up", sa.String(4000), nullable=False, server_default=""))
        table.add_column(sa.Column("removed_at", sa.DateTime(timezone=True)))
    _template_update()
    _template_proposal()


def _template_update() -> None:
    op.create_table(
        "template_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("from_version_id", sa.Integer(), nullable=False),
        sa.Column("to_version_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("by_user_id", sa.Integer()),
        sa.Column("by_name", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_template_update_series_id_series"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["from_version_id"], ["template_version.id"],
            name=op.f("fk_template_update_from_version_id_template_version"),
        ),
        sa.ForeignKeyConstraint(
            ["to_version_id"], ["template_version.id"],
            name=op.f("fk_template_update_to_version_id_template_version"),
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_template_update_by_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_update")),
    )
    op.create_index(op.f("ix_template_update_series_id"), "template_update", ["series_id"])
    op.create_index(op.f("ix_template_update_to_version_id"), "template_update", ["to_version_id"])


def _template_proposal() -> None:
    op.create_table(
        "template_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer()),
        sa.Column("from_version_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("paths", sa.JSON(), nullable=False),
        sa.Column("comment", sa.String(2000), nullable=False),
        sa.Column("by_user_id", sa.Integer()),
        sa.Column("by_name", sa.String(200), nullable=False),
        sa.Column("by_municipality_code", sa.String(4), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(2000), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("answered_by_user_id", sa.Integer()),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("accepted_in_version_id", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["template_id"], ["series_template.id"], name=op.f("fk_template_proposal_template_id_series_template")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_template_proposal_series_id_series"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["from_version_id"], ["template_version.id"],
            name=op.f("fk_template_proposal_from_version_id_template_version"),
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_template_proposal_by_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["by_municipality_code"], ["municipality.code"],
            name=op.f("fk_template_proposal_by_municipality_code_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_user_id"], ["user_account.id"],
            name=op.f("fk_template_proposal_answered_by_user_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["accepted_in_version_id"], ["template_version.id"],
            name=op.f("fk_template_proposal_accepted_in_version_id_template_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_proposal")),
    )
    op.create_index(op.f("ix_template_proposal_template_id"), "template_proposal", ["template_id"])
    op.create_index(op.f("ix_template_proposal_series_id"), "template_proposal", ["series_id"])
    op.create_index(
        op.f("ix_template_proposal_accepted_in_version_id"), "template_proposal", ["accepted_in_version_id"]
    )


def downgrade() -> None:
    op.drop_table("template_proposal")
    op.drop_table("template_update")
    with op.batch_alter_table("step") as table:
        table.drop_column("removed_at")
        table.drop_column("follow_up")
        table.drop_column("materials")
    with op.batch_alter_table("series") as table:
        table.drop_column("locked")
    with op.batch_alter_table("series_template") as table:
        table.drop_index(op.f("ix_series_template_forked_from_version_id"))
        table.drop_constraint(
            op.f("fk_series_template_forked_from_version_id_template_version"), type_="foreignkey"
        )
        table.drop_column("forked_from_version_id")
        table.drop_column("visibility")
