from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from planner.base.db import db, unit_of_work
from planner.base.errors import RefusedError
from planner.scheduling import service
from planner.scheduling.rules import ClashKind, Override
from planner.scheduling.service import ClashesFoundError, Placement
from planner.series.models import TrainingSession
from planner.series.queries import get_series, get_training, list_changes
from planner.series.service import cancel_session
from planner.series.service.sessions import details_of
from tests import factories as make
from tests.scheduling.common import Scene, details, scene, utc
from tests.together import all_at_once


def place(here: Scene, hour: int = 11, reason: str = "", **values: object) -> TrainingSession:
    made = details(utc(10, 13, hour), utc(10, 13, hour + 2), room_id=here.room.id, **values)
    with unit_of_work():
        series = get_series(here.viewer, here.series.id, to_edit=True)
        return service.place(series, series.steps[0], None, made, by=here.viewer, override=Override(reason))


def test_place_without_clash_keeps_no_reason(app: Flask) -> None:
    assert place(scene(), reason="just in case").clash_reason == ""


def test_place_over_a_clash_is_refused_and_tells_what(app: Flask) -> None:
    here = scene(title="Ours")
    place(here)
    with pytest.raises(ClashesFoundError) as refused:
        place(here, hour=12)
    kinds = [
        (clash.kind, clash.subject, clash.other and clash.other.series_title)
        for clash in refused.value.clashes
    ]
    assert kinds == [
        (ClashKind.ROOM, "Hyttan", "Ours"),
        (ClashKind.COMPANY, "Verkstaden AB", "Ours"),
    ]


def test_place_over_a_clash_with_a_reason_keeps_it(app: Flask) -> None:
    here = scene()
    place(here)
    assert place(here, hour=12, reason="Two halves of one room").clash_reason == "Two halves of one room"


def test_a_reason_does_not_cover_a_clash_that_was_not_seen(app: Flask) -> None:
    here = scene()
    place(here)
    series, made = here.series, details(utc(10, 13, 12), utc(10, 13, 14), room_id=here.room.id)
    proposed = [service.proposal(series, series.steps[0], None, made)]
    found = service.check(proposed, by=here.viewer)
    room_only = Override("ok", frozenset({found[0].mark_id}))
    with pytest.raises(ClashesFoundError):
        service.settle(proposed, room_only, by=here.viewer)
    both = Override("ok", frozenset(clash.mark_id for clash in found))
    assert service.settle(proposed, both, by=here.viewer) == {"new": "ok"}


def test_a_holiday_is_a_clash_with_its_name(app: Flask) -> None:
    here = scene()
    made = details(utc(12, 24, 11), utc(12, 24, 13))
    found = service.check([service.proposal(here.series, here.series.steps[0], None, made)], by=here.viewer)
    assert [(clash.kind, clash.mark and clash.mark.name_sv) for clash in found] == [
        (ClashKind.HOLIDAY, "Julafton")
    ]


def test_place_all_is_all_or_none(app: Flask) -> None:
    here = scene()
    place(here)
    first, second, _ = here.series.steps
    plan = [
        Placement(first, details(utc(10, 6, 11), utc(10, 6, 13), room_id=here.room.id)),
        Placement(second, details(utc(10, 13, 11), utc(10, 13, 13), room_id=here.room.id)),
    ]
    with pytest.raises(ClashesFoundError), unit_of_work():
        service.place_all(here.series, None, plan, by=here.viewer)
    assert db.session.query(TrainingSession).count() == 1
    with unit_of_work():
        series = get_series(here.viewer, here.series.id)
        plan = [Placement(series.steps[n], one.details) for n, one in enumerate(plan)]
        made = service.place_all(series, None, plan, by=here.viewer, override=Override("agreed"))
    assert [(one.step.position, one.clash_reason) for one in made] == [(1, ""), (2, "agreed")]


def test_place_all_of_nothing_is_refused(app: Flask) -> None:
    here = scene()
    with pytest.raises(RefusedError):
        service.place_all(here.series, None, [], by=here.viewer)


def test_two_sessions_of_one_plan_clash_with_each_other(app: Flask) -> None:
    here = scene()
    same = details(utc(10, 6, 11), utc(10, 6, 13), room_id=here.room.id)
    plan = [Placement(step, same) for step in here.series.steps[:2]]
    found = service.check(service.proposals_of(here.series, None, plan), by=here.viewer)
    assert [(clash.key, clash.kind) for clash in found] == [
        (plan[1].key, ClashKind.ROOM),
        (plan[1].key, ClashKind.COMPANY),
    ]


def reload(here: Scene, training_id: int) -> TrainingSession:
    return get_training(here.viewer, training_id, to_edit=True)


def test_move_cancel_and_restore_raise_the_sequence_and_are_told(app: Flask) -> None:
    here = scene()
    training_id = place(here).id
    with unit_of_work():
        training = reload(here, training_id)
        later = details_of(training).shifted(training.starts_at + timedelta(hours=1))
        service.change(training, training.step, None, later, by=here.viewer)
    with unit_of_work():
        cancel_session(reload(here, training_id), "Ill", by=here.viewer)
    with unit_of_work():
        service.restore(reload(here, training_id), by=here.viewer)
    training = reload(here, training_id)
    assert (training.sequence, training.cancelled_at) == (3, None)
    assert training.moved_from_at == utc(10, 13, 11)
    assert [c.what for c in list_changes(training)] == ["restored", "cancelled", "moved", "placed"]


def test_a_session_does_not_clash_with_itself_before_the_change(app: Flask) -> None:
    here = scene()
    training_id = place(here).id
    with unit_of_work():
        training = reload(here, training_id)
        half_later = details_of(training).shifted(training.starts_at + timedelta(minutes=30))
        service.change(training, training.step, None, half_later, by=here.viewer)
    assert reload(here, training_id).clash_reason == ""


def test_restore_checks_what_has_taken_the_time(app: Flask) -> None:
    here = scene()
    training_id = place(here).id
    with unit_of_work():
        cancel_session(reload(here, training_id), "Ill", by=here.viewer)
    place(here)
    with pytest.raises(ClashesFoundError), unit_of_work():
        service.restore(reload(here, training_id), by=here.viewer)
    with unit_of_work():
        service.restore(reload(here, training_id), by=here.viewer, override=Override("Both fit"))
    assert reload(here, training_id).clash_reason == "Both fit"


def test_a_copy_is_a_session_of_its_own(app: Flask) -> None:
    here = scene()
    training_id = place(here).id
    with unit_of_work():
        training = reload(here, training_id)
        cohort = get_series(here.viewer, here.series.id).cohorts[0]
        next_week = details_of(training).shifted(training.starts_at + timedelta(days=7))
        made = service.copy(training, cohort, next_week, by=here.viewer)
    training = reload(here, training_id)
    assert made.uid != training.uid
    assert (made.step_id, made.cohort_id, made.sequence) == (training.step_id, here.cohort.id, 0)
    assert (training.sequence, training.cohort_id) == (0, None)


@pytest.mark.committed
def test_two_planners_at_once_cannot_both_slip_by(committed_app: Flask) -> None:
    here = scene()
    series_ids = [here.series.id, make.series(here.organisation).id]
    room_id = here.room.id

    def plan(series_id: int) -> str:
        try:
            with unit_of_work():
                series = get_series(here.viewer, series_id, to_edit=True)
                made = details(utc(10, 13, 11), utc(10, 13, 13), room_id=room_id)
                service.place(series, series.steps[0], None, made, by=here.viewer)
        except ClashesFoundError as refused:
            return refused.clashes[0].kind.value
        return "placed"

    results = all_at_once([partial(plan, series_id) for series_id in series_ids])
    assert sorted(results) == ["placed", "room"]
