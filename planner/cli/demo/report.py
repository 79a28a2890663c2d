"""What the demo offers, as words for a terminal and as one JSON object for outside tools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from planner.accounts.models import User, UserRole
from planner.base.clock import now
from planner.base.db import db
from planner.calendars.models import Feed
from planner.calendars.queries import feed_token, find_subject
from planner.calendars.rules import ScopeKind
from planner.cli.demo import content
from planner.directory.models import Company, Organisation, Person
from planner.directory.rules import OrganisationKind, person_token
from planner.series.models import Series, TrainingSession
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
    """An address of every public scope, of what the published series touch."""
    published = db.session.scalars(
        select(Series)
        .where(Series.published_at.is_not(None))
        .options(joinedload(Series.municipality))
        .order_by(Series.id)
    ).all()
    keys = dict.fromkeys(key for series in published for key in _keys(series))
    subjects = {key: find_subject(*key) for key in [*keys, *_helpers()]}
    return [
        ShownFeed(scope, found.title("sv"), True, site_link("calendars.public_feed", scope=scope, key=key))
        for (scope, key), found in subjects.items()
        if found is not None
    ]


def _keys(series: Series) -> Iterator[tuple[ScopeKind, str]]:
    yield ScopeKind.SERIES, series.key
    yield ScopeKind.MUNICIPALITY, series.municipality_code
    yield ScopeKind.COORDINATED, series.municipality_code
    yield ScopeKind.COUNTY, series.municipality.county_code
    yield ScopeKind.ORGANISATION, str(series.organisation_id)
    for competence in series.competences[:1]:
        yield ScopeKind.COMPETENCE_AREA, competence.partition(".")[0]
        yield ScopeKind.COMPETENCE_AREA, competence
    coming = select(TrainingSession.uid).where(
        TrainingSession.series_id == series.id, TrainingSession.starts_at > now()
    )
    for uid in db.session.scalars(coming.order_by(TrainingSession.starts_at).limit(1)):
        yield ScopeKind.SESSION, uid


def _helpers() -> list[tuple[ScopeKind, str]]:
    """The support actors whose people lead a session."""
    query = (
        select(Organisation.id)
        .join(UserRole, UserRole.organisation_id == Organisation.id)
        .where(Organisation.kind == OrganisationKind.support_actor)
        .order_by(Organisation.id)
        .distinct()
    )
    return [(ScopeKind.SUPPORT_ACTOR, str(id_)) for id_ in db.session.scalars(query)]


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
