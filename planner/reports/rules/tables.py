"""Figures as one table, whoever it is for and wherever it goes: a page, a file for a spreadsheet, paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.reports.rules.figures import OF_PEOPLE, Figure, FigureFilter, Level
from planner.reports.rules.readers import Told

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString


class Unit(StrEnum):
    """What a column's numbers are."""

    number = "number"
    minutes = "minutes"
    share = "share"


class Sign(StrEnum):
    """What is said of a number that is not the whole truth."""

    whole = ""
    least = "least"
    hidden = "hidden"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers: its heading, a short name for files, and its unit."""

    id: str
    label: LazyString
    unit: Unit = Unit.number


@dataclass(frozen=True, slots=True)
class Datum:
    """A number, None where there is none to give. Minutes are whole; shares lie between 0 and 1."""

    value: int | float | None
    sign: Sign = Sign.whole


@dataclass(frozen=True, slots=True)
class Line:
    """A row: what it is of, and its numbers in the order of the columns."""

    name: str
    detail: str
    at: datetime | None
    data: tuple[Datum, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Lines, and what they come to."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    total: Line | None


COLUMNS: Final = {
    column.id: column
    for column in (
        Column("sessions", _l("Sessions")),
        Column("companies", _l("Companies")),
        Column("persons", _l("Persons")),
        Column("offered", _l("Seats offered")),
        Column("booked", _l("Seats booked")),
        Column("used", _l("Seats used")),
        Column("no_show", _l("No-shows"), Unit.share),
        Column("no_shows", _l("No-shows")),
        Column("began", _l("Of the first step"), Unit.share),
        Column("on_site", _l("Times on site")),
        Column("remote", _l("Times by video")),
        Column("minutes_on_site", _l("Hours on site"), Unit.minutes),
        Column("minutes_remote", _l("Hours by video"), Unit.minutes),
        Column("minutes", _l("Hours in all"), Unit.minutes),
    )
}


def planners_table(level: Level, wanted: FigureFilter, rows: Sequence[Figure], total: Figure | None) -> Table:
    """What planners see."""
    ids = ["sessions", "companies", "persons", "offered", "booked", "used", "no_show"]
    if level is Level.step:
        ids.insert(3, "began")
    if level is Level.session:
        ids.remove("sessions")
    if level is Level.company:
        ids.remove("companies")
    if level in OF_PEOPLE or wanted.is_of_people:
        ids.remove("offered")
    ids += ["on_site", "remote", "minutes_on_site", "minutes_remote", "minutes"]
    began = rows[0].persons if level is Level.step and rows else None
    lines = tuple(_line_of(figure, ids, began) for figure in rows)
    return Table(
        tuple(COLUMNS[each] for each in ids),
        lines,
        _line_of(total, ids, None, name=_("In all")) if total else None,
    )


def _line_of(figure: Figure, ids: Iterable[str], began: int | None, name: str = "") -> Line:
    counts = figure.counts
    values: dict[str, int | float | None] = {
        "sessions": figure.sessions, "companies": figure.companies, "persons": figure.persons,
        "offered": figure.offered, "booked": counts.booked, "used": counts.used, "no_show": counts.no_show_share,
        "began": figure.persons / began if began else None,
        "on_site": counts.on_site, "remote": counts.remote, "minutes_on_site": counts.minutes_on_site,
        "minutes_remote": counts.minutes_remote, "minutes": counts.minutes,
    }  # fmt: skip
    data = tuple(Datum(values[each]) for each in ids)
    return Line(name or figure.name, figure.detail, figure.at, data)


# What each measure of the published grid is told as.
TOLD: Final = {
    "companies": ("companies",), "persons": ("persons",), "no_shows": ("no_shows",),
    "on_site": ("on_site", "minutes_on_site"), "remote": ("remote", "minutes_remote"),
}  # fmt: skip
ORDER: Final = (
    "companies", "persons", "on_site", "remote", "no_shows", "minutes_on_site", "minutes_remote",
)  # fmt: skip


def readers_table(measures: Iterable[str], lines: Iterable[tuple[str, str, dict[str, Told]]]) -> Table:
    """What readers see; the last of the lines (name, detail, what is told by measure) is the total."""
    wanted = {column for measure in measures for column in TOLD[measure]}
    ids = [each for each in ORDER if each in wanted]
    of = {column: measure for measure, columns in TOLD.items() for column in columns}
    made = [
        Line(name, detail, None, tuple(_datum(each, told[of[each]]) for each in ids))
        for name, detail, told in lines
    ]
    return Table(tuple(COLUMNS[each] for each in ids), tuple(made[:-1]), made[-1] if made else None)


def _datum(column: str, told: Told) -> Datum:
    if told.is_hidden:
        return Datum(None, Sign.hidden)
    if column.startswith("minutes"):
        if told.is_least_time and not told.minutes:
            return Datum(None, Sign.hidden)
        return Datum(told.minutes, Sign.least if told.is_least_time else Sign.whole)
    return Datum(told.count, Sign.least if told.is_least else Sign.whole)
