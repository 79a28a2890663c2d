"""A long table is never read from end to end for a list page: each row that a page needs is found by an index."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from planner.base.db import Model


def covered(table: sa.Table) -> set[str]:
    """The columns that some index or key of the table begins with."""
    keys = [list(table.primary_key.columns), *(list(index.columns) for index in table.indexes)]
    keys += [list(c.columns) for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
    unique = {column.name for column in table.columns if column.unique}
    return {columns[0].name for columns in keys if columns} | unique


# Who did something long ago is shown beside it, and nothing is ever looked for by it.
NEVER_ASKED_BY = {
    "presence_entry.by_user_id", "presence_entry.corrects_id", "session_change.by_user_id", "roster_link.by_user_id",
    "template_version.published_by", "template_update.from_version_id", "template_update.by_user_id",
    "template_proposal.from_version_id", "template_proposal.by_user_id", "template_proposal.answered_by_user_id",
    "template_proposal.by_municipality_code",
    "certificate.by_user_id", "certificate.replaces_id",
    "frozen_month.by_user_id",
    "session_sign_off.by_user_id", "presence.entry_id", "organisation.home_code", "import_batch.municipality_code",
}  # fmt: skip


@pytest.mark.parametrize("table", Model.metadata.sorted_tables, ids=lambda table: table.name)
def test_rows_are_found_by_what_they_belong_to(app: Flask, table: sa.Table) -> None:
    missing = {
        f"{table.name}.{column.name}"
        for column in table.columns
        if column.foreign_keys and column.name not in covered(table)
    }
    assert missing - NEVER_ASKED_BY == set()
