"""The same for a contact or participant, who has a personal link and no account."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.calendars import queries, rules, service
from planner.calendars.forms import FeedForm
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
    if person is None or person.company_id is None:
        raise NotFoundError
    return person


@blueprint.route("/p/<token>/subscribe", methods=["GET", "POST"])
@requires("link")
def person_subscribe(token: str) -> Answer:
    """The calendar of the person's company: their feeds of it, and a form for one more."""
    person, form = _person(token), FeedForm(language=page_language())
    subject = queries.find_subject(ScopeKind.COMPANY, str(person.company_id))
    if subject is None:
        raise NotFoundError
    if form.validate_on_submit():
        try:
            with unit_of_work():
                feed = service.feed_for_person(
                    person, subject.scope, subject.key, form.name.data, secret=secret(),
                    language=rules.as_language(form.language.data), reminder_minutes=form.reminder_minutes,
                )  # fmt: skip
        except RefusedError as error:
            form.refuse(error)
        else:
            return redirect(url_for("calendars.person_feed", token=token, feed_id=feed.id))
    return form_page(
        "calendars/new_feed.html",
        title=subject.title(page_language()),
        form=form,
        feeds=queries.list_feeds(person, subject),
        show="calendars.person_feed",
        where={"token": token},
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
