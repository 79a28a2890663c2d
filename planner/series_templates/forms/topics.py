"""Competence areas and competences (DigComp) in the page's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from wtforms import SelectChoice

from planner.directory.rules import COMPETENCES
from planner.web.formats import in_language


@dataclass(frozen=True, slots=True)
class Area:
    """A competence area with some of its competences, each as (id, name)."""

    id: str
    name: str
    competences: tuple[tuple[str, str], ...]


def areas_of(competences: Iterable[str]) -> list[Area]:
    """The areas of these competences, each with those of them that belong to it; unknown ones are left out."""
    wanted = set(competences)
    chosen = [competence for competence in COMPETENCES if competence.id in wanted]
    return [
        Area(
            area_id,
            in_language(members[0].area_sv, members[0].area_en),
            tuple((one.id, in_language(one.name_sv, one.name_en)) for one in members),
        )
        for area_id, group in groupby(chosen, key=lambda one: one.id.split(".", maxsplit=1)[0])
        if (members := list(group))
    ]


def all_areas() -> list[Area]:
    """All five areas with all their competences."""
    return areas_of(competence.id for competence in COMPETENCES)


def topic_choices() -> list[SelectChoice]:
    """Every competence as a choice, by its number and name."""
    return [SelectChoice(one.id, f"{one.id} {in_language(one.name_sv, one.name_en)}") for one in COMPETENCES]
