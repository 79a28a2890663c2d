"""Feeds made, shown again, renewed and revoked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from planner.accounts.models import User
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.errors import NotAllowedError, NotFoundError, RefusedError
from planner.base.viewer import ANONYMOUS, Role, Viewer
from planner.calendars import queries, service
from planner.calendars.models import Feed
from planner.calendars.queries import Subject
from planner.calendars.rules import Client, FeedWish, ScopeKind
from planner.directory.models import Company, Person
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")
SECRET = "one-secret-for-tests" * 2


def subject_of(company: Company) -> Subject:
    subject = queries.find_subject(ScopeKind.COMPANY, str(company.id))
    assert subject is not None
    return subject


def feed_of(company: Company, by: Viewer, name: str = "Ekonomi, Outlook") -> Feed:
    with unit_of_work():
        return service.create_feed(subject_of(company), FeedWish(name=name), by=by, secret=SECRET)


def feed_for(person: Person, scope: ScopeKind, key: object) -> Feed:
    with unit_of_work():
        return service.feed_for_person(person, scope, str(key), FeedWish(name="Mobilen"), secret=SECRET)


def found(token: str) -> int | None:
    """The id of the live feed with this token."""
    feed = queries.find_feed(token)
    return feed.id if feed else None


def organiser() -> tuple[User, Viewer]:
    user = make.organiser(make.LINDESBERG)
    return user, make.viewer_of(user)


def test_a_feeds_token_is_not_stored_and_can_be_shown_again() -> None:
    _, viewer = organiser()
    feed = feed_of(make.company(), viewer)
    token = queries.shown_token(SECRET, feed)
    assert token is not None
    assert len(token) == 32
    columns = [str(getattr(feed, column.key)) for column in Feed.__table__.columns]
    assert not any(token in value for value in columns)
    assert found(token) == feed.id
    assert queries.shown_token(SECRET, feed) == token


def test_each_feed_has_a_token_of_its_own() -> None:
    _, viewer = organiser()
    company = make.company()
    tokens = {queries.shown_token(SECRET, feed_of(company, viewer)) for _ in range(3)}
    assert len(tokens) == 3


def test_a_new_secret_shows_no_dead_address() -> None:
    _, viewer = organiser()
    feed = feed_of(make.company(), viewer)
    other = "another-secret" * 3
    assert queries.shown_token(other, feed) is None
    service.renew_feed(feed, secret=other)
    assert found(queries.shown_token(other, feed) or "") == feed.id


def test_renewing_kills_the_old_address() -> None:
    _, viewer = organiser()
    feed = feed_of(make.company(), viewer)
    old = queries.feed_token(SECRET, feed)
    service.renew_feed(feed, secret=SECRET)
    assert found(old) is None
    assert found(queries.feed_token(SECRET, feed)) == feed.id


def test_revoking_one_leaves_the_others() -> None:
    _, viewer = organiser()
    company = make.company()
    first, second = feed_of(company, viewer), feed_of(company, viewer)
    service.revoke_feed(first)
    assert found(queries.feed_token(SECRET, first)) is None
    assert found(queries.feed_token(SECRET, second)) == second.id
    assert queries.list_feeds(viewer) == [second]


def test_no_feed_of_what_is_not_open() -> None:
    company, stranger = make.company(), make.viewer_of(make.organiser(make.OREBRO))
    for viewer in (stranger, ANONYMOUS):
        with pytest.raises(NotAllowedError):
            feed_of(company, viewer)


def test_a_person_gets_their_own_companys_and_public_ones_only() -> None:
    company = make.company()
    person = make.person(company)
    feed = feed_for(person, ScopeKind.COMPANY, company.id)
    assert (feed.by_person_id, feed.by_user_id) == (person.id, None)
    public = feed_for(person, ScopeKind.MUNICIPALITY, make.LINDESBERG)
    assert queries.list_feeds(person) == [feed, public]
    refused = [
        (ScopeKind.COMPANY, make.company().id),
        (ScopeKind.FACILITATOR, make.user().id),
        (ScopeKind.COMPANY, 999_999),
    ]
    for scope, key in refused:
        with pytest.raises(NotAllowedError):
            feed_for(person, scope, key)


def test_a_persons_feed_ends_when_they_leave_the_company() -> None:
    person = make.person(make.company())
    feed = feed_for(person, ScopeKind.COMPANY, person.company_id)
    token = queries.feed_token(SECRET, feed)
    assert found(token) == feed.id
    person.company_id = make.company().id
    db.session.commit()
    assert found(token) is None


def test_a_persons_feed_ends_when_they_are_archived() -> None:
    person = make.person(make.company())
    token = queries.feed_token(SECRET, feed_for(person, ScopeKind.COMPANY, person.company_id))
    person.archived_at = now()
    db.session.commit()
    assert found(token) is None


def test_a_users_feed_ends_with_their_role_or_account() -> None:
    user, viewer = organiser()
    lost = queries.feed_token(SECRET, feed_of(make.company(), viewer))
    with unit_of_work():
        own = service.create_feed(
            queries.get_subject(viewer, "facilitator", str(user.id)),
            FeedWish(name="Mina"),
            by=viewer,
            secret=SECRET,
        )
    kept = queries.feed_token(SECRET, own)
    user.roles = []
    db.session.commit()
    assert (found(lost), found(kept)) == (None, own.id)
    user.disabled_at = now()
    db.session.commit()
    assert found(kept) is None


def test_feeds_are_seen_by_their_holder_only() -> None:
    _, viewer = organiser()
    _, other = organiser()
    company = make.company()
    person = make.person(company)
    feed, theirs = feed_of(company, viewer), feed_for(person, ScopeKind.COMPANY, company.id)
    assert queries.get_feed(viewer, feed.id) is feed
    assert queries.get_feed(person, theirs.id) is theirs
    for holder, number in ((other, feed.id), (person, feed.id), (viewer, theirs.id), (ANONYMOUS, theirs.id)):
        with pytest.raises(NotFoundError):
            queries.get_feed(holder, number)


def test_there_is_a_limit_to_one_holders_feeds() -> None:
    _, viewer = organiser()
    company = make.company()
    for _ in range(service.MOST_FEEDS):
        feed_of(company, viewer)
    with pytest.raises(RefusedError):
        feed_of(company, viewer)


def test_a_fetch_is_noted_at_most_once_an_hour(at: Callable[[datetime], Any]) -> None:
    _, viewer = organiser()
    feed = feed_of(make.company(), viewer)
    began = now()
    noted = []
    for minutes, client in ((0, Client.GOOGLE), (59, Client.APPLE), (60, Client.THUNDERBIRD)):
        with at(began + timedelta(minutes=minutes)):
            due = service.is_fetch_due(feed.fetched_at)
            service.note_fetch(feed.id, client)
            db.session.commit()
            db.session.refresh(feed)
            noted.append((due, feed.fetched_by))
    assert noted == [(True, "google"), (False, "google"), (True, "thunderbird")]
    assert feed.fetched_at == began + timedelta(minutes=60)


def test_feeds_are_named_with_as_many_statements_for_three_as_for_one(
    count_queries: Callable[[], Any],
) -> None:
    hub = make.organisation()
    viewer = make.viewer_of(make.user((Role.owner, hub)))
    taken = []
    for _ in range(3):
        feed_of(make.company(name="Åkeriet"), viewer)
        with count_queries() as statements:
            rows = queries.name_feeds(queries.list_feeds(viewer), "sv")
        taken.append(len(statements))
    assert [row.title for row in rows] == ["Träffar för Åkeriet"] * 3
    assert taken == [2, 2, 2]
