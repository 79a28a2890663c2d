"""A month with its weeks, its free days and its sessions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from planner.base.days import (
    FIRST_YEAR,
    LAST_YEAR,
    Week,
    day_interval,
    day_mark,
    is_free,
    local_day,
    weeks_between,
)
from planner.base.interval import Interval
from planner.plan.rules.facts import Links, SessionFact, Words


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month; `number` from 1."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        """The month the day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str, today: date) -> Month:
        """The month in an address, "2026-10"; today's when it is none."""
        match = re.fullmatch(r"(\d{4})-(\d{2})", text)
        if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR and 1 <= int(match[2]) <= 12:
            return cls(int(match[1]), int(match[2]))
        return cls.of(today)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def iso(self) -> str:
        """As in an address: 2026-10."""
        return f"{self.year:04}-{self.number:02}"

    def plus(self, months: int) -> Month:
        """The month so many later, or earlier when negative."""
        count = self.year * 12 + self.number - 1 + months
        return Month(count // 12, count % 12 + 1)

    @property
    def weeks(self) -> list[Week]:
        """The weeks that have a day in it."""
        return weeks_between(Week.of(self.first), Week.of(self.plus(1).first - timedelta(days=1)))

    @property
    def interval(self) -> Interval:
        """All of its weeks, from the first Monday to the last Sunday."""
        weeks = self.weeks
        starts_at = day_interval(weeks[0].monday).starts_at
        return Interval(starts_at, day_interval(weeks[-1].sunday).ends_at)


@dataclass(frozen=True, slots=True)
class Label:
    """What a day is called."""

    label: str


@dataclass(frozen=True, slots=True)
class Item:
    """A session in its day."""

    url: str
    when: str
    title: str
    mode: str
    status: str
    series: str = ""
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One square."""

    number: int
    label: str
    in_month: bool
    is_free: bool
    is_today: bool
    marks: tuple[Label, ...]
    sessions: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One line of seven days."""

    label: str
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The month as it is drawn."""

    title: str
    previous_url: str
    next_url: str
    weekdays: tuple[str, ...]
    weeks: tuple[WeekRow, ...]

    @property
    def has_sessions(self) -> bool:
        """Whether any day has a session."""
        return any(day.sessions for week in self.weeks for day in week.days)


def build_month(
    month: Month,
    sessions: Iterable[SessionFact],
    today: date,
    words: Words,
    links: Links,
    *,
    previous_url: str,
    next_url: str,
) -> Calendar:
    """The month with its sessions, each on the local day it starts."""
    by_day: dict[date, list[SessionFact]] = defaultdict(list)
    for session in sorted(sessions, key=lambda session: (session.starts_at, session.uid)):
        by_day[local_day(session.starts_at)].append(session)
    weeks = tuple(
        WeekRow(
            words.week(week.monday),
            tuple(
                _day(
                    day,
                    by_day.get(day, []),
                    words,
                    links,
                    in_month=Month.of(day) == month,
                    is_today=day == today,
                )
                for day in week.days
            ),
        )
        for week in month.weeks
    )
    weekdays = tuple(words.weekday(day) for day in month.weeks[0].days)
    return Calendar(words.month(month.first), previous_url, next_url, weekdays, weeks)


def _day(
    day: date, sessions: list[SessionFact], words: Words, links: Links, *, in_month: bool, is_today: bool
) -> Day:
    mark = day_mark(day)
    items = tuple(_item(session, words, links) for session in sessions)
    return Day(
        number=day.day,
        label=words.day(day),
        in_month=in_month,
        is_free=is_free(day),
        is_today=is_today,
        marks=(Label(words.mark(mark)),) if mark else (),
        sessions=items,
    )


def _item(session: SessionFact, words: Words, links: Links) -> Item:
    when = words.clock(session.starts_at)
    return Item(links.session(session), when, session.title, session.mode, session.status, session.series)
