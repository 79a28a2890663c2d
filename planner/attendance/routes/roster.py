"""The facilitator's list, the history of a row, and who walks in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from planner.attendance import forms, queries, service
from planner.attendance.errors import ReasonMissingError
from planner.attendance.models import PresenceEntry
from planner.attendance.routes.blueprint import (
    blueprint,
    device_in_use,
    new_person,
    roster_address,
    sent_json,
)
from planner.attendance.rules import Place, Via, default_place
from planner.attendance.service import MarkedMeanwhileError, NewPerson
from planner.base.clock import now
from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, PlannerError, RefusedError
from planner.series.models import TrainingSession
from planner.series.queries import may_edit
from planner.web.access import current_viewer, requires
from planner.web.addresses import LARGEST, row_number
from planner.web.answers import Answer
from planner.web.formats import format_instant, format_minutes
from planner.web.forms import plain


@blueprint.get("/sessions/<int:training_id>/attendance")
@requires("facilitator")
def roster(training_id: int) -> str:
    """Everyone expected at the session, to be marked."""
    training, scope = queries.get_roster_training(current_viewer(), training_id)
    length = training.minutes
    lines = [forms.open_line(row, training.mode, length) for row in queries.list_roster(training, scope)]
    return _roster_page(training, scope, lines)


@blueprint.post("/sessions/<int:training_id>/attendance")
@requires("facilitator")
def save_roster(training_id: int) -> Answer:
    """Save the rows that were changed; those that could not be come back as they were sent."""
    viewer = current_viewer()
    with unit_of_work():
        training, scope = queries.get_roster_training(viewer, training_id)
        length = training.minutes
        rows = queries.list_roster(training, scope)
        lines = [forms.sent_line(row, request.form, training.mode, length) for row in rows]
        changed = forms.changed_lines(lines)
        refused = _save(training, changed)
    if refused:
        # What was saved shows as saved; what was not comes back as it was typed.
        fresh = {row.person.id: row for row in queries.list_roster(training, scope)}
        lines = [
            line if line in refused else forms.open_line(fresh[line.row.person.id], training.mode, length)
            for line in lines
        ]
        return _roster_page(training, scope, lines), 422
    flash(_("Attendance saved.") if changed else _("Nothing had been changed."), "success")
    return redirect(roster_address("roster", training_id, **_kept()))


def _via() -> Via:
    """How these marks come in: read off the printed sheet, or from the people themselves."""
    return Via.sheet if request.args.get("via") == Via.sheet.value else Via.roster


def _kept() -> dict[str, str]:
    """What the roster's address keeps of how it was opened."""
    return {"via": Via.sheet.value} if _via() is Via.sheet else {}


def _save(training: TrainingSession, lines: list[forms.RosterLine]) -> list[forms.RosterLine]:
    """Mark each row; the rows that were refused, each with its error."""
    wanted = []
    refused: list[forms.RosterLine] = []
    for line in lines:
        try:
            wanted.append((line.row.person, forms.wanted_of(line, training.minutes, device_in_use())))
        except RefusedError as error:
            line.error = error.message
            refused.append(line)
    errors = service.mark_rows(training, wanted, by=current_viewer(), via=_via())
    for line in lines:
        if (problem := errors.get(line.row.person.id)) is None:
            continue
        line.error = problem.message
        if isinstance(problem, MarkedMeanwhileError):
            # Sent once more, it is a choice made with open eyes.
            line.theirs, line.seen_id = problem.standing, problem.standing.id
        refused.append(line)
    return refused


def _roster_page(training: TrainingSession, scope: queries.PeopleScope, lines: list[forms.RosterLine]) -> str:
    return render_template(
        "attendance/roster.html",
        training=training,
        lines=lines,
        made=int(now().timestamp() * 1000),
        walk_in=_walk_in_form(training),
        length=training.minutes,
        places=forms.place_choices(training.mode),
        place_words=forms.PLACE_WORDS,
        refused=[line for line in lines if line.error],
        sign_off=queries.find_sign_off(training),
        may_sign_off=training.ends_at <= now() and queries.may_sign_off(training, scope),
        answers=queries.list_standing_answers(training),
        kept=_kept(),
        may_share=may_edit(current_viewer(), training.series),
    )


@blueprint.post("/sessions/<int:training_id>/attendance/marks")
@requires("facilitator")
def mark(training_id: int) -> tuple[Response, int]:
    """One tap, or somebody who walked in, as JSON; sent again with the same number it counts once."""
    data = sent_json()
    try:
        told = _walk_in_sent(training_id, data) if "name" in data else _tap(training_id, data)
    except ReasonMissingError as error:
        return jsonify(state="reason", message=error.message), 422
    except NotFoundError as error:
        return jsonify(state="refused", message=error.message), 404
    except PlannerError as error:
        return jsonify(state="refused", message=error.message), 422
    return jsonify(told), 200


def _tap(training_id: int, data: dict[str, Any]) -> dict[str, Any]:
    viewer = current_viewer()
    with unit_of_work():
        training, scope = queries.get_roster_training(viewer, training_id)
        row = queries.get_roster_row(training, scope, _person_in(data))
        wanted = replace(forms.read_mark(data, training.minutes, device_in_use()), keeps_both=True)
        marked = service.mark(training, row.person, wanted, by=viewer, via=_via())
    told = {
        "state": "saved" if marked.stands else "kept",
        "standing": _told(marked.standing, training.minutes),
    }
    if marked.met is None or marked.entry is None:
        return told
    message = _("%(name)s marked this person too. Both are kept; which is right?", name=marked.met.by_name)
    theirs, mine = (_told(entry, training.minutes) for entry in (marked.met, marked.entry))
    return {**told, "state": "conflict", "message": message, "theirs": theirs, "mine": mine}


def _walk_in_sent(training_id: int, data: dict[str, Any]) -> dict[str, Any]:
    """Somebody typed in while there was no network."""
    viewer = current_viewer()
    with unit_of_work():
        training, _scope = queries.get_roster_training(viewer, training_id)
        new, place = _read_walk_in(data, training)
        entry = service.add_new_walk_in(
            training, new, place, entry_id=str(data.get("id", "")), by=viewer, waited=forms.read_waited(data),
            device=device_in_use(),
        )  # fmt: skip
    return {"state": "saved", "standing": _told(entry, training.minutes)}


def _read_walk_in(data: dict[str, Any], training: TrainingSession) -> tuple[NewPerson, Place]:
    """Who walked in and how, by the same form as on the page. Raises RefusedError with its first error."""
    form = forms.WalkInForm(
        MultiDict({name: str(data.get(name) or "") for name in ("name", "email", "company", "place")})
    )
    _offer(form, training)
    form.place.data = form.place.data or default_place(training.mode).value
    if not form.validate():
        raise RefusedError(next(str(error) for errors in form.errors.values() for error in errors))
    return new_person(form, training.series), Place(form.place.data)


def _person_in(data: dict[str, Any]) -> int:
    """The person's id; 0, which nobody has, for what is none."""
    number = data.get("person")
    return number if type(number) is int and 0 < number <= LARGEST else 0


def _told(entry: PresenceEntry, length: int) -> dict[str, Any]:
    """An entry as the page's script shows it, at a session of this length."""
    return {
        "id": entry.id, "verdict": entry.verdict, "place": entry.place,
        "typed": forms.typed_minutes(entry, length), "received": int(entry.received_at.timestamp() * 1000),
        "line": _("Noted by %(name)s, %(at)s", name=entry.by_name, at=format_instant(entry.noted_at)),
        "sum": f"{forms.PLACE_WORDS[Place(entry.place)]} · {format_minutes(entry.minutes)}",
    }  # fmt: skip


@blueprint.get("/sessions/<int:training_id>/attendance/<int:person_id>")
@requires("facilitator")
def history(training_id: int, person_id: int) -> str:
    """Every line that the ledger has of one person at the session."""
    training, scope = queries.get_roster_training(current_viewer(), training_id)
    row = queries.get_roster_row(training, scope, person_id)
    entries = queries.list_entries_of(training, row.person)
    return render_template(
        "attendance/history.html",
        training=training,
        row=row,
        entries=entries,
        answers=queries.list_answers_of(training, row.person),
        sign_off=queries.find_sign_off(training),
        place_words=forms.PLACE_WORDS,
    )


@blueprint.get("/sessions/<int:training_id>/attendance/walk-in")
@requires("facilitator")
def walk_in(training_id: int) -> str:
    """Find or type in somebody who came without being expected."""
    training, scope = queries.get_roster_training(current_viewer(), training_id)
    return _walk_in_page(training, scope, _walk_in_form(training))


@blueprint.post("/sessions/<int:training_id>/attendance/walk-in")
@requires("facilitator")
def add_walk_in(training_id: int) -> Answer:
    """Mark somebody present: found in the directory (`person`), or typed in."""
    viewer = current_viewer()
    training, scope = queries.get_roster_training(viewer, training_id)
    form = _walk_in_form(training)
    found = request.form.get("person", type=row_number)
    if found is None and not form.validate():
        return _walk_in_page(training, scope, form), 422
    try:
        with unit_of_work():
            training, scope = queries.get_roster_training(viewer, training_id)
            place = Place(form.place.data or default_place(training.mode))
            mine: dict[str, Any] = {"entry_id": form.entry_id.data, "by": viewer, "device": device_in_use()}
            if found is None:
                new = new_person(form, training.series)
                name = new.name
                service.add_new_walk_in(training, new, place, **mine)
            else:
                person = queries.get_walk_in(training, scope, found)
                name = person.name
                service.add_walk_in(training, person, place, **mine)
    except RefusedError as error:
        form.refuse(error)
        return _walk_in_page(training, scope, form), 422
    flash(_("%(name)s is noted as present.", name=name), "success")
    return redirect(roster_address("roster", training_id))


def _walk_in_form(training: TrainingSession) -> forms.WalkInForm:
    form = forms.WalkInForm()
    _offer(form, training)
    form.place.data = form.place.data or default_place(training.mode).value
    form.entry_id.data = form.entry_id.data or forms.new_entry_id()
    return form


def _offer(form: forms.WalkInForm, training: TrainingSession) -> None:
    form.offer_companies(queries.list_companies_of_series(training.series_id))
    form.place.choices = forms.place_choices(training.mode)


def _walk_in_page(training: TrainingSession, scope: queries.PeopleScope, form: forms.WalkInForm) -> str:
    words = plain(request.values.get("q", ""))[:100]
    return render_template(
        "attendance/walk_in.html",
        training=training,
        form=form,
        words=words,
        may_search=not scope.is_roster_only,
        found=queries.search_people(training, scope, words),
        places=forms.place_choices(training.mode),
    )
