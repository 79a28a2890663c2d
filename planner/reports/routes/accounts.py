"""Pages of what series and templates are accounted for as."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from planner.base.db import unit_of_work
from planner.reports import queries, service
from planner.reports.forms.accounts import SeriesAccountForm, TemplateAccountForm
from planner.reports.routes.blueprint import blueprint
from planner.reports.rules import AccountTexts, TrainingType
from planner.series.models import Series
from planner.series.queries import get_series
from planner.series_templates.queries import get_template
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page


@blueprint.route("/series/<int:series_id>/account", methods=["GET", "POST"])
@requires("organiser")
def series_account(series_id: int) -> Answer:
    """Project, training type, provider and price of a series."""
    series = get_series(current_viewer(), series_id, to_edit=True)
    form = _form(series, *queries.account_of(series), submitted=request.method == "POST")
    if form.validate_on_submit():
        with unit_of_work():
            series = get_series(current_viewer(), series_id, to_edit=True)
            texts, revision = queries.account_of(series)
            if saved := form.reconcile(_form(series, texts, revision, submitted=False), revision):
                service.account_for(series, form.texts())
        if saved:
            flash(_("Saved. The figures follow at once."), "success")
            return redirect(url_for("series.series", series_id=series_id))
    return form_page("reports/series_account.html", form=form, series=series)


@blueprint.route("/templates/<int:template_id>/account", methods=["GET", "POST"])
@requires("organiser")
def template_account(template_id: int) -> Answer:
    """The training type that series get from a template."""
    template = get_template(current_viewer(), template_id)
    form = _template_form(*queries.template_account(template_id), submitted=request.method == "POST")
    if form.validate_on_submit():
        with unit_of_work():
            template = get_template(current_viewer(), template_id, lock=True)
            kind, revision = queries.template_account(template_id)
            if saved := form.reconcile(_template_form(kind, revision, submitted=False), revision):
                service.account_for_template(template, form.training_type.data or "")
        if saved:
            flash(_("Saved. The figures follow at once."), "success")
            return redirect(url_for("series_templates.mine"))
    return form_page("reports/template_account.html", form=form, template=template)


def _form(series: Series, texts: AccountTexts, revision: int, *, submitted: bool) -> SeriesAccountForm:
    data = {
        "training_type": texts.training_type, "project": str(texts.project_id or ""), "provider": texts.provider,
        "is_external": "1" if texts.is_external else "", "price": texts.price, "revision": revision,
    }  # fmt: skip
    form = SeriesAccountForm(formdata=request.form if submitted else None, data=data)
    kind, _revision = queries.template_account(
        series.template_version.template_id if series.template_version else None
    )
    projects = queries.list_projects_for(series, texts.project_id)
    form.offer(projects, str(TrainingType(kind).label) if kind else "")
    return form


def _template_form(kind: str, revision: int, *, submitted: bool) -> TemplateAccountForm:
    data = {"training_type": kind, "revision": revision}
    form = TemplateAccountForm(formdata=request.form if submitted else None, data=data)
    form.offer()
    return form
