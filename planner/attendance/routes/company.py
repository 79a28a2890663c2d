"""The seats that a company holds, for its contact, by the personal link.

The address is the key, so it is told to nobody: not to caches, to other sites, or to search engines.
"""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner.attendance import forms, queries, service
from planner.attendance.routes.blueprint import blueprint
from planner.attendance.rules import Place, default_place
from planner.attendance.service import NewPerson
from planner.base.clock import now
from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.directory.models import Company, Person
from planner.directory.queries import find_person_by_token
from planner.series.models import TrainingSession
from planner.web.access import requires
from planner.web.addresses import row_number
from planner.web.forms import one_line
from planner.web.settings import current_settings


@blueprint.get("/p/<token>/sessions/<uid>/company")
@requires("link")
def company_seats(token: str, uid: str) -> Response:
    """The company's seats at one session."""
    company = _company(token)
    training = queries.get_company_training(company, uid)
    return _page(token, company, training, _form(training))


@blueprint.post("/p/<token>/sessions/<uid>/company")
@requires("link")
def reserve_for_company(token: str, uid: str) -> Response:
    """So many seats in all, here or in every coming session."""
    company = _company(token)
    training = queries.get_company_training(company, uid)
    form = _form(training)
    if form.validate():
        try:
            with unit_of_work():
                company = _company(token)
                training = queries.get_company_training(company, uid)
                count = _reserve(training, company, form)
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(ngettext("Saved in %(num)s session.", "Saved in %(num)s sessions.", count), "success")
            return _unseen(redirect(url_for("attendance.company_seats", token=token, uid=uid)))
    answer = _page(token, company, training, form)
    answer.status_code = 422
    return answer


def _reserve(training: TrainingSession, company: Company, form: forms.ReserveForm) -> int:
    place = Place(form.place.data)
    if not form.whole_series.data:
        service.reserve_seats(training, company, place, form.count.data)
        return 1
    coming = queries.list_coming_of_company(company, training.series_id)
    return service.reserve_in_series(coming, company, place, form.count.data)


@blueprint.post("/p/<token>/sessions/<uid>/company/<int:seat_id>")
@requires("link")
def name_company_seat(token: str, uid: str, seat_id: int) -> Response:
    """Say who takes one of the seats: somebody known, somebody new, or nobody yet."""
    try:
        with unit_of_work():
            company = _company(token)
            training = queries.get_company_training(company, uid)
            service.name_seat(training, company, seat_id, _chosen(company, training))
    except RefusedError as error:
        flash(error.message, "warning")
    else:
        flash(_("Saved."), "success")
    return _unseen(redirect(url_for("attendance.company_seats", token=token, uid=uid)))


def _chosen(company: Company, training: TrainingSession) -> Person | None:
    name, email = one_line(request.form.get("name", "")), one_line(request.form.get("email", ""))
    if name or email:
        person = service.find_or_add_person(
            NewPerson(name[:200], company.municipality_code, email[:254], company)
        )
        if person.company_id != company.id:
            raise RefusedError(_("Ask the organiser to give this person a seat."))
        return person
    number = request.form.get("person", type=row_number)
    if number is None:
        return None
    for person in queries.list_colleagues(company, training):
        if person.id == number:
            return person
    raise RefusedError(_("Choose somebody who works at the company."))


def _form(training: TrainingSession) -> forms.ReserveForm:
    form = forms.ReserveForm()
    del form.company
    form.place.choices = forms.place_choices(training.mode)
    form.place.data = form.place.data or default_place(training.mode).value
    return form


def _page(token: str, company: Company, training: TrainingSession, form: forms.ReserveForm) -> Response:
    page = render_template(
        "attendance/company_seats.html",
        token=token,
        company=company,
        training=training,
        rows=queries.list_company_seats(training, company),
        people=queries.list_colleagues(company, training),
        fill=queries.fills([training.id])[training.id],
        place_words=forms.PLACE_WORDS,
        form=form,
        needs_approval=queries.terms_of(training).needs_approval,
        is_open=training.cancelled_at is None and training.starts_at > now(),
    )
    return _unseen(make_response(page))


def _company(token: str) -> Company:
    person = find_person_by_token(current_settings().secret, token)
    if person is None:
        raise NotFoundError(_("This link has stopped working. Ask whoever sent it for a new one."))
    if not person.is_contact or person.company is None:
        raise NotFoundError(_("This link does not speak for a company."))
    return person.company


def _unseen(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
