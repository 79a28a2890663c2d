"""Loads the demo through the same services as the pages use, so that it keeps every rule they keep."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from flask import current_app
from sqlalchemy import select

from planner.accounts.models import User, UserRole
from planner.accounts.passwords import hash_password
from planner.accounts.queries import find_user_by_email, viewer_for
from planner.attendance import queries as attendance_queries
from planner.attendance import service as attendance
from planner.attendance.queries import PeopleScope, list_roster
from planner.attendance.rules import Diet, MarkInput, Place, Verdict, Via, default_minutes, places_of
from planner.base import clock
from planner.base.clock import ZONE, now, today
from planner.base.days import is_free
from planner.base.db import db, unit_of_work
from planner.base.viewer import Viewer
from planner.calendars import service as calendars
from planner.calendars.queries import get_subject
from planner.calendars.rules import FeedWish, ScopeKind
from planner.certificates import queries as certificate_queries
from planner.certificates import service as certificates
from planner.certificates.rules import Rule, RuleKind
from planner.cli.demo import content
from planner.cli.demo.template import DIGITAL_IN_STEPS, DIGITAL_IN_STEPS_2, KUNDEN_IN_LINDESBERG, NOTE_2
from planner.directory.models import (
    Company,
    Municipality,
    Organisation,
    OrganisationDisposal,
    Person,
    Room,
    Venue,
)
from planner.directory.queries import list_municipalities_of
from planner.invitations import service as invitations
from planner.invitations.rules import LetterKind, MailTerms
from planner.needs.models import QuietPeriod
from planner.reports import service as reports
from planner.reports.rules import AccountTexts, ProjectTexts, TrainingType, month_of
from planner.series import queries as series_queries
from planner.series import service as series_service
from planner.series.models import Cohort, Series, TrainingSession
from planner.series.rules import SessionDetails
from planner.series.service.documents import texts_of
from planner.series.service.sessions import details_of
from planner.series_templates import service as templates_service
from planner.series_templates.models import TemplateVersion
from planner.series_templates.rules import Mode
from planner.web.settings import current_settings

Say = Callable[[str], None]
JOIN_URL = "https://video.example/stegvis/{}"
TUESDAY, WEDNESDAY, THURSDAY = 1, 2, 3


def is_empty() -> bool:
    """Whether the database holds nothing that a person put there."""
    return db.session.scalar(select(Organisation.id).limit(1)) is None


@dataclass(frozen=True, slots=True)
class Around:
    """The instant that the demo's dates lie around, also while the clock is held elsewhere."""

    at: datetime

    def week(self, weeks: int, weekday: int, clock_time: time) -> datetime:
        """The instant at that wall-clock time, `weeks` from the present week; weekday 0 is Monday.

        A day that is free gives way to the working day before it.
        """
        on = self.at.astimezone(ZONE).date()
        day = on - timedelta(days=on.weekday()) + timedelta(weeks=weeks, days=weekday)
        while is_free(day):
            day -= timedelta(days=1)
        return datetime.combine(day, clock_time, ZONE)

    def quarter(self) -> datetime:
        """The quarter of an hour that has just begun."""
        return self.at.replace(minute=self.at.minute - self.at.minute % 15, second=0, microsecond=0)


def load(say: Say) -> None:
    """Fill an empty database with the demo, in one transaction a part; `say` hears of each part."""
    around = Around(now())
    say("organisations, accounts and companies")
    with unit_of_work():
        _organisations()
        _disposal(content.ORGANISATIONS[0].name)
        _accounts()
        _venues()
        _companies()
    planner = _viewer("arrangor@demo.example")
    say("the series template")
    with _some_days_ago(120), unit_of_work():
        version = _template(planner)
    say("the series in Lindesberg")
    with _some_days_ago(60), unit_of_work():
        lindesberg = _lindesberg(version, planner, around)
    with unit_of_work():
        _history(lindesberg.id, planner, around)
    say("attendance")
    with unit_of_work():
        _attendance(lindesberg.id, _viewer("handledare@demo.example"), around)
    say("certificates")
    with unit_of_work():
        _certificates(lindesberg.id, planner)
    say("the same template in Nora, and a draft in Hällefors")
    with _some_days_ago(20), unit_of_work():
        _nora(version, planner, around)
        _hallefors(version, planner)
    say("the template's second version")
    with _some_days_ago(6), unit_of_work():
        _second_version(version, planner)
    say("what the series are accounted for as, and their sums")
    _figures(lindesberg.id, planner)
    say("food")
    with unit_of_work():
        _food(lindesberg.id)
    say("calendars")
    with unit_of_work():
        _calendars(lindesberg.id, planner)
    say("invitations")
    with unit_of_work():
        _invitations()
    say("reminders")
    _reminders(lindesberg, current_settings().secret)


@contextmanager
def _some_days_ago(days: int) -> Iterator[None]:
    """Work as if it were `days` ago, so that histories read as they would have been written."""
    with clock.frozen(now() - timedelta(days=days)):
        yield


def _viewer(email: str) -> Viewer:
    user = find_user_by_email(email)
    if user is None:
        raise LookupError(email)
    return viewer_for(user)


# --- who there is ------------------------------------------------------------------------------------


def _organisations() -> None:
    for item in content.ORGANISATIONS:
        served = db.session.scalars(select(Municipality).where(Municipality.code.in_(item.serves)))
        db.session.add(
            Organisation(
                name=item.name,
                kind=item.kind,
                home_code=item.home,
                about=item.about,
                municipalities=list(served),
            )
        )
    db.session.flush()


def _organisation(name: str) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.name == name)).one()


def _disposal(name: str) -> None:
    """Two years without activity, and whoever it was is erased."""
    db.session.add(OrganisationDisposal(organisation_id=_organisation(name).id, months=24))
    db.session.flush()


def _accounts() -> None:
    hashed = hash_password(content.PASSWORD)
    for account in content.ACCOUNTS:
        held = UserRole(organisation=_organisation(account.organisation), role=account.role.value)
        db.session.add(User(name=account.name, email=account.email, password_hash=hashed, roles=[held]))
    db.session.flush()


def _venues() -> None:
    masugnen = Venue(
        name="Masugnen", municipality_code=content.LINDESBERG, address="Bruksgatan 1, Lindesberg",
        directions="Entré från gården. Hiss till plan 2.", latitude=59.5935, longitude=15.2305,
    )  # fmt: skip
    masugnen.rooms = [Room(name="Stora salen", capacity=40), Room(name="Verkstaden", capacity=16)]
    hotel = Venue(
        name="Lindesjöns Hotell", municipality_code=content.LINDESBERG, address="Strandvägen 4, Lindesberg"
    )
    hotel.rooms = [Room(name="Sjörummet", capacity=24)]
    nora = Venue(name="Nora stadsbibliotek", municipality_code=content.NORA, address="Rådstugugatan 2, Nora")
    nora.rooms = [Room(name="Bergslagssalen", capacity=30)]
    db.session.add_all([masugnen, hotel, nora])
    db.session.flush()


def _room(name: str) -> Room:
    return db.session.scalars(select(Room).where(Room.name == name)).one()


def _companies() -> None:
    monday = today() - timedelta(days=today().weekday())
    for number, item in enumerate(content.COMPANIES, start=1):
        company = Company(
            name=item.name, municipality_code=item.municipality, sni_version="SNI2025", sni_division=item.division,
            size_class=item.size, organisation_number=_organisation_number(number),
        )  # fmt: skip
        company.people = [
            Person(
                name=name,
                work_title=title,
                email=f"{_mailbox(name)}@{_mailbox(item.name.split()[0])}.example",
                municipality_code=item.municipality,
                is_contact=is_first,
            )
            for is_first, (name, title) in zip([True, *[False] * 9], item.people, strict=False)
        ]
        db.session.add(company)
        for first, last, why in item.quiet:
            starts_on, ends_on = monday + timedelta(weeks=first), monday + timedelta(weeks=last, days=6)
            db.session.add(QuietPeriod(company=company, starts_on=starts_on, ends_on=ends_on, note=why))
    db.session.flush()


def _mailbox(name: str) -> str:
    return name.lower().translate(str.maketrans("åäöé ", "aaoe."))


def _organisation_number(number: int) -> str:
    """A well-formed number (Luhn) in a range that no company has been given."""
    digits = f"559999{900 + number:03d}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    return digits + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


# --- what is planned -----------------------------------------------------------------------------------


def _template(planner: Viewer) -> TemplateVersion:
    organisation = _organisation("Alfred Nobel Science Park")
    template = templates_service.create_template(organisation, DIGITAL_IN_STEPS, by=planner)
    return templates_service.publish(template, note="Första utgåvan, efter våren i Lindesberg.", by=planner)


def _lindesberg(version: TemplateVersion, planner: Viewer, around: Around) -> Series:
    (place,) = list_municipalities_of([content.LINDESBERG])
    neighbours = list_municipalities_of([content.NORA])
    series = series_service.adopt(
        version, _organisation("Alfred Nobel Science Park"), place, by=planner, neighbours=neighbours
    )
    cohorts = {name: _cohort(series, name) for name in (content.INDUSTRY, content.MIXED)}
    for cohort in cohorts.values():
        _enrol(series, cohort)
    weeks_industry = (-6, -5, -4, -2, 1, 3)
    weeks_mixed = (-3, -2, None, 1, 2, 4)
    _place(series, cohorts[content.INDUSTRY], weeks_industry, TUESDAY, time(13), planner, around)
    _place(series, cohorts[content.MIXED], weeks_mixed, THURSDAY, time(8, 30), planner, around)
    _place_today(series, cohorts[content.MIXED], planner, around)
    _place_one(series, 3, None, around.week(2, WEDNESDAY, time(15)), planner)
    _make_it_theirs(series, planner)
    series_service.publish_series(series, by=planner)
    return series


def _make_it_theirs(series: Series, planner: Viewer) -> None:
    """One text of their own, and one length that updates of the template are to leave alone."""
    kunden, plan = series.steps[4], series.steps[5]
    series_service.edit_step(kunden, replace(texts_of(kunden), goals=KUNDEN_IN_LINDESBERG), by=planner)
    series_service.set_locked(series, f"steps.{plan.key}.minutes", is_locked=True)


def _second_version(version: TemplateVersion, planner: Viewer) -> None:
    template = version.template
    templates_service.save_draft(template, DIGITAL_IN_STEPS_2, by=planner)
    templates_service.publish(template, note=NOTE_2, by=planner)


def _cohort(series: Series, name: str) -> Cohort:
    wanted = [item.name for item in content.COMPANIES if item.cohort == name]
    companies = list(
        db.session.scalars(select(Company).where(Company.name.in_(wanted)).order_by(Company.sort_key))
    )
    note = {
        content.INDUSTRY: "Tillverkande företag med skiftgång; tisdag eftermiddag mellan skiften.",
        content.MIXED: "Olika branscher på samma ort, med avsikt blandade.",
    }[name]
    return series_service.create_cohort(series, name, companies, note=note)


def _enrol(series: Series, cohort: Cohort) -> None:
    ids = [company.id for company in cohort.companies]
    people = db.session.scalars(select(Person).where(Person.company_id.in_(ids)).order_by(Person.sort_key))
    attendance.enrol(series, [(person, cohort) for person in people])


def _place(
    series: Series, cohort: Cohort, weeks: tuple[int | None, ...], weekday: int, at: time, planner: Viewer,
    around: Around,
) -> None:  # fmt: skip
    for position, week in enumerate(weeks, start=1):
        if week is not None:
            _place_one(series, position, cohort, around.week(week, weekday, at), planner)


def _place_one(
    series: Series, position: int, cohort: Cohort | None, starts_at: datetime, planner: Viewer
) -> TrainingSession:
    step = series.steps[position - 1]
    mode = Mode(step.mode)
    leader = find_user_by_email("handledare@demo.example" if position != 4 else "kursledare@demo.example")
    # The last step is about who can help: one of the support actors' people is there.
    helper = find_user_by_email("lots@demo.example") if position == len(series.steps) else None
    details = SessionDetails(
        starts_at,
        starts_at + timedelta(minutes=step.minutes),
        mode,
        room_id=_room("Verkstaden" if position == 4 else "Stora salen").id,
        join_url=JOIN_URL.format(step.key),
        seats_on_site=16 if position == 4 else 24,
        seats_remote=40,
        facilitator_ids=tuple(user.id for user in (leader, helper) if user),
    )
    return series_service.place_session(series, step, cohort, details, by=planner)


def _place_today(series: Series, cohort: Cohort, planner: Viewer, around: Around) -> None:
    """A session that is on right now, so that checking in can be tried at once."""
    _place_one(series, 3, cohort, around.quarter() - timedelta(minutes=30), planner)


def _history(series_id: int, planner: Viewer, around: Around) -> None:
    """One session cancelled and held two weeks later instead, one moved from Tuesday to Thursday."""
    series = series_queries.get_series(planner, series_id)
    trainings = series_queries.list_trainings(series_queries.SessionFilter(series_id=series_id))
    industry = next(cohort for cohort in series.cohorts if cohort.name == content.INDUSTRY)
    own = {training.step.position: training for training in trainings if training.cohort_id == industry.id}
    with clock.frozen(own[4].starts_at - timedelta(days=2)):
        series_service.cancel_session(own[4], "Kursledaren är sjuk. Ny tid veckan efter.", by=planner)
        later = details_of(own[4]).shifted(around.week(-1, TUESDAY, time(13)))
        series_service.copy_session(own[4], later, industry, by=planner)
    with clock.frozen(now() - timedelta(days=3)):
        moved = details_of(own[5]).shifted(around.week(1, THURSDAY, time(13)))
        series_service.edit_session(own[5], moved, by=planner, cohort=industry)


def _attendance(series_id: int, leader: Viewer, around: Around) -> None:
    """Marks for every session that is over; a few late, excused and absent, one corrected afterwards."""
    verdicts = [*[Verdict.present] * 7, Verdict.late, Verdict.excused, Verdict.absent]
    held = series_queries.SessionFilter(series_id=series_id, before=around.at - timedelta(hours=3))
    turn = 0
    for training in series_queries.list_trainings(held):
        if training.cancelled_at is not None:
            continue
        places = places_of(training.mode)
        with clock.frozen(training.ends_at - timedelta(minutes=5)):
            for row in list_roster(training, PeopleScope(None)):
                verdict = verdicts[(turn * 7) % len(verdicts)]
                place = places[turn % len(places)]
                _mark(
                    training,
                    row.person,
                    verdict,
                    default_minutes(verdict, training.minutes, 15),
                    place,
                    leader,
                )
                turn += 1
    _correct_first(series_id, leader)
    _own_words(content.WANTS_INVITATIONS)


def _own_words(name: str) -> None:
    """A participant has confirmed all of their hours but the last, where something is wrong."""
    hours = attendance_queries.list_own_hours(_person(name))
    last = next(own for own in hours if own.presence.minutes)
    others = [own for own in hours if own is not last]
    attendance.confirm_all(others, [own.presence.entry_id for own in others])
    attendance.answer_hours(
        last, last.presence.entry_id, agrees=False, words="Jag gick en halvtimme tidigare."
    )


def _food(series_id: int) -> None:
    """Some of those who come on site have said what they eat."""
    secret: str = current_app.config["SECRET_KEY"]
    said = [{Diet.vegetarian}, {Diet.no_gluten}, {Diet.vegetarian, Diet.no_nuts}]
    wanted = series_queries.SessionFilter(series_id=series_id, after=now(), with_cancelled=False)
    for training in series_queries.list_trainings(wanted):
        if training.mode != Mode.DIGITAL:
            for row, diets in zip(list_roster(training, PeopleScope(None)), said, strict=False):
                attendance.set_diet(training, row.person, diets, secret)


def _mark(
    training: TrainingSession, person: Person, verdict: Verdict, minutes: int, place: Place, leader: Viewer,
    reason: str = "",
) -> None:  # fmt: skip
    wanted = MarkInput(verdict, minutes, place, str(uuid.uuid4()), reason=reason, guard=False)
    attendance.mark(training, person, wanted, by=leader, via=Via.roster)


def _correct_first(series_id: int, leader: Viewer) -> None:
    first = series_queries.list_trainings(series_queries.SessionFilter(series_id=series_id))[0]
    with clock.frozen(first.ends_at + timedelta(days=1)):
        person = list_roster(first, PeopleScope(None))[0].person
        _mark(
            first,
            person,
            Verdict.late,
            90,
            Place.remote,
            leader,
            "Anslöt en halvtimme in, enligt samtal dagen efter.",
        )


def _certificates(series_id: int, planner: Viewer) -> None:
    """So few steps that some have earned one by now; all but two of them have it."""
    series = certificate_queries.get_planned_series(planner, series_id, to_edit=True)
    rule = Rule(RuleKind.some_steps, 3)
    certificates.set_rule(series, rule)
    ready = [one for one in certificate_queries.list_candidates(series, rule) if one.may_get_one]
    certificates.issue(series, {one.person.id for one in ready[:-2]}, by=planner)


def _nora(version: TemplateVersion, planner: Viewer, around: Around) -> None:
    (place,) = list_municipalities_of([content.NORA])
    series = series_service.adopt(version, _organisation("Alfred Nobel Science Park"), place, by=planner)
    for position, week in enumerate((1, 2, 3, 5, 6, 8), start=1):
        training = _place_one(series, position, None, around.week(week, WEDNESDAY, time(9)), planner)
        if training.mode != Mode.DIGITAL:
            details = details_of(training)
            there = SessionDetails(
                details.starts_at, details.ends_at, details.mode, _room("Bergslagssalen").id, details.join_url,
                28, 40, "", details.facilitator_ids,
            )  # fmt: skip
            series_service.edit_session(training, there, by=planner)
    people = db.session.scalars(select(Person).where(Person.municipality_code == content.NORA))
    attendance.enrol(series, [(person, None) for person in people])
    series_service.publish_series(series, by=planner)


def _hallefors(version: TemplateVersion, planner: Viewer) -> None:
    (place,) = list_municipalities_of([content.HALLEFORS])
    series_service.adopt(version, _organisation("Alfred Nobel Science Park"), place, by=planner)


def _figures(series_id: int, planner: Viewer) -> None:
    """The accounts, the sums as the worker would keep them, and last month as it was reported."""
    with unit_of_work():
        _accounts_of_series(series_id, planner)
    with unit_of_work():
        reports.settle_held()
        reports.keep_grid()
    with unit_of_work():
        whose = _organisation("Alfred Nobel Science Park")
        db.session.refresh(whose, ["municipalities"])
        reports.freeze_month(whose, month_of(today()).before, by=planner)


def _accounts_of_series(series_id: int, planner: Viewer) -> None:
    """A funder's project with one series in it; the template says what kind of training it is."""
    year = today().year
    texts = ProjectTexts("Omställning Bergslagen", "2026-0417", date(year, 1, 1), date(year + 1, 12, 31))
    project = reports.create_project(_organisation("Alfred Nobel Science Park").id, texts, by=planner)
    series = series_queries.get_series(planner, series_id)
    reports.account_for(series, AccountTexts("", project.id, "", is_external=False, price=850))
    if series.template_version is not None:
        reports.account_for_template(series.template_version.template, TrainingType.technical.value)


# --- who subscribes -----------------------------------------------------------------------------------


def _calendars(series_id: int, planner: Viewer) -> None:
    """One feed of every scope that takes a token, each made by the one it is for."""
    secret: str = current_app.config["SECRET_KEY"]
    company = db.session.scalars(select(Company).where(Company.name == content.COMPANIES[0].name)).one()
    contact = db.session.scalars(
        select(Person).where(Person.company_id == company.id, Person.is_contact)
    ).one()
    participant = _person(content.WANTS_INVITATIONS)
    for person, scope, key, name in (
        (contact, ScopeKind.COMPANY, str(company.id), "Produktionen, Outlook"),
        (participant, ScopeKind.PARTICIPANT, str(participant.id), "Mobilen"),
    ):
        calendars.feed_for_person(person, scope, key, FeedWish(name=name), secret=secret)
    leader = _viewer("handledare@demo.example")
    for scope, key, name, by in (
        (ScopeKind.FACILITATOR, str(leader.user_id), "Mina träffar, telefonen", leader),
        (ScopeKind.COHORT, str(_first_cohort(series_id).id), "Industrigruppen, Google", planner),
    ):
        calendars.create_feed(get_subject(by, scope, key), FeedWish(name=name), by=by, secret=secret)


def _invitations() -> None:
    """One participant has said yes to invitations by mail, so that the mailbox shows what they get."""
    invitations.wish(_person(content.WANTS_INVITATIONS), "sv")


def _reminders(lindesberg: Series, secret: str) -> None:
    """What the worker would have sent in the last week: a reminder a week and a day before, thanks the day after."""
    planner = _viewer("arrangor@demo.example")
    with unit_of_work():
        invitations.set_series_mail(lindesberg, MailTerms((7, 1), 1))
        organisation = _organisation("Alfred Nobel Science Park")
        invitations.save_wording(organisation, LetterKind.reminder, "sv", content.REMINDER, by=planner)
    for days in reversed(range(8)):
        with _some_days_ago(days), unit_of_work():
            while invitations.make_rounds(secret):
                pass


def _person(name: str) -> Person:
    return db.session.scalars(select(Person).where(Person.name == name)).one()


def _first_cohort(series_id: int) -> Cohort:
    return db.session.scalars(
        select(Cohort).where(Cohort.series_id == series_id).order_by(Cohort.id).limit(1)
    ).one()
