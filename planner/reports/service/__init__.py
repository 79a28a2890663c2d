"""Writes of reports."""

from planner.reports.service.accounts import (
    account_for,
    account_for_template,
    create_project,
    edit_project,
    remove_project,
)
from planner.reports.service.frozen import freeze_month
from planner.reports.service.settle import keep_grid, settle_held, unsettle_people

__all__ = [
    "account_for",
    "account_for_template",
    "create_project",
    "edit_project",
    "freeze_month",
    "keep_grid",
    "remove_project",
    "settle_held",
    "unsettle_people",
]
