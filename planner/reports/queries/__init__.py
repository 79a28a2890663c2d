"""Reads of reports: figures in full for planners, the published ones for readers."""

from planner.reports.queries.accounts import (
    account_of,
    get_project,
    list_projects,
    list_projects_for,
    template_account,
)
from planner.reports.queries.choices import Choices, list_choices
from planner.reports.queries.figures import list_figures, list_steps_done, sees_all
from planner.reports.queries.frozen import get_frozen, list_corrections, list_frozen
from planner.reports.queries.grid import list_months_over
from planner.reports.queries.published import OF_COMPANIES, READERS, ReaderRow, list_published
from planner.reports.queries.records import RecordLine, list_record, list_record_months
from planner.reports.queries.sums import list_stale

__all__ = [
    "OF_COMPANIES",
    "READERS",
    "Choices",
    "ReaderRow",
    "RecordLine",
    "account_of",
    "get_frozen",
    "get_project",
    "list_choices",
    "list_corrections",
    "list_figures",
    "list_frozen",
    "list_months_over",
    "list_projects",
    "list_projects_for",
    "list_published",
    "list_record",
    "list_record_months",
    "list_stale",
    "list_steps_done",
    "sees_all",
    "template_account",
]
