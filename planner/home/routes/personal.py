"""The page behind a personal link: a contact's company, a participant's own sessions.

The address is the key to it, so it is told to nobody: not to caches, to other sites, or to search engines.
"""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.attendance.rules import ATTENDED, DoorState, door_state
from planner.base.clock import now, today
from planner.base.days import day_interval
from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.certificates.queries import list_certificates_of
from planner.directory.models import Company, Person
from planner.directory.queries import find_person_by_token
from planner.home import queries
from planner.home.routes.blueprint import blueprint
from planner.invitations.queries import choice_of, is_wished
from planner.needs import service as needs
from planner.needs.forms import QuietPeriodForm
from planner.needs.queries import get_quiet_period, list_quiet_periods
from planner.plan.rules import SessionFact, build_rows
from planner.plan.words import page_words, public_links
from planner.web.access import requires
from planner.web.settings import current_settings


@blueprint.get("/p/<token>")
@requires("link")
def person_page(token: str) -> Response:
    """What one person needs to know, without an account."""
    return _page(token, QuietPeriodForm())


@blueprint.post("/p/<token>/quiet-periods")
@requires("link")
def add_quiet_period(token: str) -> Response:
    """A contact says when the company has time."""
    form = QuietPeriodForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                person, company = _contact(token)
                needs.add_quiet_period(company, form.stretch, form.note.data or "", by=person)
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("The quiet period was added."), "success")
            return redirect(url_for("home.person_page", token=token))
    answer = _page(token, form)
    answer.status_code = 422
    return answer


@blueprint.post("/p/<token>/quiet-periods/<int:period_id>/remove")
@requires("link")
def remove_quiet_period(token: str, period_id: int) -> Response:
    """A contact takes a quiet period away."""
    with unit_of_work():
        person, company = _contact(token)
        needs.remove_quiet_period(company, get_quiet_period(company, period_id), by=person)
    flash(_("The quiet period was removed."), "success")
    return redirect(url_for("home.person_page", token=token))


def _page(token: str, form: QuietPeriodForm) -> Response:
    person = _person(token)
    moment = now()
    sessions = queries.list_personal_sessions(person, day_interval(today()).starts_at)
    rows = build_rows([item.fact for item in sessions], page_words(), public_links(), now=moment)
    attended = queries.list_attendance(person)
    here = {mark.training_id for mark in attended if mark.verdict in ATTENDED}
    company = person.company if person.is_contact else None
    page = render_template(
        "home/person.html",
        person=person,
        token=token,
        company=company,
        sessions=list(zip(rows, sessions, strict=True)),
        doors_open={item.fact.id for item in sessions if item.is_own and _is_open(item.fact)} - here,
        here=here,
        periods=list_quiet_periods(company, ending_from=today()) if company else [],
        form=form,
        attended=attended,
        certificates=list_certificates_of(person),
        wishes_invitations=is_wished(person),
        mail_choice=choice_of(person),
        minutes=sum(mark.minutes for mark in attended if mark.verdict in ATTENDED),
    )
    return make_response(page)


def _is_open(fact: SessionFact) -> bool:
    return door_state(fact.starts_at, fact.ends_at, not fact.is_on, now()) is DoorState.open


def _person(token: str) -> Person:
    person = find_person_by_token(current_settings().secret, token)
    if person is None:
        raise NotFoundError(_("This link has stopped working. Ask whoever sent it for a new one."))
    return person


def _contact(token: str) -> tuple[Person, Company]:
    person = _person(token)
    if not person.is_contact or person.company is None:
        raise NotFoundError(_("This link does not speak for a company."))
    return person, person.company
