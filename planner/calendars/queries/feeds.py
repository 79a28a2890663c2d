"""Reads of feeds: by token for a calendar programme, by holder for pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from planner.accounts.models import User, UserRole
from planner.base.db import AnySelect, db, reading
from planner.base.errors import NotFoundError
from planner.base.tokens import derived_token, digest, same
from planner.base.viewer import EDITORS, PEOPLE_SEERS, Viewer
from planner.calendars.models import CalendarStamp, Feed
from planner.calendars.queries.subjects import Subject, find_subject, find_subjects, may_be_key, may_subscribe
from planner.calendars.queries.told import Stamp, stamp_of
from planner.calendars.rules import (
    PUBLIC_SCOPES,
    Detail,
    Language,
    Narrowing,
    ScopeKind,
    SubjectKey,
    Variant,
    as_language,
    as_narrowing,
)
from planner.directory.models import Company, Person, organisation_municipality
from planner.series.models import Cohort, Series
from planner.series_templates.rules import Mode


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


@dataclass(frozen=True, slots=True)
class OpenFeed:
    """A live feed whose holder may have it: what it shows, and its subject's stamp. `id` 0: a public address."""

    id: int
    subject: SubjectKey
    variant: Variant
    narrowing: Narrowing
    fetched_at: datetime | None
    stamp: Stamp


def open_public(scope: str, key: str, asked: Mapping[str, str]) -> OpenFeed | None:
    """What a public address asks for, whether or not there is such a subject; None when there can be none."""
    if scope not in PUBLIC_SCOPES or not may_be_key(key):
        return None
    subject, variant = SubjectKey(scope, key), Variant(language=as_language(asked.get("lang")))
    return OpenFeed(0, subject, variant, as_narrowing(asked), None, stamp_of(subject))


def find_feed(token: str) -> OpenFeed | None:
    """The live feed with this token, by one statement; None when unknown, revoked, or no longer open to its holder.

    A person keeps a company's feed for as long as they belong to it, a user for as long as their roles allow.
    """
    with reading() as connection:
        row = connection.execute(_OPEN_FEED, {"token_digest": digest(token)}).first()
    if row is None:
        return None
    scope = ScopeKind(row.scope)
    variant = Variant(
        language=as_language(row.language), private=not scope.is_public, detail=Detail(row.detail),
        reminder_minutes=row.reminder_minutes,
    )  # fmt: skip
    narrowing = Narrowing(mode=Mode(row.mode) if row.mode else None, open_seats=row.open_seats)
    stamp = Stamp(row.version or 0, row.name, row.english_name)
    return OpenFeed(row.id, SubjectKey(scope, row.scope_key), variant, narrowing, row.fetched_at, stamp)


def _open_feed() -> AnySelect:
    """The feed with a token, its holder's right to it and its subject's version, all at once."""
    stamp = and_(CalendarStamp.scope == Feed.scope, CalendarStamp.key == Feed.scope_key)
    return (
        select(
            Feed.id, Feed.scope, Feed.scope_key, Feed.language, Feed.detail, Feed.reminder_minutes, Feed.mode,
            Feed.open_seats, Feed.fetched_at, CalendarStamp.version, CalendarStamp.name,
            CalendarStamp.english_name,
        )
        .select_from(Feed)
        .outerjoin(CalendarStamp, stamp)
        .outerjoin(User, User.id == Feed.by_user_id)
        .outerjoin(Person, Person.id == Feed.by_person_id)
        .where(Feed.token_digest == bindparam("token_digest"), Feed.revoked_at.is_(None))
        .where(or_(Feed.by_user_id.is_(None), and_(User.disabled_at.is_(None), _user_may())))
        .where(or_(Feed.by_person_id.is_(None), and_(Person.archived_at.is_(None), _person_may())))
    )  # fmt: skip


_PUBLIC: Final = [scope.value for scope in PUBLIC_SCOPES]


def _person_may() -> ColumnElement[bool]:
    """As service.feed_for_person asked when it was made."""
    return or_(
        Feed.scope.in_(_PUBLIC),
        and_(Feed.scope == ScopeKind.COMPANY, cast(Person.company_id, String) == Feed.scope_key),
        and_(Feed.scope == ScopeKind.PARTICIPANT, cast(Person.id, String) == Feed.scope_key),
    )


def _user_may() -> ColumnElement[bool]:
    """As may_subscribe, in SQL."""
    # Only these keys are numbers, and only a CASE keeps PostgreSQL from reading others as such.
    number = case((Feed.scope.not_in(_PUBLIC), cast(Feed.scope_key, Integer)))
    seer = aliased(UserRole)
    sees = exists().where(
        seer.user_id == Feed.by_user_id, seer.role.in_([role.value for role in PEOPLE_SEERS]),
        or_(*(exists().where(*there) for there in _places(number, seer))),
    )  # fmt: skip
    mine, theirs = aliased(UserRole), aliased(UserRole)
    colleague = exists().where(
        mine.user_id == Feed.by_user_id, mine.role.in_([role.value for role in EDITORS]),
        theirs.organisation_id == mine.organisation_id, theirs.user_id == number,
    )  # fmt: skip
    leads = and_(Feed.scope == ScopeKind.FACILITATOR, or_(number == Feed.by_user_id, colleague))
    return or_(Feed.scope.in_(_PUBLIC), leads, sees)


def _places(number: Any, role: Any) -> list[list[ColumnElement[bool]]]:
    """What makes a role reach the subject: it serves the company's or the series' municipality, or owns the series."""
    serves = and_(
        organisation_municipality.c.organisation_id == role.organisation_id,
        organisation_municipality.c.municipality_code == Company.municipality_code,
    )
    series_of = and_(Cohort.id == number, Series.id == Cohort.series_id)
    serves_series = and_(
        organisation_municipality.c.organisation_id == role.organisation_id,
        organisation_municipality.c.municipality_code == Series.municipality_code,
    )
    return [
        [Feed.scope == ScopeKind.COMPANY, Company.id == number, serves],
        [Feed.scope == ScopeKind.COHORT, series_of, serves_series],
        [Feed.scope == ScopeKind.COHORT, series_of, Series.organisation_id == role.organisation_id],
    ]


_OPEN_FEED: Final = _open_feed()


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
