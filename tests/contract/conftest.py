"""What the walks over all views share: a municipality with one of everything, and somebody with every role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User, UserRole
from planner.base.db import db
from planner.base.viewer import Role
from tests import factories as make
from tests import world
from tests.world import World


@pytest.fixture
def ours(app: Flask) -> World:
    """Lindesberg, with one of everything."""
    return world.build(make.LINDESBERG, "zqours", "Lindesberg")


@pytest.fixture
def client(ours: World, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    """The browser of our organiser, who holds every other role there too."""
    holder = ours.users[Role.organiser]
    others = set(Role) - {Role.organiser}
    db.session.add_all(
        UserRole(user_id=holder.id, organisation_id=ours.organisation.id, role=role) for role in others
    )
    return sign_in(holder)
