"""Mail about what happened to a seat: moved up, offered, lapsed, approved, declined, named, left without a name,
given to somebody else.
"""

from __future__ import annotations

from planner.attendance.models import Seat
from planner.attendance.queries import list_positions, seat_state
from planner.attendance.rules import SeatNews
from planner.base.db import db
from planner.directory.rules import person_token
from planner.invitations.queries import Addressee, list_addressees, load_session
from planner.outbox.service import queue


def tell_seat_news(training_id: int, seat_id: int, news: SeatNews, secret: str) -> None:
    """Queue a mail to whoever has the seat, or to those who speak for the company when it has no name.

    A person whose calendar is told of the seat gets one mail and not two. Nobody is told of a draft's seats.
    """
    training, seat = load_session(training_id), db.session.get_one(Seat, seat_id)
    if training.series.published_at is None:
        return
    for one in list_addressees(seat, contacts=seat.person_id is None):
        if not _is_told_by_calendar(one, seat, news):
            queue(
                _key(seat, one, news),
                one.person.email or "",
                f"seat_{news.value}",
                language=one.language,
                name=one.person.name,
                training=training,
                seat=seat,
                state=seat_state(seat),
                position=list_positions([training.id]).get(seat.id),
                for_company=one.is_contact,
                token=person_token(secret, one.person),
            )


def _is_told_by_calendar(one: Addressee, seat: Seat, news: SeatNews) -> bool:
    if news in (SeatNews.given_away, SeatNews.taken_back):
        return one.has_wish
    gives_seat = news in (SeatNews.moved_up, SeatNews.approved, SeatNews.named, SeatNews.booked_for)
    return gives_seat and one.has_wish and not one.is_contact and seat_state(seat) == "booked"


def _key(seat: Seat, one: Addressee, news: SeatNews) -> str:
    """One mail to a contact, however many of the company's seats it is about at that moment."""
    about = f"c{seat.training_id}" if one.is_contact else str(seat.id)
    return f"seat:{news.value}:{about}:{one.person.id}:{seat.changed_at:%Y%m%d%H%M%S%f}"
