"""The organiser's page of a session's seats: who has one, who waits, what companies hold, what is agreed."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from planner.attendance import forms, queries, service
from planner.attendance.queries import PeopleScope, SeatRow
from planner.attendance.routes.blueprint import blueprint
from planner.attendance.rules import Place, default_place, places_of, text_of_rows
from planner.base.clock import now
from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.directory.models import Company
from planner.directory.sheets import MAX_BYTES, read_rows
from planner.series.models import TrainingSession
from planner.series.queries import may_edit
from planner.web.access import current_viewer, requires
from planner.web.addresses import row_number
from planner.web.answers import Answer
from planner.web.forms import plain
from planner.web.settings import current_settings


@blueprint.get("/sessions/<int:training_id>/seats")
@requires("organiser")
def seats(training_id: int) -> str:
    """Every seat, and what can be done about them."""
    training, scope = queries.get_roster_training(current_viewer(), training_id)
    return _page(training, scope)


@blueprint.post("/sessions/<int:training_id>/seats/book")
@requires("organiser")
def book_for(training_id: int) -> Answer:
    """Book for one person found."""
    try:
        with unit_of_work():
            training, scope = queries.get_roster_training(current_viewer(), training_id)
            person = queries.get_walk_in(training, scope, request.form.get("person", 0, type=row_number))
            seat = service.book_seat(training, person, _place(training), approved=True)
    except RefusedError as error:
        flash(error.message, "warning")
        return redirect(url_for("attendance.seats", training_id=training_id))
    place = queries.list_positions([training_id]).get(seat.id)
    if place is None:
        flash(_("%(name)s has a seat.", name=person.name), "success")
    else:
        flash(_("All seats are taken: %(name)s is number %(n)s in line.", name=person.name, n=place), "info")
    return redirect(url_for("attendance.seats", training_id=training_id))


@blueprint.post("/sessions/<int:training_id>/seats/reserve")
@requires("organiser")
def reserve(training_id: int) -> Answer:
    """Seats for a company, without names."""
    training, scope = queries.get_roster_training(current_viewer(), training_id)
    form = _reserve_form(training, scope)
    if form.validate():
        try:
            with unit_of_work():
                training, scope = queries.get_roster_training(current_viewer(), training_id)
                company = _company(training, scope, form.company.data)
                count = _reserve(training, company, form)
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(ngettext("Saved in %(num)s session.", "Saved in %(num)s sessions.", count), "success")
            return redirect(url_for("attendance.seats", training_id=training_id))
    return _page(training, scope, reserve_form=form), 422


def _reserve(training: TrainingSession, company: Company, form: forms.ReserveForm) -> int:
    """In this session, or in every coming one that is for the company; how many it was."""
    coming = [training]
    if form.whole_series.data:
        coming = queries.list_coming_of_company(company, training.series_id, published_only=False)
    return service.reserve_in_series(coming, company, Place(form.place.data), form.count.data, approved=True)


@blueprint.post("/sessions/<int:training_id>/seats/<int:seat_id>")
@requires("organiser")
def change_seat(training_id: int, seat_id: int) -> Answer:
    """Cancel or move one seat, answer what was asked for, or give a company's seat a name."""
    try:
        with unit_of_work():
            training, scope = queries.get_roster_training(current_viewer(), training_id)
            row = _row(training, scope, seat_id)
            _change(training, row, request.form.get("action", ""))
    except RefusedError as error:
        flash(error.message, "warning")
    else:
        flash(_("The seats are changed."), "success")
    return redirect(url_for("attendance.seats", training_id=training_id))


def _change(training: TrainingSession, row: SeatRow, action: str) -> None:
    if action == "cancel":
        service.cancel_seat_by_id(training, row.seat.id)
    elif action == "move" and row.person is not None:
        service.book_seat(training, row.person, _other_place(training, row), approved=True)
    elif action in ("approve", "decline") and may_edit(current_viewer(), training.series):
        reason = plain(request.form.get("reason", ""))[:300]
        service.answer_requests(training, [row.seat.id], approve=action == "approve", reason=reason)
    elif action == "name" and row.company is not None:
        chosen = request.form.get("person", type=row_number)
        person = next(
            (one for one in queries.list_colleagues(row.company, training) if one.id == chosen), None
        )
        service.name_seat(training, row.company, row.seat.id, person)
    else:
        raise RefusedError(_("That cannot be done with this seat."))


def _other_place(training: TrainingSession, row: SeatRow) -> Place:
    others = [place for place in places_of(training.mode) if place != row.seat.place]
    if not others:
        raise RefusedError(_("This session cannot be joined that way. Choose the other."))
    return others[0]


@blueprint.post("/sessions/<int:training_id>/seats/terms")
@requires("organiser")
def session_terms(training_id: int) -> Answer:
    """What is agreed about this session's seats."""
    training, scope = queries.get_roster_training(current_viewer(), training_id)
    form = forms.SessionTermsForm()
    form.offer_choices()
    if not may_edit(current_viewer(), training.series):
        raise NotFoundError(_("There is no such session here."))
    if form.validate():
        try:
            with unit_of_work():
                training, scope = queries.get_roster_training(current_viewer(), training_id)
                approval = {"yes": True, "no": False}.get(form.needs_approval.data)
                service.set_session_terms(training, form.answer_hours.data, needs_approval=approval)
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("attendance.seats", training_id=training_id))
    return _page(training, scope, terms_form=form), 422


@blueprint.route("/series/<int:series_id>/seats", methods=["GET", "POST"])
@requires("organiser")
def series_terms(series_id: int) -> Answer:
    """What is agreed about the seats of a series."""
    viewer = current_viewer()
    series, _scope = queries.get_series_with_people(viewer, series_id)
    if not may_edit(viewer, series):
        raise NotFoundError(_("There is no such series here."))
    terms = queries.series_terms(series)
    form = forms.SeriesTermsForm(
        data={"answer_hours": terms.answer_hours, "needs_approval": terms.needs_approval}
    )
    if form.validate_on_submit():
        try:
            with unit_of_work():
                series, _scope = queries.get_series_with_people(viewer, series_id)
                service.set_series_terms(
                    series, form.answer_hours.data, needs_approval=form.needs_approval.data
                )
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("attendance.enrolments", series_id=series_id))
    status = 422 if form.errors else 200
    return render_template("attendance/series_terms.html", series=series, form=form), status


@blueprint.route("/sessions/<int:training_id>/seats/paste", methods=["GET", "POST"])
@requires("organiser")
def paste_seats(training_id: int) -> Answer:
    """Book for a pasted list: first shown line by line, then booked."""
    training, scope = queries.get_roster_training(current_viewer(), training_id)
    form, matches = forms.PasteForm(), None
    _offer_places(form, training)
    if form.validate_on_submit():
        try:
            _take_file(form)
            if not request.form.get("confirmed"):
                matches = service.match_pasted(training, scope, form.text.data)
            else:
                with unit_of_work():
                    training, scope = queries.get_roster_training(current_viewer(), training_id)
                    found = service.match_pasted(training, scope, form.text.data)
                    code = min(scope.codes) if scope.codes else training.series.municipality_code
                    count = service.book_pasted(training, found, Place(form.place.data), code)
                flash(ngettext("%(num)s person booked.", "%(num)s people booked.", count), "success")
                return redirect(url_for("attendance.seats", training_id=training_id))
        except RefusedError as error:
            form.refuse(error)
    status = 422 if form.errors else 200
    return render_template(
        "attendance/seats_paste.html", training=training, form=form, matches=matches
    ), status


def _take_file(form: forms.PasteForm) -> None:
    """Put the people of an uploaded file into the text, where they are seen and can be changed."""
    if form.file.data:
        rows = read_rows(form.file.data.stream.read(MAX_BYTES + 1))
        form.text.data = text_of_rows([row for _number, row in rows])
    if not form.text.data:
        raise RefusedError(_("Paste at least one line, or choose a file."), field="text")


def _row(training: TrainingSession, scope: PeopleScope, seat_id: int) -> SeatRow:
    for row in queries.list_seats(training, scope):
        if row.seat.id == seat_id:
            return row
    raise NotFoundError(_("This seat has been given up already."))


def _place(training: TrainingSession) -> Place:
    text = request.form.get("place", "")
    return Place(text) if text in list(Place) else default_place(training.mode)


def _companies(training: TrainingSession, scope: PeopleScope) -> list[Company]:
    found = queries.list_companies_of_series(training.series_id)
    return [company for company in found if scope.codes is None or company.municipality_code in scope.codes]


def _company(training: TrainingSession, scope: PeopleScope, chosen: str) -> Company:
    for company in _companies(training, scope):
        if str(company.id) == chosen:
            return company
    raise RefusedError(_("Choose one of the companies."), field="company")


def _offer_places(form: forms.ReserveForm | forms.PasteForm, training: TrainingSession) -> None:
    form.place.choices = forms.place_choices(training.mode)
    form.place.data = form.place.data or default_place(training.mode).value


def _reserve_form(training: TrainingSession, scope: PeopleScope) -> forms.ReserveForm:
    form = forms.ReserveForm()
    form.company.choices = [(str(one.id), one.name) for one in _companies(training, scope)]
    _offer_places(form, training)
    return form


def _terms_form(training: TrainingSession) -> forms.SessionTermsForm:
    own = queries.session_terms(training)
    approval = "" if own is None or own.needs_approval is None else "yes" if own.needs_approval else "no"
    hours = own.answer_hours if own is not None else None
    form = forms.SessionTermsForm(formdata=None, data={"answer_hours": hours, "needs_approval": approval})
    form.offer_choices()
    return form


def _page(
    training: TrainingSession,
    scope: PeopleScope,
    *,
    reserve_form: forms.ReserveForm | None = None,
    terms_form: forms.SessionTermsForm | None = None,
) -> str:
    rows = queries.list_seats(training, scope)
    words = plain(request.values.get("q", ""))[:100]
    reserved = {row.company.id: row.company for row in rows if row.company and row.seat.company_id}
    return render_template(
        "attendance/seats.html",
        training=training,
        rows=rows,
        diets=queries.count_diets(training, current_settings().secret),
        fill=queries.fills([training.id])[training.id],
        words=words,
        found=queries.search_people(training, scope, words),
        places=forms.place_choices(training.mode),
        place_words=forms.PLACE_WORDS,
        colleagues={key: queries.list_colleagues(company, training) for key, company in reserved.items()},
        reserve_form=reserve_form or _reserve_form(training, scope),
        terms_form=terms_form or _terms_form(training),
        terms=queries.terms_of(training),
        may_edit=may_edit(current_viewer(), training.series),
        is_coming=training.cancelled_at is None and training.starts_at > now(),
    )
