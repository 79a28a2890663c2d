"""Figures in full, for whoever plans in every municipality that they see figures of.

What counts: sessions that have been held, in series that a municipality of the viewer coordinates or with people of
such a municipality. A person counts to the municipality of their company, else to their own. Two statements make the
rows, however many presences lie under them: one over the sums of sessions, one over who came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Subquery, and_, case, func, literal, null, select, union_all

from planner.attendance.models import Presence
from planner.attendance.queries import home_code
from planner.base.db import AnySelect, db, do_not_compile
from planner.base.viewer import EDITORS, EVERYONE, Viewer
from planner.directory.models import Company, Municipality, Person
from planner.reports.models import FirstSupport
from planner.reports.queries.held import (
    DIVISION,
    SIZE,
    VERSION,
    held,
    months_held,
    numbered,
    of_people,
)
from planner.reports.queries.names import named
from planner.reports.queries.sums import CAME, MEASURES, session_sums
from planner.reports.rules import OF_PEOPLE, Counts, Figure, FigureFilter, Key, Level, number_of, total_of


def sees_all(viewer: Viewer) -> bool:
    """Whether small sums may be shown: the viewer plans in every municipality that they see figures of."""
    return viewer.municipalities(EVERYONE) <= viewer.municipalities(EDITORS)


@dataclass(frozen=True, slots=True)
class _Sought:
    """What one report is made from."""

    codes: frozenset[str]
    wanted: FigureFilter
    level: Level
    held: CTE


def list_figures(viewer: Viewer, level: Level, wanted: FigureFilter) -> tuple[list[Figure], Figure | None]:
    """The rows of a level and the total (None: nothing held)."""
    do_not_compile()
    codes = viewer.municipalities(EVERYONE)
    months = months_held(wanted) if level in (Level.month, Level.year) else []
    values = [number_of(month) if level is Level.month else month.year for month in months]
    periods = numbered([month.starts_at for month in months], values) if months else None
    sought = _Sought(codes, wanted, level, held(codes, wanted, periods))
    counts, sessions, companies = _counts(sought)
    if not counts:
        return [], None
    by_session = level is Level.session  # where each person and company is counted once already
    uniques, offered = {} if by_session else _uniques(sought), _offered(sought)
    rows = [
        Figure(
            level, key, "", "", None, sessions[key],
            *((sums.attended, companies[key]) if by_session else uniques.get(key, (0, 0))), offered.get(key), sums,
        )
        for key, sums in counts.items()
    ]  # fmt: skip
    total = _total(sought, rows, offered, uniques.get(()))
    return named(rows, level), total


def _total(
    sought: _Sought, rows: list[Figure], offered: dict[Key, int], once: tuple[int, int] | None
) -> Figure:
    """Rows of people have nobody in common; rows of sessions have no session in common."""
    everything = _Sought(sought.codes, sought.wanted, Level.total, sought.held)
    if sought.level in OF_PEOPLE:
        sessions = _counts(everything)[1][()]
        uniques = sum(row.persons for row in rows), sum(row.companies for row in rows)
        seats = _offered(everything).get(())
    else:
        sessions = sum(row.sessions for row in rows)
        uniques = once or _uniques(everything).get((), (0, 0))
        seats = sum(offered.values()) if offered else None
    counts = total_of(row.counts for row in rows)
    return Figure(Level.total, (), "", "", None, sessions, *uniques, seats, counts)


def _session_key(level: Level, of: CTE) -> list[ColumnElement[Any]]:
    keys: dict[Level, list[ColumnElement[Any]]] = {
        Level.month: [of.c.period], Level.year: [of.c.period], Level.series: [of.c.series_id],
        Level.step: [of.c.position], Level.session: [of.c.id], Level.template: [func.coalesce(of.c.template_id, 0)],
        Level.project: [func.coalesce(of.c.project_id, 0)], Level.kind: [of.c.kind],
    }  # fmt: skip
    return keys.get(level, [])


def _people_key(level: Level, company_id: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    keys: dict[Level, list[Any]] = {
        Level.municipality: [Municipality.code], Level.county: [Municipality.county_code],
        Level.company: [company_id, Municipality.code], Level.size: [func.coalesce(SIZE, "")],
        Level.sector: [func.coalesce(VERSION, ""), func.coalesce(DIVISION, "")],
    }  # fmt: skip
    return keys.get(level, [])


def _counts(sought: _Sought) -> tuple[dict[Key, Counts], dict[Key, int], dict[Key, int]]:
    """The sums, how many sessions, and how many companies that came, by key."""
    sums, of = session_sums(), sought.held
    key = [*_session_key(sought.level, of), *_people_key(sought.level, sums.c.company_id)]
    query = (
        select(
            *key,
            func.count(sums.c.training_id.distinct()),
            _companies(sums),
            *(func.sum(sums.c[name]) for name in MEASURES),
        )
        .select_from(sums)
        .join(of, of.c.id == sums.c.training_id)
        .join(Municipality, Municipality.code == sums.c.home_code)
        .where(of_people(sought.codes, sought.wanted, of.c.is_own))
        .group_by(*key)
    )
    if sought.level in (Level.size, Level.sector):
        query = query.outerjoin(Company, Company.id == sums.c.company_id)
        query = query.outerjoin(FirstSupport, FirstSupport.company_id == sums.c.company_id)
    counts: dict[Key, Counts] = {}
    sessions: dict[Key, int] = {}
    companies: dict[Key, int] = {}
    for row in db.session.execute(query):
        found = tuple(row[: len(key)])
        if row[len(key)]:
            sessions[found], companies[found] = row[len(key)], row[len(key) + 1]
            counts[found] = Counts(*(int(n or 0) for n in row[len(key) + 2 :]))
    return counts, sessions, companies


def _companies(sums: Subquery) -> ColumnElement[int]:
    came = and_(sums.c.company_id != 0, sums.c.on_site + sums.c.remote > 0)
    return func.count(case((came, sums.c.company_id)).distinct())


def _uniques(sought: _Sought) -> dict[Key, tuple[int, int]]:
    """How many people came, and from how many companies, each counted once, by key; by () in all."""
    of = sought.held
    own = [column.label(f"key{n}") for n, column in enumerate(_session_key(sought.level, of))]
    came = (
        select(*own, Presence.person_id, func.max(of.c.is_own).label("is_own"))
        .join(of, of.c.id == Presence.training_id)
        .where(Presence.verdict.in_(CAME))
        .group_by(*(column.element for column in own), Presence.person_id)
        .cte("came")
        .prefix_with("MATERIALIZED")
    )
    key: list[Any] = [came.c[column.name] for column in own]
    key += _people_key(sought.level, func.coalesce(Person.company_id, 0))
    query = _people_of(sought, came, came.c.is_own, key)
    if not own:
        return {tuple(row[1:-2]): (row[-2], row[-1]) for row in db.session.execute(query)}
    once = select(came.c.person_id, func.max(came.c.is_own).label("is_own")).group_by(came.c.person_id)
    in_all = _people_of(sought, each := once.subquery("once"), each.c.is_own, [], padding=len(key))
    rows = db.session.execute(union_all(query, in_all))
    return {tuple(row[1:-2]) if row[0] else (): (row[-2], row[-1]) for row in rows}


def _people_of(sought: _Sought, came: Any, is_own: Any, key: list[Any], padding: int = 0) -> AnySelect:
    """(1 or 0 for a total, key, people, companies)."""
    query = (
        select(
            literal(len(key)),
            *key,
            *([null()] * padding),
            func.count(),
            func.count(Person.company_id.distinct()),
        )
        .select_from(came)
        .join(Person, Person.id == came.c.person_id)
        .outerjoin(Company, Company.id == Person.company_id)
        .join(Municipality, Municipality.code == home_code())
        .where(of_people(sought.codes, sought.wanted, is_own))
        .group_by(*key)
    )
    if sought.level in (Level.size, Level.sector):
        query = query.outerjoin(FirstSupport, FirstSupport.company_id == Person.company_id)
    return query


def _offered(sought: _Sought) -> dict[Key, int]:
    """Seats offered by the sessions of each key, in series of the viewer's own; none where they cannot be told."""
    if sought.wanted.is_of_people or sought.level in OF_PEOPLE:
        return {}
    of = sought.held
    key = _session_key(sought.level, of)
    query = (
        select(*key, func.sum(of.c.offered)).where(of.c.is_own == 1, of.c.offered.is_not(None)).group_by(*key)
    )
    return {tuple(row[:-1]): int(row[-1]) for row in db.session.execute(query) if row[-1] is not None}


def list_steps_done(viewer: Viewer, wanted: FigureFilter) -> tuple[int, int]:
    """How many began a series, and how many of them came to every step that was held; each once per series."""
    do_not_compile()
    codes = viewer.municipalities(EVERYONE)
    of = held(codes, wanted)
    steps = (
        select(of.c.series_id, func.count(of.c.position.distinct()).label("steps"))
        .group_by(of.c.series_id)
        .subquery("steps")
    )
    came = (
        select(
            of.c.series_id, Presence.person_id, func.max(of.c.is_own).label("is_own"),
            func.count(of.c.position.distinct()).label("steps"),
        )
        .join(of, of.c.id == Presence.training_id)
        .where(Presence.verdict.in_(CAME))
        .group_by(of.c.series_id, Presence.person_id)
        .subquery("came")
    )  # fmt: skip
    query = (
        select(func.count(), func.coalesce(func.sum(_is_all(came, steps)), 0))
        .select_from(came)
        .join(steps, steps.c.series_id == came.c.series_id)
        .join(Person, Person.id == came.c.person_id)
        .outerjoin(Company, Company.id == Person.company_id)
        .join(Municipality, Municipality.code == home_code())
        .where(of_people(codes, wanted, came.c.is_own))
    )
    began, completed = db.session.execute(query).one()
    return int(began), int(completed)


def _is_all(came: Subquery, steps: Subquery) -> ColumnElement[int]:
    return case((came.c.steps == steps.c.steps, 1), else_=0)
