from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from planner.accounts import queries, service
from planner.accounts.rules import Purpose
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.errors import NotFoundError
from planner.base.viewer import Role
from tests import factories as make


def test_facilitators_of_a_municipality(app: Flask) -> None:
    both = make.organisation(make.LINDESBERG, make.NORA)
    far = make.organisation(make.STOCKHOLM)
    make.user((Role.facilitator, both), (Role.owner, both), name="Östen")
    make.user((Role.organiser, both), name="Åsa")
    make.user((Role.guide, both), (Role.reader, both), name="Guide")
    make.user((Role.facilitator, both), name="Gone", disabled_at=now())
    make.user((Role.facilitator, far), name="Far")
    assert [user.name for user in queries.list_facilitators([make.NORA])] == ["Åsa", "Östen"]
    assert [user.name for user in queries.list_facilitators([make.NORA, make.STOCKHOLM])] == [
        "Far",
        "Åsa",
        "Östen",
    ]
    assert queries.list_facilitators([]) == []


def test_only_an_owner_sees_the_organisation_as_theirs(app: Flask) -> None:
    mine, other = make.organisation(), make.organisation()
    viewer = make.viewer_of(make.user((Role.owner, mine), (Role.organiser, other)))
    assert queries.get_owned_organisation(viewer, mine.id) == mine
    with pytest.raises(NotFoundError):
        queries.get_owned_organisation(viewer, other.id)


def test_sign_ins_are_ones_own(app: Flask) -> None:
    account, other = make.user(), make.user()
    with unit_of_work():
        service.start_sign_in(account, client="mine")
        theirs = service.start_sign_in(other, client="theirs")
    viewer = make.viewer_of(account)
    assert [stay.client for stay in queries.list_sign_ins(viewer)] == ["mine"]
    foreign = queries.find_sign_in(theirs)
    assert foreign is not None
    with pytest.raises(NotFoundError):
        queries.get_own_sign_in(viewer, foreign.id)


def test_an_invitation_is_found_only_in_its_organisation(app: Flask) -> None:
    organisation, other = make.organisation(), make.organisation()
    with unit_of_work():
        link, _token = service.make_link(
            make.user(), Purpose.invite, organisation=organisation, role=Role.guide
        )
    assert queries.get_invitation(organisation, link.id).id == link.id
    with pytest.raises(NotFoundError):
        queries.get_invitation(other, link.id)


@pytest.mark.parametrize("members", [1, 3])
def test_members_take_one_statement(app: Flask, count_queries: Callable[[], Any], members: int) -> None:
    organisation = make.organisation()
    for _ in range(members):
        make.user((Role.guide, organisation), (Role.reader, organisation))
    organisation_id = organisation.id

    db.session.expire_all()
    organisation = db.session.get_one(type(organisation), organisation_id)
    with count_queries() as count:
        assert len(queries.list_members(organisation)) == members
    assert len(count) == 1
