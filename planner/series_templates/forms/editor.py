"""The editor of a draft, publishing it, and starting a new one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, ValidationError

from planner.directory.rules import COMPETENCES
from planner.series_templates.errors import DocumentUnreadableError
from planner.series_templates.forms.conflicts import Choice, ChoicesField, choices_of, with_choices
from planner.series_templates.forms.fields import (
    MODE_CHOICES,
    AtMost,
    KeysField,
    StepList,
    WholeNumberField,
    empty_step,
)
from planner.series_templates.merge import Merge
from planner.series_templates.rules import (
    LONGEST_NOTE,
    Mode,
    Problem,
    StepDocument,
    TemplateDocument,
    Visibility,
    from_document,
    to_document,
)
from planner.web.forms import BaseForm

MOST_STEPS = 40
NOTHING = TemplateDocument("", "", "", (), ())


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something to change, with the id of the field where (empty: the whole form)."""

    field_id: str
    sentence: str


class StepForm(BaseForm):
    """One step."""

    class Meta:
        """Part of the editor's form, whose token covers it."""

        csrf = False

    key = HiddenField()
    title = StringField(_l("Title"), [AtMost(200)])
    goals = TextAreaField(_l("Goals"), [AtMost(4000)], render_kw={"rows": 3})
    preparation = TextAreaField(_l("Preparation"), [AtMost(4000)], render_kw={"rows": 3})
    materials = TextAreaField(_l("Materials"), [AtMost(4000)], render_kw={"rows": 3})
    follow_up = TextAreaField(_l("Follow-up"), [AtMost(4000)], render_kw={"rows": 3})
    minutes = WholeNumberField(
        _l("Length in minutes"), _l("Write the length in whole minutes, such as 90."), hide_zero=True
    )
    mode = SelectField(
        _l("Mode"),
        choices=MODE_CHOICES,
        default=Mode.ON_SITE.value,
    )
    gap_days = WholeNumberField(
        _l("Days after the step before"), _l("Write the number of days in whole days, such as 14.")
    )

    def document(self) -> StepDocument:
        """The step; only after validation."""
        return StepDocument(
            key=self.key.data,
            title=self.title.data or "",
            goals=self.goals.data or "",
            preparation=self.preparation.data or "",
            minutes=self.minutes.data,
            mode=Mode(self.mode.data),
            gap_days=self.gap_days.data,
            materials=self.materials.data or "",
            follow_up=self.follow_up.data or "",
        )


class EditorForm(BaseForm):
    """A draft as it is typed, valid or not, and the draft it was opened with."""

    revision = HiddenField()
    opened_with = HiddenField()
    order = KeysField()
    chosen = ChoicesField()
    title = StringField(_l("Title"), [AtMost(200)])
    summary = TextAreaField(_l("Summary"), [AtMost(2000)], render_kw={"rows": 4})
    audience = TextAreaField(_l("Audience"), [AtMost(500)], render_kw={"rows": 2})
    competences = SelectMultipleField(
        _l("Topics"),
        choices=[SelectChoice(one.id) for one in COMPETENCES],
        validate_choice=False,
        # What is not in the framework can only be forged, and is left out.
        filters=[lambda ids: sorted({one.id for one in COMPETENCES} & set(ids or ()))],
    )
    steps = StepList(FormField(StepForm), max_entries=4 * MOST_STEPS)

    complaints: list[Complaint]
    conflicts: list[Choice]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.complaints, self.conflicts = [], []
        self.steps.arrange(self.order.data or self.steps.keys)

    @classmethod
    def showing(cls, document: TemplateDocument, base: TemplateDocument, revision: int) -> EditorForm:
        """The form filled in with `document`, as an edit of the draft `base` at `revision`."""
        form = cls(formdata=None, obj=document)
        form.revision.data = str(revision)
        form.opened_with.data = json.dumps(to_document(base), ensure_ascii=False)
        return form

    @classmethod
    def choosing(cls, merge: Merge, revision: int) -> EditorForm:
        """The form for an edit that collided: ours filled in, both versions to choose between."""
        form = cls.showing(merge.document, merge.theirs, revision)
        form.conflicts = choices_of(merge)
        return form

    def validate_steps(self, field: StepList) -> None:
        """Refuse more steps than anybody would walk."""
        if len(field) > MOST_STEPS:
            raise ValidationError(
                _("A template has at most %(most)s steps. Take some away.", most=MOST_STEPS)
            )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether it can be saved as a draft; `complaints` says what is in the way."""
        is_valid = super().validate(extra_validators)
        self.complaints = list(self._found())
        return bool(is_valid)

    def _found(self) -> Iterator[Complaint]:
        yield from (Complaint("", str(error)) for error in self.form_errors)
        for field in self:
            if not isinstance(field, StepList):
                yield from (Complaint(field.id, f"{field.label.text}: {error}") for error in field.errors)
        yield from (Complaint("steps", str(error)) for error in self.steps.errors if isinstance(error, str))
        for number, entry in enumerate(self.steps, start=1):
            for field in entry.form:
                where = _("Step %(number)s, %(field)s", number=number, field=str(field.label.text).lower())
                yield from (Complaint(field.id, f"{where}: {error}") for error in field.errors)

    def show(self, problems: Iterable[Problem]) -> None:
        """Say beside the fields what keeps the draft from being published."""
        for problem in problems:
            field = self._field_at(problem.path)
            sentence = str(problem.sentence)
            self.complaints.append(Complaint("steps" if field is None else field.id, sentence))
            if field is not None:
                field.errors = [*field.errors, sentence]

    def _field_at(self, path: str) -> Any:
        if not path.startswith("steps"):
            return self._fields[path]
        _steps, *rest = path.split(".")
        if len(rest) != 2 or rest[0] not in self.steps.keys:
            return None
        return self.steps[self.steps.keys.index(rest[0])].form[rest[1]]

    def document(self) -> TemplateDocument:
        """The draft as typed, with the versions chosen in a collision; only after validation."""
        typed = TemplateDocument(
            title=self.title.data or "",
            summary=self.summary.data or "",
            audience=self.audience.data or "",
            competences=tuple(self.competences.data),
            steps=tuple(entry.form.document() for entry in self.steps),
        )
        return with_choices(typed, self.base(), self.chosen.data)

    def base(self) -> TemplateDocument:
        """The draft the form was opened with; an empty one, so that all differences show, if unreadable."""
        try:
            return from_document(json.loads(self.opened_with.data or ""))
        except (DocumentUnreadableError, ValueError, RecursionError):
            return NOTHING

    def opened_revision(self) -> int:
        """The revision of the draft the form was opened with, -1 if unreadable."""
        text = self.revision.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 and self.base() is not NOTHING else -1

    def apply(self, action: str) -> str:
        """Move, add or remove a step as a button asked; gives the key of the step to look at next.

        A removed step's key is empty.
        """
        verb, _colon, key = action.partition(":")
        if verb in {"up", "down"}:
            self.steps.move(key, -1 if verb == "up" else 1)
            return key
        if verb == "remove":
            self.steps.remove(key)
        return self.steps.add() if verb == "add" else ""


class RevisionForm(BaseForm):
    """Which draft was looked at."""

    revision = HiddenField()

    def opened_revision(self) -> int:
        """The revision of the draft that was looked at, -1 if unreadable."""
        text = self.revision.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else -1


class PublishForm(RevisionForm):
    """A note to those who use the template, and which draft was looked at."""

    note = TextAreaField(
        _l("What changed and why"),
        [AtMost(LONGEST_NOTE)],
        description=_l("Shown with the version, and to those who have made series from an earlier one."),
        render_kw={"rows": 5},
    )


class VisibilityForm(BaseForm):
    """Who finds the published versions of a template."""

    visibility = RadioField(
        _l("Shown to"), choices=[SelectChoice(one.value, one.label) for one in Visibility]
    )

    def choice(self) -> Visibility:
        """What was chosen; only after validation."""
        return Visibility(self.visibility.data)


class ForkForm(BaseForm):
    """Whose template a copy is to be."""

    organisation_id = SelectField(_l("Organisation"))

    def __init__(self, organisations: Sequence[tuple[int, str]]) -> None:
        super().__init__()
        self.organisation_id.choices = [SelectChoice(str(one), name) for one, name in organisations]


class NewTemplateForm(BaseForm):
    """A title and whose template it is."""

    title = StringField(_l("Title"), [InputRequired(_l("Give the template a title.")), AtMost(200)])
    organisation_id = SelectField(_l("Organisation"))

    def __init__(self, organisations: Sequence[tuple[int, str]]) -> None:
        super().__init__()
        self.organisation_id.choices = [SelectChoice(str(one), name) for one, name in organisations]

    def document(self) -> TemplateDocument:
        """The first draft: the title and one empty step."""
        return TemplateDocument(self.title.data, "", "", (), (empty_step(is_first=True),))
