"""What the tests of scheduling share: a series someone plans, and sessions of others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from planner.accounts.models import User
from planner.base.viewer import Role, Viewer
from planner.directory.models import Company, Organisation, Room
from planner.series.models import Cohort, Series
from planner.series.queries import get_series
from planner.series.rules import SessionDetails
from planner.series_templates.rules import Mode
from tests import factories as make


@dataclass
class Scene:
    """A series in Lindesberg with a cohort of one company, its organiser and a room of 20.

    The ids stand beside the rows, which a request lets go of.
    """

    organisation: Organisation
    account: User
    viewer: Viewer
    series: Series
    company: Company
    cohort: Cohort
    room: Room
    step_ids: list[int]
    series_id: int
    cohort_id: int
    room_id: int
    account_id: int


def scene(steps: int = 3, **values: Any) -> Scene:
    organisation = make.organisation(make.LINDESBERG)
    account = make.user((Role.organiser, organisation), name="Olle Planner")
    viewer = make.viewer_of(account)
    made = make.series(organisation, steps=steps, **values)
    company = make.company(name="Verkstaden AB")
    cohort = make.cohort(made, company, name="Metal")
    room = make.room(make.venue(name="Masugnen"), 20, name="Hyttan")
    loaded = get_series(viewer, made.id)
    ids = ([step.id for step in loaded.steps], loaded.id, cohort.id, room.id, account.id)
    return Scene(organisation, account, viewer, loaded, company, cohort, room, *ids)


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def details(starts_at: datetime, ends_at: datetime, **values: Any) -> SessionDetails:
    return SessionDetails(starts_at, ends_at, **{"mode": Mode.ON_SITE, **values})
