"""A copied template beside a newer version of its origin: what is new there, taken into the own draft."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from planner.base.clock import now
from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.exchange.forms import words
from planner.exchange.forms.review import ReviewForm, own_kind
from planner.exchange.routes.blueprint import blueprint
from planner.exchange.rules.reviews import Review
from planner.series_templates import service
from planner.series_templates.merge import merge3
from planner.series_templates.models import SeriesTemplate, TemplateVersion
from planner.series_templates.queries import find_origin, get_latest_version, get_template
from planner.series_templates.rules import Mode, from_document
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page


@dataclass(frozen=True, slots=True)
class _Asked:
    """The own template, the version that it was copied from or last followed, and the origin's newest."""

    template: SeriesTemplate
    origin: TemplateVersion
    newest: TemplateVersion
    found: Review


def _asked(template_id: int, *, lock: bool = False) -> _Asked:
    viewer = current_viewer()
    template = get_template(viewer, template_id, lock=lock)
    origin = find_origin(viewer, template)
    if origin is None:
        raise NotFoundError(_("This template was copied from none that is shown to you."))
    newest = get_latest_version(viewer, origin.template_id)
    merge = merge3(
        from_document(origin.document), from_document(template.draft), from_document(newest.document)
    )
    return _Asked(template, origin, newest, Review(merge, frozenset(), (), now()))


@blueprint.route("/templates/<int:template_id>/origin", methods=["GET", "POST"])
@requires("organiser")
def origin(template_id: int) -> Answer:
    """What is new in the origin, and taking it into the draft."""
    asked = _asked(template_id)
    form = ReviewForm(asked.found)
    if not form.is_submitted():
        form.opened.data = asked.found.digest
    elif form.validate():
        try:
            return _followed(template_id, form)
        except RefusedError as error:
            form.refuse(error)
            asked = _asked(template_id)
    return form_page(
        "exchange/origin.html",
        form=form,
        template=asked.template,
        origin=asked.origin,
        newest=asked.newest,
        found=asked.found,
        words=words,
        own_kind=own_kind,
        modes=[(mode.value, mode.label) for mode in Mode],
    )


def _followed(template_id: int, form: ReviewForm) -> Answer:
    with unit_of_work():
        asked = _asked(template_id, lock=True)
        opened, form.opened.data = form.opened.data, asked.found.digest
        if asked.found.digest != opened:
            raise RefusedError(_("The draft has changed since you opened the page. Look through it again."))
        document = asked.found.merge.resolved(form.decisions())
        service.follow_origin(asked.template, document, asked.newest, by=current_viewer())
    flash(_("What you took is in the draft. Publish it when it is ready."), "success")
    return redirect(url_for("series_templates.preview", template_id=template_id))
