"""Pages of needs: a company's quiet periods."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from planner.base.clock import today
from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.directory.models import Company
from planner.directory.parts import company_part
from planner.directory.queries import get_company
from planner.needs import queries, service
from planner.needs.forms import QuietPeriodForm
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer

blueprint = Blueprint("needs", __name__)

KEPT_IN_SIGHT = timedelta(days=60)  # how long a past quiet period still helps whoever plans


@blueprint.get("/companies/<int:company_id>/quiet-periods")
@requires("member")
def quiet_periods(company_id: int) -> str:
    """When the company has time."""
    return _page(company_id, QuietPeriodForm())


@blueprint.post("/companies/<int:company_id>/quiet-periods")
@requires("organiser")
def add_quiet_period(company_id: int) -> Answer:
    """Add a quiet period."""
    viewer, form = current_viewer(), QuietPeriodForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                company = get_company(viewer, company_id)
                service.add_quiet_period(company, form.stretch, form.note.data or "", by=viewer)
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("The quiet period was added."), "success")
            return redirect(url_for("needs.quiet_periods", company_id=company_id))
    return _page(company_id, form), 422


@blueprint.post("/companies/<int:company_id>/quiet-periods/<int:period_id>/remove")
@requires("organiser")
def remove_quiet_period(company_id: int, period_id: int) -> Response:
    """Take a quiet period away."""
    viewer = current_viewer()
    with unit_of_work():
        company = get_company(viewer, company_id)
        service.remove_quiet_period(company, queries.get_quiet_period(company, period_id), by=viewer)
    flash(_("The quiet period was removed."), "success")
    return redirect(url_for("needs.quiet_periods", company_id=company_id))


@company_part(order=30)
def on_company_page(viewer: Viewer, company: Company) -> Markup:
    """The company's coming quiet periods, on its own page."""
    shown = queries.list_quiet_periods(company, ending_from=today())
    part = render_template(
        "needs/_on_company_page.html",
        company=company,
        periods=shown,
        may_change=service.may_change(company, viewer) and company.archived_at is None,
    )
    return Markup(part)  # noqa: S704 - a template of our own, autoescaped


def _page(company_id: int, form: QuietPeriodForm) -> str:
    viewer = current_viewer()
    company = get_company(viewer, company_id)
    periods = queries.list_quiet_periods(company, ending_from=today() - KEPT_IN_SIGHT)
    may_change = service.may_change(company, viewer)
    return render_template(
        "needs/quiet_periods.html", company=company, periods=periods, form=form, may_change=may_change
    )
