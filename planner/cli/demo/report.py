"""What the demo offers, as words for a terminal and as one JSON object for outside tools."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from planner.accounts.models import User, UserRole
from planner.base.db import db
from planner.calendars.models import Feed
from planner.calendars.queries import feed_token
from planner.cli.demo import content
from planner.directory.models import Company, Organisation, Person
from planner.directory.rules import person_token
from planner.series.models import Series
from planner.web.links import site_link
from planner.web.settings import current_settings


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """An account of the demo and how to sign in with it."""

    email: str
    password: str
    role: str
    organisation: str


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A person's link, which needs no password."""

    who: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownFeed:
    """An address to subscribe to; a public one needs no token."""

    scope: str
    name: str
    public: bool
    url: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything an outside tool needs to try the demo."""

    site: str
    accounts: list[ShownAccount]
    links: list[ShownLink]
    feeds: list[ShownFeed]

    def as_json(self) -> dict[str, object]:
        """The report as JSON values."""
        return asdict(self)


def report() -> Report:
    """What the database holds of the demo."""
    settings = current_settings()
    return Report(
        settings.site_url, _accounts(), _links(settings.secret), [*_public(), *_private(settings.secret)]
    )


def _accounts() -> list[ShownAccount]:
    known = [account.email for account in content.ACCOUNTS]
    query = (
        select(UserRole)
        .join(UserRole.user)
        .where(User.email.in_(known))
        .options(joinedload(UserRole.user), joinedload(UserRole.organisation))
        .order_by(UserRole.id)
    )
    return [
        ShownAccount(held.user.email, content.PASSWORD, held.role, held.organisation.name)
        for held in db.session.scalars(query)
    ]


def _links(secret: str) -> list[ShownLink]:
    query = (
        select(Person)
        .join(Person.company)
        .where(Company.name.in_([item.name for item in content.COMPANIES]), Person.archived_at.is_(None))
        .options(joinedload(Person.company))
        .order_by(Person.id)
    )
    return [
        ShownLink(
            f"{person.name}, {'contact' if person.is_contact else 'participant'},"
            f" {person.company.name if person.company else ''}",
            site_link("home.person_page", token=person_token(secret, person)),
        )
        for person in db.session.scalars(query)
    ]


def _public() -> list[ShownFeed]:
    published = db.session.scalars(
        select(Series)
        .where(Series.published_at.is_not(None))
        .options(joinedload(Series.municipality), joinedload(Series.organisation))
        .order_by(Series.id)
    ).all()
    scopes: dict[tuple[str, str], str] = {}
    for series in published:
        scopes[("series", series.key)] = f"{series.title}, {series.municipality.name}"
        scopes[("municipality", series.municipality_code)] = series.municipality.name
        scopes[("county", series.municipality.county_code)] = series.municipality.county_name
        scopes[("organisation", str(series.organisation_id))] = series.organisation.name
        for competence in series.competences[:1]:
            scopes[("competence_area", competence)] = competence
    return [
        ShownFeed(scope, name, True, site_link("calendars.public_feed", scope=scope, key=key))
        for (scope, key), name in scopes.items()
    ]


def _private(secret: str) -> list[ShownFeed]:
    feeds = db.session.scalars(select(Feed).where(Feed.revoked_at.is_(None)).order_by(Feed.id))
    return [
        ShownFeed(
            feed.scope, feed.name, False, site_link("calendars.private_feed", token=feed_token(secret, feed))
        )
        for feed in feeds
    ]


def is_demo() -> bool:
    """Whether the database holds this demo, rather than somebody's own data."""
    return (
        db.session.scalar(select(Organisation.id).where(Organisation.name == content.ORGANISATIONS[0].name))
        is not None
    )
