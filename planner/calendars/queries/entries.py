"""Sessions as entries, and a feed as bytes."""

from __future__ import annotations

import logging
from dataclasses import replace

from planner.base.clock import today
from planner.base.errors import NotFoundError
from planner.calendars import rules
from planner.calendars.ical import calendar_bytes, event_bytes
from planner.calendars.queries.subjects import Subject, find_subject
from planner.calendars.rules import CalendarHead, Entry, Position, ScopeKind, Variant
from planner.series.models import Series, TrainingSession
from planner.series.queries import list_trainings
from planner.series_templates.rules import Mode
from planner.web.links import site_link

log = logging.getLogger("planner.calendars")


def feed_bytes(scope: ScopeKind, key: str, variant: Variant) -> bytes:
    """The whole feed of a subject on this Stockholm day; equal data gives equal bytes all day.

    Raises NotFoundError when there is no such subject. Who may have it is asked before.
    """
    subject = find_subject(scope, key)
    if subject is None:
        raise NotFoundError
    head = CalendarHead(name=subject.title(variant.language), language=variant.language)
    body = calendar_bytes(head, [event_bytes(entry, variant) for entry in list_entries(subject)])
    if len(body) > rules.SIZE_WARNING_BYTES:
        data = {"scope": scope.value, "bytes": len(body)}
        log.warning("a feed nears the size at which Google stops reading", extra={"data": data})
    return body


def list_entries(subject: Subject) -> list[Entry]:
    """What the subject's feed tells today, in its order (three statements). Drafts are never in it."""
    on = today()
    found = list_trainings(replace(subject.sessions, after=rules.window_starts_at(on)))
    about = (training for training in found if _is_about(training.series, subject.topic))
    return rules.feed_entries(map(entry_of, about), on)


def entry_of(training: TrainingSession) -> Entry:
    """The session as calendars tell it; loaded as `list_trainings` does."""
    series, step, room = training.series, training.step, training.room
    venue = room.venue if room else None
    position = None
    if venue and venue.latitude is not None and venue.longitude is not None:
        position = Position(venue.latitude, venue.longitude)
    return Entry(
        uid=rules.uid_for(training.uid),
        sequence=training.sequence,
        revised_at=training.revised_at,
        starts_at=training.starts_at,
        ends_at=training.ends_at,
        zone=training.zone,
        # In a calendar of many things the step's title alone would not say whose session it is.
        summary=f"{step.title} · {series.title}",
        mode=Mode(training.mode),
        series_title=series.title,
        step=f"{step.position}. {step.title}",
        goals=step.goals,
        preparation=step.preparation,
        note=training.note,
        facilitators=tuple(user.name for user in training.facilitators),
        place=rules.place_words(room.name, venue.name, venue.address) if room and venue else "",
        position=position,
        join_url=training.join_url or None,
        page_url=site_link("home.session_page", key=series.key, uid=training.uid),
        cancelled=training.cancelled_at is not None,
        cancel_reason=training.cancel_reason,
        categories=(series.municipality.name,),
    )


def _is_about(series: Series, topic: str) -> bool:
    """Whether the series trains the competence, or any of the area; always when nothing is asked for."""
    return not topic or any(item == topic or item.startswith(f"{topic}.") for item in series.competences)
