"""Writes of series templates."""

from __future__ import annotations

from flask_babel import gettext as _

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import NotAllowedError, RefusedError
from planner.base.viewer import Viewer
from planner.directory.models import Organisation
from planner.series_templates.merge import Merge, merge3
from planner.series_templates.models import SeriesTemplate, TemplateTopic, TemplateVersion
from planner.series_templates.queries import find_latest_version, fold
from planner.series_templates.rules import (
    LONGEST_NOTE,
    TemplateDocument,
    Visibility,
    from_document,
    problems,
    to_document,
)
from planner.series_templates.signals import thanks_wanted, version_published


def create_template(organisation: Organisation, document: TemplateDocument, *, by: Viewer) -> SeriesTemplate:
    """A new template with this draft, not published; flushes."""
    _must_edit(by, organisation.id)
    template = SeriesTemplate(
        organisation_id=organisation.id,
        organisation=organisation,
        title=document.title,
        draft=to_document(document),
    )
    db.session.add(template)
    db.session.flush()
    return template


def fork(version: TemplateVersion, organisation: Organisation, *, by: Viewer) -> SeriesTemplate:
    """An own template that begins as this version and remembers it as its origin, not published; flushes."""
    made = create_template(organisation, from_document(version.document), by=by)
    made.forked_from = version
    db.session.flush()
    return made


def follow_origin(
    template: SeriesTemplate, document: TemplateDocument, version: TemplateVersion, *, by: Viewer
) -> None:
    """Make `document` the draft, with what was taken of the origin's `version`, which is then the base. Flushes."""
    save_draft(template, document, by=by)
    template.forked_from, template.forked_from_version_id = version, version.id
    db.session.flush()


def save_draft(template: SeriesTemplate, document: TemplateDocument, *, by: Viewer) -> None:
    """Make `document` the draft; an equal one leaves the template untouched. Flushes."""
    _must_edit(by, template.organisation_id)
    if document == from_document(template.draft):
        return
    template.draft, template.title, template.updated_at = to_document(document), document.title, now()
    db.session.flush()


def save_edit(
    template: SeriesTemplate, document: TemplateDocument, *, base: TemplateDocument, revision: int, by: Viewer
) -> Merge:
    """Save an edit that began from `base` at `revision` over what others have saved since.

    Nothing is saved while the merge has conflicts. Its `theirs` is the draft as it was before this call. Load
    the template locked.
    """
    saved = from_document(template.draft)
    merge = merge3(saved if revision == template.revision else base, document, saved)
    if not merge.conflicts:
        save_draft(template, merge.document, by=by)
    return merge


def publish(
    template: SeriesTemplate, *, note: str = "", revision: int | None = None, by: Viewer
) -> TemplateVersion:
    """The draft as the next version; flushes.

    `revision` is the draft that was looked at; None publishes whatever is saved. Raises RefusedError for a
    draft that is not ready, is the same as the latest version, was changed meanwhile, or is archived.
    """
    _must_edit(by, template.organisation_id)
    # Locked and read again: two who publish at once must get one number each, from the draft as it then is.
    db.session.flush()
    db.session.refresh(template, ["draft", "revision", "archived_at"], with_for_update={"key_share": True})
    document = from_document(template.draft)
    latest = find_latest_version(template.id)
    _must_be_publishable(template, document, latest, revision)
    version = _version_of(document, (latest.number if latest else 0) + 1, with_thanks(template, note))
    version.template, version.published_by, version.published_at = template, by.user_id, now()
    db.session.add(version)
    db.session.flush()
    version_published.send(template_id=template.id, version_id=version.id)
    return version


def with_thanks(template: SeriesTemplate, note: str) -> str:
    """The note with thanks to those whose proposals are in the draft, unless it holds them already.

    Raises RefusedError when there is no room for them.
    """
    answers = thanks_wanted.send(template_id=template.id)
    names = [name for _receiver, found in answers for name in found if name not in note]
    thanks = _("With thanks to %(names)s.", names=", ".join(names)) if names else ""
    whole = "\n\n".join(part for part in (note, thanks) if part)
    if len(whole) > LONGEST_NOTE:
        raise RefusedError(
            _("Shorten the note, so that there is room in it for: %(thanks)s", thanks=thanks),
            field="note",
        )
    return whole


def make_draft(template: SeriesTemplate, version: TemplateVersion, *, revision: int, by: Viewer) -> None:
    """Make a version of the template its draft again; flushes. Load the template locked.

    `revision` is the draft that was looked at. Raises RefusedError when it was changed meanwhile.
    """
    replace_draft(template, from_document(version.document), revision=revision, by=by)


def replace_draft(template: SeriesTemplate, document: TemplateDocument, *, revision: int, by: Viewer) -> None:
    """Make `document` the draft instead of the one at `revision`, which was looked at; flushes. Load it locked.

    Raises RefusedError when the draft was changed meanwhile.
    """
    if revision != template.revision:
        raise RefusedError(
            _("Someone changed the draft meanwhile. Look through what would be lost, then choose."),
            field="revision",
        )
    save_draft(template, document, by=by)


def set_visibility(template: SeriesTemplate, visibility: Visibility, *, by: Viewer) -> None:
    """Choose who finds the published versions; series made from them stay as they are. Flushes."""
    _must_edit(by, template.organisation_id)
    template.visibility = visibility.value
    db.session.flush()


def archive_template(template: SeriesTemplate, *, by: Viewer) -> None:
    """Take the template out of the gallery; its versions and the series made from them stay. Flushes."""
    _must_edit(by, template.organisation_id)
    template.archived_at = template.archived_at or now()
    db.session.flush()


def restore_template(template: SeriesTemplate, *, by: Viewer) -> None:
    """Put an archived template back where it was; flushes."""
    _must_edit(by, template.organisation_id)
    template.archived_at = None
    db.session.flush()


def _must_edit(by: Viewer, organisation_id: int) -> None:
    # Nobody signed in: the command line or the demo, which no role limits.
    if by.is_signed_in and not by.may_edit_for(organisation_id):
        raise NotAllowedError(_("Only an organiser of the organisation may change its templates."))


def _must_be_publishable(
    template: SeriesTemplate, document: TemplateDocument, latest: TemplateVersion | None, revision: int | None
) -> None:
    if template.archived_at is not None:
        raise RefusedError(_("The template is archived. Restore it first, then publish."))
    if revision is not None and revision != template.revision:
        raise RefusedError(_("Someone changed the draft meanwhile. Look through it again, then publish."))
    if found := problems(document):
        raise RefusedError(" ".join(str(problem.sentence) for problem in found))
    if latest is not None and from_document(latest.document) == document:
        raise RefusedError(
            _("Nothing has changed since version %(number)s, so it still stands.", number=latest.number)
        )


def _version_of(document: TemplateDocument, number: int, note: str) -> TemplateVersion:
    return TemplateVersion(
        number=number,
        document=to_document(document),
        title=document.title,
        summary=document.summary,
        step_count=len(document.steps),
        minutes=sum(step.minutes for step in document.steps),
        words=fold(
            "\n".join(
                [document.title, document.summary, document.audience, *(s.title for s in document.steps)]
            )
        ),
        note=note,
        topics=[TemplateTopic(competence_id=competence) for competence in document.competences],
    )
