"""The form for a whole series in one go: a rhythm, and under it every date it gives, each open to change.

Nothing is kept between requests: the dates travel along in the form. A row remembers what the rhythm gave it
(`given`), so that a date changed by hand stays when the rhythm is changed, and the others follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, NumberRange

from planner.base.clock import now
from planner.base.days import DayMark, DayNotUnderstoodError, day_mark, is_whole_week, local_day
from planner.base.errors import RefusedError
from planner.scheduling.errors import RhythmNotPossibleError, RhythmProblem
from planner.scheduling.forms.parts import (
    Choices,
    ClashFields,
    PlaceFields,
    WhenFields,
    clock_text,
    whole_number,
)
from planner.scheduling.rules import (
    GapNote,
    Occurrence,
    Rhythm,
    StepDate,
    StepNeed,
    assign_steps,
    gap_notes,
    occurrences,
    parse_weeks,
)
from planner.series.models import Step
from planner.series.rules import SessionDetails
from planner.series_templates.forms.fields import MODE_CHOICES
from planner.series_templates.rules import Mode
from planner.web.fields import CheckboxesField, ClockField, DayField, day_sentence
from planner.web.forms import BaseForm

WEEKDAYS = [
    SelectChoice(str(number), word)
    for number, word in enumerate(
        (_l("Mon"), _l("Tue"), _l("Wed"), _l("Thu"), _l("Fri"), _l("Sat"), _l("Sun")), start=1
    )
]


class RowForm(WhenFields, Form):
    """One step's date in the preview."""

    keep = BooleanField(_l("Place"))
    step_id = HiddenField()
    given = HiddenField()

    def refuse(self, error: RefusedError) -> None:
        """Show a refusal beside the field it names."""
        field = self._fields.get(error.field or "day", self.day)
        field.errors = [*field.errors, error.message]

    @property
    def typed(self) -> str:
        """What stands in the row, comparable with `given`."""
        return f"{self.day.data} {self.starts.data} {self.ends.data}".strip()


@dataclass
class PreviewLine:
    """One line of the preview: a date that is skipped (`row` None), or a step with its row."""

    occurrence: Occurrence | None
    step: Step | None = None
    row: RowForm | None = None
    details: SessionDetails | None = None
    gap_note: GapNote | None = None
    was_placed_on: date | None = None

    @property
    def on(self) -> date | None:
        """The day as it now stands, None when none is typed."""
        if self.row is None:
            return self.occurrence.on if self.occurrence else None
        return self.row.day.on

    @property
    def mark(self) -> DayMark | None:
        """The mark of that day."""
        return day_mark(self.on) if self.on else None

    @property
    def is_past(self) -> bool:
        """Whether that day has already been."""
        return self.on is not None and self.on < local_day(now())

    @property
    def is_kept(self) -> bool:
        """Whether it is to be placed."""
        return self.row is not None and bool(self.row.keep.data)

    @property
    def is_changed(self) -> bool:
        """Whether someone changed the date by hand."""
        return self.row is not None and self.row.typed != self.row.given.data


class PlanForm(PlaceFields, ClashFields, BaseForm):
    """The rhythm, what all sessions share, and the dates."""

    cohort_id = SelectField(_l("For"), coerce=whole_number)
    first = DayField(
        _l("From"),
        [DataRequired(_l("Say from which day or week."))],
        whole_weeks=True,
        description=_l("A day or a week: 6/10, wk 41."),
    )
    weekdays = CheckboxesField(_l("On"), choices=WEEKDAYS, coerce=int)
    starts = ClockField(_l("Starts"), [DataRequired(_l("Say when they start."))])
    ends = ClockField(_l("Ends"), description=_l("Empty: each step's own length."))
    every_weeks = IntegerField(
        _l("Every … weeks"),
        [NumberRange(min=1, max=52, message=_l("Choose 1 to 52 weeks."))],
        default=1,
        render_kw={"inputmode": "numeric"},
    )
    skip_holidays = BooleanField(_l("Skip public holidays and eves"), default=True)
    skip_squeeze_days = BooleanField(_l("Skip squeeze days"))
    skip_weeks = StringField(_l("Skip weeks"), description=_l("Like 44, 51-1."))
    step_ids = CheckboxesField(_l("Steps to place"), coerce=int)
    mode = SelectField(
        _l("How people meet"), choices=[SelectChoice("", _l("As each step says")), *MODE_CHOICES]
    )
    excluded = HiddenField()
    is_stale = False  # the rows sent were made from another rhythm than the one now typed
    rows = FieldList(FormField(RowForm))

    def offer(self, choices: Choices) -> None:
        """Fill the lists."""
        self.cohort_id.choices, self.step_ids.choices = choices.cohorts, choices.steps
        self.offer_places(choices)

    def validate_rhythm(self) -> bool:
        """Whether a submitted form is right but for its rows, which are read once the dates are known."""
        rows = self._fields.pop("rows")
        try:
            return bool(self.validate_on_submit())
        finally:
            self._fields["rows"] = rows

    def exclude(self, *, skip: str | None, use: str | None) -> None:
        """Leave the ISO date `skip` out of the rhythm, or take `use` in again."""
        days = set((self.excluded.data or "").split()) | ({skip} if skip else set())
        self.excluded.data = " ".join(sorted(days - {use}))

    def rhythm(self, count: int) -> Rhythm:
        """What was typed, for `count` dates; raises RefusedError naming the field."""
        first_on = self.first.on
        if first_on is None or self.starts.clock is None:
            raise RefusedError(_("Say from which day or week."), field="first")
        weekdays = frozenset(self.weekdays.data or ())
        if not weekdays and not is_whole_week(self.first.data):
            weekdays = frozenset({first_on.isoweekday()})
        try:
            return Rhythm(
                first_on=first_on, weekdays=weekdays, starts=self.starts.clock, ends=self.ends.clock,
                every_weeks=self.every_weeks.data or 1, count=count,
                skip_weeks=self._skipped_weeks(first_on), skip_holidays=bool(self.skip_holidays.data),
                skip_squeeze_days=bool(self.skip_squeeze_days.data), excluded_on=self._excluded_on(),
            )  # fmt: skip
        except RhythmNotPossibleError as error:
            raise _rhythm_refusal(error.reason) from error

    def _skipped_weeks(self, first_on: date) -> frozenset[Any]:
        try:
            return parse_weeks(self.skip_weeks.data or "", first_on)
        except DayNotUnderstoodError as problem:
            raise RefusedError(day_sentence(problem), field="skip_weeks") from problem

    def _excluded_on(self) -> frozenset[date]:
        found = set()
        for text in (self.excluded.data or "").split():
            try:
                found.add(date.fromisoformat(text))
            except ValueError:
                continue
        return frozenset(found)

    def lay_out(self, steps: Sequence[Step]) -> list[PreviewLine]:
        """Every date with the step on it or why it is skipped; the rows are made anew, keeping changes by hand.

        Raises RefusedError when the rhythm is not possible.
        """
        found = occurrences(self.rhythm(len(steps)))
        dates = iter(assign_steps(found, [_need(step) for step in steps]))
        typed = {row.step_id.data: row for row in self._take_rows()}
        lines: list[PreviewLine] = []
        for occurrence in found:
            if not occurrence.is_kept:
                lines.append(PreviewLine(occurrence))
            elif (assigned := next(dates, None)) is not None:
                lines.append(self._line(steps[assigned.step], assigned, typed))
        lines += [self._line(steps[assigned.step], assigned, typed) for assigned in dates]
        shown = {row.step_id.data: row.given.data for row in typed.values()}
        self.is_stale = shown != {entry.form.step_id.data: entry.form.given.data for entry in self.rows}
        return lines

    def _take_rows(self) -> list[RowForm]:
        taken = [entry.form for entry in self.rows.entries]
        self.rows.entries, self.rows.last_index = [], -1
        return taken

    def _line(self, step: Step, assigned: StepDate, typed: dict[str, RowForm]) -> PreviewLine:
        values = _row_values(step, assigned)
        before = typed.get(str(step.id))
        if before is not None:
            values["keep"] = before.keep.data
            if before.typed != before.given.data:
                values |= {"day": before.day.data, "starts": before.starts.data, "ends": before.ends.data}
        row = self.rows.append_entry(values).form
        return PreviewLine(assigned.occurrence, step, row)

    def read_rows(self, lines: Sequence[PreviewLine]) -> bool:
        """Fill each kept line's details; False when a row cannot be read, with the sentence beside it."""
        readable = True
        for line in lines:
            if line.row is None or line.step is None or not line.is_kept:
                continue
            readable = self._read_row(line.row, line, line.step) and readable
        if not readable:
            self.rows.errors = [entry.errors for entry in self.rows]
        return readable

    def _read_row(self, row: RowForm, line: PreviewLine, step: Step) -> bool:
        if not row.validate():
            return False
        try:
            line.details = self.details(*row.times(step.minutes), Mode(self.mode.data or step.mode))
        except RefusedError as error:
            if error.field != "seats_on_site":
                row.refuse(error)
            elif error.message not in self.seats_on_site.errors:  # said once, not for every row
                self.refuse(error)
            return False
        return True


def note_gaps(lines: Sequence[PreviewLine], steps: Sequence[Step], placed_on: dict[int, date]) -> None:
    """Fill each line's gap note and the date its step already has, over all steps of the series in order."""
    by_step = {line.step.id: line for line in lines if line.step is not None}
    dates = [
        by_step[step.id].on if step.id in by_step and by_step[step.id].is_kept else placed_on.get(step.id)
        for step in steps
    ]
    for step, note in zip(steps, gap_notes(dates, [_need(step) for step in steps]), strict=True):
        if step.id in by_step:
            line = by_step[step.id]
            line.gap_note = note if line.is_kept else None
            line.was_placed_on = placed_on.get(step.id)


def _need(step: Step) -> StepNeed:
    return StepNeed(step.minutes, step.gap_days)


def _row_values(step: Step, assigned: StepDate) -> dict[str, Any]:
    interval = assigned.interval
    on = assigned.occurrence.on.isoformat() if assigned.occurrence else ""
    starts = clock_text(interval.starts_at) if interval else ""
    ends = clock_text(interval.ends_at) if interval else ""
    return {
        "keep": True,
        "step_id": str(step.id),
        "day": on,
        "starts": starts,
        "ends": ends,
        "given": f"{on} {starts} {ends}".strip(),
    }


def _rhythm_refusal(reason: RhythmProblem) -> RefusedError:
    sentences = {
        RhythmProblem.NO_WEEKDAY: (_("Choose at least one weekday."), "weekdays"),
        RhythmProblem.ENDS_BEFORE_START: (_("They must end after they start."), "ends"),
        RhythmProblem.NO_END: (_("Choose at least one step."), "step_ids"),
    }
    message, field = sentences.get(reason, (_("That rhythm gives no dates."), "first"))
    return RefusedError(message, field=field)
