"""Which series have a newer version of their template to decide about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from planner.base.db import db
from planner.base.viewer import EDITORS, Viewer
from planner.directory.models import Municipality, Organisation
from planner.exchange.models import TemplateUpdate
from planner.exchange.rules.reviews import Decided
from planner.series.models import Series
from planner.series_templates.models import SeriesTemplate, TemplateVersion
from planner.series_templates.rules import Visibility


@dataclass(frozen=True, slots=True)
class Offer:
    """A series that has not decided about the newest version of its template."""

    series_id: int
    title: str
    municipality: str
    municipality_code: str
    organisation_id: int
    template_id: int
    template: str
    from_number: int
    version_id: int
    number: int
    note: str
    published_at: datetime


def list_offers(viewer: Viewer) -> list[Offer]:
    """What waits for those who plan, newest version first; one statement."""
    query = _offers().where(
        or_(
            Series.municipality_code.in_(viewer.municipalities(EDITORS)),
            Series.organisation_id.in_(viewer.organisations(EDITORS)),
        )
    )
    return _read(query)


def list_new_offers(since: datetime) -> list[Offer]:
    """Offers of versions published since, wherever they wait; one statement."""
    newest = aliased(TemplateVersion, name="newest")
    return _read(_offers(newest).where(newest.published_at > since))


def find_offer(series_id: int) -> Offer | None:
    """What one series has to decide about; None when there is nothing, or it has skipped it."""
    found = _read(_offers().where(Series.id == series_id))
    return found[0] if found else None


def find_newest_version(series: Series) -> TemplateVersion | None:
    """The newest version that the series may be updated to, skipped or not; None when it has it, or may not."""
    newest = aliased(TemplateVersion, name="newest")
    version_id = db.session.scalar(_newer(newest).where(Series.id == series.id).with_only_columns(newest.id))
    return db.session.get(TemplateVersion, version_id) if version_id is not None else None


def _newer(newest: Any) -> Select[Any]:
    """Series in use, joined with the newest version of their template where they are made from an earlier one."""
    own, other = aliased(TemplateVersion, name="own"), aliased(TemplateVersion)
    last = select(func.max(other.number)).where(other.template_id == own.template_id)
    return (
        select(Series.id)
        .join(own, own.id == Series.template_version_id)
        .join(SeriesTemplate, SeriesTemplate.id == own.template_id)
        .join(
            newest,
            and_(
                newest.template_id == own.template_id, newest.number == last.correlate(own).scalar_subquery()
            ),
        )
        .where(
            newest.number > own.number,
            SeriesTemplate.archived_at.is_(None),
            Series.archived_at.is_(None),
            _may_see(),
        )
        .add_columns(own.number.label("from_number"))
    )


def _may_see() -> ColumnElement[bool]:
    """Whether what the template publishes now is meant for the series' organisation."""
    owner = Organisation.__table__.alias("owner")
    places = Municipality.__table__.alias("places")
    home = aliased(Municipality)
    served = exists().where(
        Organisation.id == SeriesTemplate.organisation_id,
        Organisation.municipalities.any(
            Municipality.county_code
            == select(home.county_code).where(home.code == Series.municipality_code).scalar_subquery()
        ),
    )
    based = (
        select(owner.c.id)
        .join(places, places.c.code == owner.c.home_code)
        .where(
            owner.c.id == SeriesTemplate.organisation_id,
            places.c.county_code
            == select(home.county_code).where(home.code == Series.municipality_code).scalar_subquery(),
        )
    )
    return or_(
        SeriesTemplate.visibility == Visibility.EVERYONE,
        Series.organisation_id == SeriesTemplate.organisation_id,
        and_(SeriesTemplate.visibility == Visibility.COUNTY, or_(served, based.exists())),
    )


def _offers(newest: Any = None) -> Select[Any]:
    newest = newest if newest is not None else aliased(TemplateVersion, name="newest")
    skipped = exists().where(
        TemplateUpdate.series_id == Series.id,
        TemplateUpdate.to_version_id == newest.id,
        TemplateUpdate.outcome == Decided.SKIPPED,
    )
    return (
        _newer(newest)
        .join(Municipality, Municipality.code == Series.municipality_code)
        .where(~skipped)
        .add_columns(
            Series.title,
            Municipality.name.label("municipality"),
            Series.municipality_code,
            Series.organisation_id,
            newest.template_id,
            newest.title.label("template"),
            newest.id.label("version_id"),
            newest.number,
            newest.note,
            newest.published_at,
        )
        .order_by(newest.published_at.desc(), Series.sort_key, Series.id)
    )


def _read(query: Select[Any]) -> list[Offer]:
    return [
        Offer(
            row.id, row.title, row.municipality, row.municipality_code, row.organisation_id, row.template_id,
            row.template, row.from_number, row.version_id, row.number, row.note, row.published_at,
        )
        for row in db.session.execute(query)
    ]  # fmt: skip
