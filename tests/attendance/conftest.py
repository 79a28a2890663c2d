from __future__ import annotations

from collections.abc import Iterator

import pytest

from planner.attendance.queries import list_differences
from planner.base.db import db


@pytest.fixture(autouse=True)
def _ledger_holds(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test has done, what is counted is what was noted; but where it breaks that on purpose."""
    has_database = "app" in request.fixturenames
    if has_database:
        request.getfixturevalue("app")
    yield
    if has_database and request.node.get_closest_marker("broken_ledger") is None:
        db.session.rollback()
        assert list(list_differences()) == []
