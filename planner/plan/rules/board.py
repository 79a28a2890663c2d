"""The plan board: weeks across, companies down, sessions as chips in their cohort's row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta

from planner.base.days import DayKind, Week, day_marks, local_day
from planner.plan.rules.facts import (
    BoardFacts,
    CohortFact,
    CompanyFact,
    Links,
    QuietFact,
    SeriesFact,
    SessionFact,
    StepFact,
    Words,
)
from planner.plan.rules.period import Period

_FRIDAY = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked day of a week: `kind` is holiday or squeeze."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class WeekColumn:
    """A week's heading."""

    label: str
    month: str
    is_now: bool
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A session on the board."""

    url: str
    step: str
    title: str
    when: str
    mode: str
    fill: str
    status: str
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A company's week."""

    quiet: bool
    quiet_note: str
    takes_part: bool


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """A company and its weeks."""

    name: str
    url: str | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The series that the groups below belong to; the hint says what to do when it has no sessions."""

    title: str
    url: str
    municipality: str
    is_draft: bool
    hint: str = ""
    hint_url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A cohort: its sessions by week, its companies below. `section` stands over the first group of a series."""

    name: str
    note: str
    chips_by_week: tuple[tuple[Chip, ...], ...]
    rows: tuple[CompanyRow, ...]
    section: Section | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """The whole picture. `steps` is filled for one series alone; only then do their numbers mean one thing."""

    weeks: tuple[WeekColumn, ...]
    groups: tuple[Group, ...]
    steps: tuple[StepFact, ...] = ()

    @property
    def has_sessions(self) -> bool:
        """Whether there is any chip."""
        return any(chips for group in self.groups for chips in group.chips_by_week)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What every part of one drawing shares."""

    weeks: list[Week]
    quiet: dict[int, list[QuietFact]]
    words: Words
    links: Links


def build_board(
    facts: BoardFacts, period: Period, today: date, words: Words, links: Links, *, alone: bool = False
) -> Board:
    """The board of `facts` over the weeks of `period`; `alone` leaves the series' headings out."""
    quiet: dict[int, list[QuietFact]] = defaultdict(list)
    for stretch in sorted(facts.quiet, key=lambda stretch: stretch.starts_on):
        quiet[stretch.company_id].append(stretch)
    by_series: dict[int, list[SessionFact]] = defaultdict(list)
    for session in sorted(facts.sessions, key=lambda session: (session.starts_at, session.uid)):
        by_series[session.series_id].append(session)
    sheet = _Sheet(period.weeks, quiet, words, links)
    groups: list[Group] = []
    for series in facts.series:
        section = None if alone else _section(sheet, series, by_series[series.id])
        groups += _groups(sheet, series, section, by_series[series.id])
    steps = facts.series[0].steps if alone and facts.series else ()
    return Board(_columns(sheet.weeks, today, words), tuple(groups), steps)


def _columns(weeks: Sequence[Week], today: date, words: Words) -> tuple[WeekColumn, ...]:
    return tuple(
        WeekColumn(
            label=words.week(week.monday),
            month=words.month(_month_of(week)),
            is_now=week == Week.of(today),
            marks=_marks(week, words),
        )
        for week in weeks
    )


def _month_of(week: Week) -> date:
    """The month a week belongs to is its Thursday's, as its year is."""
    return (week.monday + timedelta(days=3)).replace(day=1)


def _marks(week: Week, words: Words) -> tuple[Mark, ...]:
    """The week's marked working days, holidays first; nobody plans for a Sunday anyway."""
    found = [
        Mark(
            "squeeze" if mark.kind is DayKind.SQUEEZE else "holiday", f"{words.day(day)}: {words.mark(mark)}"
        )
        for day, mark in day_marks(week.monday, week.sunday).items()
        if day.isoweekday() <= _FRIDAY
    ]
    return tuple(sorted(found, key=lambda mark: mark.kind))


def _section(sheet: _Sheet, series: SeriesFact, sessions: Sequence[SessionFact]) -> Section:
    hint, hint_url = "", ""
    if not sessions and series.may_edit:
        hint, hint_url = sheet.words.plan_sessions, sheet.links.plan(series)
    elif not sessions:
        hint = sheet.words.no_sessions
    url = sheet.links.series(series)
    return Section(series.title, url, series.municipality, series.is_draft, hint, hint_url)


def _groups(
    sheet: _Sheet, series: SeriesFact, section: Section | None, sessions: Sequence[SessionFact]
) -> list[Group]:
    """A group for each cohort, and one before them for what is open to all when there is anything."""
    groups: list[Group] = []
    open_ones = [session for session in sessions if session.cohort_id is None]
    if open_ones or not series.cohorts:
        name = sheet.words.open_to_all if open_ones else sheet.words.no_cohorts
        groups.append(Group(name, "", _chips(sheet, open_ones), (), section))
    for cohort in series.cohorts:
        own = [session for session in sessions if session.cohort_id == cohort.id]
        groups.append(_cohort(sheet, cohort, None if groups else section, own))
    return groups


def _cohort(
    sheet: _Sheet, cohort: CohortFact, section: Section | None, sessions: Sequence[SessionFact]
) -> Group:
    busy = {Week.of(local_day(session.starts_at)) for session in sessions if session.is_on}
    rows = tuple(_row(sheet, company, busy) for company in cohort.companies)
    note = sheet.words.companies(len(cohort.companies), cohort.elsewhere)
    return Group(cohort.name, note, _chips(sheet, sessions), rows, section)


def _row(sheet: _Sheet, company: CompanyFact, busy: Set[Week]) -> CompanyRow:
    cells = tuple(_cell(sheet, company, week, week in busy) for week in sheet.weeks)
    return CompanyRow(company.name, sheet.links.company(company), cells)


def _cell(sheet: _Sheet, company: CompanyFact, week: Week, takes_part: bool) -> Cell:
    met = [stretch for stretch in sheet.quiet.get(company.id, ()) if stretch.meets(week)]
    return Cell(bool(met), "; ".join(_quiet_note(sheet.words, stretch) for stretch in met), takes_part)


def _quiet_note(words: Words, stretch: QuietFact) -> str:
    when = words.quiet(stretch.starts_on, stretch.ends_on)
    return f"{when}, {stretch.note}" if stretch.note else when


def _chips(sheet: _Sheet, sessions: Iterable[SessionFact]) -> tuple[tuple[Chip, ...], ...]:
    by_week: dict[Week, list[Chip]] = defaultdict(list)
    for session in sessions:
        by_week[Week.of(local_day(session.starts_at))].append(_chip(sheet, session))
    return tuple(tuple(by_week.get(week, ())) for week in sheet.weeks)


def _chip(sheet: _Sheet, session: SessionFact) -> Chip:
    weekday = sheet.words.weekday(local_day(session.starts_at))
    return Chip(
        url=sheet.links.session(session),
        step=str(session.step),
        title=session.title,
        when=f"{weekday} {sheet.words.clock(session.starts_at)}",
        mode=session.mode,
        fill=session.fill,
        status=session.status,
    )
