"""What a calendar is to be told, and what an answer may change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from planner.calendars.rules.itip import Answer, Method, PartStat

# A changed session is often changed again at once: the mail about it waits this long, and one mail tells of both.
MERGE_WAIT: Final = timedelta(minutes=2)


class Step(StrEnum):
    """What to do about one person's invitation."""

    nothing = "nothing"
    invite = "invite"  # REQUEST
    cancel = "cancel"  # CANCEL
    close = "close"  # they declined themselves, so their calendar knows


class Outcome(StrEnum):
    """What became of a letter. The first three changed something, or confirmed it."""

    accepted = "accepted"
    tentative = "tentative"
    declined = "declined"
    twice = "twice"
    late = "late"
    outdated = "outdated"
    stranger = "stranger"
    unknown = "unknown"
    broken = "broken"
    other_method = "other_method"
    no_answer = "no_answer"
    refused = "refused"


TAKEN_IN: Final = frozenset({Outcome.accepted, Outcome.tentative, Outcome.declined})
_TAKEN: Final = {
    PartStat.ACCEPTED: Outcome.accepted,
    PartStat.TENTATIVE: Outcome.tentative,
    PartStat.DECLINED: Outcome.declined,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How an invitation stands: what was last told, and what was answered."""

    method: Method
    sequence: int
    told: str
    answer: PartStat
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """What an answer's fate depends on of its session."""

    ends_at: datetime
    is_cancelled: bool


def told_digest(starts_at: datetime, ends_at: datetime, mode: str, room_id: int | None, join_url: str) -> str:
    """A digest of all that makes a new mail worth sending: time, place, mode and link. Names may change without."""
    words = "\x1f".join(
        [starts_at.isoformat(), ends_at.isoformat(), mode, "" if room_id is None else str(room_id), join_url]
    )
    return hashlib.sha256(words.encode()).hexdigest()


def next_step(standing: Standing | None, told: str, *, is_coming: bool) -> Step:
    """What to tell. `is_coming`: the session is on, and the person has a seat there."""
    is_invited = standing is not None and standing.method is Method.REQUEST
    if is_coming:
        return Step.nothing if is_invited and standing and standing.told == told else Step.invite
    if not is_invited or standing is None:
        return Step.nothing
    return Step.close if standing.answer is PartStat.DECLINED else Step.cancel


def next_sequence(standing: Standing | None, of_session: int) -> int:
    """At least the session's own, so that feed and invitation agree, and higher than any told before."""
    return of_session if standing is None else max(of_session, standing.sequence + 1)


def next_stamp(before: datetime | None, at: datetime) -> datetime:
    """When the invitation is revised: calendars read whole seconds, so the next is a second later at least."""
    return at if before is None else max(at, before.replace(microsecond=0) + timedelta(seconds=1))


def outcome_of(answer: Answer, sender: str, standing: Standing, meeting: Meeting, at: datetime) -> Outcome:
    """What an answer may do. `standing` is the invitation of the address that the answer names."""
    since = standing.answered_at
    was_seat_taken = standing.method is Method.CANCEL and standing.answer is not PartStat.DECLINED
    hindrances = [
        (Outcome.stranger, sender != answer.attendee),
        (Outcome.late, meeting.is_cancelled or meeting.ends_at <= at),
        (Outcome.broken, answer.status not in _TAKEN or answer.sequence > standing.sequence),
        (Outcome.outdated, answer.sequence < standing.sequence),
        (Outcome.outdated, since is not None and answer.stamped_at < since),
        (Outcome.twice, answer.stamped_at == since and answer.status is standing.answer),
        (Outcome.late, was_seat_taken),
    ]
    return next((why for why, holds in hindrances if holds), None) or _TAKEN[answer.status]
