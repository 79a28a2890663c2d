"""How dates, times and amounts are written on pages: 24-hour clock, ISO weeks, Europe/Stockholm."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from flask_babel import format_date as babel_date
from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _

from planner.base.clock import today
from planner.base.days import DayMark, local, local_day


def mark_name(mark: DayMark) -> str:
    """The holiday's own name, or the word for a squeeze day."""
    return mark.name(page_language())


def _on(value: date | datetime) -> date:
    return local_day(value) if isinstance(value, datetime) else value


def format_week(value: date | datetime, *, year: bool = False) -> str:
    """The ISO week of a day: "v. 41", with its ISO year when asked: "v. 53 2026"."""
    iso = _on(value).isocalendar()
    week = _("wk %(number)s", number=iso.week)
    return f"{week} {iso.year}" if year else week


def format_day(value: date | datetime, *, week: bool = True) -> str:
    """A day with weekday and week: "tis 6 okt · v. 41"; the year is added when it is not this one."""
    on = _on(value)
    pattern = "EEE d MMM" if on.year == today().year else "EEE d MMM y"
    text = babel_date(on, pattern, rebase=False).replace(".", "")
    return f"{text} · {format_week(on)}" if week else text


def format_long_day(value: date | datetime) -> str:
    """A day in full: "tisdag 6 oktober 2026, v. 41"."""
    on = _on(value)
    return f"{babel_date(on, 'EEEE d MMMM y', rebase=False)}, {format_week(on)}"


def format_clock(at: datetime) -> str:
    """The wall-clock time, "13:00"."""
    return local(at).strftime("%H:%M")


def format_span(starts_at: datetime, ends_at: datetime) -> str:
    """From and to on the wall clock, "13:00–15:00"; the second day is named when it is another."""
    if _on(starts_at) == _on(ends_at):
        return f"{format_clock(starts_at)}–{format_clock(ends_at)}"
    return f"{format_clock(starts_at)} – {format_day(ends_at, week=False)} {format_clock(ends_at)}"


def format_when(starts_at: datetime, ends_at: datetime) -> str:
    """Day, week and times: "tis 6 okt · v. 41 · 13:00–15:00"."""
    return f"{format_day(starts_at)} · {format_span(starts_at, ends_at)}"


def format_instant(at: datetime) -> str:
    """Day and time of an event: "tis 6 okt 13:02"."""
    return f"{format_day(at, week=False)} {format_clock(at)}"


def format_minutes(minutes: int) -> str:
    """A length: "45 min", "2 h", "2 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, f"{rest} min"] if rest or not hours else parts)


def format_hours(minutes: int) -> str:
    """Participant hours with one decimal in the page's language: "12,5"."""
    return str(format_decimal(round(minutes / 60, 1)))


def page_language() -> str:
    """The language of this page, and of the mail it causes: sv or en. Swedish outside a request."""
    return str(get_locale() or "sv")[:2]


def in_language(swedish: str, english: str) -> str:
    """The one of two stored texts that fits the page's language."""
    return english if page_language() == "en" else swedish


def init_app(app: Flask) -> None:
    """Give templates the formats as filters."""
    for function in (
        format_week, format_day, format_long_day, format_clock, format_instant, format_minutes, format_hours,
    ):  # fmt: skip
        app.jinja_env.filters[function.__name__.removeprefix("format_")] = function
    app.jinja_env.globals.update(span=format_span, when=format_when, in_language=in_language)
