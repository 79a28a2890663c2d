"""A user's own feeds: listed, shown again, renewed, revoked."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError
from planner.calendars import queries, service
from planner.calendars.forms import FeedForm
from planner.calendars.models import Feed
from planner.calendars.routes.blueprint import blueprint
from planner.calendars.routes.ways import page_language, private_ways, secret
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page

ACTIONS = ("renew", "revoke")


@blueprint.get("/feeds")
@requires("user")
def feeds() -> str:
    """All feeds of the viewer."""
    rows = queries.name_feeds(queries.list_feeds(current_viewer()), page_language())
    return render_template("calendars/feeds.html", rows=rows)


@blueprint.get("/feeds/<int:feed_id>")
@requires("user")
def feed(feed_id: int) -> str:
    """One feed: its address and ways."""
    row = queries.name_feeds([queries.get_feed(current_viewer(), feed_id)], page_language())[0]
    ways = private_ways(row.feed, row.title or row.feed.name)
    return render_template("calendars/feed.html", row=row, ways=ways, where={}, of_person=False)


@blueprint.route("/feeds/<int:feed_id>/edit", methods=["GET", "POST"])
@requires("user")
def edit_feed(feed_id: int) -> Answer:
    """Change what a feed is called and shows, at the same address."""
    viewer = current_viewer()
    return edit_page(lambda: queries.get_feed(viewer, feed_id), url_for("calendars.feed", feed_id=feed_id))


def edit_page(find: Callable[[], Feed], shown: str) -> Answer:
    """The form for a feed, or on to where it is shown."""
    form = FeedForm.of(find())
    if form.validate_on_submit():
        with unit_of_work():
            service.edit_feed(find(), form.wish)
        flash(_("Saved. The address is the same."), "success")
        return redirect(shown)
    return form_page("calendars/edit_feed.html", form=form, back=shown)


@blueprint.route("/feeds/<int:feed_id>/<action>", methods=["GET", "POST"])
@requires("user")
def change_feed(feed_id: int, action: str) -> Answer:
    """Ask whether to renew or revoke, then do it."""
    if action not in ACTIONS:
        raise NotFoundError
    viewer = current_viewer()
    if request.method == "GET":
        chosen = queries.get_feed(viewer, feed_id)
        return render_template(
            "calendars/change_feed.html",
            feed=chosen,
            action=action,
            back=url_for("calendars.feed", feed_id=feed_id),
        )
    with unit_of_work():
        apply_action(action, queries.get_feed(viewer, feed_id))
    return redirect(
        url_for("calendars.feed", feed_id=feed_id) if action == "renew" else url_for("calendars.feeds")
    )


def apply_action(action: str, chosen: Feed) -> None:
    """Renew or revoke the feed, and say so on the next page."""
    if action == "renew":
        service.renew_feed(chosen, secret=secret())
        flash(_("The calendar has a new address. Put it into your calendar; the old one is dead."), "success")
    else:
        service.revoke_feed(chosen)
        flash(_("The calendar's address is dead."), "success")
