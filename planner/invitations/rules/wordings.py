"""Every mail to participants and companies: when it is sent, its standard words, and what they may leave open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from planner.invitations.rules.variables import COMMON, Variable


class LetterKind(StrEnum):
    """Which mail. Those about seats are attendance's SeatNews with "seat_" before it."""

    reminder = "reminder"
    follow_up = "follow_up"
    missed = "missed"
    session_invited = "session_invited"
    session_changed = "session_changed"
    session_cancelled = "session_cancelled"
    session_declined = "session_declined"
    seat_booked_for = "seat_booked_for"
    seat_named = "seat_named"
    seat_moved_up = "seat_moved_up"
    seat_offered = "seat_offered"
    seat_lapsed = "seat_lapsed"
    seat_approved = "seat_approved"
    seat_declined = "seat_declined"
    seat_taken_back = "seat_taken_back"
    seat_given_away = "seat_given_away"
    seat_unnamed = "seat_unnamed"


@dataclass(frozen=True, slots=True)
class Wording:
    """A subject and a body, paragraphs parted by an empty line."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Standard:
    """A mail as it is until an organisation writes its own. `when` says when it is sent.

    `extra` are its variables beside the common ones; without the `needed` ones it would be of no use. The words are
    lazy: they are in the language in force when they are asked for.
    """

    name: Any
    when: Any
    subject: Any
    paragraphs: tuple[Any, ...]
    extra: tuple[Variable, ...] = ()
    needed: tuple[Variable, ...] = ()

    @property
    def variables(self) -> tuple[Variable, ...]:
        """All that its words may leave open."""
        return (*COMMON, *self.extra)

    def wording(self) -> Wording:
        """Its words, in the language in force."""
        return Wording(str(self.subject), "\n\n".join(str(paragraph) for paragraph in self.paragraphs))


HELLO, FACTS, LINK = _l("Hello {{ name }},"), _l("{{ facts }}"), _l("{{ link }}")
CANNOT_COME = _l("If you cannot come, give up your seat here, so that somebody else gets it:")
SAY_SO = _l("If you cannot come, say so here:")

STANDARD: Final = {
    LetterKind.reminder: Standard(
        _l("Reminder"), _l("Some days before a session, to those who have a seat."),
        _l("Soon: {{ session }}, {{ day }}"),
        (HELLO, _l("Welcome to {{ session }}. This is when and where:"), FACTS, CANNOT_COME, LINK),
    ),
    LetterKind.follow_up: Standard(
        _l("Thank you for coming"), _l("Some days after a session, to those who came."),
        _l("Thank you for coming to {{ session }}"),
        (
            HELLO, _l("Thank you for taking part in {{ session }} on {{ day }}."), _l("{{ next }}"),
            _l("On your own page you see your sessions and your attendance:"), _l("{{ page }}"),
        ),
        extra=(Variable.next,),
    ),
    LetterKind.missed: Standard(
        _l("We missed you"), _l("Some days after a session, to those who had a seat and did not come."),
        _l("We missed you at {{ session }}"),
        (
            HELLO, _l("You had a seat at {{ session }} on {{ day }} and could not come. You are still welcome."),
            _l("{{ next }}"), _l("On your own page you see what is ahead:"), _l("{{ page }}"),
        ),
        extra=(Variable.next,),
    ),
    LetterKind.session_invited: Standard(
        _l("Invitation"), _l("When somebody who wants invitations has a seat; with a calendar file."),
        _l("Invitation: {{ session }}, {{ day }}"),
        (HELLO, _l("You have a seat at {{ session }}."), FACTS, _l("{{ answer }}"), LINK),
        extra=(Variable.answer,),
    ),
    LetterKind.session_changed: Standard(
        _l("Changed"), _l("When a session's time, place, mode or link has changed; with a calendar file."),
        _l("Changed: {{ session }}, {{ day }}"),
        (
            HELLO, _l("{{ session }} has changed. This is how it stands now:"), FACTS,
            _l("You still have your seat. {{ answer }}"), LINK,
        ),
        extra=(Variable.answer,),
    ),
    LetterKind.session_cancelled: Standard(
        _l("Cancelled"), _l("When a session is cancelled, or a seat at it; taken out of the calendar."),
        _l("Cancelled: {{ session }}, {{ day }}"),
        (HELLO, _l("{{ news }}"), _l("{{ reason }}"), FACTS, _l("All your sessions:"), _l("{{ page }}")),
        extra=(Variable.news, Variable.reason), needed=(Variable.news,),
    ),
    LetterKind.session_declined: Standard(
        _l("Declined in the calendar"), _l("When a calendar has answered no, and the seat is free again."),
        _l("You declined: {{ session }}, {{ day }}"),
        (
            HELLO,
            _l("Your calendar answered that you do not come to {{ session }}, so your seat is free for somebody else."),
            _l("If that was not you, or you can come after all, take the seat back here:"), LINK,
        ),
        needed=(Variable.link,),
    ),
    LetterKind.seat_booked_for: Standard(
        _l("Booked by the organiser"), _l("When you book a seat for somebody."),
        _l("The organiser has booked for you: {{ session }}, {{ day }}"),
        (HELLO, _l("{{ news }}"), FACTS, SAY_SO, LINK), extra=(Variable.news,), needed=(Variable.news,),
    ),
    LetterKind.seat_named: Standard(
        _l("Named by the company"), _l("When a company gives a reserved seat to somebody."),
        _l("Your company has a seat for you: {{ session }}, {{ day }}"),
        (HELLO, _l("{{ news }}"), FACTS, SAY_SO, LINK), extra=(Variable.news,), needed=(Variable.news,),
    ),
    LetterKind.seat_moved_up: Standard(
        _l("Moved up"), _l("When somebody on the waiting list gets a seat."),
        _l("A seat for you: {{ session }}, {{ day }}"),
        (HELLO, _l("{{ news }}"), LINK, FACTS), extra=(Variable.news,), needed=(Variable.news,),
    ),
    LetterKind.seat_offered: Standard(
        _l("Offered"), _l("When a seat is kept for the next in line until they answer."),
        _l("Do you want the seat? {{ session }}, {{ day }}"),
        (
            HELLO,
            _l("A seat became free at {{ session }}. It is kept for you until {{ until }}. Then it goes to the next"
               " in line."),
            _l("Take it or decline it here:"), LINK, FACTS,
        ),
        extra=(Variable.until,), needed=(Variable.link, Variable.until),
    ),
    LetterKind.seat_lapsed: Standard(
        _l("Not answered in time"), _l("When an offered seat has gone to the next in line."),
        _l("The seat went to the next in line: {{ session }}"),
        (
            HELLO,
            _l("The time to answer is over, so the seat at {{ session }} went to the next in line. You can ask for a"
               " seat again here:"),
            LINK,
        ),
    ),
    LetterKind.seat_approved: Standard(
        _l("Approved"), _l("When you say yes to a seat that was asked for."),
        _l("Approved: {{ session }}, {{ day }}"),
        (HELLO, _l("{{ news }}"), LINK, FACTS), extra=(Variable.news,), needed=(Variable.news,),
    ),
    LetterKind.seat_declined: Standard(
        _l("Not approved"), _l("When you say no to a seat that was asked for."),
        _l("No seat: {{ session }}, {{ day }}"),
        (
            HELLO, _l("What you asked for, a seat at {{ session }}, was not approved."), _l("{{ reason }}"), FACTS,
        ),
        extra=(Variable.reason,),
    ),
    LetterKind.seat_taken_back: Standard(
        _l("Taken back"), _l("When you take a seat from somebody."),
        _l("You no longer have a seat: {{ session }}, {{ day }}"),
        (
            HELLO,
            _l("The organiser has taken back your seat at {{ session }}. If you think that is a mistake, ask the"
               " organiser."),
            FACTS,
        ),
    ),
    LetterKind.seat_given_away: Standard(
        _l("Given to a colleague"), _l("When a company takes a name off its seat."),
        _l("Your seat went to a colleague: {{ session }}, {{ day }}"),
        (
            HELLO,
            _l("Your company has taken your name off its seat at {{ session }}, so you need not come. If you think that"
               " is a mistake, ask your company."),
            FACTS,
        ),
    ),
    LetterKind.seat_unnamed: Standard(
        _l("A seat without a name"), _l("When somebody whom a company gave a seat cannot come; to its contacts."),
        _l("A seat without a name: {{ session }}, {{ day }}"),
        (
            HELLO,
            _l("Somebody you gave a seat at {{ session }} cannot come. The seat is still your company's. Say here who"
               " takes it:"),
            LINK,
        ),
        needed=(Variable.link,),
    ),
}  # fmt: skip
