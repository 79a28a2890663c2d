"""The same for a contact or participant, who has a personal link and no account."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.calendars import queries, service
from planner.calendars.forms import PersonFeedForm
from planner.calendars.routes.blueprint import blueprint
from planner.calendars.routes.feeds import ACTIONS, apply_action, edit_page
from planner.calendars.routes.ways import page_language, private_ways, secret
from planner.calendars.rules import ScopeKind
from planner.directory.models import Person
from planner.directory.queries import find_person_by_token
from planner.web.access import requires
from planner.web.answers import Answer, form_page


def _person(token: str) -> Person:
    person = find_person_by_token(secret(), token)
    if person is None:
        raise NotFoundError(_("This link has stopped working. Ask whoever sent it for a new one."))
    return person


@blueprint.route("/p/<token>/subscribe", methods=["GET", "POST"])
@requires("link")
def person_subscribe(token: str) -> Answer:
    """All feeds of the person, and a form for one more: of their own sessions or their company's (`?whose=company`)."""
    person = _person(token)
    company = person.company.name if person.company else ""
    form = PersonFeedForm.for_person(person, company, request.args.get("whose", ""), page_language())
    if form.validate_on_submit():
        try:
            with unit_of_work():
                key = person.company_id if form.scope is ScopeKind.COMPANY else person.id
                feed = service.feed_for_person(person, form.scope, str(key), form.wish, secret=secret())
        except RefusedError as error:
            form.refuse(error)
        else:
            return redirect(url_for("calendars.person_feed", token=token, feed_id=feed.id))
    rows = queries.name_feeds(queries.list_feeds(person), page_language())
    return form_page(
        "calendars/new_feed.html", title="", form=form, rows=rows, where={"token": token}, of_person=True
    )


@blueprint.get("/p/<token>/feeds/<int:feed_id>")
@requires("link")
def person_feed(token: str, feed_id: int) -> str:
    """One feed of the person: its address and ways."""
    row = queries.name_feeds([queries.get_feed(_person(token), feed_id)], page_language())[0]
    ways = private_ways(row.feed, row.title or row.feed.name)
    return render_template("calendars/feed.html", row=row, ways=ways, where={"token": token}, of_person=True)


@blueprint.route("/p/<token>/feeds/<int:feed_id>/edit", methods=["GET", "POST"])
@requires("link")
def edit_person_feed(token: str, feed_id: int) -> Answer:
    """Change what a feed of the person is called and shows."""
    person = _person(token)
    shown = url_for("calendars.person_feed", token=token, feed_id=feed_id)
    return edit_page(lambda: queries.get_feed(person, feed_id), shown)


@blueprint.route("/p/<token>/feeds/<int:feed_id>/<action>", methods=["GET", "POST"])
@requires("link")
def change_person_feed(token: str, feed_id: int, action: str) -> Answer:
    """Ask whether to renew or revoke, then do it."""
    if action not in ACTIONS:
        raise NotFoundError
    person = _person(token)
    shown = url_for("calendars.person_feed", token=token, feed_id=feed_id)
    if request.method == "GET":
        chosen = queries.get_feed(person, feed_id)
        return render_template("calendars/change_feed.html", feed=chosen, action=action, back=shown)
    with unit_of_work():
        apply_action(action, queries.get_feed(person, feed_id))
    return redirect(shown if action == "renew" else url_for("calendars.person_subscribe", token=token))
