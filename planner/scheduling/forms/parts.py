"""The parts that the forms of scheduling are put together from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp

from planner.accounts.models import User
from planner.base.days import NoSuchTimeError, at_wall_clock, local
from planner.base.errors import RefusedError
from planner.directory.models import Room
from planner.scheduling.rules import Clash, Override
from planner.series.models import Series
from planner.series.rules import SessionDetails
from planner.series_templates.rules import Mode
from planner.web.fields import CheckboxesField, ClockField, DayField

MOST_SEATS = 10_000


def whole_number(value: Any) -> int | None:
    """The id chosen in a list; None for the empty choice."""
    return int(value) if value not in (None, "", "None") else None


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from on a page of this series."""

    steps: list[SelectChoice]
    cohorts: list[SelectChoice]
    rooms: list[SelectChoice]
    people: list[SelectChoice]
    capacities: dict[int, int]

    @classmethod
    def of(cls, series: Series, rooms: Sequence[Room], people: Iterable[User]) -> Choices:
        """From the series (steps and cohorts loaded), rooms by venue (venue loaded) and users."""
        return cls(
            [SelectChoice(str(step.id), f"{step.position}. {step.title}") for step in series.steps],
            [
                SelectChoice("", _("Open to all")),
                *(SelectChoice(str(cohort.id), cohort.name) for cohort in series.cohorts),
            ],
            [SelectChoice("", _("Decided later")), *(_room_choice(room) for room in rooms)],
            [SelectChoice(str(user.id), user.name) for user in people],
            {room.id: room.capacity for room in rooms},
        )


def _room_choice(room: Room) -> SelectChoice:
    label = _("%(room)s · %(seats)s seats", room=room.name, seats=room.capacity)
    return SelectChoice(str(room.id), label, optgroup=room.venue.name)


def clock_text(at: datetime) -> str:
    """The instant's time on the wall, as a form shows it."""
    return f"{local(at):%H:%M}"


def instant(on: date, clock: time, field: str) -> datetime:
    """The UTC instant of a typed day and time; raises RefusedError beside `field` where there is none."""
    try:
        return at_wall_clock(on, clock)
    except NoSuchTimeError as error:
        raise RefusedError(
            _(
                "That night the clock is put forward past %(clock)s, so it never comes. Choose another time.",
                clock=f"{clock:%H:%M}",
            ),
            field=field,
        ) from error


class WhenFields:
    """A day and its times; no end means the length given."""

    day = DayField(
        _l("Day"),
        [DataRequired(_l("Say which day."))],
        description=_l("Like 2026-10-06, 6/10 or tue wk 41."),
    )
    starts = ClockField(_l("Starts"), [DataRequired(_l("Say when it starts."))])
    ends = ClockField(_l("Ends"), description=_l("Empty: as long as planned."))

    def times(self, minutes: int) -> tuple[datetime, datetime]:
        """Start and end in UTC; raises RefusedError naming the field that does not fit."""
        if self.day.on is None:
            raise RefusedError(_("Say which day."), field="day")
        if self.starts.clock is None:
            raise RefusedError(_("Say when it starts."), field="starts")
        starts_at = instant(self.day.on, self.starts.clock, "starts")
        if self.ends.clock is None:
            return starts_at, starts_at + timedelta(minutes=minutes)
        ends_at = instant(self.day.on, self.ends.clock, "ends")
        if ends_at <= starts_at:
            raise RefusedError(_("The session must end after it starts."), field="ends")
        return starts_at, ends_at


class PlaceFields:
    """Where people meet, who leads and how many may come."""

    room_id = SelectField(_l("Room"), coerce=whole_number)
    join_url = StringField(
        _l("Joining link"),
        [
            Optional(),
            Length(max=1000),
            Regexp(r"https?://\S+$", message=_l("A link begins with https:// and has no spaces.")),
        ],
        description=_l("For those who join by video. Never shown in public."),
        render_kw={"inputmode": "url"},
    )
    facilitator_ids = CheckboxesField(_l("Facilitators"), coerce=int)
    seats_on_site = IntegerField(
        _l("Seats on site"),
        [
            Optional(),
            NumberRange(min=0, max=MOST_SEATS, message=_l("Give a whole number from %(min)s to %(max)s.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    seats_remote = IntegerField(
        _l("Seats by video"),
        [
            Optional(),
            NumberRange(min=0, max=MOST_SEATS, message=_l("Give a whole number from %(min)s to %(max)s.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    note = TextAreaField(_l("Note to participants"), [Length(max=1000)])

    def offer_places(self, choices: Choices) -> None:
        """Fill the lists of rooms and facilitators."""
        self.room_id.choices = choices.rooms
        self.facilitator_ids.choices = choices.people
        self.capacities = choices.capacities

    def details(self, starts_at: datetime, ends_at: datetime, mode: Mode) -> SessionDetails:
        """All that is set, at these times. Raises RefusedError when the room does not hold the seats.

        A room chosen without a number of seats has as many as it holds: never one seat too many.
        """
        meets = mode is not Mode.DIGITAL
        capacity = self.capacities.get(self.room_id.data) if meets and self.room_id.data else None
        seats = self.seats_on_site.data
        if capacity is not None and seats is not None and seats > capacity:
            raise RefusedError(
                _("The room holds %(n)s. Choose at most that many, or a larger room.", n=capacity),
                field="seats_on_site",
            )
        return SessionDetails(
            starts_at,
            ends_at,
            mode,
            self.room_id.data,
            self.join_url.data or "",
            capacity if seats is None else seats,
            self.seats_remote.data,
            self.note.data or "",
            tuple(self.facilitator_ids.data or ()),
        )


class ClashFields:
    """Why a clash is saved over, and which clashes the page showed."""

    clash_reason = TextAreaField(
        _l("Reason to save it all the same"),
        [Length(max=500)],
        description=_l("Kept with the session, for colleagues."),
    )
    seen = HiddenField()

    def override(self) -> Override:
        """The planner's answer to the clashes shown."""
        return Override(self.clash_reason.data or "", frozenset((self.seen.data or "").split()))

    def show(self, found: Sequence[Clash]) -> None:
        """Remember on the page which clashes it shows."""
        self.seen.data = " ".join(clash.mark_id for clash in found)
