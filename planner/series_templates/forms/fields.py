"""Fields that keep what was typed: whole numbers as text, plain text with limits in words, an ordered list."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import Field, FieldList, SelectChoice, StringField, ValidationError
from wtforms.widgets import TextInput

from planner.series_templates.rules import Mode, StepDocument

MODE_CHOICES = [SelectChoice(mode.value, mode.label) for mode in Mode]
KEY = re.compile(r"[A-Za-z0-9_-]{1,32}")


class AtMost:
    """At most `most` characters; the field itself takes more, so that nothing pasted is cut off unseen."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, _form: Any, field: Field) -> None:
        """Raise ValidationError with how much there is and how much may be."""
        if len(field.data or "") > self.most:
            raise ValidationError(
                _(
                    "This is %(length)s characters. Shorten it to at most %(most)s.",
                    length=len(field.data),
                    most=self.most,
                )
            )


class WholeNumberField(StringField):
    """A whole number from 0, typed as text; empty is 0, and what is no number comes back as it was typed."""

    widget = TextInput()

    def __init__(self, label: Any, sentence: Any, *, hide_zero: bool = False, **options: Any) -> None:
        super().__init__(label, render_kw={"inputmode": "numeric", "autocomplete": "off"}, **options)
        self.sentence = sentence
        self.hide_zero = hide_zero

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if not self.data and self.hide_zero else str(self.data or 0)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number. Raises ValueError with the field's sentence."""
        text = valuelist[0].strip() if valuelist else ""
        if text and not re.fullmatch(r"[0-9]{1,5}", text):
            self.data = 0
            raise ValueError(str(self.sentence))
        self.data = int(text or 0)


class KeysField(Field):
    """The steps' keys in the order in which the page has them: one hidden input in each step."""

    widget = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take all values in the order they came."""
        self.data = valuelist


class StepList(FieldList):
    """The steps' forms, which can change places with everything typed in them."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        # The library takes "²" for a number and then fails on it; such names only come from forged forms.
        for name in formdata:
            if found := re.fullmatch(rf"{re.escape(prefix)}-([0-9]{{1,4}})-\w+", name):
                yield int(found[1])

    @property
    def keys(self) -> list[str]:
        """The steps' keys in order."""
        return [entry.form.key.data for entry in self.entries]

    def arrange(self, order: list[str]) -> None:
        """Give each step a key of its own, then sort by `order`; keys not in it come last as they were."""
        seen: set[str] = set()
        for entry in self.entries:
            if not KEY.fullmatch(entry.form.key.data or "") or entry.form.key.data in seen:
                entry.form.key.data = new_key()
            seen.add(entry.form.key.data)
        place = {key: n for n, key in reversed(list(enumerate(order)))}
        self.entries.sort(key=lambda entry: place.get(entry.form.key.data, len(order)))
        self._compact_indices()

    def move(self, key: str, by: int) -> None:
        """Move a step `by` places; past the ends, or of an unknown key, means nothing."""
        place = self.keys.index(key) if key in self.keys else -1
        if place >= 0 and 0 <= place + by < len(self.entries):
            self.entries.insert(place + by, self.entries.pop(place))
            self._compact_indices()

    def remove(self, key: str) -> str | None:
        """Take a step away and give its title; None when there is none with that key."""
        if key not in self.keys:
            return None
        return str(self.pop_entry(self.keys.index(key)).form.title.data or "")

    def add(self) -> str:
        """Add an empty step last and give its key."""
        step = empty_step(is_first=not self.entries)
        self.append_entry(step)
        return step.key


def new_key() -> str:
    """A key that no other step has."""
    return secrets.token_hex(5)


def empty_step(*, is_first: bool) -> StepDocument:
    """A step to fill in: two hours on site, a week after the one before."""
    return StepDocument(new_key(), "", "", "", 120, Mode.ON_SITE, 0 if is_first else 7)


def gap_words(days: int) -> str:
    """A recommended gap in words."""
    if days == 0:
        return _("the same day as the step before")
    if days % 7 == 0:
        return ngettext(
            "%(num)s week after the step before", "%(num)s weeks after the step before", days // 7
        )
    return ngettext("%(num)s day after the step before", "%(num)s days after the step before", days)
