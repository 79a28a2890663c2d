"""Writes of calendars: feeds by their holders, and the upkeep of what feeds tell."""

from planner.calendars.service.feeds import (
    MOST_FEEDS,
    create_feed,
    edit_feed,
    feed_for_person,
    is_fetch_due,
    note_fetch,
    renew_feed,
    revoke_feed,
)
from planner.calendars.service.upkeep import follow, is_rebuild_due, note_rebuilt, rebuild

__all__ = [
    "MOST_FEEDS",
    "create_feed",
    "edit_feed",
    "feed_for_person",
    "follow",
    "is_fetch_due",
    "is_rebuild_due",
    "note_fetch",
    "note_rebuilt",
    "rebuild",
    "renew_feed",
    "revoke_feed",
]
