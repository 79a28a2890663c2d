"""What is typed about projects and accounting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ProjectTexts:
    """A funder project as typed."""

    name: str
    number: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class AccountTexts:
    """What a series is accounted for as; an empty type is the template's, an empty provider the organiser."""

    training_type: str = ""
    project_id: int | None = None
    provider: str = ""
    is_external: bool = False
    price: int = 0
