"""Reads of series templates. What is published is public; drafts are read through the viewer."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.types import like_pattern, swedish_sort_key
from planner.base.viewer import EDITORS, EVERYONE, Viewer
from planner.directory.models import Municipality, Organisation
from planner.series_templates.models import SeriesTemplate, TemplateTopic, TemplateVersion
from planner.series_templates.rules import Visibility, from_document
from planner.web.paging import Page, page_of

GALLERY_SIZE = 24


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """A template of one's own organisation, with its latest version (None: never published)."""

    template: SeriesTemplate
    latest: TemplateVersion | None

    @property
    def has_news(self) -> bool:
        """Whether the draft says anything that the latest version does not."""
        return self.latest is not None and (
            from_document(self.latest.document) != from_document(self.template.draft)
        )


def fold(text: str) -> str:
    """Text as it is searched: the same letters in one case and one form, on any database."""
    return unicodedata.normalize("NFC", text).casefold()


def may_read(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on SeriesTemplate that its published versions are shown to this viewer.

    Its organisation's own people always; the county's are those with a role in a municipality of a county where the
    organisation is at work.
    """
    counties = select(Municipality.county_code).where(Municipality.code.in_(viewer.municipalities(EVERYONE)))
    in_county = SeriesTemplate.organisation.has(_at_work_in(counties))
    return or_(
        SeriesTemplate.visibility == Visibility.EVERYONE.value,
        SeriesTemplate.organisation_id.in_(viewer.organisations()),
        and_(SeriesTemplate.visibility == Visibility.COUNTY.value, in_county),
    )


def is_read_by(viewer: Viewer, template_id: int) -> bool:
    """Whether the template's published versions are shown to this viewer."""
    query = select(SeriesTemplate.id).where(SeriesTemplate.id == template_id, may_read(viewer))
    return db.session.scalar(query) is not None


def gallery(
    viewer: Viewer,
    *,
    county: str = "",
    topic: str = "",
    minutes_from: int | None = None,
    minutes_to: int | None = None,
    steps_from: int | None = None,
    steps_to: int | None = None,
    words: str = "",
    page: int = 1,
) -> Page:
    """Latest versions of all templates shown to the viewer, newest first; template, organisation, topics loaded.

    `county` is a county code, `topic` a DigComp area ("3") or competence ("3.4"), the total length lies in
    [minutes_from, minutes_to), the number of steps in [steps_from, steps_to), and every word of `words` occurs in
    the text or the organisation's name.
    """
    query = (
        _latest_versions()
        .join(SeriesTemplate.organisation)
        .options(
            contains_eager(TemplateVersion.template).contains_eager(SeriesTemplate.organisation),
            selectinload(TemplateVersion.topics),
        )
        .where(SeriesTemplate.archived_at.is_(None), may_read(viewer))
        .order_by(TemplateVersion.published_at.desc(), TemplateVersion.id.desc())
    )
    if county:
        query = query.where(_at_work_in([county]))
    if topic:
        query = query.where(TemplateVersion.topics.any(_on_topic(topic)))
    for column, least, end in (
        (TemplateVersion.minutes, minutes_from, minutes_to),
        (TemplateVersion.step_count, steps_from, steps_to),
    ):
        if least is not None:
            query = query.where(column >= least)
        if end is not None:
            query = query.where(column < end)
    for word in words.split()[:10]:
        query = query.where(_has_word(word))
    return page_of(query, page, GALLERY_SIZE)


def _latest_versions() -> Select[TemplateVersion]:
    other = aliased(TemplateVersion)
    newest = select(func.max(other.number)).where(other.template_id == TemplateVersion.template_id)
    return (
        select(TemplateVersion)
        .join(TemplateVersion.template)
        .where(TemplateVersion.number == newest.correlate(TemplateVersion).scalar_subquery())
    )


def _at_work_in(counties: Select[str] | list[str]) -> ColumnElement[bool]:
    """Organisations that serve a municipality of these counties, or sit in one."""
    homes = select(Municipality.code).where(Municipality.county_code.in_(counties))
    return or_(
        Organisation.municipalities.any(Municipality.county_code.in_(counties)),
        Organisation.home_code.in_(homes),
    )


def _on_topic(topic: str) -> ColumnElement[bool]:
    if "." in topic:
        return TemplateTopic.competence_id == topic
    return TemplateTopic.competence_id.startswith(f"{topic}.", autoescape=True)


def _has_word(word: str) -> ColumnElement[bool]:
    return or_(
        TemplateVersion.words.like(like_pattern(fold(word)), escape="\\"),
        Organisation.sort_key.like(like_pattern(swedish_sort_key(word)), escape="\\"),
    )


def list_counties() -> list[tuple[str, str]]:
    """Code and name of every county, in Swedish order."""
    query = select(Municipality.county_code, Municipality.county_name).distinct()
    rows = [(code, name) for code, name in db.session.execute(query)]
    return sorted(rows, key=lambda row: swedish_sort_key(row[1]))


def get_version(viewer: Viewer, version_id: int) -> TemplateVersion:
    """The version, with template, organisation and topics loaded. Raises NotFoundError when it is not shown."""
    return _one_version(TemplateVersion.id == version_id, viewer)


def get_version_number(viewer: Viewer, template_id: int, number: int) -> TemplateVersion:
    """Version `number` of a template, as by get_version."""
    return _one_version(
        and_(TemplateVersion.template_id == template_id, TemplateVersion.number == number), viewer
    )


def get_latest_version(viewer: Viewer, template_id: int) -> TemplateVersion:
    """The newest version of a template, as by get_version."""
    other = aliased(TemplateVersion)
    newest = select(func.max(other.number)).where(other.template_id == template_id).scalar_subquery()
    return _one_version(
        and_(TemplateVersion.template_id == template_id, TemplateVersion.number == newest), viewer
    )


def _one_version(condition: ColumnElement[bool], viewer: Viewer) -> TemplateVersion:
    query = (
        select(TemplateVersion)
        .join(TemplateVersion.template)
        .options(
            contains_eager(TemplateVersion.template).joinedload(SeriesTemplate.organisation),
            selectinload(TemplateVersion.topics),
        )
        .where(condition, may_read(viewer))
    )
    version = db.session.scalar(query)
    if version is None:
        raise NotFoundError
    return version


def find_origin(viewer: Viewer, template: SeriesTemplate) -> TemplateVersion | None:
    """The version that the template was copied from, its template loaded; None without one, or when it is not shown."""
    if template.forked_from_version_id is None:
        return None
    query = (
        select(TemplateVersion)
        .join(TemplateVersion.template)
        .options(contains_eager(TemplateVersion.template))
        .where(TemplateVersion.id == template.forked_from_version_id, may_read(viewer))
    )
    return db.session.scalar(query)


def find_origin_news(viewer: Viewer, template: SeriesTemplate) -> int | None:
    """The number of a newer version of what the template was copied from; None when there is none for the viewer."""
    origin = find_origin(viewer, template)
    newest = find_latest_version(origin.template_id) if origin else None
    return newest.number if origin and newest and newest.number > origin.number else None


def find_latest_version(template_id: int) -> TemplateVersion | None:
    """The newest version of a template, nothing else loaded; None when it was never published."""
    query = _latest_versions().where(TemplateVersion.template_id == template_id)
    return db.session.scalar(query)


def list_versions(template_id: int) -> list[TemplateVersion]:
    """All versions of a template, newest first."""
    query = select(TemplateVersion).where(TemplateVersion.template_id == template_id)
    return list(db.session.scalars(query.order_by(TemplateVersion.number.desc())))


def get_template(viewer: Viewer, template_id: int, *, lock: bool = False) -> SeriesTemplate:
    """A template that the viewer may edit, its organisation loaded; locked for this transaction if asked.

    Raises NotFoundError for another organisation's.
    """
    query = (
        select(SeriesTemplate)
        .options(joinedload(SeriesTemplate.organisation, innerjoin=True))
        .where(
            SeriesTemplate.id == template_id,
            SeriesTemplate.organisation_id.in_(viewer.organisations(EDITORS)),
        )
    )
    if lock:
        query = query.with_for_update(of=SeriesTemplate, key_share=True).execution_options(
            populate_existing=True
        )
    template = db.session.scalar(query)
    if template is None:
        raise NotFoundError
    return template


def list_own_templates(viewer: Viewer) -> list[SeriesTemplate]:
    """All templates in use of the viewer's organisations, by title; nothing else loaded."""
    query = select(SeriesTemplate).where(
        SeriesTemplate.organisation_id.in_(viewer.organisations(EDITORS)),
        SeriesTemplate.archived_at.is_(None),
    )
    return sorted(db.session.scalars(query), key=lambda one: (swedish_sort_key(one.title), one.id))


def list_own(viewer: Viewer, *, archived: bool = False, page: int = 1) -> Page:
    """OwnTemplates of the viewer's organisations, last changed first, organisations loaded."""
    query = (
        select(SeriesTemplate)
        .options(joinedload(SeriesTemplate.organisation, innerjoin=True))
        .where(
            SeriesTemplate.organisation_id.in_(viewer.organisations(EDITORS)),
            SeriesTemplate.archived_at.is_not(None) if archived else SeriesTemplate.archived_at.is_(None),
        )
        .order_by(SeriesTemplate.updated_at.desc(), SeriesTemplate.id.desc())
    )
    found = page_of(query, page)
    ids = [template.id for template in found.items]
    versions = db.session.scalars(_latest_versions().where(TemplateVersion.template_id.in_(ids)))
    latest = {version.template_id: version for version in versions}
    own = [OwnTemplate(template, latest.get(template.id)) for template in found.items]
    return Page(own, found.number, found.size, found.total)
