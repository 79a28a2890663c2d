"""Writes of cohorts."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from planner.base.db import db
from planner.base.errors import RefusedError
from planner.directory.models import Company
from planner.series.models import Cohort, Series
from planner.series.queries import count_trainings
from planner.series.signals import cohort_removed


def create_cohort(series: Series, name: str, companies: Sequence[Company], *, note: str = "") -> Cohort:
    """A new cohort; its name is unique in the series."""
    _check_name(series, name, None)
    cohort = Cohort(name=name, note=note, companies=list(companies))
    series.cohorts.append(cohort)
    db.session.flush()
    return cohort


def edit_cohort(
    cohort: Cohort, series: Series, name: str, companies: Sequence[Company], *, note: str
) -> None:
    """Change a cohort's name, note and companies."""
    _check_name(series, name, cohort)
    cohort.name, cohort.note, cohort.companies = name, note, list(companies)
    db.session.flush()


def remove_cohort(series: Series, cohort: Cohort) -> None:
    """Remove a cohort that has no sessions; people enrolled in it stay in the series, outside any cohort."""
    if count_trainings(series.id, cohort_id=cohort.id):
        raise RefusedError(_("This cohort has sessions. Cancel or move them before you remove it."))
    cohort_removed.send(cohort_id=cohort.id)
    series.cohorts.remove(cohort)
    db.session.flush()


def _check_name(series: Series, name: str, cohort: Cohort | None) -> None:
    taken = {other.name.casefold() for other in series.cohorts if other is not cohort}
    if name.casefold() in taken:
        raise RefusedError(_("This series already has a cohort of that name. Choose another."), field="name")
