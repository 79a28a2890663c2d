"""What a feed says, decided without a database, a request or a calendar format.

`entry` holds the feature's words, `text` its sentences, `titles` its names, `feed` which entries a feed holds and
its validator, `clients` what is known of calendar programmes.
"""

from planner.calendars.rules.clients import Addresses, Client, client_of
from planner.calendars.rules.entry import (
    PUBLIC_SCOPES,
    CalendarHead,
    Colour,
    Detail,
    Entry,
    Language,
    Position,
    ScopeKind,
    Variant,
    uid_for,
    written_times,
)
from planner.calendars.rules.feed import (
    CANCELLED_DAYS,
    DAYS_BACK,
    SIZE_WARNING_BYTES,
    etag,
    feed_entries,
    feed_order,
    in_window,
    is_known_etag,
    is_left_scope_told,
    left_scope,
    window_starts_at,
)
from planner.calendars.rules.text import (
    as_uri,
    categories,
    clean_block,
    clean_line,
    description,
    join_uri,
    location,
    shorten,
    summary,
)
from planner.calendars.rules.titles import as_language, feed_title, place_words

__all__ = [
    "CANCELLED_DAYS",
    "DAYS_BACK",
    "PUBLIC_SCOPES",
    "SIZE_WARNING_BYTES",
    "Addresses",
    "CalendarHead",
    "Client",
    "Colour",
    "Detail",
    "Entry",
    "Language",
    "Position",
    "ScopeKind",
    "Variant",
    "as_language",
    "as_uri",
    "categories",
    "clean_block",
    "clean_line",
    "client_of",
    "description",
    "etag",
    "feed_entries",
    "feed_order",
    "feed_title",
    "in_window",
    "is_known_etag",
    "is_left_scope_told",
    "join_uri",
    "left_scope",
    "location",
    "place_words",
    "shorten",
    "summary",
    "uid_for",
    "window_starts_at",
    "written_times",
]
