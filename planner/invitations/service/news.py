"""Mail about what happened to a seat: moved up, offered, lapsed, approved, declined, named, left without a name,
given to somebody else.
"""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from planner.attendance.models import Seat
from planner.attendance.queries import list_positions, seat_state
from planner.attendance.rules import Place, SeatNews
from planner.base.db import db
from planner.invitations.queries import Addressee, list_addressees, load_session
from planner.invitations.rules import LetterKind, Value, Variable
from planner.invitations.service.writing import Occasion, write
from planner.series.models import TrainingSession
from planner.web.formats import format_instant


def tell_seat_news(training_id: int, seat_id: int, news: SeatNews, secret: str) -> None:
    """Queue a mail to whoever has the seat, or to those who speak for the company when it has no name.

    A person whose calendar is told of the seat gets one mail and not two. Nobody is told of a draft's seats.
    """
    training, seat = load_session(training_id), db.session.get_one(Seat, seat_id)
    if training.series.published_at is None:
        return
    for one in list_addressees(seat, contacts=seat.person_id is None):
        if not _is_told_by_calendar(one, seat, news):
            write(
                LetterKind(f"seat_{news.value}"),
                _key(seat, one, news),
                Occasion(one.person, training, one.language, secret, for_company=one.is_contact),
                _own_values(training, seat, one, news),
            )


def _own_values(
    training: TrainingSession, seat: Seat, one: Addressee, news: SeatNews
) -> dict[Variable, Value]:
    with force_locale(one.language):
        values: dict[Variable, Value] = {Variable.reason: seat.note}
        if seat.answer_by is not None:
            values[Variable.until] = format_instant(seat.answer_by)
        if news in _NEWS:
            values[Variable.news] = _NEWS[news](training, seat, one)
        return values


def _booked_for(training: TrainingSession, seat: Seat, _one: Addressee) -> str:
    title = training.step.title
    if seat_state(seat) != "booked":
        return _(
            "All seats at %(title)s are taken right now, so you are on the waiting list."
            " You get a mail when there is a seat.",
            title=title,
        )
    if seat.place == Place.on_site:
        return _("You have a seat on site at %(title)s.", title=title)
    return _("You have a seat by video at %(title)s.", title=title)


def _named(training: TrainingSession, seat: Seat, _one: Addressee) -> str:
    title = training.step.title
    if seat_state(seat) == "booked":
        return _("Your company has given you a seat at %(title)s.", title=title)
    return _(
        "Your company has put you on the list for %(title)s. You get a mail when there is a seat.",
        title=title,
    )


def _moved_up(training: TrainingSession, _seat: Seat, one: Addressee) -> str:
    title = training.step.title
    if one.is_contact:
        return _(
            "A seat became free at %(title)s, and your company has it now. Say here who takes it:",
            title=title,
        )
    return _(
        "A seat became free at %(title)s, and it is yours. If you cannot come, give it up here:", title=title
    )


def _approved(training: TrainingSession, seat: Seat, _one: Addressee) -> str:
    title = training.step.title
    if seat_state(seat) == "booked":
        return _("What you asked for is approved: there is a seat at %(title)s.", title=title)
    position = list_positions([training.id]).get(seat.id)
    return _(
        "What you asked for is approved. All seats at %(title)s are taken right now: number %(n)s on the waiting list.",
        title=title,
        n=position,
    )


_NEWS = {
    SeatNews.booked_for: _booked_for, SeatNews.named: _named, SeatNews.moved_up: _moved_up,
    SeatNews.approved: _approved,
}  # fmt: skip


def _is_told_by_calendar(one: Addressee, seat: Seat, news: SeatNews) -> bool:
    if news in (SeatNews.given_away, SeatNews.taken_back):
        return one.has_wish
    gives_seat = news in (SeatNews.moved_up, SeatNews.approved, SeatNews.named, SeatNews.booked_for)
    return gives_seat and one.has_wish and not one.is_contact and seat_state(seat) == "booked"


def _key(seat: Seat, one: Addressee, news: SeatNews) -> str:
    """One mail to a contact, however many of the company's seats it is about at that moment."""
    about = f"c{seat.training_id}" if one.is_contact else str(seat.id)
    return f"seat:{news.value}:{about}:{one.person.id}:{seat.changed_at:%Y%m%d%H%M%S%f}"
