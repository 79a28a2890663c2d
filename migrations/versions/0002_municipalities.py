"""The 290 municipalities."""

import csv
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SOURCE = Path(__file__).resolve().parents[1] / "data" / "municipalities.csv"
AFTER_Z = str.maketrans({"å": "{", "ä": "|", "ö": "}", "é": "e"})

table = sa.table(
    "municipality",
    sa.column("code", sa.String),
    sa.column("name", sa.String),
    sa.column("sort_key", sa.String),
    sa.column("county_code", sa.String),
    sa.column("county_name", sa.String),
)


def upgrade() -> None:
    with SOURCE.open(encoding="utf-8", newline="") as lines:
        rows = [{**row, "sort_key": row["name"].casefold().translate(AFTER_Z)} for row in csv.DictReader(lines)]
    op.bulk_insert(table, rows)


def downgrade() -> None:
    op.execute(table.delete())
