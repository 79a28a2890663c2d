"""Reads of calendars: what a feed is of, what it tells, and who holds it."""

from planner.calendars.queries.entries import entry_of, feed_bytes, list_entries
from planner.calendars.queries.feeds import (
    FeedRow,
    feed_token,
    find_feed,
    get_feed,
    get_subject,
    list_feeds,
    name_feeds,
    shown_token,
)
from planner.calendars.queries.subjects import Subject, find_subject, find_subjects, may_subscribe

__all__ = [
    "FeedRow",
    "Subject",
    "entry_of",
    "feed_bytes",
    "feed_token",
    "find_feed",
    "find_subject",
    "find_subjects",
    "get_feed",
    "get_subject",
    "list_entries",
    "list_feeds",
    "may_subscribe",
    "name_feeds",
    "shown_token",
]
