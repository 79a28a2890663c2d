"""Writes of quiet periods. Who may: whoever plans in the company's municipality, and the company's own contacts."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from planner.base.db import db
from planner.base.errors import NotAllowedError, RefusedError
from planner.base.viewer import Viewer
from planner.directory.models import Company, Person
from planner.directory.service.checks import check_no_personal_number
from planner.needs.models import QuietPeriod
from planner.needs.rules import Stretch


def add_quiet_period(company: Company, days: Stretch, note: str, *, by: Viewer | Person) -> QuietPeriod:
    """The company has time these days. Refused when the very same days are there already. Flushes."""
    _check_right(company, by)
    check_no_personal_number(note=note)
    same_days = select(QuietPeriod).where(
        QuietPeriod.company_id == company.id,
        QuietPeriod.starts_on == days.starts_on,
        QuietPeriod.ends_on == days.ends_on,
    )
    if db.session.scalar(same_days) is not None:
        raise RefusedError(_("That quiet period is already in the list."), field="days")
    period = QuietPeriod(company_id=company.id, starts_on=days.starts_on, ends_on=days.ends_on, note=note)
    db.session.add(period)
    db.session.flush()
    return period


def remove_quiet_period(company: Company, period: QuietPeriod, *, by: Viewer | Person) -> None:
    """Take one of the company's quiet periods away. Flushes."""
    _check_right(company, by)
    db.session.delete(period)
    db.session.flush()


def may_change(company: Company, by: Viewer | Person) -> bool:
    """Whether this account, or this person by their own link, speaks for the company's time."""
    if isinstance(by, Person):
        return by.is_contact and by.company_id == company.id
    return by.may_edit_in(company.municipality_code)


def _check_right(company: Company, by: Viewer | Person) -> None:
    if not may_change(company, by):
        raise NotAllowedError(
            _("Quiet periods are set by the company's contacts and by those who plan in its municipality.")
        )
