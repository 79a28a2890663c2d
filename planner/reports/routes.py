"""Pages of reports."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.attendance.rules import LEAST
from planner.base.clock import today
from planner.base.days import local
from planner.base.viewer import EVERYONE
from planner.directory.queries import list_municipalities_of
from planner.reports import queries
from planner.reports.forms import FigureForm
from planner.reports.rules import Figure, FigureFilter, Level, is_of_few
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page
from planner.web.downloads import csv_response
from planner.web.paging import asked_page, page_of_list

blueprint = Blueprint("reports", __name__)

TABS = {
    Level.municipality: _l("Municipalities"),
    Level.county: _l("Counties"),
    Level.company: _l("Companies"),
    Level.series: _l("Series"),
    Level.session: _l("Sessions"),
}
PAGE_SIZE = 100


@blueprint.get("/figures")
@requires("member")
def figures() -> Answer:
    """Sums of the sessions held, by the level asked for."""
    viewer, level, form = current_viewer(), _level(), _form()
    wanted = form.filter() if form.validate() else FigureFilter()
    rows, total, hidden = queries.list_figures(viewer, level, wanted)
    return form_page(
        "reports/figures.html",
        form=form,
        level=level,
        tabs=TABS,
        links=_links(level),
        page=page_of_list(rows, asked_page(), PAGE_SIZE),
        total=total,
        hidden=hidden,
        sees_all=queries.sees_all(viewer),
        chosen=_chosen(),
        least=LEAST,
        mask=_mask,
    )


@blueprint.get("/figures.csv")
@requires("member")
def figures_csv() -> Answer:
    """The same rows as a file for a spreadsheet."""
    viewer, level, form = current_viewer(), _level(), _form()
    if not form.validate():
        return figures()
    rows, total, hidden = queries.list_figures(viewer, level, form.filter())
    lines = [_line(row, (row.level, row.key) in hidden) for row in (*rows, *((total,) if total else ()))]
    return csv_response(f"{level.value}-{today():%Y-%m-%d}.csv", _head(), lines)


def _chosen() -> dict[str, Any]:
    """The filter as it stands in the address, to be carried along."""
    return {name: request.args[name] for name in ("starts", "ends", "municipality") if request.args.get(name)}


def _links(level: Level) -> list[tuple[Any, str, bool]]:
    return [
        (label, url_for("reports.figures", by=each.value, **_chosen()), each is level)
        for each, label in TABS.items()
    ]


def _level() -> Level:
    asked = request.args.get("by", "")
    return Level(asked) if asked in TABS else Level.municipality


def _form() -> FigureForm:
    form = FigureForm(request.args)
    form.offer_places(list_municipalities_of(current_viewer().municipalities(EVERYONE)))
    return form


def _head() -> list[str]:
    return [
        _("Name"), _("Belongs to"), _("Date"), _("Sessions held"), _("Persons"), _("Expected"), _("Present"),
        _("Share present, per cent"), _("Participant minutes"), _("Participant hours"), _("On site"), _("By video"),
    ]  # fmt: skip


def _line(row: Figure, is_hidden: bool) -> list[str | int]:
    on = f"{local(row.at):%Y-%m-%d}" if row.at else ""
    start: list[str | int] = [row.name, row.detail, on, row.sessions]
    if is_hidden:
        return [*start, *[_mask(row)] * 8]
    share = "" if row.share is None else _decimal(100 * row.share)
    places: list[int | str] = [row.on_site, row.remote] if queries.sees_all(current_viewer()) else ["", ""]
    return [
        *start, row.persons, row.expected, row.attended, share, row.minutes, _decimal(row.minutes / 60), *places,
    ]  # fmt: skip


def _mask(row: Figure) -> str:
    """What stands in a hidden row's cells."""
    return f"<{LEAST}" if is_of_few(row) else _("hidden")


def _decimal(value: float) -> str:
    """A number as a Swedish spreadsheet reads it: two decimals after a comma."""
    return f"{value:.2f}".replace(".", ",")
