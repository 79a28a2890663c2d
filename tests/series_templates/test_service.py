from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from planner.base.db import db, unit_of_work
from planner.base.errors import NotAllowedError, RefusedError
from planner.base.viewer import system
from planner.series_templates import queries, service
from planner.series_templates.errors import VersionIsFixedError
from planner.series_templates.models import SeriesTemplate
from planner.series_templates.rules import from_document, to_document
from tests import factories as make
from tests.together import all_at_once


@pytest.fixture
def organiser(app: Flask) -> Iterator[Any]:
    with force_locale("en"):
        yield make.organiser()


def _of(account: Any) -> Any:
    return make.db.session.get_one(make.Organisation, account.roles[0].organisation_id)


def test_create_template_starts_a_draft(organiser: Any) -> None:
    document = make.template_document(title="Åtgärder")
    made = service.create_template(_of(organiser), document, by=make.viewer_of(organiser))
    assert (made.title, made.draft) == ("Åtgärder", to_document(document))
    assert queries.find_latest_version(made.id) is None


def test_only_own_organisers_write(organiser: Any) -> None:
    other = make.viewer_of(make.organiser())
    template = make.template(_of(organiser))
    with pytest.raises(NotAllowedError):
        service.create_template(_of(organiser), make.template_document(), by=other)
    for write in (service.publish, service.archive_template, service.restore_template):
        with pytest.raises(NotAllowedError):
            write(template, by=other)
    with pytest.raises(NotAllowedError):
        service.save_draft(template, make.template_document(), by=other)


def test_an_equal_draft_is_not_a_change(organiser: Any) -> None:
    document = make.template_document()
    template = make.template(_of(organiser), document)
    before = (template.revision, template.updated_at)
    service.save_draft(template, document, by=system())
    db.session.flush()
    assert (template.revision, template.updated_at) == before


def test_publish_keeps_what_the_gallery_reads(organiser: Any) -> None:
    document = make.template_document(step_count=3, summary="Om Ärenden")
    template = make.template(_of(organiser), document)
    by = make.viewer_of(organiser)
    version = service.publish(template, note="First", by=by)
    assert (version.number, version.note, version.published_by) == (1, "First", by.user_id)
    assert (version.step_count, version.minutes, version.title) == (3, 360, document.title)
    assert [topic.competence_id for topic in version.topics] == ["1.1", "3.4"]
    assert "om ärenden" in version.words
    assert from_document(version.document) == document


def test_publish_counts_versions_and_refuses_the_same_twice(organiser: Any) -> None:
    template = make.template(_of(organiser))
    assert service.publish(template, by=system()).number == 1
    with pytest.raises(RefusedError, match="version 1"):
        service.publish(template, by=system())
    service.save_draft(template, make.template_document(title="Another"), by=system())
    assert service.publish(template, by=system()).number == 2
    assert [version.number for version in queries.list_versions(template.id)] == [2, 1]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " "}, "Give the template a title."),
        ({"steps": ()}, "Add at least one step."),
        ({"steps": (make.step_document(1, minutes=0),)}, "Let step 1 last from 15 to 480 minutes."),
    ],
)
def test_publish_refuses_what_is_not_ready(organiser: Any, changes: dict[str, Any], sentence: str) -> None:
    template = make.template(_of(organiser), make.template_document(**changes))
    with pytest.raises(RefusedError) as refused:
        service.publish(template, by=system())
    assert refused.value.message == sentence


def test_publish_refuses_a_draft_that_was_not_looked_at(organiser: Any) -> None:
    template = make.template(_of(organiser))
    looked_at = template.revision
    service.save_draft(template, make.template_document(), by=system())
    with pytest.raises(RefusedError, match="meanwhile"):
        service.publish(template, revision=looked_at, by=system())
    assert service.publish(template, revision=template.revision, by=system()).number == 1


def test_archived_templates_are_not_published(organiser: Any) -> None:
    template = make.template(_of(organiser))
    service.archive_template(template, by=system())
    with pytest.raises(RefusedError, match="archived"):
        service.publish(template, by=system())
    service.restore_template(template, by=system())
    assert service.publish(template, by=system()).number == 1


def test_a_published_version_is_never_changed(app: Flask) -> None:
    version = make.published_template()
    version.title = "Another title"
    with pytest.raises(VersionIsFixedError):
        db.session.flush()
    db.session.rollback()


def test_save_edit_takes_over_what_does_not_collide(organiser: Any) -> None:
    base = make.template_document()
    template = make.template(_of(organiser), base)
    opened = template.revision
    service.save_draft(template, replace(base, summary="Theirs"), by=system())
    mine = replace(base, steps=(replace(base.steps[0], minutes=90), *base.steps[1:]))
    merge = service.save_edit(template, mine, base=base, revision=opened, by=system())
    assert merge.conflicts == ()
    assert from_document(template.draft) == replace(mine, summary="Theirs")


def test_save_edit_saves_nothing_when_it_collides(organiser: Any) -> None:
    base = make.template_document()
    template = make.template(_of(organiser), base)
    opened = template.revision
    theirs = replace(base, summary="Theirs")
    service.save_draft(template, theirs, by=system())
    merge = service.save_edit(
        template, replace(base, summary="Mine"), base=base, revision=opened, by=system()
    )
    assert [field.path for field in merge.conflicts] == ["summary"]
    assert from_document(template.draft) == theirs


@pytest.mark.committed
def test_two_who_publish_at_once_get_one_version_or_one_number_each(committed_app: Flask) -> None:
    organisation = make.organisation()
    same, changed = make.template(organisation), make.template(organisation)
    assert _publish_at_once(same.id, change=False) == ["1", "refused"]
    assert _publish_at_once(changed.id, change=True) == ["1", "2"]


def _publish_at_once(template_id: int, *, change: bool) -> list[str]:
    def publish(title: str) -> str:
        try:
            with unit_of_work():
                template = db.session.get_one(SeriesTemplate, template_id, with_for_update=True)
                if change:
                    service.save_draft(template, make.template_document(title=title), by=system())
                return str(service.publish(template, by=system()).number)
        except RefusedError:
            return "refused"

    return sorted(all_at_once([partial(publish, title) for title in ("One", "Two")]))
