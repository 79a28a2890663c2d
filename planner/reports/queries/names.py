"""Rows of figures get the names of what they are summed by, and their order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import func, select

from planner.base.db import db
from planner.directory.models import Company, Municipality
from planner.directory.rules import SizeClass, sni_section
from planner.reports.models import FunderProject
from planner.reports.rules import Figure, Key, Level, TrainingType, month_numbered
from planner.series.models import Series, Step, TrainingSession
from planner.series_templates.models import SeriesTemplate
from planner.web.formats import page_language

# (name, detail, instant, what it is sorted by)
Named = tuple[str, str, datetime | None, Any]
MANY = 5_000


def named(rows: Iterable[Figure], level: Level) -> list[Figure]:
    """The rows with their names, in their order."""
    listed = list(rows)
    name_of = namer(level, [row.key for row in listed])
    names = {row.key: name_of(row.key) for row in listed}
    listed.sort(key=lambda row: names[row.key][3])
    return [
        replace(row, name=names[row.key][0], detail=names[row.key][1], at=names[row.key][2]) for row in listed
    ]


def namer(level: Level, keys: Iterable[Key]) -> Callable[[Key], Named]:
    """What gives the name of a key of this level; at most one statement."""
    return _NAMERS[level](list(keys))


def _of_months(_keys: list[Key]) -> Callable[[Key], Named]:
    def name(key: Key) -> Named:
        number = int(str(key[0]))
        word = format_date(month_numbered(number).first, "MMMM yyyy")
        return word[:1].upper() + word[1:], "", None, number

    return name


def _of_years(_keys: list[Key]) -> Callable[[Key], Named]:
    return lambda key: (str(key[0]), "", None, key[0])


def _looked_up(statement: Any, id_: Any, keys: list[Key]) -> dict[Hashable, Any]:
    ids = [key[0] for key in keys]
    if len(ids) <= MANY:
        statement = statement.where(id_.in_(ids))
    return {row[0]: row for row in db.session.execute(statement)}


def _of_series(keys: list[Key]) -> Callable[[Key], Named]:
    query = select(Series.id, Series.title, Municipality.name, Series.sort_key).join(
        Municipality, Municipality.code == Series.municipality_code
    )
    rows = _looked_up(query, Series.id, keys)
    return lambda key: (rows[key[0]][1], rows[key[0]][2], None, (rows[key[0]][3], key[0]))


def _of_sessions(keys: list[Key]) -> Callable[[Key], Named]:
    query = (
        select(TrainingSession.id, Step.title, Series.title, TrainingSession.starts_at)
        .join(Step, Step.id == TrainingSession.step_id)
        .join(Series, Series.id == TrainingSession.series_id)
    )
    rows = _looked_up(query, TrainingSession.id, keys)
    return lambda key: (*rows[key[0]][1:4], (-rows[key[0]][3].timestamp(), key[0]))


def _of_steps(_keys: list[Key]) -> Callable[[Key], Named]:
    return lambda key: (_("Step %(n)s", n=key[0]), "", None, key[0])


def _of_templates(keys: list[Key]) -> Callable[[Key], Named]:
    query = select(SeriesTemplate.id, SeriesTemplate.title)
    rows = _looked_up(query, SeriesTemplate.id, keys)
    none = (0, _("Without a template"))

    def name(key: Key) -> Named:
        title = rows.get(key[0], none)[1]
        return title, "", None, (not key[0], title.casefold(), key[0])

    return name


def _of_projects(keys: list[Key]) -> Callable[[Key], Named]:
    query = select(FunderProject.id, FunderProject.name, FunderProject.number, FunderProject.sort_key)
    rows = _looked_up(query, FunderProject.id, keys)
    none = ("", _("Without a project"), "", "")
    return lambda key: (*rows.get(key[0], none)[1:3], None, (not key[0], rows.get(key[0], none)[3], key[0]))


def _of_kinds(_keys: list[Key]) -> Callable[[Key], Named]:
    order = [*TrainingType, ""]

    def name(key: Key) -> Named:
        kind = str(key[0])
        word = str(TrainingType(kind).label) if kind in set(TrainingType) else _("Not said")
        return word, "", None, order.index(kind) if kind in order else len(order)

    return name


def _of_places(_keys: list[Key]) -> Callable[[Key], Named]:
    rows = {row.code: row for row in db.session.execute(_places())}
    return lambda key: (rows[key[0]].name, rows[key[0]].county_name, None, rows[key[0]].sort_key)


def _places() -> Any:
    return select(Municipality.code, Municipality.name, Municipality.county_name, Municipality.sort_key)


def _of_counties(_keys: list[Key]) -> Callable[[Key], Named]:
    query = select(Municipality.county_code, func.min(Municipality.county_name)).group_by(
        Municipality.county_code
    )
    rows: dict[Hashable, str] = dict(db.session.execute(query).all())
    return lambda key: (rows[key[0]], "", None, rows[key[0]])


def _of_companies(keys: list[Key]) -> Callable[[Key], Named]:
    rows = _looked_up(select(Company.id, Company.name, Company.sort_key), Company.id, keys)
    places = {row.code: row for row in db.session.execute(_places())}
    none = ("", _("Without a company"), "")

    def name(key: Key) -> Named:
        company, place = rows.get(key[0], none), places[key[1]]
        return company[1], place.name, None, (not key[0], company[2], key[0], place.sort_key)

    return name


def _of_sizes(_keys: list[Key]) -> Callable[[Key], Named]:
    order = [*SizeClass, ""]
    labels = {size.value: str(size.label) for size in SizeClass}
    return lambda key: (labels.get(str(key[0])) or _("Not said"), "", None, order.index(str(key[0])))


def _of_sectors(_keys: list[Key]) -> Callable[[Key], Named]:
    def name(key: Key) -> Named:
        version, division = str(key[0]), str(key[1])
        section = sni_section(version, division)
        if section is None:
            return _("Not said"), "", None, ("~", version)
        word = section.name_en if page_language() == "en" else section.name_sv
        return f"{division} {word}", version, None, (division, version)

    return name


_NAMERS: dict[Level, Callable[[list[Key]], Callable[[Key], Named]]] = {
    Level.month: _of_months,
    Level.year: _of_years,
    Level.municipality: _of_places,
    Level.county: _of_counties,
    Level.company: _of_companies,
    Level.size: _of_sizes,
    Level.sector: _of_sectors,
    Level.series: _of_series,
    Level.step: _of_steps,
    Level.session: _of_sessions,
    Level.template: _of_templates,
    Level.project: _of_projects,
    Level.kind: _of_kinds,
}
