"""What every feed must do, row by row of the table of that name in docs/calendars.md, asked of real answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from planner.base.config import ROOT
from tests.calendars import feed_answers, feed_content
from tests.calendars.feed_site import Site
from tests.calendars.readers import unfolded
from tests.calendars.world import build_world
from tests.conftest import NOW

ROWS = feed_content.ROWS | feed_answers.ROWS
DOCUMENTATION = (ROOT / "docs/calendars.md").read_text(encoding="utf-8")


@pytest.fixture
def site(app: Flask, at: Callable[[datetime], Any]) -> Iterator[Site]:
    world = build_world(app, at)
    with at(NOW + timedelta(days=2)):
        yield Site(world, app.test_client())


def test_every_feed_does_what_the_table_says(site: Site) -> None:
    wrong = []
    for name, check in ROWS.items():
        try:
            check(site)
        except Exception as error:  # told together, each by the row it breaks
            error.add_note(f"in the row {name!r}")
            wrong.append(error)
    if wrong:
        raise ExceptionGroup("rows that do not hold", wrong)


def table(heading: str) -> list[str]:
    """The first column of the table under this heading of the documentation."""
    under = DOCUMENTATION.split(f"# {heading}\n", 1)[1].split("\n#", 1)[0]
    rows = [line.split("|")[1].strip() for line in under.splitlines() if line.startswith("|")]
    return rows[2:]


def test_the_documentation_has_a_row_for_each() -> None:
    assert [about.casefold() for about in table("What every feed must do")] == list(ROWS)


def test_the_documentation_explains_every_property_that_is_sent() -> None:
    files = (ROOT / "tests/golden/feeds").glob("*.ics")
    lines = {line for file in files for line in unfolded(file.read_bytes())}
    sent = {re.split("[;:]", line)[0] for line in lines} - {"BEGIN", "END", ""}
    told = table("Every property, and where it comes from")
    assert sorted(told) == sorted(sent)
