"""A feed as an answer over HTTP: its bytes, zipped when asked for, or 304 when the client has them already.

RFC 9110 sections 12.5.3, 13.1.2 and 15.4.5. Header names come in the order in which they are sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from planner.calendars.rules.entry import SubjectKey
from planner.calendars.rules.feed import is_known_etag
from planner.calendars.rules.shelf import KeptFeed

CONTENT_TYPE: Final = "text/calendar; charset=utf-8"
# On every answer at a feed's address: told to no other site and to no search engine, never read as a page.
GUARDING: Final = (
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex"),
    ("X-Content-Type-Options", "nosniff"),
)
_ALWAYS: Final = (("Vary", "Accept-Encoding"), ("Cache-Control", "private, no-cache"), *GUARDING)
_OPEN: Final = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "ETag"))

_GZIP = re.compile(r"(?:^|[\s,])(?:x-)?gzip\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?(?:,|$)", re.IGNORECASE)
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says beside its address: two of its headers, and whether a file to keep is wanted."""

    if_none_match: str = ""
    accept_encoding: str = ""
    download: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; Content-Length is left to whoever sends it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def answer_of(feed: KeptFeed, subject: SubjectKey, asked: Asked, *, is_open: bool) -> Answer:
    """The answer to this request; `is_open` for a public address, which pages of other sites may read too."""
    shared = (("ETag", feed.tag), *_ALWAYS, *(_OPEN if is_open else ()))
    if is_known_etag(asked.if_none_match, feed.tag):
        return Answer(304, shared, b"")
    headers = (("Content-Type", CONTENT_TYPE), ("Content-Disposition", _disposition(subject, asked)), *shared)
    if takes_gzip(asked.accept_encoding):
        return Answer(200, (*headers, ("Content-Encoding", "gzip")), feed.gzip())
    return Answer(200, headers, feed.body)


def takes_gzip(accept_encoding: str) -> bool:
    """Whether gzip is named there and not refused by `q=0`; `*` alone is no wish for it."""
    found = _GZIP.search(accept_encoding)
    return found is not None and (found[1] is None or found[1].strip("0.") != "")


def _disposition(subject: SubjectKey, asked: Asked) -> str:
    name = _NOT_IN_A_NAME.sub("-", "-".join(subject))[:80]
    return f'{"attachment" if asked.download else "inline"}; filename="{name}.ics"'
