"""Pages of venues and their rooms."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.directory import queries, service
from planner.directory.forms import FilterForm, RoomForm, VenueForm, place_question
from planner.directory.models import Room, Venue
from planner.directory.routes.blueprint import asked, blueprint, editable_places, own_places
from planner.directory.rules import shown_position
from planner.directory.service.checks import check_may_edit
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page
from planner.web.paging import asked_page


@blueprint.get("/venues")
@requires("member")
def venues() -> str:
    """The viewer's venues, searched and narrowed."""
    form = FilterForm(request.args)
    form.offer(own_places())
    page = queries.list_venues(
        current_viewer(),
        form.words.data or "",
        form.municipality.data or "",
        asked_page(),
        archived=bool(form.archived.data),
    )
    return render_template("directory/venues.html", page=page, form=form, narrowed=asked(form))


@blueprint.get("/venues/<int:id>")
@requires("member")
def venue(id: int) -> str:  # noqa: A002 - the address's own word
    """One venue with its rooms, and for those who plan here a form for one more."""
    return _venue_page(queries.get_venue(current_viewer(), id), RoomForm(formdata=None))


@blueprint.route("/venues/new", methods=["GET", "POST"])
@requires("organiser")
def new_venue() -> Answer:
    """Add a venue; its rooms come after."""
    form = _form()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                venue = service.create_venue(form.details(), by=current_viewer())
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("The venue is saved. Add its rooms."), "success")
            return redirect(url_for(".venue", id=venue.id))
    return form_page("directory/venue_form.html", form=form, venue=None)


@blueprint.route("/venues/<int:id>/edit", methods=["GET", "POST"])
@requires("organiser")
def edit_venue(id: int) -> Answer:  # noqa: A002 - the address's own word
    """Change a venue; of two who do so at once the second sees both versions."""
    venue = _editable(id)
    form = _form(venue)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                venue = _editable(id)
                if saved := form.reconcile(_form(venue, submitted=False), venue.revision):
                    service.edit_venue(venue, form.details(), by=current_viewer())
        except RefusedError as error:
            form.refuse(error)
        else:
            if saved:
                flash(_("The venue is saved."), "success")
                return redirect(url_for(".venue", id=id))
    return form_page("directory/venue_form.html", form=form, venue=venue)


@blueprint.post("/venues/<int:id>/archive")
@requires("organiser")
def archive_venue(id: int) -> Response:  # noqa: A002 - the address's own word
    """Put a venue away; sessions held there keep it."""
    with unit_of_work():
        service.archive_venue(queries.get_venue(current_viewer(), id), by=current_viewer())
    flash(_("The venue is archived. It is no longer offered anywhere."), "success")
    return redirect(url_for(".venue", id=id))


@blueprint.post("/venues/<int:id>/restore")
@requires("organiser")
def restore_venue(id: int) -> Response:  # noqa: A002 - the address's own word
    """Take a venue into use again."""
    with unit_of_work():
        service.restore_venue(queries.get_venue(current_viewer(), id), by=current_viewer())
    flash(_("The venue is in use again."), "success")
    return redirect(url_for(".venue", id=id))


@blueprint.post("/venues/<int:id>/rooms")
@requires("organiser")
def new_room(id: int) -> Answer:  # noqa: A002 - the address's own word
    """Add a room to a venue."""
    form = RoomForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                venue = queries.get_venue(current_viewer(), id)
                service.create_room(venue, form.name.data, form.capacity.data, by=current_viewer())
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("The room is saved."), "success")
            return redirect(url_for(".venue", id=id))
    return _venue_page(queries.get_venue(current_viewer(), id), form), 422


@blueprint.route("/venues/<int:id>/rooms/<int:room_id>", methods=["GET", "POST"])
@requires("organiser")
def edit_room(id: int, room_id: int) -> Answer:  # noqa: A002 - the address's own word
    """Change a room."""
    room = _editable_room(id, room_id)
    form = RoomForm(obj=room)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                room = _editable_room(id, room_id)
                service.edit_room(room, form.name.data, form.capacity.data, by=current_viewer())
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("The room is saved."), "success")
            return redirect(url_for(".venue", id=id))
    return form_page("directory/room_form.html", form=form, room=room)


@blueprint.post("/venues/<int:id>/rooms/<int:room_id>/archive")
@requires("organiser")
def archive_room(id: int, room_id: int) -> Response:  # noqa: A002 - the address's own word
    """Put a room away, or take it into use again."""
    with unit_of_work():
        room = _editable_room(id, room_id)
        change = service.restore_room if room.archived_at else service.archive_room
        change(room, by=current_viewer())
    flash(_("The room is archived.") if room.archived_at else _("The room is in use again."), "success")
    return redirect(url_for(".venue", id=id))


def _venue_page(venue: Venue, form: RoomForm) -> str:
    may_edit = current_viewer().may_edit_in(venue.municipality_code)
    return render_template("directory/venue.html", venue=venue, form=form, may_edit=may_edit)


def _editable(id_: int) -> Venue:
    venue = queries.get_venue(current_viewer(), id_)
    check_may_edit(current_viewer(), venue.municipality_code)
    return venue


def _editable_room(venue_id: int, room_id: int) -> Room:
    room = queries.get_room(current_viewer(), room_id)
    if room.venue_id != venue_id:
        raise NotFoundError
    check_may_edit(current_viewer(), room.venue.municipality_code)
    return room


def _form(venue: Venue | None = None, *, submitted: bool = True) -> VenueForm:
    """The form as submitted, or (`submitted` False) as the row would fill it."""
    given = {} if submitted else {"formdata": None}
    shown = {"position": shown_position(venue.latitude, venue.longitude)} if venue else {}
    form = VenueForm(obj=venue, data=shown, **given)
    form.municipality_code.choices = place_question(editable_places())
    return form
