"""Freezing a month: its export is kept as it is now."""

from __future__ import annotations

import hashlib

from flask_babel import gettext as _

from planner.base.clock import now, today
from planner.base.days import local
from planner.base.db import db
from planner.base.errors import NotAllowedError, RefusedError
from planner.base.viewer import Viewer
from planner.directory.models import Organisation
from planner.reports.models import FrozenMonth
from planner.reports.queries.frozen import list_month_rows
from planner.reports.rules import Month, month_of
from planner.web.downloads import csv_bytes


def freeze_month(organisation: Organisation, month: Month, *, by: Viewer) -> FrozenMonth:
    """Keep what the month came to for the organisation's municipalities (loaded). Raises RefusedError before its end.

    A month may be frozen again: each time is kept.
    """
    if not by.may_edit_for(organisation.id):
        raise NotAllowedError
    if month >= month_of(today()):
        raise RefusedError(_("The month is not over yet."), field="month")
    codes = sorted(place.code for place in organisation.municipalities)
    data = csv_bytes(_head(), [_line(row) for row in list_month_rows(codes, month)])
    frozen = FrozenMonth(
        organisation_id=organisation.id, month=str(month), codes=codes, data=data,
        digest=hashlib.sha256(data).hexdigest(), by_user_id=by.user_id, by_name=by.name, frozen_at=now(),
    )  # fmt: skip
    db.session.add(frozen)
    db.session.flush()
    return frozen


def _head() -> list[str]:
    return [
        _("Session’s number"), _("Date"), _("Series"), _("Session"), _("Municipality"), _("Company"),
        _("Organisation number"), _("Seats booked"), _("Seats used"), _("Excused"), _("Times on site"),
        _("Times by video"), _("Minutes on site"), _("Minutes by video"),
    ]  # fmt: skip


def _line(row: list[object]) -> list[object]:
    uid, starts_at, *rest = row
    day = f"{local(starts_at):%Y-%m-%d}"  # type: ignore[arg-type]  # the second column is the start
    return [uid, day, *("" if value is None else value for value in rest)]
