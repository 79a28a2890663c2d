"""What people eat, in the few words that a kitchen needs. No free text: it could tell who it is."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from planner.base.tokens import derived_token

KEPT_AFTER: Final = timedelta(days=3)  # then nobody has to know any more


class Diet(StrEnum):
    """One thing to mind."""

    vegetarian = "vegetarian"
    vegan = "vegan"
    no_gluten = "no_gluten"
    no_lactose = "no_lactose"
    no_milk = "no_milk"
    no_nuts = "no_nuts"
    no_fish = "no_fish"
    no_pork = "no_pork"

    @property
    def label(self) -> LazyString:
        """The word for it, in the page's language."""
        return _LABELS[self]


_LABELS = {
    Diet.vegetarian: _l("Vegetarian"),
    Diet.vegan: _l("Vegan"),
    Diet.no_gluten: _l("Without gluten"),
    Diet.no_lactose: _l("Without lactose"),
    Diet.no_milk: _l("Without milk protein"),
    Diet.no_nuts: _l("Without nuts"),
    Diet.no_fish: _l("Without fish and shellfish"),
    Diet.no_pork: _l("Without pork"),
}


def diet_holder(secret: str, uid: str, person_id: int) -> str:
    """What stands in a person's place in the table: nobody can tell who it is from the table alone."""
    return derived_token(secret, "diet", f"{uid}/{person_id}")
