"""The page that leads a calendar into someone's own."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.calendars import queries, rules, service
from planner.calendars.forms import FeedForm, NarrowForm
from planner.calendars.queries import Subject
from planner.calendars.routes.blueprint import blueprint
from planner.calendars.routes.ways import page_language, page_link, public_ways, secret
from planner.calendars.rules import ScopeKind
from planner.web.access import current_viewer, public
from planner.web.answers import Answer, form_page
from planner.web.qr import qr_svg


@blueprint.route("/subscribe/<scope>/<key>", methods=["GET", "POST"])
@public
def subscribe(scope: str, key: str) -> Answer:
    """A public calendar's address and ways; a private one's own feeds of the viewer, and a form for one more."""
    if scope not in set(ScopeKind):
        raise NotFoundError
    viewer = current_viewer()
    if not ScopeKind(scope).is_public and not viewer.is_signed_in:
        flash(_("Sign in to continue."), "info")
        return redirect(url_for("accounts.sign_in", next=request.path))
    subject = queries.get_subject(viewer, scope, key)
    return _public_page(subject) if subject.scope.is_public else _private_page(subject)


@blueprint.get("/subscribe/<scope>/<key>/qr.svg")
@public
def qr(scope: str, key: str) -> Response:
    """The QR code that leads to a public calendar's page, for a poster or a slide."""
    if scope not in rules.PUBLIC_SCOPES:
        raise NotFoundError
    subject = queries.get_subject(current_viewer(), scope, key)
    page = page_link(subject, rules.kept_choices(request.args))
    answer = Response(qr_svg(page), mimetype="image/svg+xml")
    answer.headers["Content-Disposition"] = f'inline; filename="{scope}-qr.svg"'
    return answer


def _public_page(subject: Subject) -> str:
    language = rules.as_language(request.args.get("lang", page_language()))
    narrowing, kept = rules.as_narrowing(request.args), rules.kept_choices(request.args)
    mode = narrowing.mode.value if narrowing.mode else ""
    return render_template(
        "calendars/subscribe.html",
        subject=subject,
        title=subject.title(page_language()),
        ways=public_ways(subject, language, kept),
        kept=kept,
        form=NarrowForm(formdata=None, lang=language, mode=mode, open=narrowing.open_seats),
    )


def _private_page(subject: Subject) -> Answer:
    viewer, form = current_viewer(), FeedForm(language=page_language())
    if form.validate_on_submit():
        try:
            with unit_of_work():
                feed = service.create_feed(subject, form.wish, by=viewer, secret=secret())
        except RefusedError as error:
            form.refuse(error)
        else:
            return redirect(url_for("calendars.feed", feed_id=feed.id))
    return form_page(
        "calendars/new_feed.html",
        title=subject.title(page_language()),
        form=form,
        rows=queries.name_feeds(queries.list_feeds(viewer, subject), page_language()),
        where={},
        of_person=False,
    )
