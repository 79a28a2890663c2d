"""Reading a feed past HTTP."""

from __future__ import annotations

from planner.base.clock import today
from planner.calendars.queries import read_feed, stamp_of
from planner.calendars.rules import Narrowing, ScopeKind, SubjectKey, Variant


def feed_bytes(
    scope: ScopeKind | str, key: str, variant: Variant, narrowing: Narrowing | None = None
) -> bytes:
    """What the subject's feed holds today, as the database has it now."""
    subject = SubjectKey(scope, key)
    return read_feed(subject, variant, narrowing or Narrowing(), today(), stamp_of(subject)).body
