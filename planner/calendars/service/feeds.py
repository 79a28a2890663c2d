"""Writes of feeds. Every function flushes; the caller's unit of work commits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import or_, select, update

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import NotAllowedError, RefusedError
from planner.base.tokens import digest, random_token
from planner.base.viewer import Viewer
from planner.calendars.models import CalendarStamp, Feed
from planner.calendars.queries import Subject, feed_token, find_subject, list_feeds, may_subscribe
from planner.calendars.rules import Client, FeedWish, ScopeKind
from planner.directory.models import Person
from planner.directory.rules.personal_data import DataPart

MOST_FEEDS: Final = 50
FETCH_NOTED_EVERY: Final = timedelta(hours=1)


def create_feed(subject: Subject, wish: FeedWish, *, by: Viewer, secret: str) -> Feed:
    """A new feed of the user behind `by`. Refused for a subject that is not open to them."""
    if not by.is_signed_in or not may_subscribe(by, subject):
        raise NotAllowedError(_("This calendar is not open to you."))
    _check_room(list_feeds(by))
    return _save(Feed(by_user_id=by.user_id), subject, wish, secret)


def feed_for_person(person: Person, scope: ScopeKind, key: str, wish: FeedWish, *, secret: str) -> Feed:
    """A new feed of a person with a personal link: their own sessions, their company's, or a public one."""
    subject = find_subject(scope, key)
    own = (scope, key) in {
        (ScopeKind.PARTICIPANT, str(person.id)), (ScopeKind.COMPANY, str(person.company_id)),
    }  # fmt: skip
    if subject is None or not (own or scope.is_public):
        raise NotAllowedError(_("This calendar is not open to you."))
    _check_room(list_feeds(person))
    return _save(Feed(by_person_id=person.id), subject, wish, secret)


def edit_feed(feed: Feed, wish: FeedWish) -> None:
    """Change the feed's name and what it shows; its address stays."""
    _write(feed, wish)
    db.session.flush()


def renew_feed(feed: Feed, *, secret: str) -> None:
    """Give the feed a new address; the old one is dead at once."""
    feed.generation += 1
    feed.token_digest = digest(feed_token(secret, feed))
    feed.fetched_at, feed.fetched_by = None, ""
    db.session.flush()


def revoke_feed(feed: Feed) -> None:
    """End the feed for good."""
    feed.revoked_at = now()
    db.session.flush()


def collect_feeds(person: Person) -> list[DataPart]:
    """The person's own feeds; their addresses are keys and not part of it."""
    columns = [
        ("name", _("Name")), ("scope", _("Kind")), ("created_at", _("Added")), ("fetched_at", _("Last fetched")),
        ("fetched_by", _("By")), ("revoked_at", _("Ended")),
    ]  # fmt: skip
    feeds = db.session.scalars(select(Feed).where(Feed.by_person_id == person.id).order_by(Feed.id))
    rows = [(f.name, f.scope, f.created_at, f.fetched_at, f.fetched_by, f.revoked_at) for f in feeds]
    return [DataPart("calendars", _("Subscribed calendars"), columns, rows)]


def erase_feeds(person: Person) -> None:
    """End every feed that the person made or that is of their sessions, and forget what it was called."""
    own = or_(
        Feed.by_person_id == person.id,
        (Feed.scope == ScopeKind.PARTICIPANT.value) & (Feed.scope_key == str(person.id)),
    )
    for feed in db.session.scalars(select(Feed).where(own)):
        revoke_feed(feed)
        feed.name, feed.fetched_by, feed.fetched_at = "", "", None
    own_stamp = (CalendarStamp.scope == ScopeKind.PARTICIPANT.value) & (CalendarStamp.key == str(person.id))
    db.session.execute(update(CalendarStamp).where(own_stamp).values(name=None, english_name=None))
    db.session.flush()


def is_fetch_due(fetched_at: datetime | None) -> bool:
    """Whether a fetch now is to be noted, when the last one was noted then: at most once an hour."""
    return fetched_at is None or fetched_at <= _due_before()


def note_fetch(feed_id: int, client: Client) -> None:
    """Remember that a programme of this kind fetched the feed now, unless another process just did."""
    due = or_(Feed.fetched_at.is_(None), Feed.fetched_at <= _due_before())
    db.session.execute(
        update(Feed).where(Feed.id == feed_id, due).values(fetched_at=now(), fetched_by=client.value)
    )


def _due_before() -> datetime:
    return now() - FETCH_NOTED_EVERY


def _check_room(held: list[Feed]) -> None:
    if len(held) >= MOST_FEEDS:
        raise RefusedError(_("You have %(n)s calendars. Revoke one that is not used.", n=len(held)))


def _write(feed: Feed, wish: FeedWish) -> None:
    feed.name, feed.language, feed.detail = wish.name, wish.variant.language, wish.variant.detail.value
    feed.reminder_minutes = wish.variant.reminder_minutes
    feed.mode = wish.narrowing.mode.value if wish.narrowing.mode else ""
    feed.open_seats = wish.narrowing.open_seats


def _save(feed: Feed, subject: Subject, wish: FeedWish, secret: str) -> Feed:
    _write(feed, wish)
    feed.scope, feed.scope_key, feed.generation = subject.scope.value, subject.key, 0
    feed.token_digest = digest(
        random_token()
    )  # the token is derived from the id, known after the first flush
    db.session.add(feed)
    db.session.flush()
    feed.token_digest = digest(feed_token(secret, feed))
    db.session.flush()
    return feed
