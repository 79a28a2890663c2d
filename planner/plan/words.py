"""How plans are worded and linked on pages: the one place between the pure pictures and the page's language."""

from __future__ import annotations

from datetime import date

from flask import url_for
from flask_babel import format_date as babel_date
from flask_babel import gettext as _
from flask_babel import ngettext

from planner.base.clock import today
from planner.base.days import Week
from planner.plan.rules import CompanyFact, Links, SeriesFact, Words
from planner.web.formats import format_clock, format_day, format_span, format_week, mark_name


def page_words() -> Words:
    """The words of this request's language."""
    return Words(
        week=format_week,
        month=month_name,
        weekday=lambda day: babel_date(day, "EEE", rebase=False).replace(".", ""),
        day=lambda day: format_day(day, week=False),
        clock=format_clock,
        span=format_span,
        mark=mark_name,
        quiet=days_text,
        companies=companies_text,
        open_to_all=_("Open to all"),
        no_cohorts=_("No cohorts yet"),
        no_sessions=_("No sessions yet"),
        plan_sessions=_("No sessions yet: plan them"),
    )


def month_name(day: date) -> str:
    """The month with its year, "Oktober 2026"."""
    text = babel_date(day, "LLLL y", rebase=False)
    return text[:1].upper() + text[1:]


def days_text(first: date, last: date) -> str:
    """A stretch of days as people say it: "v. 42–43" for whole weeks, else "tis 6 okt – fre 9 okt"."""
    starts, ends = Week.of(first), Week.of(last)
    if first == starts.monday and last == ends.sunday:
        if starts == ends:
            return format_week(first, year=starts.year != Week.of(today()).year)
        if starts.year == ends.year:
            return _("%(first)s–%(last)s", first=format_week(first), last=ends.number)
        return _(
            "%(first)s – %(last)s", first=format_week(first, year=True), last=format_week(last, year=True)
        )
    if first == last:
        return format_day(first)
    return _("%(first)s – %(last)s", first=format_day(first, week=False), last=format_day(last, week=False))


def companies_text(shown: int, elsewhere: int) -> str:
    """How many companies a cohort has, and how many of them lie in other people's municipalities."""
    here = ngettext("%(num)s company", "%(num)s companies", shown)
    if not elsewhere:
        return here
    if not shown:
        return ngettext(
            "%(num)s company in another municipality", "%(num)s companies in other municipalities", elsewhere
        )
    return _("%(here)s, %(count)s in other municipalities", here=here, count=elsewhere)


def inside_links() -> Links:
    """Links for people with an account."""
    return Links(
        session=lambda session: url_for("scheduling.session", training_id=session.id),
        series=lambda series: url_for("series.series", series_id=series.id),
        plan=lambda series: url_for("scheduling.plan_series", series_id=series.id),
        company=lambda company: url_for("directory.company", id=company.id),
    )


def public_links() -> Links:
    """Links for anyone."""
    return Links(
        session=lambda session: url_for("home.session_page", key=session.series_key, uid=session.uid),
        series=_nowhere,
        plan=_nowhere,
        company=_nowhere_for_company,
    )


def _nowhere(_series: SeriesFact) -> str:
    return ""


def _nowhere_for_company(_company: CompanyFact) -> None:
    return None
