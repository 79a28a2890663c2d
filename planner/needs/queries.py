"""Reads of quiet periods."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.directory.models import Company
from planner.needs.models import QuietPeriod


def list_quiet_periods(company: Company, *, ending_from: date) -> list[QuietPeriod]:
    """The company's quiet periods that end on or after the day, in order."""
    query = select(QuietPeriod).where(
        QuietPeriod.company_id == company.id, QuietPeriod.ends_on >= ending_from
    )
    return list(db.session.scalars(query.order_by(QuietPeriod.starts_on, QuietPeriod.id)))


def list_quiet_periods_of(company_ids: Iterable[int], first: date, last: date) -> list[QuietPeriod]:
    """Quiet periods of these companies with a day from `first` to `last`, by start, each with its company."""
    query = (
        select(QuietPeriod)
        .where(
            QuietPeriod.company_id.in_(list(company_ids)),
            QuietPeriod.starts_on <= last,
            QuietPeriod.ends_on >= first,
        )
        .options(joinedload(QuietPeriod.company))
        .order_by(QuietPeriod.starts_on, QuietPeriod.id)
    )
    return list(db.session.scalars(query))


def get_quiet_period(company: Company, period_id: int) -> QuietPeriod:
    """The company's quiet period with this id; raises NotFoundError."""
    query = select(QuietPeriod).where(QuietPeriod.id == period_id, QuietPeriod.company_id == company.id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError(_("That quiet period has already been removed."))
    return found
