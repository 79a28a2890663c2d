"""The published grid: its cells as the database sums them, and how small ones are put together (decision 017)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, func, select

from planner.attendance.models import Presence
from planner.attendance.queries import home_code
from planner.base.clock import today
from planner.base.db import AnySelect, db, do_not_compile
from planner.directory.models import Company, Person
from planner.directory.rules import sni_section
from planner.reports.models import FirstSupport, KeptGrid, SettledSession
from planner.reports.queries.held import DIVISION, SIZE, VERSION, held, months_held, numbered
from planner.reports.queries.sums import CAME, MANY, list_stale, session_sums
from planner.reports.rules import (
    Cell,
    FigureFilter,
    Joining,
    Month,
    Published,
    from_json,
    month_of,
    number_of,
    publish,
)
from planner.reports.rules.readers import CellKey
from planner.series.models import TrainingSession

PARTS: Final = ("on_site", "remote", "no_shows")


def list_months_over() -> list[Month]:
    """The months that are over, from the first one in which a session was held."""
    return months_held(_over())


def _over() -> FigureFilter:
    return FigureFilter(ends_on=month_of(today()).before.last)


def _held_by_month() -> CTE | None:
    """Every session held in a month that is over, with the month's number as its period."""
    months = list_months_over()
    if not months:
        return None
    periods = numbered([month.starts_at for month in months], [number_of(month) for month in months])
    return held((), _over(), periods)


def make_participation() -> Published:
    """Cells (part, month, series, municipality): how often somebody took part on site, by video, or stayed away."""
    of = _held_by_month()
    return publish(_participations(of) if of is not None else (), _ways_of_participation())


def _participations(of: CTE) -> Iterator[Cell]:
    sums = session_sums()
    no_shows = sums.c.booked - sums.c.used - sums.c.excused
    each = (
        select(
            of.c.period, of.c.series_id, sums.c.home_code, func.sum(sums.c.on_site).label("on_site"),
            func.sum(sums.c.remote).label("remote"), func.sum(no_shows).label("no_shows"),
            func.sum(sums.c.minutes_on_site).label("on_site_minutes"),
            func.sum(sums.c.minutes_remote).label("remote_minutes"),
        )
        .join(of, of.c.id == sums.c.training_id)
        .group_by(sums.c.training_id, of.c.period, of.c.series_id, sums.c.home_code)
        .subquery("each")
    )  # fmt: skip
    key = (each.c.period, each.c.series_id, each.c.home_code)
    # At least as many persons as at the fullest of its sessions: a person has one municipality, and one seat there.
    measures: list[ColumnElement[Any]] = []
    for part in PARTS:
        measures += [func.sum(each.c[part]), func.max(each.c[part])]
    minutes = [func.sum(each.c.on_site_minutes), func.sum(each.c.remote_minutes)]
    for row in db.session.execute(select(*key, *measures, *minutes).group_by(*key)):
        times = {"on_site": row[9], "remote": row[10]}
        for n, part in enumerate(PARTS):
            count, persons = int(row[3 + 2 * n]), int(row[4 + 2 * n])
            if count:
                yield Cell((part, *row[:3]), count, int(times.get(part, 0)), persons, row[2])


def _ways_of_participation() -> list[Joining]:
    return [
        Joining(lambda key: (key[0], key[1], key[2], _county(key[3])), keeps_minutes=True),
        Joining(lambda key: (key[0], key[1], _county(key[3]))),
        Joining(lambda key: (key[0], key[1])),
        Joining(lambda key: (key[0], _quarter(key[1])), takes_shown=False),
        Joining(lambda key: (key[0], _year(key[1])), takes_shown=False),
    ]


def _county(home: Any) -> str:
    """A municipality's code begins with its county's."""
    return str(home)[:2]


def _quarter(month: Any) -> int | None:
    """The quarter a month lies in, once it is over: a portion told must not grow afterwards."""
    quarter, running = int(month) // 3, number_of(month_of(today())) // 3
    return quarter if quarter < running else None


def _year(month: Any) -> int | None:
    year = int(month) // 12
    return year if year < today().year else None


def make_persons() -> Published:
    """Cells (month, municipality): people by the month in which they first came that year. A year's add up."""
    of = _held_by_month()
    if of is None:
        return publish((), ())
    first = _first_months(of).subquery("first")
    query = (
        select(first.c.month, home_code(), func.count())
        .select_from(first)
        .join(Person, Person.id == first.c.id)
        .outerjoin(Company, Company.id == Person.company_id)
        .group_by(first.c.month, home_code())
    )
    rows: Any = db.session.execute(query)
    cells = (Cell((month, home), n, 0, n, home) for month, home, n in rows)
    ways = [Joining(lambda key: (key[0], _county(key[1]))), Joining(lambda key: key[0]), *_later_ways()]
    return publish(cells, ways)


def _first_months(of: CTE) -> AnySelect:
    """(id, month): the first month of each year in which they came."""
    return (
        select(Presence.person_id.label("id"), func.min(of.c.period).label("month"))
        .select_from(Presence)
        .join(of, of.c.id == Presence.training_id)
        .where(Presence.verdict.in_(CAME))
        .group_by(Presence.person_id, of.c.period // 12)
    )


def _later_ways() -> list[Joining]:
    return [
        Joining(lambda key: _quarter(key[0]), takes_shown=False),
        Joining(lambda key: _year(key[0]), takes_shown=False),
    ]


def _companies(what: list[ColumnElement[Any]]) -> Iterator[tuple[Any, ...]]:
    """(month, municipality, *what, how many): companies by the month in which they first took part that year."""
    of = _held_by_month()
    if of is None:
        return
    came = _first_months(of).subquery("came")
    first = (
        select(Person.company_id.label("id"), func.min(came.c.month).label("month"))
        .join(came, came.c.id == Person.id)
        .where(Person.company_id.is_not(None))
        .group_by(Person.company_id, came.c.month // 12)
        .subquery("first")
    )
    key = [first.c.month, Company.municipality_code, *what]
    query = (
        select(*key, func.count())
        .select_from(first)
        .join(Company, Company.id == first.c.id)
        .outerjoin(FirstSupport, FirstSupport.company_id == Company.id)
        .group_by(*key)
    )
    yield from (tuple(row) for row in db.session.execute(query))


def make_companies() -> Published:
    """Cells (month, municipality, size class): companies by the month in which they first took part that year."""
    cells = (Cell((m, home, size or ""), n, 0, n, (home, size)) for m, home, size, n in _companies([SIZE]))
    ways = [
        Joining(lambda key: (key[0], _county(key[1]), key[2])),
        Joining(lambda key: (key[0], key[2])),
        Joining(lambda key: key[0]),
        *_later_ways(),
    ]
    return publish(cells, ways)


def make_sectors() -> Published:
    """Cells (month, municipality, SNI version, division): the same companies by what they do."""
    cells = (
        Cell((m, home, version or "", division or ""), n, 0, n, (home, version, division))
        for m, home, version, division, n in _companies([VERSION, DIVISION])
    )
    ways = [
        Joining(lambda key: (key[0], _county(key[1]), key[2], key[3])),
        Joining(lambda key: (key[0], key[2], key[3])),
        Joining(lambda key: (key[0], _section(key))),
        Joining(lambda key: key[0]),
        *_later_ways(),
    ]
    return publish(cells, ways)


def _section(key: CellKey) -> str:
    section = sni_section(str(key[2]), str(key[3]))
    return section.letter if section else ""


MAKERS: Final[dict[str, Callable[[], Published]]] = {
    "participation": make_participation,
    "persons": make_persons,
    "companies": make_companies,
    "sectors": make_sectors,
}


def stamp() -> str:
    """What the grid is made from: another stamp, another grid. Empty while something of those months is not settled."""
    begins = month_of(today()).starts_at
    count, last = db.session.execute(
        select(func.count(), func.max(SettledSession.settled_at)).where(SettledSession.ends_at < begins)
    ).one()
    stale = list_stale()
    is_over = (TrainingSession.id.in_(stale[:MANY]), TrainingSession.ends_at < begins)
    if len(stale) > MANY or db.session.scalar(select(TrainingSession.id).where(*is_over).limit(1)):
        return ""  # something is not settled yet
    cancelled = db.session.scalar(
        select(func.count()).where(
            TrainingSession.cancelled_at.is_not(None), TrainingSession.ends_at < begins
        )
    )
    return f"{month_of(today())} {count} {last} {cancelled}"


def read_grid(family: str) -> Published:
    """A family of the grid: as it is kept, or made now where the kept one does not hold."""
    do_not_compile()
    now_stamp = stamp()
    kept = db.session.get(KeptGrid, family, populate_existing=True) if now_stamp else None
    if kept is None or kept.stamp != now_stamp:
        return MAKERS[family]()
    return from_json(kept.portions)
