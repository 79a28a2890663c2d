"""An organisation's mail texts: the list, and each one edited beside a preview."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.calendars.rules import Language, as_language
from planner.directory.models import Organisation
from planner.directory.queries import get_organisation
from planner.invitations import queries, service
from planner.invitations.forms import WordingForm
from planner.invitations.models import MailWording
from planner.invitations.routes.blueprint import blueprint
from planner.invitations.rules import EXPLAINED, STANDARD, LetterKind, Wording, called
from planner.outbox.rules import Content, Paragraph, as_text
from planner.outbox.service import as_html
from planner.web.access import current_viewer, requires
from planner.web.answers import LETTER_HEADERS, Answer, as_letter, form_page

TWO = ("sv", "en")


@blueprint.get("/organisations/<int:organisation_id>/mail")
@requires("organiser")
def mail_texts(organisation_id: int) -> str:
    """Every mail to participants and companies: when it is sent, and whose words it has."""
    organisation = _organisation(organisation_id)
    return render_template(
        "invitations/mail_texts.html",
        organisation=organisation,
        standard=STANDARD,
        own=queries.list_own_wordings(organisation.id),
    )


@blueprint.route("/organisations/<int:organisation_id>/mail/<kind>/<language>", methods=["GET", "POST"])
@requires("organiser")
def mail_text(organisation_id: int, kind: str, language: str) -> Answer:
    """One mail in one language; of two who edit it at once the second sees both versions."""
    organisation, which, tongue = _asked(organisation_id, kind, language)
    form = _form(organisation, which, tongue)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                organisation, which, tongue = _asked(organisation_id, kind, language)
                saved = _act(form, organisation, which, tongue)
        except RefusedError as error:
            form.refuse(error)
        else:
            if saved:
                flash(_("Saved."), "success")
                return redirect(url_for("invitations.mail_texts", organisation_id=organisation_id))
    return form_page(
        "invitations/mail_text.html",
        form=form,
        organisation=organisation,
        kind=which,
        language=tongue,
        standard=STANDARD[which],
        variables=[(called(one, tongue), EXPLAINED[one].meaning) for one in STANDARD[which].variables],
        row=queries.find_wording(organisation.id, which, tongue),
    )


def _act(form: WordingForm, organisation: Organisation, kind: LetterKind, language: Language) -> bool:
    """Do what the pressed button says; whether it is done with, and not to be gone on with."""
    viewer = current_viewer()
    if request.form.get("then") == "test":
        service.send_test(organisation, kind, language, form.wording(), by=viewer)
        flash(_("A test is on its way to %(address)s. Nothing is saved yet.", address=viewer.email), "info")
        return False
    row = queries.find_wording(organisation.id, kind, language)
    if not form.reconcile(_form(organisation, kind, language, submitted=False), _stamp(row)):
        return False
    service.save_wording(organisation, kind, language, form.wording(), by=viewer)
    return True


@blueprint.post("/organisations/<int:organisation_id>/mail/<kind>/<language>/reset")
@requires("organiser")
def reset_mail_text(organisation_id: int, kind: str, language: str) -> Response:
    """Back to the standard words."""
    with unit_of_work():
        organisation, which, tongue = _asked(organisation_id, kind, language)
        service.reset_wording(organisation, which, tongue, by=current_viewer())
    flash(_("The mail has its standard text again."), "success")
    return redirect(
        url_for("invitations.mail_text", organisation_id=organisation_id, kind=kind, language=language)
    )


@blueprint.route(
    "/organisations/<int:organisation_id>/mail/<kind>/<language>/preview", methods=["GET", "POST"]
)
@requires("organiser")
def preview_mail_text(organisation_id: int, kind: str, language: str) -> Response:
    """The mail as it would arrive, with an example in it: of the words in force, or of those typed (POST)."""
    organisation, which, tongue = _asked(organisation_id, kind, language)
    try:
        content = service.try_wording(
            organisation, which, tongue, _form(organisation, which, tongue).wording()
        )
    except RefusedError as error:
        content = Content("", (Paragraph((error.message,)),))
    if request.values.get("as") != "text":
        return as_letter(as_html(content, tongue, with_subject=True))
    answer = make_response(f"{content.subject}\n\n{as_text(content)}")
    answer.headers.update({**LETTER_HEADERS, "Content-Type": "text/plain; charset=utf-8"})
    return answer


def _asked(organisation_id: int, kind: str, language: str) -> tuple[Organisation, LetterKind, Language]:
    if kind not in STANDARD or language not in TWO:
        raise NotFoundError
    return _organisation(organisation_id), LetterKind(kind), as_language(language)


def _organisation(organisation_id: int) -> Organisation:
    if not current_viewer().may_edit_for(organisation_id):
        raise NotFoundError
    return get_organisation(organisation_id)


def _form(
    organisation: Organisation, kind: LetterKind, language: Language, *, submitted: bool = True
) -> WordingForm:
    """The form as submitted, or (`submitted` False) as what is saved would fill it."""
    row = queries.find_wording(organisation.id, kind, language)
    words = Wording(row.subject, row.body) if row else service.standard_words(kind, language)
    given = {} if submitted else {"formdata": None}
    return WordingForm(data={"subject": words.subject, "body": words.body, "revision": _stamp(row)}, **given)


def _stamp(row: MailWording | None) -> int:
    """What changes with each saving. Not the row's revision: that begins anew after the standard text."""
    return int(row.saved_at.timestamp() * 1_000_000) if row else 0
