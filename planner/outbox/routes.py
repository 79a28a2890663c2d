"""Pages of the outbox: what has been sent and what has not, and the demo's mailbox."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.outbox import queries, service
from planner.outbox.rules import Status, masked, why_not
from planner.web.access import current_viewer, public, requires
from planner.web.answers import as_letter
from planner.web.paging import asked_page
from planner.web.settings import current_settings

blueprint = Blueprint("outbox", __name__)


@blueprint.get("/mail")
@requires("organiser")
def mail() -> str:
    """What the viewer's organisations have to send, could not send and have sent; never what stands in it."""
    viewer, settings = current_viewer(), current_settings()
    shown = request.args.get("show", "")
    status = Status(shown) if shown in list(Status) else Status.queued
    return render_template(
        "outbox/mail.html",
        page=queries.list_mail(viewer, status, asked_page()),
        counts=queries.count_mail(viewer),
        shown=status,
        leaves=bool(settings.mail_server),
        masked=masked,
        why_not=why_not,
    )


@blueprint.post("/mail/<int:message_id>/again")
@requires("organiser")
def send_again(message_id: int) -> Response:
    """Try once more what was given up."""
    try:
        with unit_of_work():
            service.try_again(queries.get_mail(current_viewer(), message_id))
    except RefusedError as error:
        flash(error.message, "warning")
    else:
        flash(_("The mail is tried again within a minute."), "success")
    return redirect(url_for("outbox.mail", show=Status.failed.value))


@blueprint.get("/mailbox")
@public
def mailbox() -> str:
    """Every mail the demo has written, newest first. Outside the demo there is no such page."""
    _only_in_demo()
    return render_template("outbox/mailbox.html", messages=queries.list_newest())


@blueprint.get("/mailbox/<int:message_id>")
@public
def letter(message_id: int) -> Response:
    """One mail of the demo as a mail programme shows its HTML."""
    _only_in_demo()
    return as_letter(queries.get_html(message_id))


def _only_in_demo() -> None:
    if not current_settings().demo:
        raise NotFoundError
