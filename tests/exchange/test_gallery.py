"""The gallery's sums, and taking a template into use in several municipalities at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from planner.attendance.rules import LEAST, Place, Verdict, Via
from planner.attendance.rules.marks import MarkInput
from planner.attendance.service import mark
from planner.base.clock import now
from planner.base.days import Week, local_day
from planner.base.db import db
from planner.base.viewer import system
from planner.exchange.queries.spread import list_uses
from planner.exchange.rules.dates import lay_out
from planner.exchange.rules.spread import Reach, told, told_together
from planner.series import service as series_service
from planner.series.models import Series, TrainingSession
from tests import factories as make

SignIn = Callable[[Any], FlaskClient]


def adopted(version: Any, code: str = make.LINDESBERG, *, published: bool = True) -> Series:
    [place] = make.municipalities(code)
    made = series_service.adopt(version, make.organisation(code), place, by=system())
    made.published_at = now() if published else None
    db.session.commit()
    return made


_entry = iter(range(1, 10_000))


def attend(series: Series, steps: int, people: int) -> None:
    """So many new people at each of the first `steps` steps."""
    who = [make.person() for _n in range(people)]
    for step in series.steps[:steps]:
        training = make.training(series, step_id=step.id)
        for person in who:
            wanted = MarkInput(
                Verdict.present, 60, Place.on_site, f"00000000-0000-4000-8000-{next(_entry):012d}"
            )
            mark(training, person, wanted, by=system(), via=Via.roster)
    db.session.commit()


def test_uses_count_municipalities_and_people(app: Flask) -> None:
    version = make.published_template()
    here, there = adopted(version), adopted(version, make.NORA)
    adopted(version, make.HALLEFORS, published=False)
    attend(here, 2, 5)
    attend(there, 1, 3)
    use = list_uses([version.template_id])[version.template_id]
    assert (use.municipalities, use.reach) == (2, Reach(8, 5))


def test_small_sums_are_not_told(app: Flask) -> None:
    version = make.published_template()
    attend(adopted(version), 1, LEAST - 1)
    assert list_uses([version.template_id])[version.template_id].reach == Reach(None, None)


def test_uses_of_many_templates_take_two_statements(app: Flask) -> None:
    ids = [adopted(make.published_template()).template_version.template_id for _n in range(3)]
    counts = []
    for some in (ids[:1], ids):
        seen: list[str] = []
        event.listen(
            db.engine, "before_cursor_execute", note := lambda *args, seen=seen: seen.append(args[2])
        )
        list_uses(some)
        event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len([one for one in seen if one.startswith("SELECT")]))
    assert counts == [2, 2]


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        (Reach(0, 0), Reach(0, 0)),
        (Reach(4, 4), Reach(None, None)),
        (Reach(5, 4), Reach(5, None)),
        (Reach(9, 0), Reach(9, 0)),
        (Reach(9, 9), Reach(9, 9)),
    ],
)
def test_a_sum_by_itself(reach: Reach, expected: Reach) -> None:
    assert told(reach) == expected


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda two: Reach(max(two), min(two)))))
def test_sums_together_leave_no_small_rest(rows: list[Reach]) -> None:
    shown = told_together(rows)
    for name in ("reached", "finished"):
        whole = sum(getattr(row, name) for row in rows)
        left = whole - sum(getattr(row, name) or 0 for row in shown)
        hidden = [row for row, as_told in zip(rows, shown, strict=True) if getattr(as_told, name) is None]
        if len(rows) > 1 and any(getattr(row, name) >= LEAST for row in rows):
            assert left == 0 or left >= LEAST or not hidden
        assert not any(0 < (getattr(row, name) or 0) < LEAST for row in shown)


# --- dates ----------------------------------------------------------------------------------------


def _days(week: Week, *gaps: int, minutes: int = 120, weekday: int = 4) -> list[str]:
    steps = [make.step_document(n, gap_days=gap, minutes=minutes) for n, gap in enumerate(gaps, start=1)]
    found = lay_out(week, weekday, time(13), steps)
    return [str(local_day(one.starts_at)) if one else "-" for one in found]


def test_dates_keep_the_weekday_and_the_gap() -> None:
    assert _days(Week(2026, 42), 0, 7, 10, 14) == ["2026-10-15", "2026-10-22", "2026-11-05", "2026-11-19"]


def test_dates_skip_holidays() -> None:
    # Thursday in week 53 is New Year's Eve, an eve of which nothing is said; Friday is New Year's Day.
    assert _days(Week(2026, 53), 0, 7, weekday=5) == ["2027-01-08", "2027-01-15"]


def test_no_gap_means_the_same_day_until_the_evening() -> None:
    steps = [make.step_document(n, gap_days=0, minutes=240) for n in (1, 2, 3)]
    found = lay_out(Week(2026, 42), 2, time(13), steps)
    assert [str(local_day(one.starts_at)) for one in found] == ["2026-10-13", "2026-10-13", "2026-10-20"]
    assert found[0].ends_at == found[1].starts_at


# --- use in several municipalities ----------------------------------------------------------------


def test_one_press_makes_a_series_in_each_municipality_with_dates(app: Flask, sign_in: SignIn) -> None:
    organisation = make.organisation(make.LINDESBERG, make.NORA)
    client = sign_in(make.user(("organiser", organisation)))
    version = make.published_template()
    data = {
        "action": "make", "municipalities": [make.LINDESBERG, make.NORA], "organisation": organisation.id,
        "week": "v. 45", "weekday": "2", "starts": "13",
    }  # fmt: skip
    address = f"/templates/{version.template_id}/versions/1/use"
    shown = client.post(address, data={**data, "action": "show"})
    assert shown.status_code == 200
    assert "Tue 3 Nov" in shown.text
    assert db.session.scalars(select(Series)).all() == []
    assert client.post(address, data=data).status_code == 302
    made = db.session.scalars(select(Series).order_by(Series.municipality_code)).all()
    assert [(one.municipality_code, one.template_version_id, one.published_at) for one in made] == [
        (make.NORA, version.id, None),
        (make.LINDESBERG, version.id, None),
    ]
    days = [local_day(one.starts_at).isoformat() for one in db.session.scalars(select(TrainingSession))]
    assert sorted(days) == ["2026-11-03", "2026-11-03", "2026-11-10", "2026-11-10"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"municipalities": []}, "Choose at least one municipality."),
        ({"week": "v. 30 2026"}, "That week has passed"),
        ({"week": "v. 45", "starts": ""}, "Say when on the day they start"),
        ({"week": "soon"}, "could not be read as a day"),
        ({"municipalities": [make.STOCKHOLM]}, "not"),
        ({"organisation": "999999"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_used_is_said(
    app: Flask, sign_in: SignIn, changes: dict[str, Any], sentence: str
) -> None:
    organisation = make.organisation(make.LINDESBERG, make.NORA)
    client = sign_in(make.user(("organiser", organisation)))
    version = make.published_template()
    data = {
        "action": "make", "municipalities": [make.NORA], "organisation": organisation.id,
        "week": "", "weekday": "2", "starts": "13", **changes,
    }  # fmt: skip
    answer = client.post(f"/templates/{version.template_id}/versions/1/use", data=data)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert db.session.scalars(select(Series)).all() == []


def test_what_is_not_shown_cannot_be_used(app: Flask, sign_in: SignIn) -> None:
    version = make.published_template()
    version.template.visibility = "own"
    db.session.commit()
    client = sign_in(make.organiser(make.STOCKHOLM))
    assert client.get(f"/templates/{version.template_id}/versions/1/use").status_code == 404
    assert client.get(f"/series/new?version={version.id}").status_code == 404


def test_the_gallery_says_how_a_template_has_spread(app: Flask, client: FlaskClient) -> None:
    version = make.published_template()
    attend(adopted(version), 2, 6)
    page = client.get("/templates?steps=few").text
    assert "in 1 municipality" in page
    assert "6 people have taken part" in page
    assert "6 have finished" in page
    assert "No template fits" in client.get("/templates?steps=many").text
