"""Writing a mail: the organisation's words or the standard ones, filled in and queued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import force_locale
from flask_babel import gettext as _

from planner.directory.models import Person
from planner.directory.rules import person_token
from planner.invitations.queries import find_wording
from planner.invitations.rules import (
    STANDARD,
    LetterKind,
    Value,
    Values,
    Variable,
    Wording,
    ending_token,
    fill_body,
    fill_subject,
)
from planner.outbox.rules import CalendarPart, Content, Facts, Link, Part
from planner.outbox.service import queue_letter
from planner.series.models import TrainingSession
from planner.series_templates.rules import Mode
from planner.web.formats import format_day, format_span, format_when
from planner.web.links import site_link


@dataclass(frozen=True, slots=True)
class Occasion:
    """Whom a mail goes to, about which session (with all a calendar says of it), in which language.

    `for_company`: they get it as somebody who speaks for the company, so their link leads to its seats.
    """

    person: Person
    training: TrainingSession
    language: str
    secret: str
    for_company: bool = False

    @property
    def token(self) -> str:
        """The token of their personal page."""
        return person_token(self.secret, self.person)


def write(
    kind: LetterKind,
    key: str,
    occasion: Occasion,
    more: Values,
    *,
    calendar: CalendarPart | None = None,
    wait: timedelta = timedelta(0),
    may_end: bool = False,
) -> bool:
    """Queue this mail; whether it was new. `more` has the variables that are its own.

    `may_end`: it carries the address that ends mail of its kind. The rest as `outbox.service.queue_letter`.
    """
    organisation = occasion.training.series.organisation
    with force_locale(occasion.language):
        wording = words_of(organisation.id, kind, occasion.language)
        ending = ending_link(occasion.secret, occasion.person) if may_end else None
        content = fill(wording, {**_values(occasion), **more}, organisation.name, ending)
    return queue_letter(
        key,
        occasion.person.email or "",
        content,
        language=occasion.language,
        organisation_id=organisation.id,
        calendar=calendar,
        unsubscribe=ending,
        wait=wait,
    )


def words_of(organisation_id: int, kind: LetterKind, language: str) -> Wording:
    """The words in force, with `language` the one in force."""
    own = find_wording(organisation_id, kind, language)
    return Wording(own.subject, own.body) if own is not None else STANDARD[kind].wording()


def fill(wording: Wording, values: Values, signed: str, ending: str | None) -> Content:
    """The letter of this wording, in the language in force."""
    closing: tuple[Part, ...] = ()
    if ending is not None:
        closing = (_("No more reminders and no follow-up mail:"), " ", Link(ending))
    return Content(fill_subject(wording.subject, values), fill_body(wording.body, values), signed, closing)


def ending_link(secret: str, person: Person) -> str:
    """Where this person's reminders end."""
    return site_link("invitations.end_reminders", token=ending_token(secret, person))


def _values(occasion: Occasion) -> dict[Variable, Value]:
    """What every mail may say, in the language in force."""
    training, token = occasion.training, occasion.token
    page = site_link("home.person_page", token=token)
    seat = "attendance.company_seats" if occasion.for_company else "invitations.own_seat"
    label = _("Your company's seats") if occasion.for_company else _("Your seat")
    return {
        Variable.name: occasion.person.name,
        Variable.session: training.step.title,
        Variable.series: training.series.title,
        Variable.day: format_day(training.starts_at),
        Variable.time: format_span(training.starts_at, training.ends_at),
        Variable.place: _place(training),
        Variable.organiser: training.series.organisation.name,
        Variable.facts: _facts(training),
        Variable.link: Link(site_link(seat, token=token, uid=training.uid), label),
        Variable.page: Link(page, _("Your page")),
    }


def _place(training: TrainingSession) -> str:
    room = training.room
    there = f"{room.name}, {room.venue.name}" if room and training.mode != Mode.DIGITAL else ""
    if training.mode == Mode.ON_SITE:
        return there
    return _("%(place)s, or by video", place=there) if there else _("by video")


def _facts(training: TrainingSession) -> Facts:
    lines = [training.series.title, format_when(training.starts_at, training.ends_at)]
    if training.room and training.mode != Mode.DIGITAL:
        venue = training.room.venue
        lines.append(", ".join(part for part in (training.room.name, venue.name, venue.address) if part))
    if training.join_url and training.mode != Mode.ON_SITE and not training.cancelled_at:
        lines.append(_("Join: %(link)s", link=training.join_url))
    return Facts(tuple(lines))
