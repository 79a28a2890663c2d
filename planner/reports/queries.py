"""The sums, made by the database: one statement per level, however many rows lie under it.

What counts: sessions that have been held, in series that a municipality of the viewer coordinates or with people of
such a municipality. A person counts to the municipality of their company, else to their own.
"""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, or_, select

from planner.attendance.models import Presence
from planner.attendance.queries import expected_people, home_code
from planner.attendance.rules import ATTENDED, Place
from planner.base.clock import now
from planner.base.days import at_wall_clock
from planner.base.db import db
from planner.base.viewer import EDITORS, EVERYONE, Viewer
from planner.directory.models import Company, Municipality, Person
from planner.reports.rules import Figure, FigureFilter, Level, family_of, hidden_keys
from planner.series.models import Series, Step, TrainingSession


def sees_all(viewer: Viewer) -> bool:
    """Whether small sums may be shown: the viewer plans in every municipality that they see figures of."""
    return viewer.municipalities(EVERYONE) <= viewer.municipalities(EDITORS)


def list_figures(
    viewer: Viewer, level: Level, wanted: FigureFilter
) -> tuple[list[Figure], Figure | None, set[Any]]:
    """The rows of a level, the total (None: nothing held) and the (level, key) of what must be hidden.

    Whoever sees only sums gets the rows of everyone, hidden as a whole and then narrowed to the municipality: two
    differently narrowed pages could otherwise be subtracted from one another.
    """
    if sees_all(viewer):
        rows = _figures(viewer, level, wanted)
        return rows, next(iter(_figures(viewer, Level.total, wanted)), None), set()
    whole = FigureFilter(wanted.starts_on, wanted.ends_on)
    levels = {each: _figures(viewer, each, whole) for each in family_of(level)}
    hidden = hidden_keys(list(levels.values()))
    rows = levels[level]
    if wanted.municipality and level in (Level.company, Level.municipality):
        rows = [row for row in rows if wanted.municipality in (row.key[-1], row.parent[-1])]
    return rows, next(iter(levels[Level.total]), None), hidden


def _figures(viewer: Viewer, level: Level, wanted: FigureFilter) -> list[Figure]:
    own, parent, name, detail, at, order = _columns(level)
    came = Presence.verdict.in_([verdict.value for verdict in ATTENDED])
    query = (
        select(
            *own, func.count(), func.count(distinct(TrainingSession.id)), func.count(distinct(Person.id)),
            func.count(distinct(case((came, Person.id)))), func.coalesce(func.sum(case((came, 1), else_=0)), 0),
            func.coalesce(func.sum(case((came, Presence.minutes), else_=0)), 0), *_places(came),
        )
    )  # fmt: skip
    query = _joined(query, viewer, wanted).group_by(*own).order_by(*order)
    rows = []
    for found in db.session.execute(query):
        values, counts = found[: len(own)], found[len(own) :]
        expected, sessions, persons, attendees, attended, minutes, on_site, remote = counts
        if not expected:
            continue
        texts = dict(zip((column.key for column in own), values, strict=True))
        rows.append(
            Figure(
                level, tuple(texts[k] for k in _KEYS[level]), tuple(texts[k] for k in parent),
                name(texts), detail(texts), texts.get(at), sessions, persons, attendees,
                expected, attended, minutes, on_site, remote,
            )
        )  # fmt: skip
    return rows


def _places(came: ColumnElement[bool]) -> list[ColumnElement[int]]:
    return [
        func.coalesce(func.sum(case((and_(came, Presence.place == place.value), 1), else_=0)), 0)
        for place in (Place.on_site, Place.remote)
    ]


def _joined(query: Select[Any], viewer: Viewer, wanted: FigureFilter) -> Select[Any]:
    """One row per person expected at, or marked at, a held session that this viewer's figures cover."""
    expected = expected_people(*_held(wanted), in_time=True).subquery("held")
    home = home_code()
    codes = viewer.municipalities(EVERYONE)
    query = (
        query.select_from(expected)
        .join(TrainingSession, TrainingSession.id == expected.c.training_id)
        .join(Series, Series.id == TrainingSession.series_id)
        .join(Step, Step.id == TrainingSession.step_id)
        .join(Person, Person.id == expected.c.person_id)
        .outerjoin(Company, Company.id == Person.company_id)
        .join(Municipality, Municipality.code == home)
        .outerjoin(
            Presence, and_(Presence.training_id == TrainingSession.id, Presence.person_id == Person.id)
        )
        .where(or_(Series.municipality_code.in_(codes), home.in_(codes)))
    )
    return query.where(home == wanted.municipality) if wanted.municipality else query


def _held(wanted: FigureFilter) -> list[ColumnElement[bool]]:
    conditions = [TrainingSession.cancelled_at.is_(None), TrainingSession.ends_at <= now()]
    if wanted.starts_on:
        conditions.append(TrainingSession.starts_at >= at_wall_clock(wanted.starts_on, time()))
    if wanted.ends_on:
        after = at_wall_clock(wanted.ends_on + timedelta(days=1), time())
        conditions.append(TrainingSession.starts_at < after)
    return conditions


_KEYS = {
    Level.session: ("training",),
    Level.series: ("series",),
    Level.company: ("company", "code"),
    Level.municipality: ("code",),
    Level.county: ("county",),
    Level.total: (),
}


def _columns(level: Level) -> tuple[Any, ...]:
    """Per level: what is selected and grouped by, the parent's key, name, detail, start, and the order."""
    series = [TrainingSession.series_id.label("series"), Series.title.label("title")]
    place = [
        Municipality.code.label("code"), Municipality.name.label("place"),
        Municipality.sort_key.label("place_sort"), Municipality.county_code.label("county"),
        Municipality.county_name.label("county_name"),
    ]  # fmt: skip
    company = [
        Person.company_id.label("company"), Company.name.label("company_name"),
        Company.sort_key.label("company_sort"),
    ]  # fmt: skip
    session = [
        TrainingSession.id.label("training"), Step.title.label("step"), TrainingSession.starts_at.label("at"),
    ]  # fmt: skip
    nothing: Any = lambda _texts: ""  # noqa: E731 - one of a row of small functions
    return {
        Level.session: (
            [*session, *series], ("series",), lambda t: t["step"], lambda t: t["title"], "at",
            [TrainingSession.starts_at.desc(), TrainingSession.id],
        ),
        Level.series: (series, (), lambda t: t["title"], nothing, None, [Series.title, TrainingSession.series_id]),
        Level.company: (
            [*company, *place], ("code",), lambda t: t["company_name"] or _("Without a company"),
            lambda t: t["place"], None,
            [Company.sort_key.is_(None), Company.sort_key, Person.company_id, Municipality.sort_key],
        ),
        Level.municipality: (
            place, ("county",), lambda t: t["place"], lambda t: t["county_name"], None, [Municipality.sort_key],
        ),
        Level.county: (place[3:], (), lambda t: t["county_name"], nothing, None, [Municipality.county_name]),
        Level.total: ([], (), lambda t: _("In all"), nothing, None, []),
    }[level]  # fmt: skip
