"""Where an organiser makes and revokes a session's own links."""

from __future__ import annotations

from flask import current_app, flash, redirect, url_for
from flask_babel import gettext as _

from planner.attendance import forms, queries, service
from planner.attendance.models import RosterLink
from planner.attendance.routes.blueprint import blueprint
from planner.attendance.rules import LIFE_AFTER_SESSION, roster_token
from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page
from planner.web.links import site_link


@blueprint.route("/sessions/<int:training_id>/attendance/links", methods=["GET", "POST"])
@requires("organiser")
def roster_links(training_id: int) -> Answer:
    """The session's links, and a form for one more."""
    viewer, form = current_viewer(), forms.RosterLinkForm()
    training = queries.get_shared_training(viewer, training_id)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                training = queries.get_shared_training(viewer, training_id)
                service.make_roster_link(training, form.name.data, by=viewer)
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("The link is ready to copy."), "success")
            return redirect(url_for("attendance.roster_links", training_id=training_id))
    return form_page(
        "attendance/roster_links.html",
        training=training,
        form=form,
        links=[(link, _address(link)) for link in queries.list_roster_links(training)],
        open_until=training.ends_at + LIFE_AFTER_SESSION,
    )


@blueprint.post("/sessions/<int:training_id>/attendance/links/<int:link_id>/revoke")
@requires("organiser")
def revoke_roster_link(training_id: int, link_id: int) -> Answer:
    """Close one link; the others go on working."""
    with unit_of_work():
        training = queries.get_shared_training(current_viewer(), training_id)
        link = queries.get_roster_link(training, link_id)
        service.revoke_roster_link(link)
    flash(_("The link for %(name)s has stopped working.", name=link.name), "success")
    return redirect(url_for("attendance.roster_links", training_id=training_id))


def _address(link: RosterLink) -> str:
    token = roster_token(current_app.extensions["settings"].secret, link.id)
    return site_link("attendance.roster_by_link", token=token)
