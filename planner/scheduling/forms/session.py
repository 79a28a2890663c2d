"""Forms over one session."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from planner.base.days import local_day
from planner.scheduling.forms.parts import (
    Choices,
    ClashFields,
    PlaceFields,
    WhenFields,
    clock_text,
    whole_number,
)
from planner.series.models import TrainingSession
from planner.series.rules import SessionDetails
from planner.series_templates.forms.fields import MODE_CHOICES
from planner.series_templates.rules import Mode
from planner.web.forms import BaseForm, EditForm


class _SessionFields(WhenFields, PlaceFields, ClashFields):
    """All that is set when a session is placed or edited."""

    step_id = SelectField(_l("Step"), coerce=whole_number)
    cohort_id = SelectField(_l("For"), coerce=whole_number)
    mode = RadioField(_l("How people meet"), choices=MODE_CHOICES)

    def offer(self, choices: Choices) -> None:
        """Fill the lists."""
        self.step_id.choices, self.cohort_id.choices = choices.steps, choices.cohorts
        self.offer_places(choices)

    def session_details(self, minutes: int) -> SessionDetails:
        """What is set; `minutes` is the length when no end is given. Raises RefusedError naming the field."""
        return self.details(*self.times(minutes), Mode(self.mode.data))


class NewSessionForm(_SessionFields, BaseForm):
    """A session to be."""


class _ShortEditForm(ClashFields, EditForm):
    """An edit whose answer to clashes is not part of what two people may both have changed."""

    def editable(self) -> list[Field]:
        """The fields of the session itself."""
        return [field for field in super().editable() if field.short_name not in {"clash_reason", "seen"}]


class EditSessionForm(_SessionFields, _ShortEditForm):
    """A session as it is."""

    @staticmethod
    def values(training: TrainingSession) -> dict[str, Any]:
        """The session's values as the form takes them (facilitators and room loaded).

        As many seats as the room holds are shown as none set: with a larger room there are more.
        """
        is_rooms = _has_rooms_seats(training)
        return {
            **_when(training),
            "step_id": training.step_id,
            "cohort_id": training.cohort_id,
            "mode": training.mode,
            "room_id": training.room_id,
            "join_url": training.join_url,
            "facilitator_ids": [user.id for user in training.facilitators],
            "seats_on_site": None if is_rooms else training.seats_on_site,
            "seats_remote": training.seats_remote,
            "note": training.note,
        }

    def edited(self, training: TrainingSession, minutes: int) -> SessionDetails:
        """What is set for this session. One that loses its room keeps its number of seats: no limit is a choice."""
        details = self.session_details(minutes)
        if details.room_id is None and details.seats_on_site is None and _has_rooms_seats(training):
            return replace(details, seats_on_site=training.seats_on_site)
        return details


class MoveSessionForm(WhenFields, _ShortEditForm):
    """Another time for a session."""

    @staticmethod
    def values(training: TrainingSession) -> dict[str, Any]:
        """The session's time as the form takes it."""
        return _when(training)


class CopySessionForm(WhenFields, ClashFields, BaseForm):
    """The same session again, at another time or for another cohort."""

    cohort_id = SelectField(_l("For"), coerce=whole_number)


class CancelForm(BaseForm):
    """Why a session is cancelled."""

    reason = StringField(
        _l("Reason"),
        [
            DataRequired(_l("Say why it is cancelled; those who planned to come will read it.")),
            Length(max=500),
        ],
        description=_l("Those who planned to come will read it."),
    )


class RestoreForm(ClashFields, BaseForm):
    """Taking a cancellation back."""


def _has_rooms_seats(training: TrainingSession) -> bool:
    return training.room is not None and training.seats_on_site == training.room.capacity


def _when(training: TrainingSession) -> dict[str, Any]:
    return {
        "day": local_day(training.starts_at).isoformat(),
        "starts": clock_text(training.starts_at),
        "ends": clock_text(training.ends_at),
        "revision": training.revision,
    }
