"""Figures for those who only read: sums of what the published grid tells, and of nothing else.

The grid is the same for everybody, so that no two readers, and no two pages, can be subtracted from one another.
A viewer sees the portions that lie wholly within their municipalities: their people, and the series they coordinate.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from planner.base.db import db
from planner.base.viewer import EVERYONE, Viewer
from planner.reports.models import SeriesAccount, TemplateAccount
from planner.reports.queries import grid
from planner.reports.queries.held import KIND
from planner.reports.queries.names import namer
from planner.reports.rules import FigureFilter, Key, Level, Published, Told, month_of, number_of, tell
from planner.reports.rules.readers import CellKey, Sums
from planner.series.models import Series
from planner.series_templates.models import TemplateVersion

# What readers may sum by. Companies and sessions are finer than the grid, and steps are of few.
READERS: Final = (
    Level.municipality, Level.county, Level.month, Level.year, Level.series, Level.template, Level.project,
    Level.kind, Level.size, Level.sector,
)  # fmt: skip
OF_SERIES: Final = frozenset({Level.series, Level.template, Level.project, Level.kind})
OF_COMPANIES: Final = frozenset({Level.size, Level.sector})


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """One row by measure: on_site, remote, no_shows, persons, companies. A key of None: what cannot be told apart."""

    key: Key | None
    name: str
    detail: str
    told: dict[str, Told]


@dataclass(frozen=True, slots=True)
class _Series:
    code: str
    template: int
    project: int
    kind: str


@dataclass(frozen=True, slots=True)
class _Family:
    """Cells of one kind, and where in their keys stand month, municipality, series, and what they are summed by."""

    published: Published
    month: int
    home: int
    series: int | None = None
    rest: int | None = None


def list_published(
    viewer: Viewer, level: Level, wanted: FigureFilter
) -> tuple[list[ReaderRow], ReaderRow | None, tuple[str, ...]]:
    """The rows, the total (None: nothing to tell of) and the measures that this level has."""
    codes = viewer.municipalities(EVERYONE)
    series = _list_series()
    sums: dict[str, Sums] = {}
    for measure, family in _families(level, wanted).items():
        sums[measure] = tell(
            family.published, _key_of(level, family, series), _wanted(wanted, family, series),
            _scope(codes, family, series),
        )  # fmt: skip
    measures = tuple(measure for measure in sums)
    keys = sorted({key for each in sums.values() for key in each.rows}, key=repr)
    name_of = namer(level, keys)
    names = {key: name_of(key) for key in keys}
    rows = [
        ReaderRow(
            key, names[key][0], names[key][1], {m: each.rows.get(key, Told()) for m, each in sums.items()}
        )
        for key in sorted(keys, key=lambda key: names[key][3])
    ]
    mixed = {measure: each.mixed for measure, each in sums.items()}
    if any(told.count for told in mixed.values()):
        rows.append(ReaderRow(None, "", "", mixed))
    total = ReaderRow((), "", "", {measure: each.total for measure, each in sums.items()})
    return rows, total if rows else None, measures


def _families(level: Level, wanted: FigureFilter) -> dict[str, _Family]:
    """By measure, the cells it is told from."""
    found: dict[str, _Family] = {}
    if level not in OF_COMPANIES:
        whole = grid.read_grid("participation")
        for part in grid.PARTS:
            mine = Published(
                tuple(portion for portion in whole.portions if portion.cells[0].key[0] == part),
                tuple(cell for cell in whole.hidden if cell.key[0] == part),
            )
            found[part] = _Family(mine, month=1, series=2, home=3)
    if counts_each_once(level, wanted):
        if level not in OF_COMPANIES:
            found["persons"] = _Family(grid.read_grid("persons"), month=0, home=1)
        found["companies"] = (
            _Family(grid.read_grid("sectors"), month=0, home=1, rest=2)
            if level is Level.sector
            else _Family(grid.read_grid("companies"), month=0, home=1, rest=2)
        )
    return found


def counts_each_once(level: Level, wanted: FigureFilter) -> bool:
    """Whether people and companies can be counted once a year here: by place, from January on, in whatever series."""
    begins = wanted.starts_on is None or (wanted.starts_on.month, wanted.starts_on.day) == (1, 1)
    of_series = (wanted.series, wanted.template, wanted.project, wanted.kind)
    return begins and level not in OF_SERIES | {Level.month} and all(each is None for each in of_series)


def _list_series() -> dict[Hashable, _Series]:
    query = (
        select(
            Series.id, Series.municipality_code, TemplateVersion.template_id, SeriesAccount.project_id, KIND
        )
        .outerjoin(TemplateVersion, TemplateVersion.id == Series.template_version_id)
        .outerjoin(SeriesAccount, SeriesAccount.series_id == Series.id)
        .outerjoin(TemplateAccount, TemplateAccount.template_id == TemplateVersion.template_id)
    )
    rows: Any = db.session.execute(query)
    return {
        id_: _Series(code, template or 0, project or 0, kind) for id_, code, template, project, kind in rows
    }


def _key_of(level: Level, family: _Family, series: dict[Hashable, _Series]) -> Callable[[CellKey], Key]:
    at, home = family.month, family.home

    def of_series(key: CellKey) -> _Series:
        return series[key[family.series or 0]]

    return {
        Level.month: lambda key: (key[at],),
        Level.year: lambda key: (int(str(key[at])) // 12,),
        Level.municipality: lambda key: (key[home],),
        Level.county: lambda key: (str(key[home])[:2],),
        Level.series: lambda key: (key[family.series or 0],),
        Level.template: lambda key: (of_series(key).template,),
        Level.project: lambda key: (of_series(key).project,),
        Level.kind: lambda key: (of_series(key).kind,),
        Level.size: lambda key: (key[family.rest or 0],),
        Level.sector: lambda key: tuple(key[family.rest or 0 :]),
    }[level]


def _wanted(
    wanted: FigureFilter, family: _Family, series: dict[Hashable, _Series]
) -> Callable[[CellKey], bool]:
    first = number_of(month_of(wanted.starts_on)) if wanted.starts_on else None
    last = number_of(month_of(wanted.ends_on)) if wanted.ends_on else None

    def is_wanted(key: CellKey) -> bool:
        month, home = int(str(key[family.month])), str(key[family.home])
        if (first is not None and month < first) or (last is not None and month > last):
            return False
        if wanted.municipality not in (None, home) or wanted.county not in (None, home[:2]):
            return False
        if family.series is None:
            return True
        id_ = key[family.series]
        its = series[id_]
        return (
            wanted.series in (None, id_)
            and wanted.template in (None, its.template)
            and wanted.project in (None, its.project)
            and wanted.kind in (None, its.kind)
        )

    return is_wanted


def _scope(
    codes: frozenset[str], family: _Family, series: dict[Hashable, _Series]
) -> Callable[[CellKey], bool]:
    def is_in_scope(key: CellKey) -> bool:
        own = family.series is not None and series[key[family.series]].code in codes
        return own or key[family.home] in codes

    return is_in_scope
