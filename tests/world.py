"""A municipality with one of everything, for tests that walk all views.

What is nobody else's business carries the municipality's `mark`: finding it in an answer means a leak. What anyone
may know (organisations, published series and templates, who leads a published session), and what stands in addresses,
does not carry it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import current_app
from werkzeug.routing import Rule

from planner.accounts import service as accounts
from planner.accounts.models import OneTimeLink, SignIn, User
from planner.accounts.rules import Purpose
from planner.attendance import service as attendance
from planner.attendance.models import PresenceEntry, RosterLink
from planner.attendance.rules import Place, Verdict, Via, roster_token
from planner.attendance.rules.marks import MarkInput
from planner.base.clock import now
from planner.base.config import Settings
from planner.base.db import db
from planner.base.tokens import digest
from planner.base.viewer import Role, Viewer
from planner.calendars import queries as calendars
from planner.calendars import service as feeds
from planner.calendars.models import Feed
from planner.calendars.rules import FeedWish, ScopeKind
from planner.certificates.models import Certificate, CertificateRule
from planner.certificates.rules import Content, StepLine
from planner.directory.models import (
    Company,
    ImportBatch,
    Organisation,
    OrganisationLogo,
    Person,
    Room,
    Venue,
)
from planner.directory.rules import person_token
from planner.exchange.models import TemplateProposal, TemplateUpdate
from planner.invitations.models import MailWording
from planner.invitations.rules import ending_token
from planner.jobs.models import Job, JobPiece
from planner.jobs.rules import job_kind
from planner.needs.models import QuietPeriod
from planner.outbox.models import Message
from planner.reports.models import FrozenMonth, FunderProject
from planner.series.models import Cohort, Series, SessionChange, TrainingSession
from planner.series_templates.models import SeriesTemplate, TemplateVersion
from tests import factories as make


@dataclass(slots=True)
class World:
    """One municipality's rows. `series` and `trainings` are published, draft and archived, in this order."""

    code: str
    mark: str
    organisation: Organisation
    users: dict[Role, User]
    companies: list[Company]
    people: list[Person]
    venue: Venue
    room: Room
    series: list[Series]
    step_id: int
    cohorts: list[Cohort]
    trainings: list[TrainingSession]
    enrolment_id: int
    template: SeriesTemplate
    version: TemplateVersion
    period: QuietPeriod
    batch: ImportBatch
    user_feeds: list[Feed]
    person_feed: Feed
    invitation: OneTimeLink
    sign_in: SignIn
    roster_link: RosterLink
    update: TemplateUpdate
    proposal: TemplateProposal
    seat_id: int
    job: Job
    certificate: Certificate
    message: Message
    project: FunderProject
    frozen: FrozenMonth

    @property
    def contact(self) -> Person:
        """Who speaks for the first company."""
        return self.people[0]

    @property
    def token(self) -> str:
        """The contact's personal token."""
        return person_token(secret(), self.contact)

    @property
    def roster_token(self) -> str:
        """What opens the roster of the first session to a facilitator without an account."""
        return roster_token(secret(), self.roster_link.id)

    def values(self, rule: Rule) -> dict[str, list[Any]]:
        """For each argument of a rule this municipality's objects that may stand there."""
        known: dict[str, list[Any]] = {
            "series_id": [series.id for series in self.series],
            "training_id": [training.id for training in self.trainings],
            "step_id": [self.step_id],
            "cohort_id": [self.cohorts[0].id],
            "person_id": [self.contact.id],
            "company_id": [company.id for company in self.companies],
            "period_id": [self.period.id],
            "organisation_id": [self.organisation.id],
            "user_id": [self.users[Role.guide].id],
            "link_id": [self.roster_link.id if "roster" in rule.endpoint else self.invitation.id],
            "sign_in_id": [self.sign_in.id],
            "feed_id": [feed.id for feed in (*self.user_feeds, self.person_feed)],
            "template_id": [self.template.id, self.version.template_id],
            "number": [1],
            "room_id": [self.room.id],
            "uid": [training.uid for training in self.trainings],
            "code": [self.certificate.code if rule.endpoint.startswith("certificates.") else self.code],
            "certificate_id": [self.certificate.id],
            "token": [self._token_for(rule.rule)],
            "seat_id": [self.seat_id],
            "message_id": [self.message.id],
            "kind": ["reminder"],
            "language": ["sv"],
            "project_id": [self.project.id],
            "frozen_id": [self.frozen.id],
            "action": ["renew", "revoke"],
            "update_id": [self.update.id],
            "proposal_id": [self.proposal.id],
            "id": self._ids(rule.endpoint),
            "key": self._keys(rule),
        }
        return {name: known[name] for name in known if name in rule.arguments}

    def scopes(self) -> list[tuple[str, str]]:
        """Every (scope, key) of a calendar that is not open to all."""
        return [
            (ScopeKind.COMPANY.value, str(self.companies[0].id)),
            (ScopeKind.COHORT.value, str(self.cohorts[0].id)),
            (ScopeKind.COHORT.value, str(self.cohorts[1].id)),
            (ScopeKind.FACILITATOR.value, str(self.users[Role.facilitator].id)),
            (ScopeKind.SERIES.value, self.series[1].key),
        ]

    def _keys(self, rule: Rule) -> list[str]:
        if rule.endpoint.startswith("jobs."):
            return [self.job.key]
        return [self.batch.key] if "import" in rule.rule else [series.key for series in self.series]

    def _token_for(self, address: str) -> str:
        if address.startswith("/reminders/"):
            return ending_token(secret(), self.contact)
        return self.roster_token if address.startswith("/r/") else self.token

    def _ids(self, endpoint: str) -> list[int]:
        for word, rows in {
            "compan": self.companies,
            "person": self.people,
            "link": self.people,
            "venue": [self.venue],
            "room": [self.venue],
            "organisation": [self.organisation],
            "let_in": [self.organisation],
        }.items():
            if word in endpoint.rsplit(".", maxsplit=1)[-1]:
                return [row.id for row in rows]
        return []


def secret() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.secret


def build(code: str, mark: str, name: str) -> World:
    """Everything in one municipality; `name` stands in what anyone may know, `mark` in what they may not."""
    organisation = make.organisation(code, name=f"{name} hub")
    users = {
        role: make.user(
            (role, organisation), name=f"{name} {role.value}", email=f"{mark}-{role.value}@example.test"
        )
        for role in Role
    }
    by = make.viewer_of(users[Role.organiser])
    companies = [
        make.company(code, name=f"{mark} works", note=f"{mark} note", website=f"https://{mark}.example"),
        make.company(code, name=f"{mark} closed works", archived_at=now()),
    ]
    people = [
        make.person(companies[0], name=f"{mark} contact", email=f"{mark}-c@example.test", is_contact=True),
        make.person(companies[0], name=f"{mark} participant", email=f"{mark}-p@example.test", phone=mark),
        make.person(None, code, name=f"{mark} gone", email=f"{mark}-g@example.test", archived_at=now()),
    ]
    venue = make.venue(code, name=f"{mark} house", address=f"{mark} street")
    room = make.room(venue, name=f"{mark} room")
    series = [
        make.published_series(organisation, code, title=f"{name} open", key=f"{name.lower()}-open"),
        make.series(organisation, code, title=f"{mark} draft", key=f"draft-{code}", summary=f"{mark} draft"),
        make.series(organisation, code, title=f"{mark} old", key=f"old-{code}", archived_at=now()),
    ]
    step_id = series[0].steps[0].id
    cohorts = [
        make.cohort(of, companies[0], name=f"{name} cohort {of.id}", note=f"{mark} cohort") for of in series
    ]
    trainings = [
        make.training(
            of, now() - timedelta(minutes=30) + timedelta(hours=hours), mode="hybrid", cohort_id=cohort.id,
            room_id=room.id if of is not series[0] else None, join_url=f"https://{mark}.example/join",
            clash_reason=f"{mark} clash", facilitators=[users[Role.facilitator]],
        )
        for hours, (of, cohort) in enumerate(zip(series, cohorts, strict=True))
    ]  # fmt: skip
    enrolments = [
        make.enrolment(of, who, cohort)
        for of, cohort in zip(series, cohorts, strict=True)
        for who in people[:2]
    ]
    make.seat(trainings[0], people[0])
    reserved = make.reserved_seat(trainings[1], companies[0])
    _mark_presence(trainings[0], people[1], mark, by)
    draft = make.template(organisation, make.template_document(title=f"{mark} template"))
    origin = make.published_template(make.organisation(code))
    draft.forked_from_version_id = origin.id  # a copy, so that it has an origin to look at
    period = QuietPeriod(
        company_id=companies[0].id,
        starts_on=date(2026, 10, 12),
        ends_on=date(2026, 10, 16),
        note=f"{mark} quiet",
    )
    change = SessionChange(
        training_id=trainings[0].id, what="cancelled", details={"reason": mark}, by_name=f"{name} organiser"
    )
    batch = ImportBatch(
        key=f"batch-{code}", user_id=users[Role.organiser].id, municipality_code=code, filename=f"{mark}.csv",
        left_out=[], rows=[{"number": 2, "values": {"name": f"{mark} imported"}, "refusal": None}],
    )  # fmt: skip
    stay = SignIn(token_digest=digest(f"{mark} stay"), user_id=users[Role.organiser].id, client=mark)
    db.session.add_all([period, change, batch, stay])
    db.session.flush()
    version = make.published_template(organisation)
    return World(
        code, mark, organisation, users, companies, people, venue, room, series, step_id,
        cohorts, trainings, enrolments[0].id, draft, version, period, batch,
        _user_feeds(companies[0], cohorts[0], mark, by),
        feeds.feed_for_person(people[0], ScopeKind.COMPANY, str(companies[0].id), FeedWish(name=mark), secret=secret()),
        _invitation(organisation, mark, make.viewer_of(users[Role.owner])), stay,
        attendance.make_roster_link(trainings[0], f"{mark} guest", by=by), _update(series[0], version, mark),
        _proposal(series[0], version, mark), reserved.id, _job(users[Role.organiser], mark),
        _certificate(series[0], people[0], mark),
        _message(organisation, mark), _project(organisation, mark),
        _frozen(organisation, mark),
    )  # fmt: skip


def _certificate(series: Series, person: Person, mark: str) -> Certificate:
    """A rule that the contact has met, and their certificate."""
    content = Content(mark, f"{mark} series", mark, (StepLine(mark, date(2026, 10, 5), 60),), ("1.1",))
    code = f"{person.id:012d}".replace("0", "A").replace("1", "B")
    made = Certificate(
        code=code, series_id=series.id, person_id=person.id, content=content.to_json(), by_name=mark
    )
    db.session.add_all([CertificateRule(series_id=series.id, kind="minutes", least=1), made])
    db.session.add(OrganisationLogo(organisation_id=series.organisation_id, data=b"no secret"))
    db.session.commit()
    return made


def _project(organisation: Organisation, mark: str) -> FunderProject:
    """What a funder pays the organisation for."""
    project = FunderProject(
        organisation_id=organisation.id, name=f"{mark} project", number=mark, starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
    )  # fmt: skip
    db.session.add(project)
    db.session.commit()
    return project


def _frozen(organisation: Organisation, mark: str) -> FrozenMonth:
    """A month as the organisation reported it."""
    frozen = FrozenMonth(
        organisation_id=organisation.id,
        month="2026-09",
        codes=[],
        data=mark.encode(),
        digest="0" * 64,
        by_name=mark,
    )
    db.session.add(frozen)
    db.session.commit()
    return frozen


job_kind("of the walks", mimetype="text/plain")(lambda _task: iter(()))


def _job(user: User, mark: str) -> Job:
    """A file that the organiser has asked for and can fetch."""
    job = Job(
        key=f"job-{user.id}", kind="of the walks", title=f"{mark} file", filename=f"{mark}.txt", values={},
        language="sv", user_id=user.id, status="finished", done=1, total=1,
    )  # fmt: skip
    db.session.add(job)
    db.session.flush()
    db.session.add(JobPiece(job_id=job.id, number=1, data=mark.encode()))
    db.session.commit()
    return job


def _update(series: Series, version: TemplateVersion, mark: str) -> TemplateUpdate:
    """The series made from the template, and what it decided about it."""
    series.template_version_id = version.id
    update = TemplateUpdate(
        series_id=series.id, from_version_id=version.id, to_version_id=version.id, outcome="skipped",
        decisions={}, before={}, after={}, by_name=mark,
    )  # fmt: skip
    db.session.add(update)
    db.session.commit()
    return update


def _proposal(series: Series, version: TemplateVersion, mark: str) -> TemplateProposal:
    """What the series proposed to the template, which is not answered yet."""
    proposal = TemplateProposal(
        template_id=version.template_id, series_id=series.id, from_version_id=version.id,
        document={**version.document, "summary": f"{mark} summary"}, paths=["summary"], comment=f"{mark} comment",
        by_name=mark, by_municipality_code=series.municipality_code,
    )  # fmt: skip
    db.session.add(proposal)
    db.session.commit()
    return proposal


def _message(organisation: Organisation, mark: str) -> Message:
    """A mail of theirs that could not be delivered; and they have words of their own."""
    message = Message(
        key=f"world:{organisation.id}", recipient=f"{mark}@example.test", subject=f"{mark} subject",
        organisation_id=organisation.id, status="failed", error="550 no such user",
    )  # fmt: skip
    words = MailWording(
        organisation_id=organisation.id,
        kind="reminder",
        language="sv",
        subject=f"{mark} words",
        body=mark,
        by_name=mark,
    )
    db.session.add_all([message, words])
    db.session.commit()
    return message


def _mark_presence(training: TrainingSession, person: Person, mark: str, by: Viewer) -> PresenceEntry:
    wanted = MarkInput(
        Verdict.late, 60, Place.on_site, f"00000000-0000-4000-8000-{person.id:012d}", reason=mark
    )
    return attendance.mark(training, person, wanted, by=by, via=Via.roster).standing


def _user_feeds(company: Company, cohort: Cohort, mark: str, by: Viewer) -> list[Feed]:
    subjects = [
        calendars.find_subject(ScopeKind.COMPANY, str(company.id)),
        calendars.find_subject(ScopeKind.COHORT, str(cohort.id)),
    ]
    return [
        feeds.create_feed(one, FeedWish(name=mark), by=by, secret=secret())
        for one in subjects
        if one is not None
    ]


def _invitation(organisation: Organisation, mark: str, by: Viewer) -> OneTimeLink:
    link = accounts.invite(
        organisation, f"{mark} invited", f"{mark}-i@example.test", Role.guide, language="en", by=by
    )
    assert link.purpose == Purpose.invite
    db.session.commit()
    return link
