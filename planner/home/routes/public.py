"""What anyone may see: a municipality's open series, a published series, one of its sessions."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request, url_for
from flask_babel import gettext as _

from planner.base.clock import now, today
from planner.base.days import day_interval
from planner.base.errors import NotFoundError
from planner.base.interval import Interval
from planner.directory.queries import get_municipality
from planner.directory.rules import competence
from planner.home import queries
from planner.home.routes.blueprint import blueprint
from planner.plan.queries import facts_of
from planner.plan.rules import Month, build_month, build_rows
from planner.plan.words import page_words, public_links
from planner.series.models import Series
from planner.series.queries import find_public_series, find_public_training, list_public_series
from planner.web.access import public

HALF_A_YEAR = timedelta(weeks=26)


@blueprint.get("/m/<code>")
@public
def municipality(code: str) -> str:
    """What is open in a municipality: its series, and the sessions of the coming half year."""
    place = get_municipality(code)
    starts_at = day_interval(today()).starts_at
    sessions = queries.list_public_sessions(code, Interval(starts_at, starts_at + HALF_A_YEAR))
    return render_template(
        "home/municipality.html",
        place=place,
        series=list_public_series(municipality=code),
        rows=build_rows(sessions, page_words(), public_links(), now=now()),
    )


@blueprint.get("/m/<code>/month")
@public
def municipality_month(code: str) -> str:
    """The same as a month calendar."""
    place = get_municipality(code)
    shown = Month.read(request.args.get("month", ""), today())
    sessions = queries.list_public_sessions(code, shown.interval)
    previous, following = (
        url_for("home.municipality_month", code=code, month=shown.plus(step).iso) for step in (-1, 1)
    )
    calendar = build_month(
        shown, sessions, today(), page_words(), public_links(), previous_url=previous, next_url=following
    )
    return render_template("home/municipality_month.html", place=place, calendar=calendar)


@blueprint.get("/s/<key>")
@public
def series_page(key: str) -> str:
    """A published series: what it is, its steps, and its dates for each cohort."""
    series = _published(key)
    sessions = queries.list_series_sessions(series)
    cohorts = {session.cohort for session in sessions}
    dates = [
        (cohort or _("Open to all"), build_rows(
            [session for session in sessions if session.cohort == cohort], page_words(), public_links(), now=now()
        ))
        for cohort in sorted(cohorts)
    ]  # fmt: skip
    topics = [competence(id_) for id_ in series.competences]
    return render_template("home/series.html", series=series, dates=dates, topics=topics)


@blueprint.get("/s/<key>/<uid>")
@public
def session_page(key: str, uid: str) -> str:
    """One session of a published series; never its joining link."""
    series = _published(key)
    training = find_public_training(uid)
    if training is None or training.series_id != series.id:
        raise NotFoundError(_("There is no such session here."))
    row = build_rows(facts_of([training]), page_words(), public_links())[0]
    return render_template("home/session.html", series=series, training=training, row=row)


def _published(key: str) -> Series:
    series = find_public_series(key)
    if series is None:
        raise NotFoundError(_("There is no such series here."))
    return series
