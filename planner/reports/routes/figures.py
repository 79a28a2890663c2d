"""The figures as a page and as files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import format_decimal
from flask_babel import gettext as _

from planner.attendance.rules import LEAST
from planner.base.clock import today
from planner.base.days import local, local_day
from planner.base.viewer import Viewer
from planner.reports import queries
from planner.reports.forms.figures import LEVELS, FigureForm, ReaderForm
from planner.reports.routes.blueprint import blueprint
from planner.reports.rules import FigureFilter, Level, Table, chart_of, planners_table, readers_table
from planner.reports.rules.tables import Datum, Sign, Unit
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page
from planner.web.downloads import csv_response
from planner.web.formats import page_language
from planner.web.paging import asked_page, page_of_list
from planner.web.pdf import Column as PaperColumn
from planner.web.pdf import Paper, pdf_response
from planner.web.workbook import Heading, Kind, Sheet, workbook_response

PAGE_SIZE = 100
MOST_ON_PAPER = 2_000
OVER_TIME = (Level.month, Level.year, Level.step)


@dataclass(frozen=True, slots=True)
class Asked:
    """A report that somebody asked for: its form, its table, and whether small sums are in it."""

    form: FigureForm
    level: Level
    wanted: FigureFilter
    table: Table
    sees_all: bool


@blueprint.get("/figures")
@requires("member")
def figures() -> Answer:
    """Sums of the sessions held, by the level asked for."""
    asked = _asked(current_viewer())
    steps = queries.list_steps_done(current_viewer(), asked.wanted) if asked.level is Level.step else None
    return form_page(
        "reports/figures.html",
        form=asked.form,
        asked=asked,
        title=LEVELS[asked.level],
        page=page_of_list(asked.table.lines, asked_page(), PAGE_SIZE),
        chart=chart_of(asked.table, is_over_time=asked.level in OVER_TIME),
        steps=steps,
        chosen=chosen(),
        is_narrowed=any(name != "by" for name in chosen()),
        least=LEAST,
        shown=shown,
    )


@blueprint.get("/figures.csv")
@requires("member")
def figures_csv() -> Answer:
    """The same rows as a file for a spreadsheet."""
    asked = _asked(current_viewer())
    if asked.form.errors:
        return figures()
    table = asked.table
    lines = [*table.lines, *([table.total] if table.total else [])]
    head = [
        _("Name"),
        _("Belongs to"),
        _("Date"),
        *(_heading(column.label, column.unit) for column in table.columns),
    ]
    rows = [
        [line.name, line.detail, f"{local(line.at):%Y-%m-%d}" if line.at else "",
         *(_cell(datum, column.unit) for datum, column in zip(line.data, table.columns, strict=True))]
        for line in lines
    ]  # fmt: skip
    return csv_response(f"{asked.level.value}-{today():%Y-%m-%d}.csv", head, rows)


@blueprint.get("/figures.xlsx")
@requires("member")
def figures_xlsx() -> Answer:
    """The same narrowed figures by everything they can be summed by, a sheet for each."""
    viewer = current_viewer()
    asked = _asked(viewer)
    if asked.form.errors:
        return figures()
    levels = LEVELS if asked.sees_all else queries.READERS
    order = [asked.level, *(level for level in levels if level is not asked.level)]
    sheets = (
        _sheet(level, asked.table if level is asked.level else table_of(viewer, level, asked.wanted))
        for level in order
    )
    return workbook_response(f"{_('figures')}-{today():%Y-%m-%d}.xlsx", sheets)


def _sheet(level: Level, table: Table) -> Sheet:
    headings = [Heading(str(LEVELS[level])), Heading(_("Belongs to")), Heading(_("Date"), "date")]
    kinds: dict[Unit, Kind] = {Unit.number: "number", Unit.minutes: "decimal", Unit.share: "share"}
    headings += [Heading(str(column.label), kinds[column.unit]) for column in table.columns]
    lines = [*table.lines, *([table.total] if table.total else [])]
    rows = (
        [line.name, line.detail, local_day(line.at) if line.at else None,
         *(_typed(datum, column.unit) for datum, column in zip(line.data, table.columns, strict=True))]
        for line in lines
    )  # fmt: skip
    return Sheet(str(LEVELS[level]), headings, rows)


def _typed(datum: Datum, unit: Unit) -> str | int | float | None:
    """A number as a number; in words where it is not the whole one."""
    if datum.sign is not Sign.whole:
        return shown(datum, unit)
    return datum.value / 60 if unit is Unit.minutes and datum.value is not None else datum.value


@blueprint.get("/figures.pdf")
@requires("member")
def figures_pdf() -> Answer:
    """The table on paper, with what it was narrowed to."""
    asked = _asked(current_viewer())
    if asked.form.errors:
        return figures()
    title = _("Figures by %(what)s", what=str(LEVELS[asked.level]).lower())
    paper = Paper(title, language=page_language(), footer=f"{title}, {today():%Y-%m-%d}", landscape=True)
    paper.heading(title)
    paper.facts(_narrowed_to(asked.form))
    if not asked.sees_all:
        paper.muted(_("Sums of fewer than %(least)s are hidden, or told together with others.", least=LEAST))
    paper.gap(4)
    table = asked.table
    columns = [PaperColumn(str(LEVELS[asked.level]), 3.2)]
    columns += [PaperColumn(str(column.label), 1.3, "right") for column in table.columns]
    lines = [*table.lines, *([table.total] if table.total else [])]
    rows = [
        [", ".join(text for text in (line.name, line.detail, f"{local(line.at):%Y-%m-%d}" if line.at else "") if text),
         *(shown(datum, column.unit) for datum, column in zip(line.data, table.columns, strict=True))]
        for line in lines[:MOST_ON_PAPER]
    ]  # fmt: skip
    paper.table(columns, rows, size=8)
    if len(lines) > MOST_ON_PAPER:
        paper.muted(
            _("The first %(n)s of %(of)s rows. A spreadsheet has them all.", n=MOST_ON_PAPER, of=len(lines))
        )
    return pdf_response(f"{_('figures')}-{asked.level.value}-{today():%Y-%m-%d}.pdf", paper.done())


def _narrowed_to(form: FigureForm) -> list[tuple[str, str]]:
    """What was chosen, in the form's own words."""
    told = []
    for field in form:
        words = {str(choice[0]): str(choice[1]) for choice in getattr(field, "iter_choices", tuple)()}
        if field.short_name != "by" and field.data:
            told.append((str(field.label.text), words.get(field.data, field.data)))
    return told


def chosen() -> dict[str, Any]:
    """The filter as it stands in the address, to be carried along."""
    names = ("by", "starts", "ends", "municipality", "county", "series", "template", "project", "kind")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _asked(viewer: Viewer) -> Asked:
    sees_all = queries.sees_all(viewer)
    form = FigureForm(request.args) if sees_all else ReaderForm(request.args)
    choices = queries.list_choices(viewer)
    form.offer(
        LEVELS if sees_all else queries.READERS,
        choices.places, choices.series, choices.templates, choices.projects,
    )  # fmt: skip
    if isinstance(form, ReaderForm):
        form.offer_months(queries.list_months_over())
    wanted = form.filter() if form.validate() else FigureFilter()
    level = form.level
    return Asked(form, level, wanted, table_of(viewer, level, wanted), sees_all)


def table_of(viewer: Viewer, level: Level, wanted: FigureFilter) -> Table:
    """The figures as this viewer may see them."""
    if queries.sees_all(viewer):
        return planners_table(level, wanted, *queries.list_figures(viewer, level, wanted))
    rows, total, measures = queries.list_published(viewer, level, wanted)
    lines = [(row.name if row.key is not None else _("Not told apart"), row.detail, row.told) for row in rows]
    if total is None:
        return readers_table(measures, [])
    return readers_table(measures, [*lines, (_("In all"), "", total.told)])


def shown(datum: Datum, unit: Unit) -> str:
    """A number as the page shows it."""
    if datum.value is None:
        return _("hidden") if datum.sign is Sign.hidden else "–"
    text = {
        Unit.number: lambda value: str(format_decimal(value)),
        Unit.minutes: lambda value: str(format_decimal(round(value / 60, 1))),
        Unit.share: lambda value: f"{round(100 * value)} %",
    }[unit](datum.value)
    return f"≥ {text}" if datum.sign is Sign.least else text


def _heading(label: object, unit: Unit) -> str:
    return f"{label}, %" if unit is Unit.share else str(label)


def _cell(datum: Datum, unit: Unit) -> str | int:
    """A number as a Swedish spreadsheet reads it: two decimals after a comma."""
    if datum.value is None:
        return _("hidden") if datum.sign is Sign.hidden else ""
    if unit is Unit.number:
        return f"≥ {datum.value}" if datum.sign is Sign.least else int(datum.value)
    value = datum.value / 60 if unit is Unit.minutes else 100 * datum.value
    text = f"{value:.2f}".replace(".", ",")
    return f"≥ {text}" if datum.sign is Sign.least else text
