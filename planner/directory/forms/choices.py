"""Choices that several forms offer; those that come from the database are given by the routes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from planner.directory.rules import OrganisationKind, SizeClass


class Place(Protocol):
    """What a choice of municipality needs."""

    code: str
    name: str


class Choice(Protocol):
    """What a choice of a row needs."""

    id: int
    name: str


def place_choices(places: Iterable[Place]) -> list[SelectChoice]:
    """Municipalities as choices."""
    return [SelectChoice(place.code, place.name) for place in places]


def place_question(places: Iterable[Place]) -> list[SelectChoice]:
    """Municipalities as choices of which none is made beforehand, unless there is only one."""
    choices = place_choices(places)
    return choices if len(choices) == 1 else [SelectChoice("", _l("Choose")), *choices]


def kind_choices(kinds: Iterable[OrganisationKind | SizeClass]) -> list[SelectChoice]:
    """An enum with labels as choices."""
    return [SelectChoice(kind.value, kind.label) for kind in kinds]


CHOOSE_PLACE = _l("Choose a municipality.")
