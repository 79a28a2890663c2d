"""A template with two versions, and a series made from the first that has gone its own way."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from typing import Any

from planner.accounts.models import User
from planner.base.clock import now
from planner.base.db import db
from planner.base.viewer import Role, Viewer, system
from planner.directory.models import Organisation
from planner.exchange.queries.offers import find_newest_version
from planner.exchange.queries.series import review_of
from planner.exchange.rules.reviews import Review
from planner.series import service as series_service
from planner.series.models import Series, TrainingSession
from planner.series.queries import get_series
from planner.series_templates import service as templates
from planner.series_templates.models import TemplateVersion
from planner.series_templates.rules import TemplateDocument
from tests import factories as make


@dataclass(slots=True)
class Scene:
    """The series with steps s1 to s4, its organiser, and the versions."""

    organisation: Organisation
    account: User
    viewer: Viewer
    first: TemplateVersion
    series_id: int

    @property
    def series(self) -> Series:
        """The series as a page reads it, to edit."""
        return get_series(self.viewer, self.series_id, to_edit=True)

    @property
    def newest(self) -> TemplateVersion:
        """The version that it is offered."""
        version = find_newest_version(self.series)
        assert version is not None
        return version

    @property
    def review(self) -> Review:
        """What it is asked about the newest version."""
        return review_of(self.series, self.newest)

    def session(self, key: str, days: int, **values: Any) -> TrainingSession:
        """A session of the step with this key, so many days from now."""
        step = next(step for step in self.series.steps if step.key == key)
        return make.training(
            self.series, now() + timedelta(days=days), step_id=step.id, **{"minutes": step.minutes, **values}
        )


BASE = make.template_document(
    step_count=4, title="Digital in steps", summary="What\n\nWhy\n\nHow", audience="Those who make things"
)


def scene(*codes: str, document: TemplateDocument = BASE) -> Scene:
    """A published series made from version 1, and nothing newer."""
    organisation = make.organisation(*codes)
    account = make.user((Role.organiser, organisation))
    viewer = make.viewer_of(account)
    first = make.published_template(make.organisation(), document)
    (place,) = make.municipalities(organisation.home_code or "")
    series = series_service.adopt(first, organisation, place, by=viewer)
    series_service.publish_series(series, by=viewer)
    db.session.commit()
    return Scene(organisation, account, viewer, first, series.id)


def publish(here: Scene, document: TemplateDocument, note: str = "News") -> TemplateVersion:
    """The document as the template's next version."""
    from planner.series_templates.models import SeriesTemplate  # noqa: PLC0415 - only here

    template = db.session.get_one(SeriesTemplate, here.first.template_id)
    templates.save_draft(template, document, by=system())
    version = templates.publish(template, note=note, by=system())
    db.session.commit()
    return version


def with_step(document: TemplateDocument, key: str, **changes: Any) -> TemplateDocument:
    """The document with this step changed."""
    steps = tuple(replace(step, **changes) if step.key == key else step for step in document.steps)
    return replace(document, steps=steps)


def ordered(document: TemplateDocument, *keys: str) -> TemplateDocument:
    """The document with these steps in this order."""
    return replace(document, steps=tuple(document.step(key) for key in keys))


def fields_of(page: str) -> dict[str, Any]:
    """What the review's form would send if it were sent as it is."""
    form = re.split(r'class="form[^"]* review"', page)[1].split("editor-bar")[0]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<(?:input|textarea|select)[^>]*>(?:[^<]*</textarea>)?", form):
        name = re.search(r'name="([^"]+)"', tag)
        kind = re.search(r'type="(\w+)"', tag)
        if name is None or (kind and kind[1] in {"checkbox", "radio"} and " checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        text = re.search(r">([^<]*)</textarea>", tag)
        found[unescape(name[1])] = unescape(text[1] if text else value[1] if value else "")
    return found
