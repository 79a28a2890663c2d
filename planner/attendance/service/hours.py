"""What a person says of their own hours: written beside the ledger, which only facilitators write in."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from planner.attendance.models import PresenceAnswer
from planner.attendance.queries.hours import OwnHours
from planner.attendance.rules import HoursState
from planner.attendance.service.seats import lock_session
from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.directory.service.checks import check_no_personal_number


def answer_hours(own: OwnHours, entry_id: str, *, agrees: bool, words: str = "") -> PresenceAnswer | None:
    """Write down that the person agrees, or what they say is wrong; None when that is what stands already. Flushes.

    The session is locked by the caller (`lock_hours`). Raises RefusedError when another entry than the one they saw
    stands by now, and when nothing is said about what is wrong.
    """
    if own.presence.entry_id != entry_id:
        raise RefusedError(_("This was changed while you looked at it. Look at it once more."))
    if not agrees and not words:
        raise RefusedError(_("Say what is wrong, so that it can be put right."), field="words")
    check_no_personal_number(words=words)
    before = own.answer
    if before is not None and (before.agrees, before.words) == (agrees, words):
        return None
    answer = PresenceAnswer(
        training_id=own.presence.training_id, person_id=own.presence.person_id, entry_id=entry_id, agrees=agrees,
        words=words, received_at=now(),
    )  # fmt: skip
    db.session.add(answer)
    db.session.flush()
    return answer


def lock_hours(own: OwnHours) -> None:
    """Keep others from marking at the session until the unit of work ends; read the hours again after it."""
    lock_session(own.presence.training)


def confirm_all(hours: Iterable[OwnHours], entry_ids: Iterable[str]) -> int:
    """Agree with everything that has not been answered and still stands as it was seen; how many."""
    seen = set(entry_ids)
    asked = [own for own in hours if own.state is HoursState.asked and own.presence.entry_id in seen]
    for own in asked:
        answer_hours(own, own.presence.entry_id, agrees=True)
    return len(asked)
