"""Forms: CSRF, trimmed text, and what happens when two people edit the same thing.

An `EditForm` carries the values it was opened with. When the row has been saved by someone else meanwhile,
`reconcile` merges field by field: what only they changed is taken over, what only we changed stays, and where
both changed the form comes back with both versions side by side.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField

from planner.base.errors import NotAllowedError, RefusedError

# Control characters, and halves of a character that JSON can carry alone: no database has to store them.
_NEVER_STORED = frozenset(("Cc", "Cs"))


def plain(value: Any) -> Any:
    """Text trimmed, with one kind of line break and without what no database has to store."""
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = (char for char in text if char in "\n\t" or unicodedata.category(char) not in _NEVER_STORED)
    return "".join(kept).strip()


def one_line(value: Any) -> Any:
    """The same for a field of one line: a break, which no browser sends, would begin a new line in a mail."""
    text = plain(value)
    return text.replace("\n", " ").replace("\t", " ") if isinstance(text, str) else text


class BaseForm(FlaskForm):
    """A form with a CSRF token whose text fields are trimmed."""

    class Meta:
        """Trims every text field; filters given to a field come after."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Bind the field with the cleaning filter first (not on passwords or files)."""
            if "Password" not in unbound_field.field_class.__name__ and _takes_text(unbound_field):
                own = unbound_field.kwargs.get("filters", ())
                clean = plain if unbound_field.field_class.__name__.endswith("TextAreaField") else one_line
                options = {**options, "filters": (clean, *own)}
                unbound_field = _without_filters(unbound_field)
            return unbound_field.bind(form=form, **options)

    def refuse(self, error: RefusedError | NotAllowedError) -> None:
        """Show a refusal beside the field it names, or at the top of the form.

        What is gone (NotFoundError) or was saved meanwhile is no matter of what was typed: it becomes a page.
        """
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(error.message)
        else:
            field.errors = [*field.errors, error.message]


class AddressForm(BaseForm):
    """A form sent in the address, so that what it asks for can be kept as a link. It writes nothing: no token."""

    class Meta:
        """Nothing is written, so nothing is to protect."""

        csrf = False


# A choice in the address is looked for as it came, without having been checked against what is offered.
_TAKE_TEXT = (
    "StringField", "TextAreaField", "EmailField", "SearchField", "URLField", "TelField", "SelectField", "RadioField",
)  # fmt: skip


def _takes_text(unbound_field: Any) -> bool:
    name = unbound_field.field_class.__name__
    return name.endswith(_TAKE_TEXT)


def _without_filters(unbound_field: Any) -> Any:
    kwargs = {key: value for key, value in unbound_field.kwargs.items() if key != "filters"}
    return type(unbound_field)(
        unbound_field.field_class, *unbound_field.args, name=unbound_field.name, **kwargs
    )


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both changed: its label, what was saved meanwhile, and what was typed here."""

    name: str
    label: str
    theirs: str
    yours: str


class EditForm(BaseForm):
    """A form over one existing row that two people may have open at once."""

    revision = HiddenField()
    opened_with = HiddenField()

    conflicts: list[Conflict]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts = []
        if not self.is_submitted():
            self.opened_with.data = json.dumps(self.shown_values(), ensure_ascii=False)

    def editable(self) -> list[Field]:
        """The fields a person edits, in order."""
        hidden = {"csrf_token", "revision", "opened_with", "submit"}
        return [field for name, field in self._fields.items() if name not in hidden]

    def shown_values(self) -> dict[str, Any]:
        """Each editable field's value as the page shows it."""
        return {field.short_name: _shown(field) for field in self.editable()}

    def reconcile(self, saved: EditForm, revision: int) -> bool:
        """Whether this submission may be saved over the row as it now is.

        `saved` is the same form filled from the row, `revision` the row's. Fields that only the other person
        changed are taken over from `saved`; where both changed, `conflicts` is filled and False is returned,
        with the form now based on the newer row, so that sending it again is a choice made with open eyes.
        """
        if str(self.revision.data or "") == str(revision):
            return True
        base = _decoded(self.opened_with.data)
        theirs, ours = saved.shown_values(), self.shown_values()
        for field in self.editable():
            name = field.short_name
            before, their, our = base.get(name), theirs[name], ours[name]
            if their in (our, before):
                continue
            if our == before:
                field.data = saved._fields[name].data
                if hasattr(field, "raw_data"):
                    field.raw_data = None
            else:
                told = Conflict(name, str(field.label.text), _readable(field, their), _readable(field, our))
                self.conflicts.append(told)
        self.revision.data = str(revision)
        self.opened_with.data = json.dumps(theirs, ensure_ascii=False)
        if self.conflicts:
            self.form_errors.append(
                _(
                    "Someone saved this while you were editing. Both versions are shown; choose and save again."
                )
            )
        return not self.conflicts


def _shown(field: Field) -> Any:
    value = field.data
    if isinstance(value, bool):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return sorted(str(item) for item in value)
    text = field._value() if hasattr(field, "_value") else value
    return "" if text is None else str(text).replace("\r\n", "\n")


def _readable(field: Field, value: Any) -> str:
    """A shown value in words: a choice by its label, not by the id behind it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    words = {str(choice[0]): str(choice[1]) for choice in getattr(field, "iter_choices", tuple)()}
    chosen = value if isinstance(value, list) else [str(value)]
    return ", ".join(words.get(each, each) for each in chosen)


def _decoded(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
