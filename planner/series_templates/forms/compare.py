"""Which two versions to compare."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField

from planner.web.forms import AddressForm


class CompareForm(AddressForm):
    """Two versions by number, or "draft"; what is not understood is the newest and the one before."""

    since = SelectField(_l("From"), name="from")
    to = SelectField(_l("To"))

    def __init__(self, asked: Any, names: list[str]) -> None:
        """`names` are the versions' numbers as text, newest first, and perhaps "draft"."""
        super().__init__(asked)
        newest, *older = [name for name in names if name != "draft"]
        choices = [SelectChoice(name, _words(name)) for name in names]
        for field, usual in ((self.since, older[0] if older else newest), (self.to, newest)):
            field.choices = choices
            if field.data not in names:
                field.data = usual


def _words(name: str) -> str:
    return _("The draft") if name == "draft" else _("Version %(number)s", number=name)
