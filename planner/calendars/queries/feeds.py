"""Reads of feeds: by token for a calendar programme, by holder for pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, String, and_, cast, false, or_, select
from sqlalchemy.orm import aliased

from planner.accounts.models import User
from planner.accounts.queries import viewer_for
from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.tokens import derived_token, digest, same
from planner.base.viewer import Viewer
from planner.calendars.models import Feed
from planner.calendars.queries.subjects import Subject, find_subject, find_subjects, may_subscribe
from planner.calendars.rules import Language, ScopeKind
from planner.directory.models import Person


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed as its holder sees it in a list; `title` None: its subject is gone."""

    feed: Feed
    title: str | None

    @property
    def is_private(self) -> bool:
        """Whether its address must be kept secret."""
        return not ScopeKind(self.feed.scope).is_public


def feed_token(secret: str, feed: Feed) -> str:
    """The feed's token, made anew; not the one given out if the site's secret has changed since."""
    return derived_token(secret, "feed", feed.id, feed.generation)


def shown_token(secret: str, feed: Feed) -> str | None:
    """The token to show its holder; None when it no longer opens the feed, so that it must be renewed."""
    token = feed_token(secret, feed)
    return token if same(digest(token), feed.token_digest) else None


def find_feed(token: str) -> Feed | None:
    """The live feed with this token; None when unknown, revoked, or its holder may no longer have it.

    A person keeps a company's feed for as long as they belong to it, a user for as long as their roles allow.
    """
    holder, person = aliased(User), aliased(Person)
    still_there = and_(
        person.archived_at.is_(None),
        or_(Feed.scope != ScopeKind.COMPANY, cast(person.company_id, String) == Feed.scope_key),
    )
    query = (
        select(Feed, holder)
        .outerjoin(holder, holder.id == Feed.by_user_id)
        .outerjoin(person, person.id == Feed.by_person_id)
        .where(Feed.token_digest == digest(token), Feed.revoked_at.is_(None))
        .where(or_(Feed.by_user_id.is_(None), holder.disabled_at.is_(None)))
        .where(or_(Feed.by_person_id.is_(None), still_there))
    )
    found = db.session.execute(query).first()
    if found is None:
        return None
    feed, user = found[0], found[1]
    return feed if user is None or _is_entitled(user, feed) else None


def _is_entitled(user: User, feed: Feed) -> bool:
    scope = ScopeKind(feed.scope)
    if scope.is_public or (scope is ScopeKind.FACILITATOR and feed.scope_key == str(user.id)):
        return True
    subject = find_subject(scope, feed.scope_key)
    return subject is not None and may_subscribe(viewer_for(user), subject)


def get_subject(viewer: Viewer, scope: str, key: str) -> Subject:
    """The subject, if this viewer may have its feed. Raises NotFoundError."""
    subject = find_subject(ScopeKind(scope), key) if scope in set(ScopeKind) else None
    if subject is None or not may_subscribe(viewer, subject):
        raise NotFoundError
    return subject


def get_feed(holder: Viewer | Person, feed_id: int) -> Feed:
    """The holder's own live feed. Raises NotFoundError."""
    feed = db.session.scalar(_held_by(holder).where(Feed.id == feed_id))
    if feed is None:
        raise NotFoundError
    return feed


def list_feeds(holder: Viewer | Person, subject: Subject | None = None) -> list[Feed]:
    """The holder's own live feeds, of one subject if given, in the order they were made."""
    query = _held_by(holder).order_by(Feed.id)
    if subject is not None:
        query = query.where(Feed.scope == subject.scope.value, Feed.scope_key == subject.key)
    return list(db.session.scalars(query))


def name_feeds(feeds: Iterable[Feed], language: Language) -> list[FeedRow]:
    """The feeds with their subjects' titles: one statement for each scope among them."""
    feeds = list(feeds)
    subjects = {
        (scope, key): subject
        for scope in {feed.scope for feed in feeds}
        for key, subject in find_subjects(
            ScopeKind(scope), [feed.scope_key for feed in feeds if feed.scope == scope]
        ).items()
    }
    found = ((feed, subjects.get((feed.scope, feed.scope_key))) for feed in feeds)
    return [FeedRow(feed, subject.title(language) if subject else None) for feed, subject in found]


def _held_by(holder: Viewer | Person) -> Select[Feed]:
    live = select(Feed).where(Feed.revoked_at.is_(None))
    if isinstance(holder, Person):
        return live.where(Feed.by_person_id == holder.id)
    # Without an account nothing is held: comparing with None would find the feeds of persons.
    return live.where(Feed.by_user_id == holder.user_id if holder.is_signed_in else false())
