"""Writes that never pass a clash in silence: each checks inside its unit of work, then calls the series' own.

Every function flushes; the caller's unit of work commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from planner.base.days import day_marks, local_day
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.scheduling import queries
from planner.scheduling.rules import NEW, NO_OVERRIDE, Booking, Clash, Override, Proposal, clashes
from planner.series import service as series_service
from planner.series.models import Cohort, Series, Step, TrainingSession
from planner.series.rules import SessionDetails
from planner.series.service.sessions import details_of


class ClashesFoundError(RefusedError):
    """Something is in the way, and no reason was given to save over it; `clashes` has all of it."""

    def __init__(self, message: str, found: Sequence[Clash]) -> None:
        super().__init__(message, field="clash_reason")
        self.clashes = tuple(found)


def proposal(
    series: Series, step: Step, cohort: Cohort | None, details: SessionDetails, key: str = NEW
) -> Proposal:
    """What would be written, as plain values for the check."""
    return Proposal(key, series.id, cohort.id if cohort else None, step.title, series.title, details)


def check(proposed: Sequence[Proposal], *, by: Viewer) -> list[Clash]:
    """All that is in the way of the proposed sessions, in time order; writes nothing."""
    return _clashes(queries.bookings_of(proposed), by)


def _clashes(proposed: Sequence[Booking], by: Viewer) -> list[Clash]:
    if not proposed:
        return []
    days = [
        local_day(at) for booking in proposed for at in (booking.interval.starts_at, booking.interval.ends_at)
    ]
    return clashes(proposed, queries.bookings_in_the_way(by, proposed), day_marks(min(days), max(days)))


def settle(proposed: Sequence[Proposal], override: Override, *, by: Viewer) -> dict[str, str]:
    """The reason to keep with each clashing session, by key; those without a clash are not in it.

    Others who plan for the same rooms, facilitators or companies wait from here to the end of the unit of work.
    Raises ClashesFoundError when there is a clash and no reason, or one that the planner has not seen.
    """
    bookings = queries.bookings_of(proposed)
    queries.take_turns(bookings)
    found = _clashes(bookings, by)
    if not found:
        return {}
    if not override.reason:
        raise ClashesFoundError(
            _("This clashes with something. Change it, or say here why it is saved all the same."), found
        )
    if override.seen is not None and any(clash.mark_id not in override.seen for clash in found):
        raise ClashesFoundError(
            _("Something new is in the way since you last looked. Look at the clashes, then save again."),
            found,
        )
    return {clash.key: override.reason for clash in found}


def place(
    series: Series,
    step: Step,
    cohort: Cohort | None,
    details: SessionDetails,
    *,
    by: Viewer,
    override: Override = NO_OVERRIDE,
) -> TrainingSession:
    """A new session, checked. Raises ClashesFoundError."""
    reasons = settle([proposal(series, step, cohort, details)], override, by=by)
    return series_service.place_session(
        series, step, cohort, details, by=by, clash_reason=reasons.get(NEW, "")
    )


@dataclass(frozen=True, slots=True)
class Placement:
    """One session of several to be written together."""

    step: Step
    details: SessionDetails

    @property
    def key(self) -> str:
        """Its name in the check; a plan has at most one session of each step."""
        return f"step-{self.step.id}"


def proposals_of(series: Series, cohort: Cohort | None, placements: Sequence[Placement]) -> list[Proposal]:
    """The placements as plain values for the check."""
    return [proposal(series, one.step, cohort, one.details, one.key) for one in placements]


def place_all(
    series: Series,
    cohort: Cohort | None,
    placements: Sequence[Placement],
    *,
    by: Viewer,
    override: Override = NO_OVERRIDE,
) -> list[TrainingSession]:
    """A whole series of sessions, all or none, checked together. Raises ClashesFoundError."""
    if not placements:
        raise RefusedError(_("Choose at least one date to place."))
    reasons = settle(proposals_of(series, cohort, placements), override, by=by)
    return [
        series_service.place_session(
            series, one.step, cohort, one.details, by=by, clash_reason=reasons.get(one.key, "")
        )
        for one in placements
    ]


def change(
    training: TrainingSession,
    step: Step,
    cohort: Cohort | None,
    details: SessionDetails,
    *,
    by: Viewer,
    override: Override = NO_OVERRIDE,
) -> None:
    """Edit or move a session, checked unless it is cancelled. Raises ClashesFoundError."""
    reasons: dict[str, str] = {}
    if training.cancelled_at is None:
        wanted = proposal(training.series, step, cohort, details, training.uid)
        reasons = settle([wanted], override, by=by)
    series_service.edit_session(
        training, details, by=by, step=step, cohort=cohort, clash_reason=reasons.get(training.uid, "")
    )


def copy(
    training: TrainingSession,
    cohort: Cohort | None,
    details: SessionDetails,
    *,
    by: Viewer,
    override: Override = NO_OVERRIDE,
) -> TrainingSession:
    """A session of the same step at another time or for another cohort, checked. Raises ClashesFoundError."""
    reasons = settle([proposal(training.series, training.step, cohort, details)], override, by=by)
    return series_service.copy_session(training, details, cohort, by=by, clash_reason=reasons.get(NEW, ""))


def restore(training: TrainingSession, *, by: Viewer, override: Override = NO_OVERRIDE) -> None:
    """Take a cancellation back, unless its time has been given away meanwhile. Raises ClashesFoundError."""
    wanted = proposal(training.series, training.step, training.cohort, details_of(training), training.uid)
    reasons = settle([wanted], override, by=by)
    series_service.restore_session(training, by=by, clash_reason=reasons.get(training.uid, ""))
