"""Pages of certificates: who has met the rule, one certificate, and where anybody sees that one holds."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.certificates import queries, service
from planner.certificates.forms import CodeForm, RuleForm, WithdrawForm
from planner.certificates.models import Certificate
from planner.certificates.rules import Content, code_in, shown_code
from planner.certificates.work import KIND
from planner.directory.queries import find_person_by_token
from planner.jobs.service import start_job
from planner.series.models import Series
from planner.web.access import current_viewer, public, requires
from planner.web.addresses import row_number
from planner.web.answers import Answer, form_page
from planner.web.formats import page_language
from planner.web.pdf import pdf_response
from planner.web.security import limiter
from planner.web.settings import current_settings

blueprint = Blueprint("certificates", __name__)


def _is_unknown(response: Response) -> bool:
    return response.status_code in (404, 422)


# Only codes that lead nowhere count: a stack of certificates may be looked up, guessing may not.
guarded = limiter.shared_limit("20 per minute; 100 per hour", scope="verify", deduct_when=_is_unknown)


@blueprint.get("/series/<int:series_id>/certificates")
@requires("organiser")
def series_certificates(series_id: int) -> str:
    """Who has met the rule, who has a certificate, and the rule."""
    series = queries.get_planned_series(current_viewer(), series_id)
    return _series_page(series, RuleForm.of(queries.find_rule(series)))


@blueprint.post("/series/<int:series_id>/certificates/rule")
@requires("organiser")
def set_rule(series_id: int) -> Answer:
    """Say what a certificate asks for."""
    series, form = queries.get_planned_series(current_viewer(), series_id), RuleForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                series = queries.get_planned_series(current_viewer(), series_id, to_edit=True)
                service.set_rule(series, form.rule())
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("certificates.series_certificates", series_id=series_id))
    return _series_page(series, form), 422


@blueprint.post("/series/<int:series_id>/certificates")
@requires("organiser")
def issue(series_id: int) -> Response:
    """Issue certificates for those chosen, of those who have met the rule."""
    chosen = set(request.form.getlist("person", type=row_number))
    try:
        with unit_of_work():
            series = queries.get_planned_series(current_viewer(), series_id, to_edit=True)
            made = service.issue(series, chosen, by=current_viewer())
    except RefusedError as error:
        flash(error.message, "warning")
    else:
        count = len(made)
        words = ngettext("%(num)s certificate is issued.", "%(num)s certificates are issued.", count)
        flash(words if count else _("Nobody was chosen who can get one."), "success" if count else "warning")
    return redirect(url_for("certificates.series_certificates", series_id=series_id))


@blueprint.post("/series/<int:series_id>/certificates/zip")
@requires("organiser")
def all_as_zip(series_id: int) -> Response:
    """Ask for all certificates that hold, in one file."""
    language = _language()
    with unit_of_work():
        series = queries.get_planned_series(current_viewer(), series_id)
        ids = queries.list_holding_ids(series)
        if not ids:
            raise NotFoundError(_("There is no certificate yet."))
        title = _("Certificates of %(series)s", series=series.title)
        job = start_job(
            KIND, title, f"certificates-{series.id}.zip", {"ids": ids}, language=language, by=current_viewer()
        )
    return redirect(url_for("jobs.job", key=job.key))


@blueprint.route("/series/<int:series_id>/certificates/<int:certificate_id>", methods=["GET", "POST"])
@requires("organiser")
def certificate(series_id: int, certificate_id: int) -> Answer:
    """One certificate, and a form to withdraw it."""
    series = queries.get_planned_series(current_viewer(), series_id)
    shown, form = queries.get_certificate(series, certificate_id), WithdrawForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                series = queries.get_planned_series(current_viewer(), series_id, to_edit=True)
                shown = queries.get_certificate(series, certificate_id)
                service.withdraw(shown, form.reason.data, by=current_viewer())
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("The certificate is withdrawn."), "success")
            return redirect(request.path)
    return form_page(
        "certificates/certificate.html", form=form, series=series, certificate=shown, **_facts(shown)
    )


@blueprint.get("/series/<int:series_id>/certificates/<int:certificate_id>.pdf")
@requires("organiser")
def certificate_pdf(series_id: int, certificate_id: int) -> Response:
    """The certificate itself (`?language=`)."""
    series = queries.get_planned_series(current_viewer(), series_id)
    return _pdf(queries.get_certificate(series, certificate_id))


@blueprint.get("/p/<token>/certificates/<code>.pdf")
@requires("link")
def own_certificate(token: str, code: str) -> Response:
    """The person's own certificate (`?language=`)."""
    person = find_person_by_token(current_settings().secret, token)
    if person is None:
        raise NotFoundError(_("This link has stopped working. Ask whoever sent it for a new one."))
    return _pdf(queries.get_own_certificate(person, code_in(code) or ""))


@blueprint.route("/verify", methods=["GET", "POST"])
@public
def verify_code() -> Answer:
    """Type the code on a certificate."""
    form = CodeForm()
    if form.validate_on_submit():
        letters = code_in(form.code.data)
        if letters is not None:
            return redirect(url_for("certificates.verify", code=shown_code(letters)))
        form.code.errors = [_("A code has twelve letters and digits. Look at the certificate once more.")]
    return form_page("certificates/verify_code.html", form=form)


@blueprint.get("/verify/<code>")
@requires("link")
@guarded
def verify(code: str) -> Answer:
    """What the certificate with this code says, and whether it holds."""
    letters = code_in(code)
    found = queries.find_certificate(letters) if letters else None
    if found is None:
        return render_template("certificates/unknown.html", form=CodeForm()), 404
    return render_template("certificates/verify.html", certificate=found, **_facts(found))


def _series_page(series: Series, form: RuleForm) -> str:
    rule = queries.find_rule(series)
    return render_template(
        "certificates/series.html",
        series=series,
        rule=rule,
        form=form,
        candidates=queries.list_candidates(series, rule) if rule else [],
        withdrawn=[
            (one, Content.from_json(one.content), _reason(one)) for one in queries.list_withdrawn(series)
        ],
        holding=len(queries.list_holding_ids(series)),
    )


def _facts(shown: Certificate) -> dict[str, object]:
    content = Content.from_json(shown.content)
    return {"content": content, "code": shown_code(shown.code), "reason": _reason(shown)}


def _reason(shown: Certificate) -> str:
    """Why it was withdrawn, in words."""
    if shown.withdraw_reason == service.REPLACED:
        return _("A new certificate stands instead of it.")
    if shown.withdraw_reason == service.ERASED:
        return _("The holder has asked to be erased.")
    return shown.withdraw_reason


def _pdf(shown: Certificate) -> Response:
    return pdf_response(f"certificate-{shown_code(shown.code)}.pdf", service.draw(shown, _language()))


def _language() -> str:
    asked = request.values.get("language", "")
    return asked if asked in ("sv", "en") else page_language()
