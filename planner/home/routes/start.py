"""The start page: for everyone's morning, and for whoever comes by."""

from __future__ import annotations

from itertools import groupby

from flask import redirect, render_template, request, url_for

from planner.attendance.queries import list_requests
from planner.base.clock import now, today
from planner.base.days import day_mark, local_day
from planner.base.viewer import EDITORS, EVERYONE, Viewer
from planner.exchange.queries.offers import list_offers
from planner.exchange.queries.proposals import count_open
from planner.home import queries
from planner.home.routes.blueprint import blueprint
from planner.home.rules import agenda, is_soon, tasks
from planner.plan.rules import build_rows
from planner.plan.words import inside_links, page_words
from planner.web.access import current_viewer, public
from planner.web.answers import Answer
from planner.web.formats import mark_name
from planner.web.forms import plain

OTHERS_SHOWN = 12


@blueprint.get("/")
@public
def start() -> Answer:
    """Today and what needs doing; without an account, what is open where."""
    viewer = current_viewer()
    return _morning(viewer) if viewer.is_signed_in else _welcome()


def _morning(viewer: Viewer) -> str:
    moment, words, links = now(), page_words(), inside_links()
    watched = queries.list_watched(viewer)
    coming = agenda(watched, moment)
    plans = viewer.has_role(EDITORS)
    sessions = (*([coming.first] if coming.first else []), *coming.own, *coming.others)
    mark = day_mark(today())
    return render_template(
        "home/morning.html",
        today=today(),
        holiday=mark_name(mark) if mark else "",
        count_today=sum(local_day(item.starts_at) == today() and item.is_on for item in sessions),
        agenda=coming,
        first=build_rows([coming.first], words, links)[0] if coming.first else None,
        has_begun=coming.first is not None and coming.first.starts_at <= moment,
        is_soon=coming.first is not None and is_soon(coming.first, moment),
        own=build_rows(coming.own, words, links),
        others=build_rows(coming.others[:OTHERS_SHOWN], words, links),
        others_left=max(0, len(coming.others) - OTHERS_SHOWN),
        tasks=tasks(watched, moment),
        drafts=queries.list_drafts(viewer) if plans else [],
        offers=list_offers(viewer) if plans else [],
        proposals=count_open(viewer) if plans else [],
        requests=list_requests(viewer) if plans else [],
        plans=plans,
        has_role=viewer.has_role(EVERYONE),
    )


def _welcome() -> Answer:
    words = plain(request.args.get("q", ""))
    found = queries.find_municipalities(words) if words else []
    if len(found) == 1:
        return redirect(url_for("home.municipality", code=found[0].code))
    places = queries.list_open_places()
    counties = [
        (county, list(group)) for county, group in groupby(places, key=lambda pair: pair[0].county_name)
    ]
    newest = queries.list_newest_open()
    return render_template("home/welcome.html", words=words, found=found, counties=counties, newest=newest)
