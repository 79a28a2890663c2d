from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.viewer import ANONYMOUS, system
from planner.series_templates import queries, service
from tests import factories as make


def _titles(**filters: Any) -> list[str]:
    return sorted(version.title for version in queries.gallery(ANONYMOUS, **filters).items)


def test_gallery_has_the_latest_version_of_what_is_published_and_in_use(app: Flask) -> None:
    first = make.published_template(document=make.template_document(title="Old title"))
    service.save_draft(first.template, make.template_document(title="New title"), by=system())
    service.publish(first.template, by=system())
    archived = make.published_template(document=make.template_document(title="Archived"))
    service.archive_template(archived.template, by=system())
    make.template(make.organisation(), make.template_document(title="Draft"))
    db.session.commit()
    assert _titles() == ["New title"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"county": "18"}, ["Short", "Ångström och ärende"]),
        ({"county": "01"}, ["Long"]),
        ({"county": "25"}, []),
        ({"topic": "3"}, ["Long", "Ångström och ärende"]),
        ({"topic": "3.4"}, ["Ångström och ärende"]),
        ({"topic": "9"}, []),
        ({"minutes_to": 240}, ["Short"]),
        ({"minutes_from": 240, "minutes_to": 481}, ["Ångström och ärende"]),
        ({"minutes_from": 960}, ["Long"]),
        ({"words": "ÄRENDE ång"}, ["Ångström och ärende"]),
        ({"words": "arende"}, []),
        ({"words": "100%"}, []),
        ({"words": "ÖRNSKÖLD"}, ["Long"]),
        ({"words": "short", "county": "01"}, []),
        ({"steps_to": 4}, ["Short", "Ångström och ärende"]),
        ({"steps_from": 4, "steps_to": 9}, ["Long"]),
    ],
)
def test_gallery_filters(app: Flask, filters: dict[str, Any], expected: list[str]) -> None:
    steps = make.template_document
    near, far = make.organisation(make.LINDESBERG), make.organisation(make.STOCKHOLM, name="Örnsköldsvik")
    make.published_template(near, steps(title="Short", step_count=1, competences=("1.1",)))
    make.published_template(
        make.organisation(make.NORA),
        steps(title="Ångström och ärende", step_count=3, competences=("3.4", "5.1")),
    )
    make.published_template(far, steps(title="Long", step_count=8, competences=("3.1",)))
    assert _titles(**filters) == expected


def test_gallery_finds_an_organisation_by_its_home_county(app: Flask) -> None:
    make.published_template(
        make.organisation(make.NORA, home_code=make.STOCKHOLM), make.template_document(title="At home")
    )
    assert _titles(county="01") == ["At home"]


def test_gallery_pages(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "GALLERY_SIZE", 2)
    for _n in range(3):
        make.published_template()
    page = queries.gallery(ANONYMOUS, page=2)
    assert (len(page.items), page.number, page.pages, page.total) == (1, 2, 2, 3)


def test_drafts_are_found_only_by_their_organisers(app: Flask) -> None:
    organisation = make.organisation()
    template = make.template(organisation)
    own = make.viewer_of(make.user(("organiser", organisation)))
    assert queries.get_template(own, template.id) is template
    others = [
        ANONYMOUS,
        make.viewer_of(make.organiser()),
        make.viewer_of(make.user(("facilitator", organisation))),
    ]
    for viewer in others:
        assert queries.list_own(viewer).items == []
        with pytest.raises(NotFoundError):
            queries.get_template(viewer, template.id)


def test_list_own_knows_what_is_published_and_what_is_new(app: Flask) -> None:
    organisation = make.organisation()
    viewer = make.viewer_of(make.user(("owner", organisation)))
    make.template(organisation, make.template_document(title="Draft"))
    make.published_template(organisation, make.template_document(title="Same"))
    changed = make.published_template(organisation, make.template_document(title="Was"))
    service.save_draft(changed.template, make.template_document(title="Changed"), by=system())
    db.session.commit()
    found = {
        one.template.title: (one.latest and one.latest.number, one.has_news)
        for one in queries.list_own(viewer).items
    }
    assert found == {"Draft": (None, False), "Same": (1, False), "Changed": (1, True)}
    assert queries.list_own(viewer, archived=True).items == []


def test_counties_are_21_in_swedish_order(app: Flask) -> None:
    counties = queries.list_counties()
    assert len(counties) == 21
    assert counties[0][1].startswith("Blekinge")
    assert counties[-1][1].startswith("Östergötland")


def test_versions_are_found_by_id_and_by_number(app: Flask) -> None:
    version = make.published_template()
    assert queries.get_version(ANONYMOUS, version.id) is version
    assert queries.get_version_number(ANONYMOUS, version.template_id, 1) is version
    for number in (0, 2):
        with pytest.raises(NotFoundError):
            queries.get_version_number(ANONYMOUS, version.template_id, number)


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        ("everyone", {"nobody", "own reader", "same county", "other county"}),
        ("county", {"own reader", "same county"}),
        ("own", {"own reader"}),
    ],
)
def test_a_template_is_read_by_those_it_is_shown_to(app: Flask, visibility: str, readers: set[str]) -> None:
    organisation = make.organisation(make.LINDESBERG)
    version = make.published_template(organisation)
    version.template.visibility = visibility
    db.session.commit()
    viewers = {
        "nobody": ANONYMOUS,
        "own reader": make.viewer_of(make.user(("reader", organisation))),
        "same county": make.viewer_of(make.organiser(make.NORA)),
        "other county": make.viewer_of(make.organiser(make.STOCKHOLM)),
    }
    assert {who for who, by in viewers.items() if queries.gallery(by).items} == readers
    assert {who for who, by in viewers.items() if queries.is_read_by(by, version.template_id)} == readers
    for who, by in viewers.items():
        if who in readers:
            assert queries.get_version(by, version.id) is version
            continue
        for get in (queries.get_version, queries.get_latest_version):
            with pytest.raises(NotFoundError):
                get(by, version.id if get is queries.get_version else version.template_id)
