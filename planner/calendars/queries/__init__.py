"""Reads of calendars: what a feed is of, what it tells, and who holds it."""

from planner.calendars.queries.entries import entries_of, entry_of
from planner.calendars.queries.feeds import (
    FeedRow,
    OpenFeed,
    feed_token,
    find_feed,
    get_feed,
    get_subject,
    list_feeds,
    name_feeds,
    open_public,
    shown_token,
)
from planner.calendars.queries.membership import find_members
from planner.calendars.queries.subjects import Subject, find_subject, find_subjects, may_subscribe
from planner.calendars.queries.told import FeedBody, Stamp, read_feed, stamp_of
from planner.calendars.queries.touched import Touched, list_named_subjects, list_touched, list_training_ids

__all__ = [
    "FeedBody",
    "FeedRow",
    "OpenFeed",
    "Stamp",
    "Subject",
    "Touched",
    "entries_of",
    "entry_of",
    "feed_token",
    "find_feed",
    "find_members",
    "find_subject",
    "find_subjects",
    "get_feed",
    "get_subject",
    "list_feeds",
    "list_named_subjects",
    "list_touched",
    "list_training_ids",
    "may_subscribe",
    "name_feeds",
    "open_public",
    "read_feed",
    "shown_token",
    "stamp_of",
]
