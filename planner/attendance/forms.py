"""Shape of input. The roster is one form with a row per person; every other form is a WTForms one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from planner.attendance.models import PresenceEntry
from planner.attendance.queries import RosterRow
from planner.attendance.rules import (
    ATTENDED,
    MarkInput,
    Place,
    Verdict,
    default_minutes,
    default_place,
    places_of,
)
from planner.base.errors import RefusedError
from planner.web.forms import BaseForm, plain

PLACE_WORDS = {Place.on_site: _l("On site"), Place.remote: _l("By video")}


def new_entry_id() -> str:
    """A number for one mark, made where the mark is made."""
    return str(uuid.uuid4())


def place_choices(mode: str) -> list[tuple[str, Any]]:
    """The places of a session as a form's choices."""
    return [(place.value, PLACE_WORDS[place]) for place in places_of(mode)]


@dataclass(slots=True)
class RosterLine:
    """One row of the roster as the page shows it: what stands, or what was typed and came back.

    `minutes` is text and empty for the usual length. `seen_id` is the entry that stood when the page was opened.
    `error` says what to change; `theirs` is somebody else's entry that stands instead of the one seen. `before` is
    what stands, as the page's script puts it back.
    """

    row: RosterRow
    verdict: str
    place: str
    minutes: str
    reason: str
    entry_id: str
    seen_id: str
    was: str
    error: str = ""
    theirs: PresenceEntry | None = None
    before: dict[str, str] | None = None

    @property
    def said(self) -> str:
        """Verdict, place and minutes in one text, to see whether the row was changed."""
        return f"{self.verdict}|{self.place}|{self.minutes}"


def open_line(row: RosterRow, mode: str, length: int) -> RosterLine:
    """The row as it stands, for a session of this mode and length."""
    entry, seat = row.entry, row.seat
    verdict = entry.verdict if entry else ""
    place = entry.place if entry else seat.place if seat else default_place(mode).value
    minutes = typed_minutes(entry, length) if entry else ""
    line = RosterLine(row, verdict, place, minutes, "", new_entry_id(), entry.id if entry else "", "")
    line.was = line.said
    if entry:
        line.before = {"verdict": verdict, "place": place, "minutes": minutes}
    return line


def typed_minutes(entry: PresenceEntry, length: int) -> str:
    """The entry's minutes as one types them: empty for the usual ones."""
    return "" if entry.minutes == default_minutes(Verdict(entry.verdict), length) else str(entry.minutes)


def sent_line(row: RosterRow, sent: Mapping[str, str], mode: str, length: int) -> RosterLine:
    """The row as it was sent; as it stands when it was not among those sent."""
    key = row.person.id
    line = open_line(row, mode, length)
    if f"was-{key}" not in sent:
        return line
    for name in ("verdict", "place", "minutes", "reason"):
        setattr(line, name, plain(sent.get(f"{name}-{key}", getattr(line, name)))[:300])
    line.was, line.seen_id = sent[f"was-{key}"], sent.get(f"seen-{key}", "")
    line.entry_id = sent.get(f"id-{key}", line.entry_id)
    return line


def changed_lines(lines: Iterable[RosterLine]) -> list[RosterLine]:
    """The rows that say something else than when the page was opened."""
    return [line for line in lines if line.verdict and line.said != line.was]


def wanted_of(line: RosterLine, length: int, device: str) -> MarkInput:
    """The mark that a row asks for, made on this kind of device. Raises RefusedError for what cannot be read."""
    return read_mark(
        {
            "verdict": line.verdict, "place": line.place, "minutes": line.minutes, "reason": line.reason,
            "id": line.entry_id, "seen": line.seen_id,
        },
        length,
        device,
    )  # fmt: skip


def read_mark(data: Mapping[str, Any], length: int, device: str) -> MarkInput:
    """The mark in this mapping of texts (or a client's JSON). Raises RefusedError for what cannot be read."""
    try:
        verdict, place = Verdict(str(data.get("verdict", ""))), Place(str(data.get("place", "")))
    except ValueError:
        raise RefusedError(_("Choose present, late, excused or absent.")) from None
    return MarkInput(
        verdict,
        _minutes(verdict, str(data.get("minutes") or "").strip(), length),
        place,
        str(data.get("id", "")),
        reason=plain(str(data.get("reason") or ""))[:300],
        seen_id=str(data.get("seen") or "") or None,
        waited=read_waited(data),
        device=device,
    )


def read_waited(data: Mapping[str, Any]) -> timedelta:
    """How long the sender says that it waited; nothing for what is no number."""
    waited = data.get("waited", 0)
    return timedelta(milliseconds=max(0, min(waited, 10**10)) if isinstance(waited, int) else 0)


def _minutes(verdict: Verdict, text: str, length: int) -> int:
    """The minutes typed; the usual ones when none were, and none for somebody who was not there."""
    if verdict not in ATTENDED or not text:
        return default_minutes(verdict, length)
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise RefusedError(_("Give the minutes as a whole number."), field="minutes")
    return int(text)


class NewPersonForm(BaseForm):
    """Somebody new: as little as is needed."""

    name = StringField(_l("Name"), validators=[DataRequired(_l("Give the person's name.")), Length(max=200)])
    email = EmailField(
        _l("E-mail"),
        validators=[Length(max=254)],
        description=_l("Only if the person wants a link of their own. It can be left empty."),
    )
    company = SelectField(_l("Company"), default="")

    def offer_companies(self, companies: Iterable[Any]) -> None:
        """Offer these companies, and none."""
        self.company.choices = [("", _("No company")), *((str(c.id), c.name) for c in companies)]


class EnrolNewForm(NewPersonForm):
    """Somebody new for a series."""

    cohort = SelectField(_l("Cohort"), default="")

    def offer_cohorts(self, cohorts: Iterable[Any]) -> None:
        """Offer these cohorts, and none."""
        self.cohort.choices = [
            ("", _("None: sessions open to all")), *((str(c.id), c.name) for c in cohorts)
        ]  # fmt: skip


class WalkInForm(NewPersonForm):
    """Somebody new at the door."""

    place = RadioField(_l("Takes part"))
    entry_id = HiddenField()


class ScanForm(BaseForm):
    """A participant's own code: in a photo, or typed."""

    photo = FileField(
        _l("Photo of the code"), description=_l("JPEG or PNG, at most 10 MB. It is read and not kept.")
    )
    code = StringField(_l("Code"), description=_l("What stands below the square, as in 27-KX4PQ-M2ZRT."))
    entry_id = HiddenField()
    walk_in = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether there is a photo or a code."""
        if not super().validate(extra_validators):
            return False
        if self.photo.data or self.code.data:
            return True
        self.code.errors = [_("Take a photo of the code, or type it.")]
        return False


class RosterLinkForm(BaseForm):
    """Who marks attendance by the session's own link."""

    name = StringField(
        _l("Who is the link for"),
        validators=[DataRequired(_l("Type who the link is for.")), Length(max=200)],
        description=_l("Their name stands beside each mark they make."),
    )


class CodeForm(BaseForm):
    """The six digits that were said aloud."""

    code = StringField(
        _l("Code"),
        validators=[DataRequired(_l("Type the six digits of the code."))],
        description=_l("The facilitator shows it or says it: six digits."),
    )


class CheckInForm(BaseForm):
    """A participant at the door. Which fields are asked depends on what proves that they are there."""

    code = StringField(_l("Code"), description=_l("The facilitator shows it or says it: six digits."))
    email = EmailField(_l("Your e-mail"), description=_l("The one you were invited with."))
    place = RadioField(_l("I take part"))
    entry_id = HiddenField()


class ReserveForm(BaseForm):
    """Seats without names. The number is how many there are to be in all, so that sending it twice changes nothing."""

    company = SelectField(_l("Company"), default="")
    place = RadioField(_l("Takes part"))
    count = IntegerField(
        _l("Seats in all"), validators=[InputRequired(_l("Give the number of seats."))],
        description=_l("Those with names are counted too. Fewer than before gives seats back."),
    )  # fmt: skip
    whole_series = BooleanField(_l("The same in every coming session of the series"))


class SeriesTermsForm(BaseForm):
    """What is agreed about the seats of a series."""

    answer_hours = IntegerField(
        _l("Hours to answer"), validators=[InputRequired(_l("Give a number of hours, 0 for none."))],
        description=_l("Whoever moves up must say yes within this time, or the next is asked. 0: moves up at once."),
    )  # fmt: skip
    needs_approval = BooleanField(_l("Seats that people or companies ask for need approval"))


class SessionTermsForm(BaseForm):
    """The same for one session."""

    answer_hours = IntegerField(
        _l("Hours to answer"), validators=[Optional()],
        description=_l("Empty: as in the series. 0: whoever is first in line moves up at once."),
    )  # fmt: skip
    needs_approval = SelectField(_l("Seats need approval"), default="")

    def offer_choices(self) -> None:
        """Offer yes, no and as in the series."""
        self.needs_approval.choices = [("", _("As in the series")), ("yes", _("Yes")), ("no", _("No"))]


class PasteForm(BaseForm):
    """A list of people, pasted."""

    text = TextAreaField(
        _l("People"), validators=[Length(max=20_000)],
        description=_l("One a line: an e-mail address, or a name and an address."),
    )  # fmt: skip
    file = FileField(_l("Or a file"), description=_l("CSV or XLSX with columns for name and e-mail."))
    place = RadioField(_l("Takes part"))


class HoursForm(BaseForm):
    """What is wrong with the hours that stand of somebody."""

    words = TextAreaField(_l("What is wrong?"), [Length(max=500)])


class ReportForm(BaseForm):
    """The attendance report of a meeting by video."""

    file = FileField(
        _l("Attendance report"), [FileRequired(_l("Choose a file."))],
        description=_l("CSV or XLSX as Teams or Zoom gives it, at most 5 MB."),
    )  # fmt: skip


class ReportConfirmForm(BaseForm):
    """What a report said, and what was marked when it was shown."""

    report = HiddenField()
    seen = HiddenField()
    replace = BooleanField(_l("Replace what has been noted another way"))
