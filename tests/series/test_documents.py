from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from planner.base.db import db
from planner.base.viewer import system
from planner.series import service
from planner.series.models import Series, Step
from planner.series.queries import document_of, get_series
from planner.series_templates.rules import StepDocument, TemplateDocument
from tests import factories as make

BASE = make.template_document(step_count=3)


@pytest.fixture
def series(app: Flask) -> Series:
    organisation = make.organisation()
    (place,) = make.municipalities(make.LINDESBERG)
    return service.adopt(make.published_template(organisation, BASE), organisation, place, by=system())


def write(series: Series, document: TemplateDocument, *with_sessions: str) -> TemplateDocument:
    """Write it, and read what the series then says."""
    service.write_document(series, document, with_sessions=with_sessions, by=system())
    db.session.commit()
    db.session.expunge_all()
    account = make.user(("owner", db.session.merge(make.organisation())))
    again = get_series(make.viewer_of(account), series.id)
    return document_of(again)


def step(document: TemplateDocument, key: str, **changes: object) -> StepDocument:
    return replace(document.step(key), **changes)  # type: ignore[arg-type] # a shorthand


def test_a_series_made_from_a_version_says_what_it_says(series: Series) -> None:
    assert document_of(series) == BASE
    assert series.locked == []


@pytest.mark.parametrize(
    "document",
    [
        replace(BASE, title="Another", summary="", audience="All", competences=("2.1",)),
        replace(BASE, steps=BASE.steps[::-1]),
        replace(BASE, steps=(step(BASE, "s2", minutes=15, materials="One\nTwo", follow_up="Ask"),)),
        replace(BASE, steps=(make.step_document(9), *BASE.steps[1:], make.step_document(8))),
        replace(BASE, steps=()),
    ],
)
def test_what_is_written_is_what_it_says(series: Series, document: TemplateDocument) -> None:
    series.published_at = series.created_at
    assert write(series, document) == document


def test_a_step_with_sessions_goes_out_of_sight_and_comes_back(series: Series) -> None:
    step_id = series.steps[1].id
    without = replace(BASE, steps=(BASE.steps[0], BASE.steps[2]))
    service.write_document(series, without, with_sessions={"s2"}, by=system())
    assert (document_of(series), db.session.get_one(Step, step_id).removed_at is None) == (without, False)
    assert [one.position for one in series.steps] == [1, 2]
    service.write_document(series, BASE, with_sessions={"s2"}, by=system())
    assert (document_of(series), series.steps[1].id) == (BASE, step_id)


def test_a_step_without_sessions_is_gone(series: Series) -> None:
    step_id = series.steps[1].id
    service.write_document(series, replace(BASE, steps=BASE.steps[:1]), with_sessions=(), by=system())
    assert db.session.get(Step, step_id) is None


def test_calendars_see_new_words_and_numbers_and_nothing_else(series: Series) -> None:
    trainings = [make.training(series, step_id=one.id) for one in series.steps]
    news = replace(BASE, steps=(step(BASE, "s1", goals="New goals"), *BASE.steps[1:]))
    service.write_document(series, news, with_sessions=("s1", "s2", "s3"), by=system())
    assert [training.sequence for training in trainings] == [1, 0, 0]
    service.write_document(
        series, replace(news, steps=news.steps[::-1]), with_sessions=("s1", "s2", "s3"), by=system()
    )
    assert [training.sequence for training in trainings] == [2, 0, 1]


def test_a_path_is_locked_once_and_let_go(series: Series) -> None:
    for path in ("title", "steps", "title"):
        service.set_locked(series, path, is_locked=True)
    assert series.locked == ["steps", "title"]
    service.set_locked(series, "title", is_locked=False)
    service.set_locked(series, "title", is_locked=False)
    assert series.locked == ["steps"]
