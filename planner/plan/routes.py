"""Pages of the plan: board, month, list, and the board of one series."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from planner.base.clock import today
from planner.base.days import local_day
from planner.base.viewer import EDITORS, EVERYONE
from planner.directory.queries import list_municipalities_of
from planner.plan import queries
from planner.plan.forms import PlanFilterForm
from planner.plan.rules import Month, Period, build_board, build_month, build_rows, period_around
from planner.plan.words import inside_links, page_words
from planner.series.queries import get_series, may_edit
from planner.web.access import current_viewer, requires
from planner.web.paging import asked_page

blueprint = Blueprint("plan", __name__)


@blueprint.get("/plan")
@requires("member")
def board() -> str:
    """All series this viewer sees: weeks across, companies down."""
    viewer, form = current_viewer(), _filter()
    wanted, period = form.wanted(), form.period()
    facts, page = queries.page_of_board(viewer, wanted, period, asked_page())
    picture = build_board(facts, period, today(), page_words(), inside_links())
    return render_template(
        "plan/board.html", board=picture, page=page, has_any=bool(picture.groups), **_frame(form, period)
    )


@blueprint.get("/plan/month")
@requires("member")
def month() -> str:
    """A month calendar with week numbers."""
    form = _filter()
    shown = Month.read(request.args.get("month", ""), today())
    sessions = queries.list_sessions(current_viewer(), form.wanted(), shown.interval)
    frame = _frame(form, form.period())
    previous, following = (
        url_for("plan.month", **{**frame["kept"], "month": shown.plus(step).iso}) for step in (-1, 1)
    )
    calendar = build_month(
        shown, sessions, today(), page_words(), inside_links(), previous_url=previous, next_url=following
    )
    return render_template("plan/month.html", calendar=calendar, shown=shown, has_any=True, **frame)


@blueprint.get("/plan/list")
@requires("member")
def list_() -> str:
    """The same facts as tables: every session, and every quiet period."""
    viewer, form = current_viewer(), _filter()
    wanted, period = form.wanted(), form.period()
    page = queries.page_of_sessions(viewer, wanted, period.interval, asked_page())
    rows = build_rows(page.items, page_words(), inside_links())
    quiet = queries.list_quiet(viewer, wanted, period)
    return render_template(
        "plan/list.html",
        rows=rows,
        page=page,
        quiet=quiet,
        has_any=bool(rows or quiet),
        **_frame(form, period),
    )


@blueprint.get("/series/<int:series_id>/plan")
@requires("member")
def series_board(series_id: int) -> str:
    """The board of one series, with its steps named."""
    viewer = current_viewer()
    series = get_series(viewer, series_id)
    days = [local_day(starts_at) for starts_at in queries.list_session_days(series)]
    form = _filter()
    period = form.period(period_around(days, today()))
    facts = queries.board_of_series(viewer, series, period)
    picture = build_board(facts, period, today(), page_words(), inside_links(), alone=True)
    return render_template(
        "plan/series_board.html", board=picture, series=series, may_edit=may_edit(viewer, series),
        has_sessions=bool(days), rows=build_rows(facts.sessions, page_words(), inside_links()),
        **_frame(form, period),
    )  # fmt: skip


def _filter() -> PlanFilterForm:
    form = PlanFilterForm(request.args)
    form.offer(list_municipalities_of(current_viewer().municipalities(EVERYONE)))
    return form


def _frame(form: PlanFilterForm, period: Period) -> dict[str, Any]:
    """What every picture's page needs: the filter, the period, and the choices that links keep."""
    asked = {
        **{name: form[name].data for name in ("municipality", "mode", "topic", "first", "last")},
        "month": request.args.get("month", ""),
    }
    kept = {name: value for name, value in asked.items() if value}
    steps = {name: _period_args(period.stepped(way)) for name, way in (("earlier", -1), ("later", 1))}
    return {
        "form": form,
        "period": period,
        "kept": kept,
        "wanted": form.wanted(),
        "earlier": {**kept, **steps["earlier"]},
        "later": {**kept, **steps["later"]},
        "now": {name: value for name, value in kept.items() if name not in ("first", "last")},
        "may_plan": current_viewer().has_role(EDITORS),
        "page_number": asked_page(),
    }


def _period_args(period: Period) -> dict[str, str]:
    return {"first": period.first.iso, "last": period.last.iso}
