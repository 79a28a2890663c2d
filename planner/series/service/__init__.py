"""Writes of series, steps, cohorts and sessions. Every function flushes; the caller's unit of work commits."""

from planner.series.service.cohorts import create_cohort, edit_cohort, remove_cohort
from planner.series.service.documents import set_locked, write_document
from planner.series.service.series import (
    adopt,
    create_series,
    edit_series,
    publish_series,
    unpublish_series,
)
from planner.series.service.sessions import (
    cancel_session,
    copy_session,
    edit_session,
    place_session,
    raise_above,
    restore_session,
    touch_sessions,
)
from planner.series.service.steps import add_step, edit_step, move_step, remove_step

__all__ = [
    "add_step",
    "adopt",
    "cancel_session",
    "copy_session",
    "create_cohort",
    "create_series",
    "edit_cohort",
    "edit_series",
    "edit_session",
    "edit_step",
    "move_step",
    "place_session",
    "publish_series",
    "raise_above",
    "remove_cohort",
    "remove_step",
    "restore_session",
    "set_locked",
    "touch_sessions",
    "unpublish_series",
    "write_document",
]
